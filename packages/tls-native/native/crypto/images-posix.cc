#ifndef _WIN32
#include <dlfcn.h>

#include "images.hh"

namespace tls::crypto {
namespace {

#ifdef __APPLE__
// macOS has no OpenSSL of its own, and ends a process that opens the one that it had.
void AddSystem(std::vector<Image>*, std::vector<std::string>*) {}
#else
// The symbols of this library bind to each other, never to the copy that the Node executable exports.
#ifdef TLS_WITHOUT_DEEPBIND
constexpr int kIsolated = RTLD_NOW | RTLD_LOCAL;
#else
constexpr int kIsolated = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

void AddSystem(std::vector<Image>* images, std::vector<std::string>* tried) {
  void* library = dlopen("libcrypto.so.3", kIsolated);
  if (library != nullptr) {
    images->push_back(Image{"system", library});
  } else {
    tried->push_back(dlerror());
  }
}
#endif

}  // namespace

std::vector<Image> ImagesOfProcess(std::vector<std::string>* tried) {
  std::vector<Image> images;
  // The program itself, and the libraries that it was linked with.
  void* program = dlopen(nullptr, RTLD_LAZY);
  if (program != nullptr) images.push_back(Image{"node", program});
  AddSystem(&images, tried);
  return images;
}

void* FindFunction(const Image& image, const char* name) { return dlsym(image.handle, name); }

std::string FileOf(const void* function) {
  Dl_info info;
  return dladdr(function, &info) != 0 && info.dli_fname != nullptr ? info.dli_fname : "";
}

}  // namespace tls::crypto
#endif
