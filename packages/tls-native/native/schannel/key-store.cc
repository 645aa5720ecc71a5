#include "key-store.hh"

namespace tls::schannel {
namespace {

constexpr const char16_t* kCngProvider = u"Microsoft Software Key Storage Provider";
constexpr const char16_t* kOldProvider = u"Microsoft Enhanced RSA and AES Cryptographic Provider";
constexpr uint32_t kUseSystemRandom = 2;  // BCRYPT_USE_SYSTEM_PREFERRED_RNG

const char16_t* BlobType(const PrivateKey& key) { return key.kind == KeyKind::kRsa ? u"RSAFULLPRIVATEBLOB" : u"ECCPRIVATEBLOB"; }

const char16_t* Algorithm(const PrivateKey& key) {
  if (key.kind == KeyKind::kRsa) return u"RSA";
  return key.curve == 256 ? u"ECDSA_P256" : key.curve == 384 ? u"ECDSA_P384" : u"ECDSA_P521";
}

// Makes a name of `tls-native-` and 128 random bits, by which one that a killed process has left behind can be recognised. Empty when there
// is no random.
std::u16string NewName() {
  uint8_t random[16];
  if (F().BCryptGenRandom(nullptr, random, sizeof random, kUseSystemRandom) != 0) return {};
  std::u16string name = u"tls-native-";
  for (const uint8_t byte : random) {
    for (const int digit : {byte >> 4, byte & 0xF}) name += static_cast<char16_t>(digit < 10 ? u'0' + digit : u'a' + digit - 10);
  }
  return name;
}

// Ties a key to a certificate. The system copies what it is given.
bool Tie(const abi::CertContext* certificate, std::u16string container, const char16_t* provider, uint32_t type, uint32_t spec) {
  std::u16string name = provider;
  abi::KeyProviderInfo info = {container.data(), name.data(), type, 0, 0, nullptr, spec};
  return F().CertSetCertificateContextProperty(certificate, abi::kPropertyKeyProviderInfo, 0, &info) != 0;
}

}  // namespace

std::unique_ptr<StoredKey> StoredKey::Create(KeyPlace place, const PrivateKey& key, const abi::CertContext* certificate) {
  std::unique_ptr<StoredKey> stored(new StoredKey());
  bool is_there = false;
  if (place == KeyPlace::kEphemeral) is_there = stored->PutEphemeral(key, certificate);
  if (place == KeyPlace::kNamed) is_there = stored->PutNamed(key, certificate);
  if (place == KeyPlace::kOldNamed) is_there = stored->PutOld(key, certificate);
  return is_there ? std::move(stored) : nullptr;
}

StoredKey::~StoredKey() {
  // A deletion that succeeds also frees the handle.
  if (key_ != 0 && (!is_named_ || F().NCryptDeleteKey(key_, abi::kSilent) != 0)) F().NCryptFreeObject(key_);
  if (provider_ != 0) F().NCryptFreeObject(provider_);
  if (old_provider_ != 0) F().CryptReleaseContext(old_provider_, 0);
  if (!is_container_made_) return;
  uintptr_t none = 0;
  F().CryptAcquireContextW(&none, container_.c_str(), kOldProvider, abi::kProviderRsaAes, abi::kDeleteKeySet | abi::kSilent);
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

bool StoredKey::PutNamed(const PrivateKey& key, const abi::CertContext* certificate) {
  container_ = NewName();
  if (container_.empty() || F().NCryptOpenStorageProvider(&provider_, kCngProvider, 0) != 0) return false;
  if (F().NCryptCreatePersistedKey(provider_, &key_, Algorithm(key), container_.c_str(), 0, 0) != 0) return false;
  Bytes blob = CngBlob(key);
  abi::Status status = -1;
  if (!blob.empty()) {
    status = F().NCryptSetProperty(key_, BlobType(key), blob.data(), static_cast<uint32_t>(blob.size()), 0);
    Wipe(&blob);
  }
  if (status != 0 || F().NCryptFinalizeKey(key_, abi::kSilent) != 0) return false;
  is_named_ = true;  // only now is there something to delete
  return Tie(certificate, container_, kCngProvider, 0, 0);
}

bool StoredKey::PutOld(const PrivateKey& key, const abi::CertContext* certificate) {
  Bytes blob = CapiBlob(key);
  if (blob.empty()) return false;
  container_ = NewName();
  bool is_put = !container_.empty() && F().CryptAcquireContextW(&old_provider_, container_.c_str(), kOldProvider,
                                                                abi::kProviderRsaAes, abi::kNewKeySet | abi::kSilent) != 0;
  is_container_made_ = is_put;
  uintptr_t imported = 0;
  is_put = is_put && F().CryptImportKey(old_provider_, blob.data(), static_cast<uint32_t>(blob.size()), 0, 0, &imported) != 0;
  Wipe(&blob);
  if (!is_put) return false;
  F().CryptDestroyKey(imported);  // this frees the handle alone: the key stays in its container
  return Tie(certificate, container_, kOldProvider, abi::kProviderRsaAes, abi::kKeyExchangeSpec);
}

}  // namespace tls::schannel
