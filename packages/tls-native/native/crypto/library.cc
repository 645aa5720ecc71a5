#include "library.hh"

#include <cstring>
#include <mutex>

namespace tls::crypto {
namespace {

constexpr const char* kDigestNames[kHashes] = {"SHA2-256", "SHA2-384", "SHA2-512", "SHA1"};
constexpr const char* kCipherNames[kCiphers] = {"AES-128-GCM", "AES-256-GCM", "ChaCha20-Poly1305"};
constexpr size_t kDigestSizes[kHashes] = {32, 48, 64, 20};

// Gives what is wrong with the image, or an empty text.
std::string Fill(loader::Image image, Functions* functions) {
  std::string home;
  const auto find = [&](const char* name, auto* place) -> std::string {
    void* function = nullptr;
    if (const std::string problem = loader::Find(image, name, &function); !problem.empty()) return problem;
    std::memcpy(place, &function, sizeof function);
    // Functions of two copies of OpenSSL would not work together.
    const std::string file = loader::FileOf(function);
    if (home.empty()) home = file;
    return file == home ? "" : std::string(name) + " is in " + file + ", and not in " + home;
  };
#define TLS_FIND(name, result, parameters)                                                            \
  if (const std::string problem = find(#name, &functions->name); !problem.empty()) return problem;
  TLS_PROVIDER_FUNCTIONS(TLS_FIND)
#undef TLS_FIND
  // Other libraries have functions of the same names and lower numbers.
  if (functions->OpenSSL_version_num() < constant::kOldestVersion) {
    return std::string("it is ") + functions->OpenSSL_version(0) + ", which is no OpenSSL 3";
  }
  return "";
}

// Initialises the library and fetches its algorithms. Gives what is missing, or an empty text.
std::string Fetch(Library* library) {
  const Functions& functions = library->functions;
  if (functions.OPENSSL_init_crypto(constant::kInitNoAtexit, nullptr) != 1) return "OPENSSL_init_crypto failed";
  for (uint32_t index = 0; index < kHashes; ++index) {
    library->digests[index] = functions.EVP_MD_fetch(nullptr, kDigestNames[index], nullptr);
    if (library->digests[index] == nullptr) return std::string("it has no ") + kDigestNames[index];
  }
  for (uint32_t index = 0; index < kCiphers; ++index) {
    library->ciphers[index] = functions.EVP_CIPHER_fetch(nullptr, kCipherNames[index], nullptr);
    if (library->ciphers[index] == nullptr) return std::string("it has no ") + kCipherNames[index];
  }
  EVP_KEM* kem = functions.EVP_KEM_fetch(nullptr, "ML-KEM-768", nullptr);
  library->has_ml_kem = kem != nullptr;
  functions.EVP_KEM_free(kem);
  EVP_SIGNATURE* signature = functions.EVP_SIGNATURE_fetch(nullptr, "ML-DSA-44", nullptr);
  library->has_ml_dsa = signature != nullptr;
  functions.EVP_SIGNATURE_free(signature);
  functions.ERR_clear_error();
  return "";
}

// The library that is set before anything but LoadLibrary is called.
const Library* loaded = nullptr;

}  // namespace

size_t DigestSize(Hash hash) { return kDigestSizes[static_cast<uint32_t>(hash)]; }

std::vector<Candidate> CandidatesOfProcess(std::vector<std::string>* tried) {
  std::vector<Candidate> candidates = {{"node", loader::Program()}};
  if (!loader::kSystemHasOpenSsl) return candidates;
  std::string problem;
  const loader::Image system = loader::Open("libcrypto.so.3", &problem);
  if (system != nullptr) {
    candidates.push_back({"system", system});
  } else {
    tried->push_back(problem);
  }
  return candidates;
}

std::optional<Library> ChooseLibrary(const std::vector<Candidate>& candidates, std::vector<std::string>* tried) {
  std::optional<Library> chosen;
  for (const auto& [source, image] : candidates) {
    Library library;
    std::string problem = Fill(image, &library.functions);
    if (problem.empty() && chosen.has_value() && library.functions.OpenSSL_version_num() <= chosen->functions.OpenSSL_version_num()) {
      continue;
    }
    if (problem.empty()) problem = Fetch(&library);
    if (!problem.empty()) {
      tried->push_back(std::string(source) + ": " + problem);
      continue;
    }
    library.source = source;
    library.version = library.functions.OpenSSL_version(0);
    library.path = loader::FileOf(reinterpret_cast<const void*>(library.functions.OpenSSL_version_num));
    chosen = std::move(library);
  }
  return chosen;
}

const Library* LoadLibrary(std::vector<std::string>* tried) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  if (loaded != nullptr) return loaded;
  std::optional<Library> chosen = ChooseLibrary(CandidatesOfProcess(tried), tried);
  if (chosen.has_value()) loaded = new Library(std::move(*chosen));  // it lives as long as the process
  return loaded;
}

const Library& L() { return *loaded; }

}  // namespace tls::crypto
