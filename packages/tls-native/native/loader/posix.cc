#ifndef _WIN32
#include "loader.hh"

#include <dlfcn.h>

namespace tls::loader {
namespace {

// With the flag of glibc, the calls inside of a library and of what it needs stay there. Without it, as with musl, they go to what the program
// exports, and a library can be used only where the program exports nothing of the same name.
#if defined(RTLD_DEEPBIND) && !defined(TLS_WITHOUT_DEEPBIND)
constexpr int kIsolated = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
constexpr bool kStaysApart = true;
#else
constexpr int kIsolated = RTLD_NOW | RTLD_LOCAL;
constexpr bool kStaysApart = false;
#endif

}  // namespace

Image Program() { return dlopen(nullptr, RTLD_NOW | RTLD_LOCAL); }

Image Open(const std::string& file, std::string* problem) {
  Image image = dlopen(file.c_str(), kIsolated);
  if (image == nullptr) *problem = dlerror();
  return image;
}

std::string Find(Image image, const char* name, void** function) {
  *function = image == nullptr ? nullptr : dlsym(image, name);
  if (*function == nullptr) return std::string("it has no ") + name;
  if (kStaysApart) return "";
  void* first = dlsym(RTLD_DEFAULT, name);
  if (first == nullptr || first == *function) return "";
  return std::string("its calls of ") + name + " would go to " + FileOf(first) + ", as this C library cannot keep the two apart";
}

std::string FileOf(const void* function) {
  Dl_info info;
  return dladdr(function, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname : "";
}

}  // namespace tls::loader
#endif
