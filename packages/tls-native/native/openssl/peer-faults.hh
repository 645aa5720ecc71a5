// Translates what went wrong in a connection from OpenSSL's terms into the interface's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tls::openssl {

// `first` and `last` are the oldest and the newest of the library's errors, packed; the oldest may come from a lower layer. `alert` is the
// one that the library has sent, or -1. What a peer can bring about is never ERR_TLS_BACKEND.
const char* CodeOfFault(int64_t first, int64_t last, int alert);

}  // namespace tls::openssl
