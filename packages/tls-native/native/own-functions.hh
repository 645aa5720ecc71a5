// How functions are found in a library that the program may have another copy of: Node exports the functions of its own OpenSSL.
#pragma once

#include <dlfcn.h>

#include <string>

namespace tls {

// With the flag of glibc, the calls inside of a library and of what it needs stay there. Without it, as with musl, they go to what the program
// exports, and a library can be used only where the program exports nothing of the same name.
#if defined(RTLD_DEEPBIND) && !defined(TLS_WITHOUT_DEEPBIND)
constexpr int kIsolated = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
constexpr bool kStaysApart = true;
#else
constexpr int kIsolated = RTLD_NOW | RTLD_LOCAL;
constexpr bool kStaysApart = false;
#endif

// Gives the file that holds a function.
inline std::string FileOf(const void* function) {
  Dl_info info;
  return dladdr(function, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname : "";
}

// Finds a function of a library. Gives what is wrong, or an empty text.
inline std::string FindOwn(void* library, const char* name, void** function) {
  *function = dlsym(library, name);
  if (*function == nullptr) return std::string("it has no ") + name;
  if (kStaysApart) return "";
  void* first = dlsym(RTLD_DEFAULT, name);
  if (first == nullptr || first == *function) return "";
  return std::string("its calls of ") + name + " would go to " + FileOf(first) + ", as this C library cannot keep the two apart";
}

}  // namespace tls
