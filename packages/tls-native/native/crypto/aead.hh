// AEADs (RFC 5116), each with a key that is set once.
#pragma once

#include "owners.hh"
#include "span.hh"

namespace tls::crypto {

class Aead {
 public:
  static constexpr int64_t kOutsideSize = 1024;  // the context, with the key's schedule

  // Null when the key has not the cipher's length, or the library fails.
  static std::unique_ptr<Aead> Create(Cipher cipher, Input key);

  // Seals into an output of 16 bytes more, which may begin where the plaintext does. False when the library fails.
  bool Seal(const uint8_t* nonce, Input additional_data, Input plaintext, uint8_t* output);
  // Opens into an output of 16 bytes fewer, which may begin where the ciphertext does. False when the tag is wrong; the output is wiped.
  bool Open(const uint8_t* nonce, Input additional_data, Input ciphertext, uint8_t* output);

  // Both take a span whose places were checked.
  bool SealRecords(const Span& span, const Places& places);
  // Gives how many were opened.
  size_t OpenRecords(const Span& span, const Places& places);

 private:
  bool Decrypt(const uint8_t* nonce, Input additional_data, Input ciphertext, uint8_t* output);

  CipherContext context_;
};

// The most bytes that one operation takes: OpenSSL counts in int.
inline constexpr size_t kLongestMessage = 0x7fffffff - kTagSize;

}  // namespace tls::crypto
