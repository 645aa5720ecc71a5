// Keys that sign by our rules: with certain schemes only, and where the private key is not here, by asking the connection's owner.
#pragma once

#include "dispatch.hh"
#include "memory.hh"

namespace tls::openssl {

// What the provider keeps for an EVP_PKEY.
struct SigningKey {
  KeyOwner public_key;   // of the library's own provider, which knows all about it
  KeyOwner private_key;  // likewise; null: each signature is asked for
  std::vector<uint16_t> schemes;

  bool Allows(uint16_t scheme) const;
};

// Which of the signature algorithms signs with such keys. No other provider has the name: the library takes ours only.
inline constexpr const char* kSignatureName = "TLS-SIGNING";

// One implementation for each type of key.
const OSSL_ALGORITHM* KeyManagements();

// A key of our provider, in the context that the provider is loaded into; null when it cannot be made.
KeyOwner WrapKey(OSSL_LIB_CTX* context, SigningKey key);

}  // namespace tls::openssl
