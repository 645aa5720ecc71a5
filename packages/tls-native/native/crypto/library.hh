// The one OpenSSL of the process that the crypto provider uses, and the algorithms in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "functions.hh"
#include "images.hh"

namespace tls::crypto {

enum class Hash : uint32_t { kSha256, kSha384, kSha512, kSha1 };
inline constexpr uint32_t kHashes = 4;
inline constexpr size_t kLongestDigest = 64;
size_t DigestSize(Hash hash);

enum class Cipher : uint32_t { kAes128Gcm, kAes256Gcm, kChaCha20Poly1305 };
inline constexpr uint32_t kCiphers = 3;

struct Library {
  Functions functions;
  std::string source;
  std::string version;
  std::string path;
  // They are fetched once, live as long as the process, and are used by all threads.
  EVP_MD* digests[kHashes] = {};
  EVP_CIPHER* ciphers[kCiphers] = {};
  // OpenSSL has both from 3.5 on.
  bool has_ml_kem = false;
  bool has_ml_dsa = false;
};

// Gives the library of the process, or null. `tried` then says what was tried and why it failed.
const Library* LoadLibrary(std::vector<std::string>* tried);

// Gives the library that was loaded.
const Library& L();
inline const Functions& F() { return L().functions; }

// Chooses the newest of the images that fit; of two that are as new, the first. It is for tests, and for LoadLibrary.
std::optional<Library> ChooseLibrary(const std::vector<Image>& images, std::vector<std::string>* tried);

}  // namespace tls::crypto
