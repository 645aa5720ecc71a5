// The one OpenSSL of the process that the crypto provider uses, and the algorithms in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../loader/loader.hh"
#include "functions.hh"

namespace tls::crypto {

enum class Hash : uint32_t { kSha256, kSha384, kSha512, kSha1 };
inline constexpr uint32_t kHashes = 4;
inline constexpr size_t kLongestDigest = 64;
size_t DigestSize(Hash hash);

enum class Cipher : uint32_t { kAes128Gcm, kAes256Gcm, kChaCha20Poly1305 };
inline constexpr uint32_t kCiphers = 3;

// What may have OpenSSL's functions.
struct Candidate {
  const char* source;  // `node` or `system`
  loader::Image image;
};

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

// Gives the candidates of the process, in the order in which they are asked. `tried` gets what cannot be opened, with the reason.
std::vector<Candidate> CandidatesOfProcess(std::vector<std::string>* tried);

// Chooses the newest of the candidates that fit; of two that are as new, the first. It is for tests, and for LoadLibrary.
std::optional<Library> ChooseLibrary(const std::vector<Candidate>& candidates, std::vector<std::string>* tried);

}  // namespace tls::crypto
