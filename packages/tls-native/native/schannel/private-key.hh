// Private keys as they come (PKCS#8, SEC1, PKCS#1) and as Windows takes them.
#pragma once

#include "certificate.hh"

namespace tls::schannel {

// Owns its numbers, and wipes them.
struct PrivateKey {
  PrivateKey() = default;
  PrivateKey(PrivateKey&&) = default;
  PrivateKey& operator=(PrivateKey&&) = default;
  ~PrivateKey();

  KeyKind kind = KeyKind::kOther;
  // RSA, big-endian and without leading zeros: n, e, d, p, q, d mod (p-1), d mod (q-1), 1/q mod p
  std::vector<Bytes> numbers;
  int curve = 0;
  Bytes scalar;
  Bytes point;  // 04 || X || Y; empty when it was not there
};

std::optional<PrivateKey> ParsePrivateKey(View der);

// Whether the certificate has that key. An EC key without its public half takes the certificate's.
bool Belongs(PrivateKey* key, const Certificate& certificate);

// BCRYPT_RSAFULLPRIVATE_BLOB or BCRYPT_ECCPRIVATE_BLOB; the caller wipes it.
Bytes CngBlob(const PrivateKey& key);
// PRIVATEKEYBLOB of the old CryptoAPI, for RSA keys with halves of equal size; else empty. The caller wipes it.
Bytes CapiBlob(const PrivateKey& key);

}  // namespace tls::schannel
