#include "key-store.hh"

namespace tls::schannel {
namespace {

const char16_t* BlobType(const PrivateKey& key) { return key.kind == KeyKind::kRsa ? u"RSAFULLPRIVATEBLOB" : u"ECCPRIVATEBLOB"; }

const char16_t* Algorithm(const PrivateKey& key) {
  if (key.kind == KeyKind::kRsa) return u"RSA";
  return key.curve == 256 ? u"ECDSA_P256" : key.curve == 384 ? u"ECDSA_P384" : u"ECDSA_P521";
}

// Ties a key in a container to a certificate. The system copies what it is given.
bool Tie(const abi::CertContext* certificate, const KeyContainer& container) {
  const bool is_old = container.storage().is_old;
  std::u16string name = container.name();
  std::u16string provider = is_old ? kOldProvider : kCngProvider;
  abi::KeyProviderInfo info = {name.data(), provider.data(), is_old ? abi::kProviderRsaAes : 0, container.storage().Flag(), 0, nullptr,
                               is_old ? abi::kKeyExchangeSpec : 0};
  return F().CertSetCertificateContextProperty(certificate, abi::kPropertyKeyProviderInfo, 0, &info) != 0;
}

}  // namespace

std::unique_ptr<StoredKey> StoredKey::Create(KeyPlace place, const PrivateKey& key, const abi::CertContext* certificate) {
  std::unique_ptr<StoredKey> stored(new StoredKey());
  bool is_there = false;
  switch (place) {
    case KeyPlace::kEphemeral:
      is_there = stored->PutEphemeral(key, certificate);
      break;
    case KeyPlace::kNamed:
    case KeyPlace::kMachineNamed:
      is_there = stored->PutNamed({false, place == KeyPlace::kMachineNamed}, key, certificate);
      break;
    case KeyPlace::kOldNamed:
    case KeyPlace::kOldMachineNamed:
      is_there = stored->PutOld({true, place == KeyPlace::kOldMachineNamed}, key, certificate);
      break;
  }
  return is_there ? std::move(stored) : nullptr;
}

StoredKey::~StoredKey() {
  // The container is deleted after what is open in it.
  if (key_ != 0) F().NCryptFreeObject(key_);
  if (provider_ != 0) F().NCryptFreeObject(provider_);
  if (old_provider_ != 0) F().CryptReleaseContext(old_provider_, 0);
}

bool StoredKey::PutEphemeral(const PrivateKey& key, const abi::CertContext* certificate) {
  if (F().NCryptOpenStorageProvider(&provider_, kCngProvider, 0) != 0) return false;
  Bytes blob = CngBlob(key);
  if (blob.empty()) return false;
  const abi::Status status = F().NCryptImportKey(provider_, 0, BlobType(key), nullptr, &key_, blob.data(),
                                                 static_cast<uint32_t>(blob.size()), abi::kSilent);
  Wipe(&blob);
  if (status != 0) return false;
  abi::KeyContext context = {sizeof context, key_, abi::kCngKeySpec};
  return F().CertSetCertificateContextProperty(certificate, abi::kPropertyKeyContext, abi::kNoCryptRelease, &context) != 0;
}

bool StoredKey::PutNamed(KeyStorage storage, const PrivateKey& key, const abi::CertContext* certificate) {
  container_ = KeyContainer::Reserve(storage);
  if (container_ == nullptr || F().NCryptOpenStorageProvider(&provider_, kCngProvider, 0) != 0) return false;
  const char16_t* name = container_->name().c_str();
  if (F().NCryptCreatePersistedKey(provider_, &key_, Algorithm(key), name, 0, storage.Flag()) != 0) return false;
  Bytes blob = CngBlob(key);
  abi::Status status = -1;
  if (!blob.empty()) {
    status = F().NCryptSetProperty(key_, BlobType(key), blob.data(), static_cast<uint32_t>(blob.size()), 0);
    Wipe(&blob);
  }
  return status == 0 && F().NCryptFinalizeKey(key_, abi::kSilent) == 0 && Tie(certificate, *container_);
}

bool StoredKey::PutOld(KeyStorage storage, const PrivateKey& key, const abi::CertContext* certificate) {
  Bytes blob = CapiBlob(key);
  if (blob.empty()) return false;
  container_ = KeyContainer::Reserve(storage);
  bool is_put = container_ != nullptr &&
                F().CryptAcquireContextW(&old_provider_, container_->name().c_str(), kOldProvider, abi::kProviderRsaAes,
                                         abi::kNewKeySet | abi::kSilent | storage.Flag()) != 0;
  uintptr_t imported = 0;
  is_put = is_put && F().CryptImportKey(old_provider_, blob.data(), static_cast<uint32_t>(blob.size()), 0, 0, &imported) != 0;
  Wipe(&blob);
  if (!is_put) return false;
  F().CryptDestroyKey(imported);  // this frees the handle alone: the key stays in its container
  return Tie(certificate, *container_);
}

}  // namespace tls::schannel
