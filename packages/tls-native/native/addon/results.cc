#include "results.hh"

namespace tls {

// Copies the bytes: a buffer that is handed over needs a finalizer on another turn of the loop and new memory each time, which
// takes longer.
Napi::Value ToBuffer(Napi::Env env, const Bytes& bytes) {
  return Napi::Buffer<uint8_t>::Copy(env, bytes.data(), bytes.size());
}

Napi::Array ToArray(Napi::Env env, const std::vector<uint16_t>& list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (uint32_t index = 0; index < list.size(); ++index) array.Set(index, static_cast<double>(list[index]));
  return array;
}

Napi::Array ToArray(Napi::Env env, const std::vector<Bytes>& list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (uint32_t index = 0; index < list.size(); ++index) array.Set(index, ToBuffer(env, list[index]));
  return array;
}

Napi::Object ToObject(Napi::Env env, const Fault& fault) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("code", fault.code);
  object.Set("detail", fault.detail);
  object.Set("osCode", static_cast<double>(fault.os_code));
  if (!fault.node_code.empty()) {
    object.Set("nodeCode", fault.node_code);
    object.Set("certificateFault", fault.certificate_fault);
  }
  if (fault.sent_alert >= 0) object.Set("sentAlert", fault.sent_alert);
  if (fault.received_alert >= 0) object.Set("receivedAlert", fault.received_alert);
  return object;
}

Napi::Object ToObject(Napi::Env env, const Policy& policy) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("file", policy.file);
  object.Set("minVersion", static_cast<double>(policy.min_version));
  object.Set("maxVersion", static_cast<double>(policy.max_version));
  object.Set("securityLevel", policy.security_level);
  object.Set("fips", policy.is_fips);
  object.Set("cipherSuites", ToArray(env, policy.cipher_suites));
  return object;
}

Napi::Object ToObject(Napi::Env env, const Session& session) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("state", ToBuffer(env, session.state));
  object.Set("lifetime", static_cast<double>(session.lifetime));
  object.Set("certificatesEnd", static_cast<double>(session.certificates_end));
  object.Set("maxEarlyData", static_cast<double>(session.max_early_data));
  return object;
}

Napi::Object ToObject(Napi::Env env, const Question& question) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", question.kind);
  for (const auto& [name, values] : question.parts) object.Set(name, ToArray(env, values));
  return object;
}

Napi::Object ToObject(Napi::Env env, const Credential& credential) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("issuers", ToArray(env, credential.Issuers()));
  object.Set("signatureSchemes", ToArray(env, credential.SignatureSchemes()));
  object.Set("tls12SignatureSchemes", ToArray(env, credential.Tls12SignatureSchemes()));
  object.Set("maxSignatureLength", static_cast<double>(credential.MaxSignatureLength()));
  return object;
}

Napi::Object ToObject(Napi::Env env, const Provider& library) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", library.Name());
  object.Set("version", library.Version());
  object.Set("path", library.Path());
  object.Set("ofNode", library.IsOfNode());
  object.Set("hasSystemTrust", library.HasSystemTrust());
  const Algorithms supported = library.Supported();
  object.Set("cipherSuites", ToArray(env, supported.cipher_suites));
  object.Set("groups", ToArray(env, supported.groups));
  object.Set("signatureSchemes", ToArray(env, supported.signature_schemes));
  const std::optional<Policy> policy = library.SystemPolicy();
  if (policy.has_value()) object.Set("policy", ToObject(env, *policy));
  return object;
}

Napi::Object Failed(Napi::Env env, const Fault& fault) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("fault", ToObject(env, fault));
  return object;
}

Napi::Object ToObject(Napi::Env env, const Outcome& outcome) {
  Napi::Object object = Napi::Object::New(env);
  if (!outcome.ciphertext.empty()) object.Set("ciphertext", ToBuffer(env, outcome.ciphertext));
  if (!outcome.early_data.empty()) object.Set("earlyData", ToBuffer(env, outcome.early_data));
  if (!outcome.plaintext.empty()) object.Set("plaintext", ToBuffer(env, outcome.plaintext));
  if (outcome.is_handshake_done) object.Set("isHandshakeDone", true);
  if (outcome.is_peer_closed) object.Set("isPeerClosed", true);
  if (!outcome.key_log.empty()) {
    Napi::Array lines = Napi::Array::New(env, outcome.key_log.size());
    for (uint32_t index = 0; index < outcome.key_log.size(); ++index) lines.Set(index, outcome.key_log[index]);
    object.Set("keyLog", lines);
  }
  if (!outcome.sessions.empty()) {
    Napi::Array sessions = Napi::Array::New(env, outcome.sessions.size());
    for (uint32_t index = 0; index < outcome.sessions.size(); ++index) sessions.Set(index, ToObject(env, outcome.sessions[index]));
    object.Set("sessions", sessions);
  }
  if (outcome.question.has_value()) object.Set("question", ToObject(env, *outcome.question));
  if (outcome.fault.has_value()) object.Set("fault", ToObject(env, *outcome.fault));
  return object;
}

Napi::Object ToObject(Napi::Env env, const ConnectionFacts& facts) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("version", static_cast<double>(facts.version));
  object.Set("cipherSuite", static_cast<double>(facts.cipher_suite));
  object.Set("group", static_cast<double>(facts.group));
  object.Set("ownSignatureScheme", static_cast<double>(facts.own_signature_scheme));
  object.Set("peerSignatureScheme", static_cast<double>(facts.peer_signature_scheme));
  if (facts.alpn.has_value()) object.Set("alpn", ToBuffer(env, *facts.alpn));
  if (facts.server_name.has_value()) object.Set("serverName", *facts.server_name);
  object.Set("isRetry", facts.is_retry);
  object.Set("isResumed", facts.is_resumed);
  static constexpr const char* kEarlyData[] = {"none", "rejected", "accepted"};
  object.Set("earlyData", kEarlyData[static_cast<int>(facts.early_data)]);
  if (facts.pre_shared_key.has_value()) object.Set("preSharedKey", ToBuffer(env, *facts.pre_shared_key));
  object.Set("wasAsked", facts.was_asked);
  object.Set("hasExtendedMainSecret", facts.has_extended_main_secret);
  if (facts.ocsp_response.has_value()) object.Set("ocspResponse", ToBuffer(env, *facts.ocsp_response));
  object.Set("peerChain", ToArray(env, facts.peer_chain));
  object.Set("verifiedPath", ToArray(env, facts.verified_path));
  return object;
}

}  // namespace tls
