#pragma once

#include "memory.hh"

namespace tls::openssl {

// Encodes a client's session, but for the server's certificate. The library parses that anew with every session that is resumed, which takes
// longer than all else there, and needs it for nothing: the owner keeps the whole chain beside the session.
Bytes EncodeForOwner(const SSL_SESSION* session);

}  // namespace tls::openssl
