#include "functions.hh"

#include <dlfcn.h>

#include <cstring>

namespace tls::secure_transport {
namespace {

constexpr const char* kSecurity = "/System/Library/Frameworks/Security.framework/Security";
constexpr const char* kCoreFoundation = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation";

const Functions* table = nullptr;

template <typename Pointer>
bool Find(Lookup lookup, void* library, const char* name, Pointer* pointer) {
  void* symbol = lookup(library, name);
  if (symbol == nullptr) return false;
  std::memcpy(pointer, &symbol, sizeof symbol);
  return true;
}

// Reads a constant, which is a variable that holds the object.
template <typename Value>
bool FindValue(Lookup lookup, void* library, const char* name, Value* value) {
  const Value* variable = nullptr;
  if (!Find(lookup, library, name, &variable)) return false;
  *value = *variable;
  return true;
}

void* FindSymbol(void* library, const char* name) { return dlsym(library, name); }

// The frameworks are in the system's shared cache: there is no file to look for, and they are never unloaded.
void* Open(const std::string& path, std::vector<std::string>* tried) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    tried->push_back(path + ": " + (reason == nullptr ? "it cannot be loaded" : reason));
  }
  return library;
}

}  // namespace

std::string FillFunctions(Lookup lookup, void* core, void* security, Functions* functions) {
#define TLS_FIND(name, result, parameters) \
  if (!Find(lookup, library, #name, &functions->name)) return "it has no " #name;
#define TLS_FIND_VALUE(name, type) \
  if (!FindValue(lookup, library, #name, &functions->name)) return "it has no " #name;
#define TLS_FIND_ADDRESS(name) \
  if (!Find(lookup, library, #name, &functions->name)) return "it has no " #name;
#define TLS_FIND_OPTIONAL(name, result, parameters) Find(lookup, library, #name, &functions->name);
  void* library = core;
  TLS_CORE_FUNCTIONS(TLS_FIND)
  TLS_CORE_CONSTANTS(TLS_FIND_VALUE)
  TLS_CORE_CALL_BACKS(TLS_FIND_ADDRESS)
  library = security;
  TLS_SECURITY_FUNCTIONS(TLS_FIND)
  TLS_SECURITY_CONSTANTS(TLS_FIND_VALUE)
  TLS_OPTIONAL_FUNCTIONS(TLS_FIND_OPTIONAL)
#undef TLS_FIND
#undef TLS_FIND_VALUE
#undef TLS_FIND_ADDRESS
#undef TLS_FIND_OPTIONAL
  if (functions->SecTrustEvaluateWithError == nullptr && functions->SecTrustEvaluate == nullptr) {
    return "it has neither SecTrustEvaluateWithError nor SecTrustEvaluate";
  }
  const bool has_items =
      functions->SecTrustGetCertificateCount != nullptr && functions->SecTrustGetCertificateAtIndex != nullptr;
  if (functions->SecTrustCopyCertificateChain == nullptr && !has_items) {
    return "it has neither SecTrustCopyCertificateChain nor SecTrustGetCertificateAtIndex";
  }
  return "";
}

const Functions* LoadFunctions(const std::string& library_path, std::string* loaded_path, std::vector<std::string>* tried) {
  const std::string path = library_path.empty() ? kSecurity : library_path;
  void* core = Open(kCoreFoundation, tried);
  void* security = Open(path, tried);
  if (core == nullptr || security == nullptr) return nullptr;
  auto functions = new Functions();  // it lives as long as the process
  const std::string problem = FillFunctions(FindSymbol, core, security, functions);
  if (problem.empty()) {
    *loaded_path = path;
    return functions;
  }
  tried->push_back(path + ": " + problem);
  delete functions;
  return nullptr;
}

const Functions& F() { return *table; }
void SetFunctions(const Functions* functions) { table = functions; }

}  // namespace tls::secure_transport
