#include "credential.hh"

#include <algorithm>

#include "registry.hh"
#include "signing-provider.hh"

namespace tls::openssl {
namespace {

Fault IdentityFault(const char* what) {
  ForgetErrors();
  Fault fault;
  fault.code = "ERR_TLS_IDENTITY";
  fault.detail = what;
  return fault;
}

// Gives those of the first list that are in the second, in the order of the first.
std::vector<uint16_t> Common(const std::vector<uint16_t>& list, const std::vector<uint16_t>& other) {
  std::vector<uint16_t> common;
  std::copy_if(list.begin(), list.end(), std::back_inserter(common),
               [&other](uint16_t number) { return std::find(other.begin(), other.end(), number) != other.end(); });
  return common;
}

}  // namespace

std::shared_ptr<OpenSslCredential> OpenSslCredential::WithChain(const std::vector<Bytes>& chain, std::optional<Fault>* fault) {
  ForgetErrors();
  std::shared_ptr<OpenSslCredential> credential(new OpenSslCredential());
  for (const Bytes& der : chain) {
    credential->certificates_.push_back(ParseCertificate(der));
    if (credential->certificates_.back() != nullptr) continue;
    *fault = IdentityFault("a certificate of the chain cannot be read");
    return nullptr;
  }
  if (chain.empty()) {
    *fault = IdentityFault("the chain is empty");
    return nullptr;
  }
  credential->issuers_.reset(F().OPENSSL_sk_new_null());
  for (size_t index = 1; index < chain.size(); ++index) {
    F().OPENSSL_sk_push(credential->issuers_.get(), credential->certificates_[index].get());
  }
  return credential;
}

bool OpenSslCredential::TakeKey(KeyOwner key, std::optional<Fault>* fault) {
  if (key == nullptr) {
    *fault = IdentityFault("the private key cannot be read");
  } else if (F().X509_check_private_key(certificates_[0].get(), key.get()) != 1) {
    *fault = IdentityFault("the private key does not match the certificate");
  }
  key_ = std::move(key);
  return !fault->has_value();
}

std::shared_ptr<OpenSslCredential> OpenSslCredential::Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                             std::optional<Fault>* fault) {
  std::shared_ptr<OpenSslCredential> credential = WithChain(chain, fault);
  if (credential == nullptr || !credential->TakeKey(ParsePrivateKey(private_key), fault)) return nullptr;
  return credential;
}

std::shared_ptr<OpenSslCredential> OpenSslCredential::CreateRestricted(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                                       const std::vector<uint16_t>& schemes,
                                                                       std::optional<Fault>* fault) {
  std::shared_ptr<OpenSslCredential> credential = WithChain(chain, fault);
  if (credential == nullptr) return nullptr;
  credential->is_signer_ = private_key.empty();
  if (!credential->is_signer_ && !credential->TakeKey(ParsePrivateKey(private_key), fault)) return nullptr;
  EVP_PKEY* public_key = F().X509_get0_pubkey(credential->certificates_[0].get());
  if (public_key != nullptr) credential->schemes_ = Common(schemes, Tls12SchemesOfKey(public_key));
  if (credential->schemes_.empty()) {
    *fault = IdentityFault("none of its signature schemes fits the certificate's key");
    return nullptr;
  }
  if (!credential->TakeKey(CreateSigningKey(public_key, std::move(credential->key_), credential->schemes_), fault)) return nullptr;
  return credential;
}

std::vector<Bytes> OpenSslCredential::Issuers() const {
  std::vector<Bytes> names;
  for (const X509Owner& certificate : certificates_) names.push_back(Encode(F().X509_get_issuer_name(certificate.get())));
  return names;
}

std::vector<uint16_t> OpenSslCredential::SignatureSchemes() const {
  const std::vector<uint16_t> fitting = SchemesOfKey(F().X509_get0_pubkey(certificates_[0].get()));
  return schemes_.empty() ? fitting : Common(schemes_, fitting);
}

std::vector<uint16_t> OpenSslCredential::Tls12SignatureSchemes() const {
  return schemes_.empty() ? Tls12SchemesOfKey(F().X509_get0_pubkey(certificates_[0].get())) : schemes_;
}

size_t OpenSslCredential::MaxSignatureLength() const {
  const int length = is_signer_ ? F().EVP_PKEY_get_size(F().X509_get0_pubkey(certificates_[0].get())) : 0;
  return length < 0 ? 0 : static_cast<size_t>(length);
}

// Both calls take references of their own.
bool OpenSslCredential::Use(SSL_CTX* context) const {
  return F().SSL_CTX_use_cert_and_key(context, certificates_[0].get(), key_.get(), issuers_.get(), 1) == 1;
}

bool OpenSslCredential::Use(SSL* connection) const {
  return F().SSL_use_cert_and_key(connection, certificates_[0].get(), key_.get(), issuers_.get(), 1) == 1;
}

bool OpenSslCredential::UseAsServer(SSL* connection) const {
  if (!Use(connection)) return false;
  return schemes_.empty() || F().SSL_ctrl(connection, constant::kCtrlSigalgsList, 0, SchemeList(schemes_).data()) == 1;
}

}  // namespace tls::openssl
