#pragma once

#include <string>
#include <vector>

#include "../provider.hh"
#include "functions.hh"

namespace tls::openssl {

// The library that the process uses, and where the system keeps the certificates that it trusts.
struct Chosen {
  Library library;
  // Empty where the library itself knows best.
  std::string trust_file;
  std::string trust_folder;
};

// Chooses, and sets the table of functions. Where there is no usable library, `tried` says what was tried.
Chosen ChooseLibrary(const std::string& path, Origin origin, std::vector<std::string>* tried);

}  // namespace tls::openssl
