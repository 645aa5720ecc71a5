// Private keys in the forms in which they come (PKCS#8, SEC1, PKCS#1) and in those that Windows takes.
#pragma once

#include "certificate.hh"

namespace tls::schannel {

// A private key, which owns its numbers and wipes them.
struct PrivateKey {
  PrivateKey() = default;
  PrivateKey(PrivateKey&&) = default;
  PrivateKey& operator=(PrivateKey&&) = default;
  ~PrivateKey();

  KeyKind kind = KeyKind::kOther;
  // For RSA, big-endian and without leading zeros: n, e, d, p, q, d mod (p-1), d mod (q-1), 1/q mod p.
  std::vector<Bytes> numbers;
  int curve = 0;
  Bytes scalar;
  Bytes point;  // 04 || X || Y; empty when the key had none
};

std::optional<PrivateKey> ParsePrivateKey(View der);

// Tells whether the certificate has that key. An EC key without its public half gets the certificate's.
bool Belongs(PrivateKey* key, const Certificate& certificate);

// Writes a BCRYPT_RSAFULLPRIVATE_BLOB or BCRYPT_ECCPRIVATE_BLOB, which the caller wipes.
Bytes CngBlob(const PrivateKey& key);
// Writes a PRIVATEKEYBLOB of the old CryptoAPI for an RSA key with halves of equal size; empty for others. The caller wipes it.
Bytes CapiBlob(const PrivateKey& key);

}  // namespace tls::schannel
