// Keys that sign or verify.
#pragma once

#include <optional>

#include "bytes.hh"
#include "owners.hh"

namespace tls::crypto {

enum class Padding : uint32_t { kNone, kPkcs1, kPss };
inline constexpr uint32_t kPaddings = 3;

// How a signature is made. Ed25519 and ML-DSA have a hash inside, and name none.
struct SignatureForm {
  std::optional<Hash> hash;
  Padding padding = Padding::kNone;
};

class VerifyingKey {
 public:
  static constexpr int64_t kOutsideSize = 4096;

  // Reads a SubjectPublicKeyInfo in DER. Null when it is none, or its key is off its curve.
  static std::unique_ptr<VerifyingKey> Import(Input spki);

  // False for whatever is no valid signature.
  bool Verify(SignatureForm form, Input input, Input signature) const;

 private:
  explicit VerifyingKey(KeyOwner key) : key_(std::move(key)) {}

  KeyOwner key_;
};

class SigningKey {
 public:
  static constexpr int64_t kOutsideSize = 8192;

  // Reads a PrivateKeyInfo in DER. Null when it is none, or its key is out of range or contradicts itself.
  static std::unique_ptr<SigningKey> Import(Input pkcs8, bool is_on_curve);

  // Writes a signature, and gives its size. Nothing when the key does not sign in this way.
  std::optional<size_t> Sign(SignatureForm form, Input input, Output output) const;
  // Writes the SubjectPublicKeyInfo, and gives its size. Nothing when it does not fit, or the library fails.
  std::optional<size_t> PublicHalf(Output output) const;

 private:
  explicit SigningKey(KeyOwner key) : key_(std::move(key)) {}

  KeyOwner key_;
};

}  // namespace tls::crypto
