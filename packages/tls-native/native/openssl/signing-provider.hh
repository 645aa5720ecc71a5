// Our own provider for OpenSSL: its keys sign by asking the owner of the connection that is being driven.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// Makes a key for the certificate with that public key. It signs with those schemes and no others; without a private key the engine asks
// (`sign`). Null when the library cannot make it; the error queue then says why.
KeyOwner CreateSigningKey(EVP_PKEY* public_key, KeyOwner private_key, std::vector<uint16_t> schemes);

}  // namespace tls::openssl
