// What went wrong in a connection, from OpenSSL's words into the interface's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tls::openssl {

// `first` and `last`: the oldest and the newest of the library's errors, packed; the oldest may be of a lower layer. `alert`: the one that
// the library has sent, or -1. What a peer can bring about is never ERR_TLS_BACKEND.
const char* CodeOfFault(int64_t first, int64_t last, int alert);

}  // namespace tls::openssl
