// Ephemeral key pairs for X25519 and for ECDH on the curves of NIST.
#pragma once

#include <optional>

#include "bytes.hh"
#include "owners.hh"

namespace tls::crypto {

enum class Group : uint32_t { kX25519, kP256, kP384, kP521 };
inline constexpr uint32_t kGroups = 4;

size_t ShareSize(Group group);
size_t SecretSize(Group group);

// Makes key pairs, and keeps a context for each group. It belongs to one thread.
class KeyMaker {
 public:
  // Null when the library fails.
  KeyOwner Make(Group group);

 private:
  KeyContext contexts_[kGroups];
};

class KeyPair {
 public:
  static constexpr int64_t kOutsideSize = 2048;  // the key, with what OpenSSL keeps beside it

  // Null when the library fails.
  static std::unique_ptr<KeyPair> Generate(Group group, KeyMaker* maker);
  // Null when the private key has not the group's length, or is out of range.
  static std::unique_ptr<KeyPair> FromPrivate(Group group, Input private_key);

  Group group() const { return group_; }
  // The output has ShareSize() bytes. False when the library fails.
  bool Share(Output output) const;
  // Writes SecretSize() bytes. False when the peer's share is none: of a wrong length, off the curve, compressed, or one that gives zeros.
  bool Derive(Input peer_share, Output output) const;

 private:
  KeyPair(Group group, KeyOwner key) : group_(group), key_(std::move(key)) {}
  KeyOwner PeerKey(Input share) const;

  Group group_;
  KeyOwner key_;
};

}  // namespace tls::crypto
