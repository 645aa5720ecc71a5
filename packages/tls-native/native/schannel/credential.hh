#pragma once

#include <mutex>

#include "acquire.hh"
#include "key-store.hh"

namespace tls::schannel {

// The leaf with its key in one place, and in a store with the certificates that are sent with it.
struct PlacedIdentity {
  StoreOwner store;
  std::unique_ptr<StoredKey> key;
  CertificateOwner leaf;  // it is freed first
};

// SSPI's credentials, together with what they were made of.
struct Acquired {
  std::shared_ptr<PlacedIdentity> identity;  // null for credentials without a certificate
  Reconnects reconnects = Reconnects::kNever;
  CredentialsHandle handle;                  // it is freed first
};

// A leaf, its key, and the certificates that are sent with it.
class SchannelCredential final : public Credential {
 public:
  static std::shared_ptr<SchannelCredential> Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                    std::optional<Fault>* fault);

  std::vector<Bytes> Issuers() const override { return issuers_; }
  std::vector<uint16_t> SignatureSchemes() const override;

  // Gives credentials; null when the system refuses the identity. Those that never resume serve all connections of that use. Others are new
  // ones with each call, and belong to the context that asks: what is resumed goes by the credentials. It may be called from any thread:
  // handshakes of several workers may use one credential for the first time at once.
  std::shared_ptr<Acquired> Acquire(const CredentialUse& use, std::optional<Fault>* fault);

 private:
  SchannelCredential() = default;

  std::shared_ptr<PlacedIdentity> Place(KeyPlace place) const;

  std::vector<Bytes> chain_;
  std::vector<Bytes> issuers_;
  PrivateKey key_;
  std::shared_ptr<PlacedIdentity> identity_;
  KeyPlace place_ = KeyPlace::kEphemeral;
  std::mutex mutex_;  // protects what `Acquire` changes
  std::vector<std::pair<CredentialUse, std::shared_ptr<Acquired>>> acquired_;
};

// Gives new credentials of a client, which are used until it shows a certificate.
std::shared_ptr<Acquired> AcquireAnonymous(const CredentialUse& use, std::optional<Fault>* fault);

}  // namespace tls::schannel
