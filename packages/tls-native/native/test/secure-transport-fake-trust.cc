#include <algorithm>

#include "secure-transport-fake-object.hh"

namespace fake {

using namespace tls::secure_transport;

namespace {

SecCertificateRef MakeCertificate(const Bytes& der) {
  Object* certificate = Make("certificate");
  certificate->bytes = der;
  return As<SecCertificateRef>(certificate);
}
SecCertificateRef CertificateCreateWithData(CFAllocatorRef, CFDataRef data) {
  const View der = BytesOf(Of(data));
  if (S().refuses_certificates || der.size == 0 || der.data[0] != 0x30) return nullptr;
  return MakeCertificate(Bytes(der.data, der.data + der.size));
}
CFDataRef CertificateCopyData(SecCertificateRef certificate) {
  const Bytes& der = Of(certificate)->bytes;
  return MakeData(tls::ViewOf(der));
}

SecKeyRef KeyCreateWithData(CFDataRef data, CFDictionaryRef attributes, CFErrorRef* error) {
  const View bytes = BytesOf(Of(data));
  const std::vector<Object*>& pairs = Of(attributes)->items;
  if (S().refuses_keys) {
    *error = MakeError(-50, "The key was refused.");
    return nullptr;
  }
  Object* key = Make("key");
  key->bytes.assign(bytes.data, bytes.data + bytes.size);
  for (size_t index = 0; index < pairs.size(); index += 2) {
    if (pairs[index]->text == "kSecAttrKeyType") key->text = pairs[index + 1]->text;
    if (pairs[index]->text != "kSecAttrKeyClass" || pairs[index + 1]->text != "kSecAttrKeyClassPrivate") continue;
    R().key = key->bytes;
  }
  R().key_type = key->text;
  return As<SecKeyRef>(key);
}
CFDataRef KeyCreateSignature(SecKeyRef key, CFStringRef, CFDataRef, CFErrorRef* error) {
  if (S().signs_wrongly) {
    *error = MakeError(-50, "The key cannot sign.");
    return nullptr;
  }
  const Bytes& bytes = Of(key)->bytes;
  return MakeData(tls::ViewOf(bytes));
}
// A signature is the private key itself, which contains what the public key has: a point, or a modulus.
Boolean KeyVerifySignature(SecKeyRef key, CFStringRef, CFDataRef, CFDataRef signature, CFErrorRef* error) {
  const Bytes& wanted = Of(key)->bytes;
  const View held = BytesOf(Of(signature));
  const size_t skip = wanted.size() > 40 && wanted[0] == 0x30 ? 8 : 0;
  const size_t length = std::min<size_t>(wanted.size() - skip, 32);
  const uint8_t* end = held.data + held.size;
  const auto at = wanted.begin() + static_cast<std::ptrdiff_t>(skip);
  if (std::search(held.data, end, at, at + static_cast<std::ptrdiff_t>(length)) != end) return 1;
  *error = MakeError(-67808, "A cryptographic verification failure has occurred.");
  return 0;
}
SecIdentityRef IdentityCreate(CFAllocatorRef, SecCertificateRef certificate, SecKeyRef key) {
  Object* identity = Make("identity");
  identity->items = {Shared(Of(certificate)), Shared(Of(key))};
  return As<SecIdentityRef>(identity);
}

SecPolicyRef PolicyCreateSsl(Boolean is_server, CFStringRef name) {
  R().is_server_policy = is_server != 0;
  R().policy_name = name == nullptr ? "" : Of(name)->text;
  return As<SecPolicyRef>(Make("policy"));
}
OSStatus TrustSetPolicies(SecTrustRef trust, CFTypeRef policies) {
  Of(trust)->items.push_back(Shared(Of(policies)));
  return Told("SecTrustSetPolicies");
}
OSStatus TrustSetAnchors(SecTrustRef, CFArrayRef anchors) {
  for (Object* item : Of(anchors)->items) R().anchors.push_back(item->bytes);
  return Told("SecTrustSetAnchorCertificates");
}
OSStatus TrustSetAnchorsOnly(SecTrustRef, Boolean only) {
  R().is_exclusive = only != 0;
  return Told("SecTrustSetAnchorCertificatesOnly");
}
OSStatus TrustSetVerifyDate(SecTrustRef, CFDateRef date) {
  R().verify_date = Of(date)->number;
  return Told("SecTrustSetVerifyDate");
}
OSStatus TrustSetNetworkFetchAllowed(SecTrustRef, Boolean allowed) {
  R().allows_network = allowed != 0;
  return Told("SecTrustSetNetworkFetchAllowed");
}

long Evaluation() {
  ++R().evaluations;
  if (R().allows_network) NoteProblem("an evaluation that may use the network");
  if (S().refusal != 0) return S().refusal;
  const bool is_anchored = std::any_of(S().path.begin(), S().path.end(), [](const Bytes& certificate) {
    return std::find(R().anchors.begin(), R().anchors.end(), certificate) != R().anchors.end();
  });
  return is_anchored || (S().is_system_trusted && !R().is_exclusive) ? 0 : -67843;
}
bool TrustEvaluateWithError(SecTrustRef, CFErrorRef* error) {
  const long code = Evaluation();
  if (code != 0) *error = MakeError(code, S().refusal_text);
  return code == 0;
}
OSStatus TrustEvaluate(SecTrustRef, uint32_t* result) {
  *result = Evaluation() == 0 ? S().trust_result : 5;
  return 0;
}
CFArrayRef TrustCopyCertificateChain(SecTrustRef) {
  Object* chain = Make("array");
  for (const Bytes& der : S().path) chain->items.push_back(reinterpret_cast<Object*>(MakeCertificate(der)));
  return As<CFArrayRef>(chain);
}
CFIndex TrustGetCertificateCount(SecTrustRef) { return static_cast<CFIndex>(S().path.size()); }
SecCertificateRef TrustGetCertificateAtIndex(SecTrustRef trust, CFIndex index) {
  SecCertificateRef certificate = MakeCertificate(S().path.at(static_cast<size_t>(index)));
  Of(trust)->items.push_back(reinterpret_cast<Object*>(certificate));  // the trust owns it
  return certificate;
}
CFStringRef CopyErrorMessageString(OSStatus status, void*) {
  return status == -9999 ? nullptr : MakeString("Status " + std::to_string(status));
}

}  // namespace

void AddTrustSymbols(Symbols* symbols) {
  symbols->insert({
      {"SecCertificateCreateWithData", Pointer(CertificateCreateWithData)},
      {"SecCertificateCopyData", Pointer(CertificateCopyData)},
      {"SecKeyCreateWithData", Pointer(KeyCreateWithData)},
      {"SecKeyCreateSignature", Pointer(KeyCreateSignature)},
      {"SecKeyVerifySignature", Pointer(KeyVerifySignature)},
      {"SecPolicyCreateSSL", Pointer(PolicyCreateSsl)},
      {"SecTrustSetPolicies", Pointer(TrustSetPolicies)},
      {"SecTrustSetAnchorCertificates", Pointer(TrustSetAnchors)},
      {"SecTrustSetAnchorCertificatesOnly", Pointer(TrustSetAnchorsOnly)},
      {"SecTrustSetVerifyDate", Pointer(TrustSetVerifyDate)},
      {"SecTrustSetNetworkFetchAllowed", Pointer(TrustSetNetworkFetchAllowed)},
      {"SecCopyErrorMessageString", Pointer(CopyErrorMessageString)},
      {"SecIdentityCreate", Pointer(IdentityCreate)},
      {"SecTrustEvaluateWithError", Pointer(TrustEvaluateWithError)},
      {"SecTrustEvaluate", Pointer(TrustEvaluate)},
      {"SecTrustCopyCertificateChain", Pointer(TrustCopyCertificateChain)},
      {"SecTrustGetCertificateCount", Pointer(TrustGetCertificateCount)},
      {"SecTrustGetCertificateAtIndex", Pointer(TrustGetCertificateAtIndex)},
  });
}

}  // namespace fake
