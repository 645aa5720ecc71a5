#pragma once

#include "memory.hh"

namespace tls::openssl {

// A leaf, its key, and the certificates that go along.
class OpenSslCredential final : public Credential {
 public:
  static std::shared_ptr<OpenSslCredential> Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                   std::optional<Fault>* fault);

  std::vector<Bytes> Issuers() const override;
  std::vector<uint16_t> SignatureSchemes() const override;
  // False when the library refuses it; its error queue says why.
  bool Use(SSL_CTX* context) const;
  bool Use(SSL* connection) const;

 private:
  OpenSslCredential() = default;

  std::vector<X509Owner> certificates_;
  KeyOwner key_;
  StackOwner issuers_;
};

}  // namespace tls::openssl
