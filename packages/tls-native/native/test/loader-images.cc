// A library beside a program that has functions of the same names. This program is compiled as for musl, where their calls mix.
#include <cmath>

#include "../loader/loader.hh"
#include "check.hh"

namespace loader = tls::loader;

// The linker exports it, because the C library that this program needs has a function of the name: as Node exports its OpenSSL's.
extern "C" double j0(double) { return 7; }

namespace {

loader::Image Mathematics() {
  std::string problem;
  const loader::Image image = loader::Open("libm.so.6", &problem);
  CHECK(image != nullptr && problem.empty());
  return image;
}

}  // namespace

TEST("a function that the program has as well is refused, with the file whose function would be called") {
  void* function = nullptr;
  const std::string problem = loader::Find(Mathematics(), "j0", &function);
  CHECK(problem.rfind("its calls of j0 would go to ", 0) == 0);
  CHECK(problem.find(loader::FileOf(reinterpret_cast<const void*>(j0))) != std::string::npos);
}

TEST("a function that nobody else has, or that is the program's own, is found") {
  void* function = nullptr;
  CHECK(loader::Find(Mathematics(), "j1", &function).empty());
  CHECK(function != nullptr);
  CHECK(loader::Find(loader::Program(), "j0", &function).empty());
  CHECK(function == reinterpret_cast<void*>(j0));
}

TEST("a library or a function that is not there is told by its name") {
  std::string problem;
  CHECK(loader::Open("libnowhere.so.1", &problem) == nullptr && problem.find("libnowhere.so.1") != std::string::npos);
  void* function = nullptr;
  CHECK(loader::Find(Mathematics(), "SSL_CTX_new", &function) == "it has no SSL_CTX_new" && function == nullptr);
}
