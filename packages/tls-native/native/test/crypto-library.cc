// Which OpenSSL is used, and which is refused. Candidates are made up where none of this machine has the fault.
#include <dlfcn.h>

#include <type_traits>

#include "../crypto/library.hh"
#include "check.hh"

// The library's header has this type; see openssl-data.cc.
static_assert(std::is_same_v<decltype(tls::crypto::OSSL_PARAM::data_type), unsigned int>);

using namespace tls::crypto;

namespace {

std::string Reasons(const std::vector<std::string>& tried) {
  std::string text;
  for (const std::string& reason : tried) text += reason + "\n";
  return text;
}

Candidate In(const char* source, const char* library) { return {source, dlopen(library, RTLD_NOW | RTLD_LOCAL)}; }

}  // namespace

TEST("the system's OpenSSL is used where the program has none") {
  std::vector<std::string> tried;
  const auto library = ChooseLibrary(CandidatesOfProcess(&tried), &tried);
  CHECK(library.has_value());
  CHECK(library->source == "system");
  CHECK(library->version.rfind("OpenSSL 3.", 0) == 0);
  CHECK(library->path.find("libcrypto") != std::string::npos);
  CHECK(Reasons(tried) == "node: it has no OpenSSL_version\n");
}

TEST("of two that are as new the first is used") {
  std::vector<std::string> tried;
  const Candidate system = In("system", "libcrypto.so.3");
  const auto chosen = ChooseLibrary({Candidate{"node", system.image}, system}, &tried);
  CHECK(chosen.has_value());
  CHECK(chosen->source == "node");
  CHECK(tried.empty());
}

TEST("what has no OpenSSL is refused with the function that is missing, and nothing is chosen where all are") {
  std::vector<std::string> tried;
  CHECK(!ChooseLibrary({In("node", "libm.so.6"), In("system", "libc.so.6")}, &tried).has_value());
  CHECK(Reasons(tried) == "node: it has no OpenSSL_version\nsystem: it has no OpenSSL_version\n");
}
