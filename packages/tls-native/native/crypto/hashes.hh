// Hashes and HMACs. What is made here belongs to one thread.
#pragma once

#include <memory>

#include "bytes.hh"
#include "owners.hh"

namespace tls::crypto {

// Computes hashes and HMACs, and keeps the contexts for the next ones.
class Hasher {
 public:
  // Writes the hash of the input. The output has the digest's size. False when the library fails.
  bool Digest(Hash hash, Input input, Output output);
  // Writes the HMAC (RFC 2104).
  bool Hmac(Hash hash, Input key, Input input, Output output);

 private:
  // Gives a context that has hashed nothing yet, or null.
  EVP_MD_CTX* FreshContext(Hash hash);
  bool Compute(EVP_MD_CTX* context, Hash hash, Input key, Input input, uint8_t* output);

  DigestContext contexts_[kHashes];
};

// A hash that is still running.
class RunningHash {
 public:
  static constexpr int64_t kOutsideSize = 1024;  // its two contexts, with what OpenSSL keeps in them

  // Null when the library fails.
  static std::unique_ptr<RunningHash> Create(Hash hash);

  Hash hash() const { return hash_; }
  bool Update(Input input);
  // Writes the hash of all that came so far and, behind it, of `extra`, which is not part of it afterwards.
  bool Snapshot(Input extra, Output output);

 private:
  explicit RunningHash(Hash hash) : hash_(hash) {}

  Hash hash_;
  DigestContext running_;
  DigestContext copy_;
};

}  // namespace tls::crypto
