// Private keys as the platform takes them (SecKeyCreateWithData): RSA as PKCS#1, EC as ANSI X9.63, 04 || X || Y || D.
#pragma once

#include <optional>

#include "memory.hh"

namespace tls::secure_transport {

enum class KeyType { kRsa, kEc };

struct PrivateKey {
  KeyType type = KeyType::kRsa;
  uint16_t group = 0;  // of an EC key, as registered by IANA
  Secret encoded;
};

// From PKCS#8 (RFC 5958), SEC1 (RFC 5915) or PKCS#1 (RFC 8017 §A.1.2). The certificate says which point belongs to an EC
// key that comes without, and which curve it is on. On failure null, and `problem` says why.
std::optional<PrivateKey> ReadPrivateKey(View der, View leaf, std::string* problem);

}  // namespace tls::secure_transport
