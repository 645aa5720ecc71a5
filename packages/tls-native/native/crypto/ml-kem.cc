#include "ml-kem.hh"

#include "parameters.hh"

namespace tls::crypto {
namespace {

constexpr const char* kNames[kParameterSets] = {"ML-KEM-768", "ML-KEM-1024"};
constexpr size_t kEncapsulationKeySizes[kParameterSets] = {1184, 1568};
constexpr size_t kCiphertextSizes[kParameterSets] = {1088, 1568};

KeyOwner KeyOf(ParameterSet set, int selection, const char* name, Input value) {
  OSSL_PARAM parameters[] = {BytesParameter(name, value), {}};
  return KeyFrom(kNames[static_cast<uint32_t>(set)], selection, parameters);
}

}  // namespace

size_t EncapsulationKeySize(ParameterSet set) { return kEncapsulationKeySizes[static_cast<uint32_t>(set)]; }

size_t CiphertextSize(ParameterSet set) { return kCiphertextSizes[static_cast<uint32_t>(set)]; }

std::unique_ptr<MlKemKey> MlKemKey::FromSeed(ParameterSet set, Input seed) {
  if (seed.size != kSeedSize) return nullptr;
  KeyOwner key = KeyOf(set, constant::kSelectKeyPair, "seed", seed);
  if (!Quietly(key != nullptr)) return nullptr;
  return std::unique_ptr<MlKemKey>(new MlKemKey(set, std::move(key)));
}

bool MlKemKey::EncapsulationKey(Output output) const {
  size_t size = 0;
  return Quietly(F().EVP_PKEY_get_octet_string_param(key_.get(), "pub", output.data, output.size, &size) == 1 &&
                 size == EncapsulationKeySize(set_));
}

bool MlKemKey::Decapsulate(Input ciphertext, Output secret) const {
  if (ciphertext.size != CiphertextSize(set_)) return false;
  const KeyContext context(F().EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  size_t size = secret.size;
  return Quietly(
      context != nullptr && F().EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1 &&
      F().EVP_PKEY_decapsulate(context.get(), secret.data, &size, ciphertext.data, ciphertext.size) == 1 &&
      size == kSharedSecretSize);
}

bool Encapsulate(ParameterSet set, Input encapsulation_key, Input message, Output ciphertext, Output secret) {
  if (encapsulation_key.size != EncapsulationKeySize(set)) return false;
  const KeyOwner key = KeyOf(set, constant::kSelectPublicKey, "pub", encapsulation_key);
  if (!Quietly(key != nullptr)) return false;
  const KeyContext context(F().EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  OSSL_PARAM parameters[] = {BytesParameter("ikme", message), {}};
  size_t ciphertext_size = ciphertext.size;
  size_t secret_size = secret.size;
  return Quietly(
      context != nullptr && F().EVP_PKEY_encapsulate_init(context.get(), message.size == 0 ? nullptr : parameters) == 1 &&
      F().EVP_PKEY_encapsulate(context.get(), ciphertext.data, &ciphertext_size, secret.data, &secret_size) == 1 &&
      ciphertext_size == CiphertextSize(set) && secret_size == kSharedSecretSize);
}

}  // namespace tls::crypto
