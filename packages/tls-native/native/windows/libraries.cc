// Windows has SChannel. Node's OpenSSL is another kind of TLS, with other rules about trust and policy: only who asks for it gets it.
#include "../process/one-library.hh"

namespace tls {

SystemLibraries LibrariesOfSystem() {
  return {Origin::kSystem, [](const std::string& path, std::vector<std::string>* tried, Origin origin) {
            return origin == Origin::kNode ? LoadOpenSsl("", tried, origin) : LoadSchannel(path, tried);
          }};
}

}  // namespace tls
