#include "credential.hh"

#include "certificate.hh"
#include "registry.hh"

namespace tls::secure_transport {
namespace {

Fault IdentityFault(const std::string& what) { return OwnFault("ERR_TLS_IDENTITY", what); }

Owner<SecKeyRef> ToKey(CFDataRef encoded, KeyType type, CFStringRef key_class) {
  const void* names[] = {F().kSecAttrKeyType, F().kSecAttrKeyClass};
  const CFStringRef key_type = type == KeyType::kRsa ? F().kSecAttrKeyTypeRSA : F().kSecAttrKeyTypeECSECPrimeRandom;
  const void* values[] = {key_type, key_class};
  const Owner<CFDictionaryRef> attributes(F().CFDictionaryCreate(nullptr, names, values, 2, F().kCFTypeDictionaryKeyCallBacks,
                                                                 F().kCFTypeDictionaryValueCallBacks));
  if (encoded == nullptr || !attributes) return Owner<SecKeyRef>();
  Owner<CFErrorRef> error;
  return Owner<SecKeyRef>(F().SecKeyCreateWithData(encoded, attributes.get(), error.Receive()));
}

// Signs with the key and verifies with the certificate's key, because an EC key does not tell to which point it belongs.
bool IsPair(SecKeyRef key, KeyType type, View public_key) {
  const Owner<SecKeyRef> verifier = ToKey(ToData(public_key).get(), type, F().kSecAttrKeyClassPublic);
  if (!verifier) return false;
  const CFStringRef algorithm = type == KeyType::kRsa ? F().kSecKeyAlgorithmRSASignatureDigestPKCS1v15SHA256
                                                      : F().kSecKeyAlgorithmECDSASignatureDigestX962SHA256;
  const Bytes digest(32, 0x5A);
  const Owner<CFDataRef> message = ToData(ViewOf(digest));
  Owner<CFErrorRef> error;
  const Owner<CFDataRef> signature(F().SecKeyCreateSignature(key, algorithm, message.get(), error.Receive()));
  if (!signature) return false;
  return F().SecKeyVerifySignature(verifier.get(), algorithm, message.get(), signature.get(), error.Receive()) != 0;
}

}  // namespace

std::shared_ptr<SecureTransportCredential> SecureTransportCredential::Create(const std::vector<Bytes>& chain,
                                                                             const Bytes& private_key,
                                                                             std::optional<Fault>* fault) {
  if (F().SecIdentityCreate == nullptr) {
    // The other way is a keychain file, which would put the key on disk.
    *fault = IdentityFault("this macOS has no SecIdentityCreate, without which a key would have to go into a keychain");
    return nullptr;
  }
  std::shared_ptr<SecureTransportCredential> credential(new SecureTransportCredential());
  std::vector<Owner<SecCertificateRef>> certificates;
  for (const Bytes& der : chain) {
    const std::optional<Certificate> certificate = ReadCertificate(ViewOf(der));
    certificates.push_back(ToCertificate(ViewOf(der)));
    if (!certificate.has_value() || !certificates.back()) {
      *fault = IdentityFault("a certificate of the chain cannot be read");
      return nullptr;
    }
    credential->issuers_.emplace_back(certificate->issuer.data, certificate->issuer.data + certificate->issuer.size);
  }
  if (chain.empty()) {
    *fault = IdentityFault("the chain is empty");
    return nullptr;
  }
  std::string problem;
  const std::optional<PrivateKey> parsed = ReadPrivateKey(ViewOf(private_key), ViewOf(chain[0]), &problem);
  if (!parsed.has_value()) {
    *fault = IdentityFault(problem);
    return nullptr;
  }
  const Owner<CFDataRef> encoded = ToBorrowedData(ViewOf(parsed->encoded.bytes));
  const Owner<SecKeyRef> key = ToKey(encoded.get(), parsed->type, F().kSecAttrKeyClassPrivate);
  if (!key) {
    *fault = IdentityFault("the library refuses the private key");
    return nullptr;
  }
  if (!IsPair(key.get(), parsed->type, ReadCertificate(ViewOf(chain[0]))->public_key)) {
    *fault = IdentityFault("the private key does not match the certificate");
    return nullptr;
  }
  const Owner<SecIdentityRef> identity(F().SecIdentityCreate(nullptr, certificates[0].get(), key.get()));
  if (!identity) {
    *fault = IdentityFault("the library makes no identity of the certificate and its key");
    return nullptr;
  }
  std::vector<const void*> items{identity.get()};
  for (size_t index = 1; index < certificates.size(); ++index) items.push_back(certificates[index].get());
  credential->items_ = ToArray(items);
  credential->type_ = parsed->type;
  credential->group_ = parsed->group;
  return credential;
}

std::vector<uint16_t> SecureTransportCredential::SignatureSchemes() const {
  switch (group_) {
    case 23: return {0x0403};
    case 24: return {0x0503};
    case 25: return {0x0603};
    default: return {0x0401, 0x0501, 0x0601};
  }
}

}  // namespace tls::secure_transport
