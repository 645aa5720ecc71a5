// ML-KEM (FIPS 203), which OpenSSL has from 3.5 on.
#pragma once

#include "bytes.hh"
#include "owners.hh"

namespace tls::crypto {

enum class ParameterSet : uint32_t { kMlKem768, kMlKem1024 };
inline constexpr uint32_t kParameterSets = 2;
inline constexpr size_t kSeedSize = 64;
inline constexpr size_t kMessageSize = 32;
inline constexpr size_t kSharedSecretSize = 32;

size_t EncapsulationKeySize(ParameterSet set);
size_t CiphertextSize(ParameterSet set);

class MlKemKey {
 public:
  static constexpr int64_t kOutsideSize = 12 * 1024;  // the key with its matrix

  // Makes a key pair of the seed d and z. Null when it has another length, or the library fails.
  static std::unique_ptr<MlKemKey> FromSeed(ParameterSet set, Input seed);

  ParameterSet set() const { return set_; }
  // The output has EncapsulationKeySize() bytes.
  bool EncapsulationKey(Output output) const;
  // Writes 32 bytes. False when the ciphertext has a wrong length.
  bool Decapsulate(Input ciphertext, Output secret) const;

 private:
  MlKemKey(ParameterSet set, KeyOwner key) : set_(set), key_(std::move(key)) {}

  ParameterSet set_;
  KeyOwner key_;
};

// Writes a ciphertext and 32 bytes of secret. `message` is m, or empty for a random one. False when the key has a wrong length or
// coefficients out of range (FIPS 203 §7.2).
bool Encapsulate(ParameterSet set, Input encapsulation_key, Input message, Output ciphertext, Output secret);

}  // namespace tls::crypto
