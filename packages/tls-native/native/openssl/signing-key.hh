// Keys that sign by our rules: only with certain schemes, and, where the private key is not here, by asking the connection's owner.
#pragma once

#include "dispatch.hh"
#include "memory.hh"

namespace tls::openssl {

// What the provider keeps for an EVP_PKEY.
struct SigningKey {
  KeyOwner public_key;   // a key of the library's own provider
  KeyOwner private_key;  // likewise; null where each signature is asked for
  std::vector<uint16_t> schemes;

  bool Allows(uint16_t scheme) const;
};

// The name of the signature algorithm that signs with such keys. No other provider has it, so that the library takes ours.
inline constexpr const char* kSignatureName = "TLS-SIGNING";

// Gives one implementation for each type of key.
const OSSL_ALGORITHM* KeyManagements();

// Makes a key of our provider, in the context into which the provider is loaded; null when that is impossible.
KeyOwner WrapKey(OSSL_LIB_CTX* context, SigningKey key);

}  // namespace tls::openssl
