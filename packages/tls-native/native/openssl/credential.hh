#pragma once

#include "memory.hh"

namespace tls::openssl {

// A leaf, its key, and the certificates that go along.
class OpenSslCredential final : public Credential {
 public:
  static std::shared_ptr<OpenSslCredential> Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                   std::optional<Fault>* fault);
  static std::shared_ptr<OpenSslCredential> CreateRestricted(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                             const std::vector<uint16_t>& schemes, std::optional<Fault>* fault);

  std::vector<Bytes> Issuers() const override;
  std::vector<uint16_t> SignatureSchemes() const override;
  std::vector<uint16_t> Tls12SignatureSchemes() const override;
  size_t MaxSignatureLength() const override;
  // The engine asks for its signatures.
  bool is_signer() const { return is_signer_; }
  // False when the library refuses it; its error queue says why.
  bool Use(SSL_CTX* context) const;
  bool Use(SSL* connection) const;
  // Likewise, for a server that has not chosen a signature scheme yet.
  bool UseAsServer(SSL* connection) const;

 private:
  OpenSslCredential() = default;
  static std::shared_ptr<OpenSslCredential> WithChain(const std::vector<Bytes>& chain, std::optional<Fault>* fault);
  // Fails when the key is not the leaf's.
  bool TakeKey(KeyOwner key, std::optional<Fault>* fault);

  std::vector<X509Owner> certificates_;
  KeyOwner key_;
  StackOwner issuers_;
  std::vector<uint16_t> schemes_;  // empty: all that fit the key
  bool is_signer_ = false;
};

}  // namespace tls::openssl
