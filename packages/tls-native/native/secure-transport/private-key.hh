// Private keys in the forms that the platform takes (SecKeyCreateWithData): RSA as PKCS#1, EC as ANSI X9.63, which is 04 || X || Y || D.
#pragma once

#include <optional>

#include "memory.hh"

namespace tls::secure_transport {

enum class KeyType { kRsa, kEc };

struct PrivateKey {
  KeyType type = KeyType::kRsa;
  uint16_t group = 0;  // for an EC key, the number that IANA has registered
  Secret encoded;
};

// Reads PKCS#8 (RFC 5958), SEC1 (RFC 5915) or PKCS#1 (RFC 8017 §A.1.2). For an EC key without its point, the certificate tells the point
// and the curve. On failure null; `problem` then says why.
std::optional<PrivateKey> ReadPrivateKey(View der, View leaf, std::string* problem);

}  // namespace tls::secure_transport
