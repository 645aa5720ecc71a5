#ifndef _WIN32
#include "images.hh"

#include "../own-functions.hh"

namespace tls::crypto {
namespace {

#ifdef __APPLE__
// macOS has no OpenSSL of its own, and ends a process that opens the one that it had.
void AddSystem(std::vector<Image>*, std::vector<std::string>*) {}
#else
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

std::string FindFunction(const Image& image, const char* name, void** function) {
  return FindOwn(image.handle, name, function);
}

std::string FileOf(const void* function) { return tls::FileOf(function); }

}  // namespace tls::crypto
#endif
