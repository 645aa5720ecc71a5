// Owners for what OpenSSL allocates. What they free is wiped by OpenSSL where it is secret.
#pragma once

#include <memory>

#include "library.hh"

namespace tls::crypto {

#define TLS_OWNER(Name, Type, release)                         \
  struct Name##Deleter {                                       \
    void operator()(Type* value) const { F().release(value); } \
  };                                                           \
  using Name = std::unique_ptr<Type, Name##Deleter>
TLS_OWNER(DigestContext, EVP_MD_CTX, EVP_MD_CTX_free);
TLS_OWNER(CipherContext, EVP_CIPHER_CTX, EVP_CIPHER_CTX_free);
TLS_OWNER(KeyOwner, EVP_PKEY, EVP_PKEY_free);
TLS_OWNER(KeyContext, EVP_PKEY_CTX, EVP_PKEY_CTX_free);
#undef TLS_OWNER

// Empties this thread's error queue, which Node's own calls of the same OpenSSL use too. It gives back what it is given.
inline bool Quietly(bool has_succeeded) {
  if (!has_succeeded) F().ERR_clear_error();
  return has_succeeded;
}

}  // namespace tls::crypto
