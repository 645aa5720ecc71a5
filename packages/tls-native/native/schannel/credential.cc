#include "credential.hh"

#include "registry.hh"

namespace tls::schannel {
namespace {

Fault IdentityFault(const char* what) { return FaultOf("ERR_TLS_IDENTITY", what); }

// Gives the next place to try; none after the last. The machine's are tried only where the user has none: `is_made` says that the key was put
// into the place, and SChannel did not take it.
std::optional<KeyPlace> After(KeyPlace place, bool is_made) {
  switch (place) {
    case KeyPlace::kEphemeral:
      return KeyPlace::kNamed;
    case KeyPlace::kNamed:
      return is_made ? KeyPlace::kOldNamed : KeyPlace::kMachineNamed;
    case KeyPlace::kMachineNamed:
      return KeyPlace::kOldNamed;
    case KeyPlace::kOldNamed:
      return is_made ? std::nullopt : std::optional<KeyPlace>(KeyPlace::kOldMachineNamed);
    case KeyPlace::kOldMachineNamed:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::shared_ptr<SchannelCredential> SchannelCredential::Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                               std::optional<Fault>* fault) {
  std::shared_ptr<SchannelCredential> credential(new SchannelCredential());
  std::optional<Certificate> leaf;
  for (const Bytes& der : chain) {
    auto certificate = ParseCertificate(ViewOf(der));
    if (!certificate) {
      *fault = IdentityFault("a certificate of the chain cannot be read");
      return nullptr;
    }
    credential->issuers_.push_back(certificate->issuer);
    if (!leaf) leaf = std::move(certificate);
  }
  auto key = ParsePrivateKey(ViewOf(private_key));
  if (!leaf) {
    *fault = IdentityFault("the chain is empty");
  } else if (!key) {
    *fault = IdentityFault("the private key cannot be read, or is neither rsa nor ec");
  } else if (!Belongs(&*key, *leaf)) {
    *fault = IdentityFault("the private key does not match the certificate");
  }
  if (fault->has_value()) return nullptr;
  credential->chain_ = chain;
  credential->key_ = std::move(*key);
  return credential;
}

std::vector<uint16_t> SchannelCredential::SignatureSchemes() const { return SchemesOfKey(key_.kind, key_.curve); }

std::shared_ptr<PlacedIdentity> SchannelCredential::Place(KeyPlace place) const {
  auto identity = std::make_shared<PlacedIdentity>();
  const auto* in_memory = reinterpret_cast<const char*>(abi::kStoreMemory);
  identity->store.reset(F().CertOpenStore(in_memory, 0, 0, 0, nullptr));
  if (identity->store == nullptr) return nullptr;
  for (const Bytes& der : chain_) {
    const abi::CertContext* added = nullptr;
    const bool is_leaf = identity->leaf == nullptr;
    if (F().CertAddEncodedCertificateToStore(identity->store.get(), abi::kX509Encoding, der.data(),
                                             static_cast<uint32_t>(der.size()), abi::kAddAlways,
                                             is_leaf ? &added : nullptr) == 0) {
      return nullptr;
    }
    if (is_leaf) identity->leaf.reset(added);
  }
  identity->key = StoredKey::Create(place, key_, identity->leaf.get());
  return identity->key == nullptr ? nullptr : identity;
}

std::shared_ptr<Acquired> SchannelCredential::Acquire(const CredentialUse& use, std::optional<Fault>* fault) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [known, acquired] : acquired_) {
    if (known == use) return acquired;
  }
  abi::Status status = abi::kErrorNoCredentials;
  for (std::optional<KeyPlace> place = place_; place; place = After(*place, identity_ != nullptr)) {
    if (identity_ == nullptr || *place != place_) identity_ = Place(*place);
    place_ = *place;
    if (identity_ == nullptr) continue;
    auto acquired = std::make_shared<Acquired>();
    acquired->identity = identity_;
    acquired->reconnects = use.reconnects;
    status = AcquireCredentials(use, identity_->leaf.get(), &acquired->handle);
    if (status == abi::kOk) {
      if (use.reconnects == Reconnects::kNever) acquired_.emplace_back(use, acquired);
      return acquired;
    }
    // No other place for the key helps against these faults.
    if (status == abi::kErrorAlgorithmMismatch || status == abi::kErrorInvalidParameter) break;
  }
  place_ = KeyPlace::kEphemeral;
  identity_ = nullptr;
  *fault = FaultOfStatus(status);
  (*fault)->code = "ERR_TLS_IDENTITY";
  (*fault)->detail = "the system refuses the certificate or its key: " + (*fault)->detail;
  return nullptr;
}

std::shared_ptr<Acquired> AcquireAnonymous(const CredentialUse& use, std::optional<Fault>* fault) {
  auto acquired = std::make_shared<Acquired>();
  acquired->reconnects = use.reconnects;
  const abi::Status status = AcquireCredentials(use, nullptr, &acquired->handle);
  if (status == abi::kOk) return acquired;
  *fault = FaultOfStatus(status);
  return nullptr;
}

}  // namespace tls::schannel
