// Linux has OpenSSL, and may have a second one in Node: openssl/library.cc has the rule that chooses.
#include "../process/one-library.hh"

namespace tls {

SystemLibraries LibrariesOfSystem() { return {Origin::kAny, LoadOpenSsl}; }

}  // namespace tls
