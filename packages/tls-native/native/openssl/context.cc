#include "context.hh"

#include <cstring>

#include "engine.hh"

namespace tls::openssl {
namespace {

Fault ConfigFault(const char* what) {
  Fault fault = TakeFault(Fault::Kind::kConfig);
  fault.reason = std::string(what) + ": " + fault.reason;
  return fault;
}

Fault IdentityFault(const char* what) {
  F().ERR_clear_error();
  Fault fault;
  fault.kind = Fault::Kind::kIdentity;
  fault.reason = what;
  return fault;
}

}  // namespace

std::shared_ptr<OpenSslContext> OpenSslContext::Create(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                       std::optional<Fault>* fault) {
  F().ERR_clear_error();
  ContextOwner ssl(F().SSL_CTX_new(options.is_server ? F().TLS_server_method() : F().TLS_client_method()));
  if (ssl == nullptr) {
    *fault = TakeFault(Fault::Kind::kPlatform);
    return nullptr;
  }
  std::shared_ptr<OpenSslContext> context(new OpenSslContext(std::move(ssl), options, std::move(trust)));
  *fault = context->Configure();
  return fault->has_value() ? nullptr : context;
}

std::optional<Fault> OpenSslContext::Configure() {
  SSL_CTX* ssl = context_.get();
  // no renegotiation, no compression, and no tickets: there is nobody to resume
  F().SSL_CTX_set_options(ssl, constant::kOptionNoTicket | constant::kOptionNoCompression | constant::kOptionNoRenegotiation |
                                   constant::kOptionServerPreference | constant::kOptionPrioritizeChaCha);
  F().SSL_CTX_set_num_tickets(ssl, 0);
  F().SSL_CTX_ctrl(ssl, constant::kCtrlSessionCacheMode, 0, nullptr);
  F().SSL_CTX_ctrl(ssl, constant::kCtrlMode, constant::kModeReleaseBuffers, nullptr);
  if (F().SSL_CTX_ctrl(ssl, constant::kCtrlMinVersion, options_.min_version, nullptr) != 1 ||
      F().SSL_CTX_ctrl(ssl, constant::kCtrlMaxVersion, options_.max_version, nullptr) != 1) {
    return ConfigFault("the versions");
  }
  if (F().SSL_CTX_set_ciphersuites(ssl, options_.suites13.c_str()) != 1) return ConfigFault("the TLS 1.3 cipher suites");
  if (!options_.suites12.empty() && F().SSL_CTX_set_cipher_list(ssl, options_.suites12.c_str()) != 1) {
    return ConfigFault("the TLS 1.2 cipher suites");
  }
  if (!options_.groups.empty() && F().SSL_CTX_ctrl(ssl, constant::kCtrlGroupsList, 0, options_.groups.data()) != 1) {
    return ConfigFault("the groups");
  }
  if (!options_.signature_schemes.empty() &&
      F().SSL_CTX_ctrl(ssl, constant::kCtrlSigalgsList, 0, options_.signature_schemes.data()) != 1) {
    return ConfigFault("the signature schemes");
  }
  if (!options_.alpn.empty()) {
    if (options_.is_server) {
      F().SSL_CTX_set_alpn_select_cb(ssl, SelectAlpn, this);
    } else if (F().SSL_CTX_set_alpn_protos(ssl, options_.alpn.data(), static_cast<unsigned>(options_.alpn.size())) != 0) {
      return ConfigFault("the ALPN protocols");
    }
  }
  if (trust_ != nullptr) {
    X509_STORE* store = static_cast<OpenSslTrustStore*>(trust_.get())->get();
    F().X509_STORE_up_ref(store);  // the context takes one reference
    F().SSL_CTX_set_cert_store(ssl, store);
  }
  const bool verifies = !options_.is_server && options_.verify_peer;
  F().SSL_CTX_set_verify(ssl, verifies ? constant::kVerifyPeer : constant::kVerifyNone, Judge);
  F().SSL_CTX_set_info_callback(ssl, OpenSslEngine::OnInfo);
  F().SSL_CTX_set_msg_callback(ssl, OpenSslEngine::OnMessage);
  if (options_.key_log) F().SSL_CTX_set_keylog_callback(ssl, OpenSslEngine::OnKeyLog);
  for (const Identity& identity : options_.identities) {
    std::optional<Fault> fault = UseIdentity(identity);
    if (fault.has_value()) return fault;
  }
  for (Identity& identity : options_.identities) F().OPENSSL_cleanse(identity.private_key.data(), identity.private_key.size());
  options_.identities.clear();  // the keys live in the context now
  F().ERR_clear_error();
  return std::nullopt;
}

std::optional<Fault> OpenSslContext::UseIdentity(const Identity& identity) {
  std::vector<X509Owner> certificates;
  for (const Bytes& der : identity.chain) {
    certificates.push_back(ParseCertificate(der));
    if (certificates.back() == nullptr) return IdentityFault("a certificate of the chain cannot be read");
  }
  if (certificates.empty()) return IdentityFault("the chain is empty");
  KeyOwner key = ParsePrivateKey(identity.private_key);
  if (key == nullptr) return IdentityFault("the private key cannot be read");
  if (F().X509_check_private_key(certificates[0].get(), key.get()) != 1) {
    return IdentityFault("the private key does not match the certificate");
  }
  StackOwner issuers(F().OPENSSL_sk_new_null());
  for (size_t index = 1; index < certificates.size(); ++index) F().OPENSSL_sk_push(issuers.get(), certificates[index].get());
  // takes references of its own
  if (F().SSL_CTX_use_cert_and_key(context_.get(), certificates[0].get(), key.get(), issuers.get(), 1) != 1) {
    Fault fault = TakeFault(Fault::Kind::kIdentity);
    fault.reason = "the library refuses the certificate or its key: " + fault.reason;
    return fault;
  }
  return std::nullopt;
}

// What OpenSSL lets pass in a peer's own certificate: a key that must not sign (RFC 8446 §4.4.2.2), and a CA's.
int OpenSslContext::Judge(int is_accepted, X509_STORE_CTX* verification) {
  if (is_accepted != 1 || F().X509_STORE_CTX_get_error_depth(verification) != 0) return is_accepted;
  X509* leaf = F().X509_STORE_CTX_get_current_cert(verification);
  const bool is_signer = (F().X509_get_key_usage(leaf) & constant::kUsageDigitalSignature) != 0;  // all bits where it says nothing
  // a certificate that is trusted itself may be anything
  const bool is_trusted_itself = F().OPENSSL_sk_num(F().X509_STORE_CTX_get0_chain(verification)) == 1;
  const bool is_ca = (F().X509_get_extension_flags(leaf) & constant::kCertificateIsCa) != 0;
  if (is_signer && (is_trusted_itself || !is_ca)) return 1;
  F().X509_STORE_CTX_set_error(verification, constant::kInvalidPurpose);
  return 0;
}

// RFC 7301 §3.2: our first protocol that the client offers, or no_application_protocol.
int OpenSslContext::SelectAlpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                               unsigned in_length, void* context) {
  const Bytes& ours = static_cast<OpenSslContext*>(context)->options_.alpn;
  for (size_t own = 0; own < ours.size(); own += 1 + ours[own]) {
    for (size_t theirs = 0; theirs < in_length && theirs + 1 + in[theirs] <= in_length; theirs += 1 + in[theirs]) {
      if (in[theirs] != ours[own] || std::memcmp(in + theirs + 1, ours.data() + own + 1, in[theirs]) != 0) continue;
      *out = in + theirs + 1;
      *out_length = in[theirs];
      return constant::kAlpnOk;
    }
  }
  return constant::kAlpnFatal;
}

std::unique_ptr<Engine> OpenSslContext::CreateEngine(const std::string& server_name, bool is_address,
                                                     const std::optional<Bytes>& alpn, std::optional<Fault>* fault) {
  return OpenSslEngine::Create(shared_from_this(), server_name, is_address, alpn, fault);
}

}  // namespace tls::openssl
