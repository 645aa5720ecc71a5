#include "library.hh"

#include "../loader/loader.hh"
#include "memory.hh"
#include "policy.hh"

namespace tls::openssl {
namespace {

constexpr const char* kSystemFile = "libssl.so.3";

// Whether Node's copy may stand in for the system's: it is the newer one, and what the system's administrator forbids, it forbids as well.
bool IsBetter(const Library& node, const Library& system) {
  if (node.functions->OpenSSL_version_num() <= system.functions->OpenSSL_version_num()) return false;
  SetFunctions(system.functions);
  const std::optional<Policy> of_system = ReadPolicy(false);
  if (!of_system.has_value() || HasOtherRules()) return false;
  SetFunctions(node.functions);
  const std::optional<Policy> of_node = ReadPolicy(true);
  return of_node.has_value() && !IsStricter(*of_system, *of_node);
}

Library Choose(const std::string& path, Origin origin, const Library& system, std::vector<std::string>* tried) {
  if (!path.empty()) return LoadFile(path, tried);
  if (origin == Origin::kSystem) return system;
  const Library node = FindInNode(tried);
  if (origin == Origin::kNode || system.functions == nullptr) return node;
  return node.functions != nullptr && IsBetter(node, system) ? node : system;
}

}  // namespace

Chosen ChooseLibrary(const std::string& path, Origin origin, std::vector<std::string>* tried) {
  Library system;
  if (path.empty() && loader::kSystemHasOpenSsl) system = LoadFile(kSystemFile, tried);
  Chosen chosen;
  chosen.library = Choose(path, origin, system, tried);
  if (chosen.library.functions == nullptr) return chosen;
  if (chosen.library.is_of_node && system.functions != nullptr) {
    chosen.trust_file = system.functions->X509_get_default_cert_file();
    chosen.trust_folder = system.functions->X509_get_default_cert_dir();
  }
  SetFunctions(chosen.library.functions);
  return chosen;
}

}  // namespace tls::openssl
