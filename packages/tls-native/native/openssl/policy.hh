#pragma once

#include "memory.hh"

namespace tls::openssl {

// Reads what the library's configuration file (`system_default` in openssl.cnf) does to a new context, before we change it.
std::optional<Policy> ReadPolicy();

// Whether the library's configuration file has rules for TLS that `ReadPolicy` does not show, for groups for instance.
bool HasOtherRules();

// Whether one policy forbids anything that is of use here and that the other one allows.
bool IsStricter(const Policy& one, const Policy& other);

}  // namespace tls::openssl
