// A library beside a program that has functions of the same names. This program is compiled as for musl, where their calls mix.
#include <cmath>

#include "../own-functions.hh"
#include "check.hh"

// The linker exports it, because the C library that this program needs has a function of the name: as Node exports its OpenSSL's.
extern "C" double j0(double) { return 7; }

TEST("a function that the program has as well is refused, with the file whose function would be called") {
  void* function = nullptr;
  void* library = dlopen("libm.so.6", tls::kIsolated);
  const std::string problem = tls::FindOwn(library, "j0", &function);
  CHECK(problem.rfind("its calls of j0 would go to ", 0) == 0);
  CHECK(problem.find(tls::FileOf(reinterpret_cast<const void*>(j0))) != std::string::npos);
}

TEST("a function that nobody else has, or that is the program's own, is found") {
  void* function = nullptr;
  CHECK(tls::FindOwn(dlopen("libm.so.6", tls::kIsolated), "j1", &function).empty());
  CHECK(function != nullptr);
  CHECK(tls::FindOwn(dlopen(nullptr, RTLD_NOW), "j0", &function).empty());
  CHECK(function == reinterpret_cast<void*>(j0));
}
