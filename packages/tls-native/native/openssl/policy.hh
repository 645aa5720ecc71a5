#pragma once

#include "memory.hh"

namespace tls::openssl {

// What the library's configuration file (`system_default` of openssl.cnf) makes of a new context, before we change it.
std::optional<Policy> ReadPolicy();

}  // namespace tls::openssl
