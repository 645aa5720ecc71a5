#include "functions.hh"

#include <cstring>
#include <filesystem>
#include <memory>

#include "../loader/loader.hh"

namespace tls::openssl {
namespace {

// The libcrypto that belongs to a libssl is in the same folder.
std::string CryptoBeside(const std::string& ssl_path) {
  const size_t slash = ssl_path.rfind('/');
  return slash == std::string::npos ? "libcrypto.so.3" : ssl_path.substr(0, slash + 1) + "libcrypto.so.3";
}

std::string Fill(loader::Image crypto, loader::Image ssl, Functions* functions) {
  const auto find = [](loader::Image library, const char* name, auto* place) -> std::string {
    void* function = nullptr;
    const std::string problem = loader::Find(library, name, &function);
    std::memcpy(place, &function, sizeof function);
    return problem;
  };
#define TLS_FIND_CRYPTO(name, result, parameters) \
  if (const std::string problem = find(crypto, #name, &functions->name); !problem.empty()) return problem;
  TLS_CRYPTO_FUNCTIONS(TLS_FIND_CRYPTO)
#undef TLS_FIND_CRYPTO
#define TLS_FIND_SSL(name, result, parameters) \
  if (const std::string problem = find(ssl, #name, &functions->name); !problem.empty()) return problem;
  TLS_SSL_FUNCTIONS(TLS_FIND_SSL)
#define TLS_FIND_EITHER(name, result, parameters, older_name, older_result, older_parameters) \
  if (!find(ssl, #name, &functions->name).empty()) {                                          \
    functions->name = nullptr;                                                                \
    TLS_FIND_SSL(older_name, older_result, older_parameters)                                  \
  }
  TLS_SSL_SUCCESSORS(TLS_FIND_EITHER)
#undef TLS_FIND_EITHER
#undef TLS_FIND_SSL
  return "";
}

// Checks that the functions work together.
std::string SelfTest(const Functions& functions) {
  if (functions.OpenSSL_version_num() < 0x30000000UL) return std::string("it is ") + functions.OpenSSL_version(0);
  if (functions.OPENSSL_init_crypto(constant::kInitNoAtexit, nullptr) != 1) return "OPENSSL_init_crypto failed";
  if (functions.OPENSSL_init_ssl(constant::kInitNoAtexit | constant::kInitLoadSslStrings, nullptr) != 1) {
    return "OPENSSL_init_ssl failed";
  }
  // The error that libssl raises must be in the libcrypto of the table: it is elsewhere where libssl calls another copy.
  functions.ERR_clear_error();
  if (functions.SSL_CTX_new(nullptr) != nullptr || functions.ERR_get_error() == 0) return "its calls go to another OpenSSL";
  functions.ERR_clear_error();
  SSL_CTX* context = functions.SSL_CTX_new(functions.TLS_client_method());
  if (context == nullptr) return "SSL_CTX_new failed";
  SSL* connection = functions.SSL_new(context);
  functions.SSL_CTX_free(context);
  if (connection == nullptr) return "SSL_new failed";
  functions.SSL_free(connection);
  return "";
}

// Checks that the functions come from the files that were opened.
std::string CheckFiles(const std::string& ssl_file, const std::string& crypto_file) {
  if (ssl_file.find("libssl") == std::string::npos) return "SSL_CTX_new is in " + ssl_file;
  if (crypto_file.find("libcrypto") == std::string::npos) return "OpenSSL_version is in " + crypto_file;
  return "";
}

Library Fail(const std::string& path, const std::string& problem, std::vector<std::string>* tried) {
  tried->push_back(path + ": " + problem);
  return {};
}

}  // namespace

Library LoadFile(const std::string& path, std::vector<std::string>* tried) {
  // libcrypto is loaded first: libssl then takes the one beside it, not the system's. Neither is ever closed, which OpenSSL
  // does not survive.
  const std::string crypto_path = CryptoBeside(path);
  std::string problem;
  const loader::Image crypto = loader::Open(crypto_path, &problem);
  if (crypto == nullptr) return Fail(crypto_path, problem, tried);
  const loader::Image ssl = loader::Open(path, &problem);
  if (ssl == nullptr) return Fail(path, problem, tried);
  auto functions = std::make_unique<Functions>();
  problem = Fill(crypto, ssl, functions.get());
  if (!problem.empty()) return Fail(path, problem, tried);
  const std::string ssl_file = loader::FileOf(reinterpret_cast<void*>(functions->SSL_CTX_new));
  problem = CheckFiles(ssl_file, loader::FileOf(reinterpret_cast<void*>(functions->OpenSSL_version)));
  if (problem.empty()) problem = SelfTest(*functions);
  if (!problem.empty()) return Fail(path, problem, tried);
  return Library{functions.release(), ssl_file, false};
}

Library FindInNode(std::vector<std::string>* tried) {
  static constexpr const char* kName = "node's own OpenSSL";
  const loader::Image program = loader::Program();
  auto functions = std::make_unique<Functions>();
  std::string problem = Fill(program, program, functions.get());
  if (!problem.empty()) return Fail(kName, problem, tried);
  // A Node that is linked to the system's library has none of its own, but exports that one's functions.
  std::string file = loader::FileOf(reinterpret_cast<void*>(functions->SSL_CTX_new));
  if (file != loader::FileOf(reinterpret_cast<void*>(functions->OpenSSL_version))) return Fail(kName, "it is " + file, tried);
  problem = SelfTest(*functions);
  if (!problem.empty()) return Fail(kName, problem, tried);
  // The loader of Linux knows the executable by the name that it was started by.
  if (!std::filesystem::path(file).is_absolute()) {
    std::error_code error;
    const std::string whole = std::filesystem::read_symlink("/proc/self/exe", error).string();
    if (!error) file = whole;
  }
  return Library{functions.release(), file, true};
}

}  // namespace tls::openssl
