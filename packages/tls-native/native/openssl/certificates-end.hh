// Finds out how long a verified path is valid.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// Gives the time when the first of a path's certificates expires, in milliseconds since the epoch. It is `latest` where that is
// sooner, and where the path is empty, because nothing was verified then. A trust anchor is left out: its end is no part of
// what a path proves (RFC 5280 §6.1.1 (d)).
int64_t EndOf(const std::vector<Bytes>& path, int64_t now, int64_t latest);
int64_t EndOf(const OPENSSL_STACK* path, int64_t now, int64_t latest);

// Gives the time from which on the library would not prove the same path again. It looks at the trust anchor's end as well.
int64_t EndOfProof(const OPENSSL_STACK* path, int64_t now);

}  // namespace tls::openssl
