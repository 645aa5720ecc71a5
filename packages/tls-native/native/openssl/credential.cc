#include "credential.hh"

#include "registry.hh"

namespace tls::openssl {
namespace {

Fault IdentityFault(const char* what) {
  F().ERR_clear_error();
  Fault fault;
  fault.code = "ERR_TLS_IDENTITY";
  fault.detail = what;
  return fault;
}

}  // namespace

std::shared_ptr<OpenSslCredential> OpenSslCredential::Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                             std::optional<Fault>* fault) {
  F().ERR_clear_error();
  std::shared_ptr<OpenSslCredential> credential(new OpenSslCredential());
  for (const Bytes& der : chain) {
    credential->certificates_.push_back(ParseCertificate(der));
    if (credential->certificates_.back() != nullptr) continue;
    *fault = IdentityFault("a certificate of the chain cannot be read");
    return nullptr;
  }
  credential->key_ = ParsePrivateKey(private_key);
  if (chain.empty()) {
    *fault = IdentityFault("the chain is empty");
  } else if (credential->key_ == nullptr) {
    *fault = IdentityFault("the private key cannot be read");
  } else if (F().X509_check_private_key(credential->certificates_[0].get(), credential->key_.get()) != 1) {
    *fault = IdentityFault("the private key does not match the certificate");
  }
  if (fault->has_value()) return nullptr;
  credential->issuers_.reset(F().OPENSSL_sk_new_null());
  for (size_t index = 1; index < chain.size(); ++index) {
    F().OPENSSL_sk_push(credential->issuers_.get(), credential->certificates_[index].get());
  }
  return credential;
}

std::vector<Bytes> OpenSslCredential::Issuers() const {
  std::vector<Bytes> names;
  for (const X509Owner& certificate : certificates_) names.push_back(Encode(F().X509_get_issuer_name(certificate.get())));
  return names;
}

std::vector<uint16_t> OpenSslCredential::SignatureSchemes() const { return SchemesOfKey(key_.get()); }

// both take references of their own
bool OpenSslCredential::Use(SSL_CTX* context) const {
  return F().SSL_CTX_use_cert_and_key(context, certificates_[0].get(), key_.get(), issuers_.get(), 1) == 1;
}

bool OpenSslCredential::Use(SSL* connection) const {
  return F().SSL_use_cert_and_key(connection, certificates_[0].get(), key_.get(), issuers_.get(), 1) == 1;
}

}  // namespace tls::openssl
