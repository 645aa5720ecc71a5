// Which private keys OpenSSL takes that it should not.
#pragma once

#include "functions.hh"

namespace tls::crypto {

// Whether the scalar of an EC key is neither 0 nor beyond the curve's order (SEC 1 §3.2.1): OpenSSL imports any from DER.
bool IsInRange(EVP_PKEY* key);

}  // namespace tls::crypto
