#include "private-key-range.hh"

#include "owners.hh"

namespace tls::crypto {

bool IsInRange(EVP_PKEY* key) {
  const KeyContext context(F().EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context != nullptr && F().EVP_PKEY_private_check(context.get()) == 1;
}

}  // namespace tls::crypto
