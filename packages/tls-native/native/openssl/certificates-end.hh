// How long what was verified stands.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// When the first of a path's certificates is over, in milliseconds since the epoch; `latest` where that is sooner, or the path is empty:
// then nothing was verified. A trust anchor is left out: its end is no part of what a path proves (RFC 5280 §6.1.1 (d)).
int64_t EndOf(const std::vector<Bytes>& path, int64_t now, int64_t latest);
int64_t EndOf(const OPENSSL_STACK* path, int64_t now, int64_t latest);

}  // namespace tls::openssl
