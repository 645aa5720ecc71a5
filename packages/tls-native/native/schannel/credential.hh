#pragma once

#include <mutex>

#include "acquire.hh"
#include "key-store.hh"

namespace tls::schannel {

// The leaf in a store with the certificates that go along, and its key in one place.
struct PlacedIdentity {
  StoreOwner store;
  std::unique_ptr<StoredKey> key;
  CertificateOwner leaf;  // freed first
};

// SSPI's credentials, with what they were made of.
struct Acquired {
  std::shared_ptr<PlacedIdentity> identity;  // null: without a certificate
  CredentialsHandle handle;                  // freed first
};

// A leaf, its key, and the certificates that go along.
class SchannelCredential final : public Credential {
 public:
  static std::shared_ptr<SchannelCredential> Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                    std::optional<Fault>* fault);

  std::vector<Bytes> Issuers() const override { return issuers_; }
  std::vector<uint16_t> SignatureSchemes() const override;

  // Null when the system refuses it. What was acquired for a use serves all connections of that use. From any thread: handshakes of
  // several workers may use one credential for the first time at once.
  std::shared_ptr<Acquired> Acquire(const CredentialUse& use, std::optional<Fault>* fault);

 private:
  SchannelCredential() = default;

  std::shared_ptr<PlacedIdentity> Place(KeyPlace place) const;

  std::vector<Bytes> chain_;
  std::vector<Bytes> issuers_;
  PrivateKey key_;
  std::shared_ptr<PlacedIdentity> identity_;
  KeyPlace place_ = KeyPlace::kEphemeral;
  std::mutex mutex_;  // of what `Acquire` changes
  std::vector<std::pair<CredentialUse, std::shared_ptr<Acquired>>> acquired_;
};

// A client's, for as long as it shows no certificate.
std::shared_ptr<Acquired> AcquireAnonymous(const CredentialUse& use, std::optional<Fault>* fault);

}  // namespace tls::schannel
