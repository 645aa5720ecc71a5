#pragma once

#include "memory.hh"

namespace tls::openssl {

// Reads what the library's configuration file (`system_default` in openssl.cnf) does to a new context, before we change it. For Node's own copy it
// is what we make of it besides: security level 2 at least. OpenSSL has that level by itself from 3.2 on, and distributions give it to
// older ones, but Node 20 and 22 were built with level 1, which takes RSA keys of 1024 bits. Node's is nobody's policy.
std::optional<Policy> ReadPolicy(bool is_of_node);

// Whether the library's configuration file has rules for TLS that `ReadPolicy` does not show, for groups for instance.
bool HasOtherRules();

// Whether one policy forbids anything that is of use here and that the other one allows.
bool IsStricter(const Policy& one, const Policy& other);

}  // namespace tls::openssl
