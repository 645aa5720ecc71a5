#pragma once

#include "memory.hh"

namespace tls::openssl {

// A leaf, its key, and the certificates that are sent with it.
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
  // Whether the engine has to ask for its signatures.
  bool is_signer() const { return is_signer_; }
  // Gives it to the library. False when that refuses it; the error queue then says why.
  bool Use(SSL_CTX* context) const;
  bool Use(SSL* connection) const;
  // Does the same for the connection of a server that has not chosen a signature scheme yet.
  bool UseAsServer(SSL* connection) const;

 private:
  OpenSslCredential() = default;
  static std::shared_ptr<OpenSslCredential> WithChain(const std::vector<Bytes>& chain, std::optional<Fault>* fault);
  // Takes the private key, and fails when it is not the leaf's.
  bool TakeKey(KeyOwner key, std::optional<Fault>* fault);

  std::vector<X509Owner> certificates_;
  KeyOwner key_;
  StackOwner issuers_;
  std::vector<uint16_t> schemes_;  // empty where all that fit the key are allowed
  bool is_signer_ = false;
};

}  // namespace tls::openssl
