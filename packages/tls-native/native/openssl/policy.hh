#pragma once

#include "memory.hh"

namespace tls::openssl {

// Reads what the library's configuration file (`system_default` in openssl.cnf) does to a new context, before we change it.
std::optional<Policy> ReadPolicy();

}  // namespace tls::openssl
