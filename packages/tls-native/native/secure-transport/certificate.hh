// What we read of a certificate ourselves (RFC 5280 §4.1): names, key, use. Whom to trust is the platform's to say.
#pragma once

#include <optional>

#include "../der.hh"

namespace tls::secure_transport {

// Views into the certificate's bytes.
struct Certificate {
  View issuer;   // Name, whole
  View subject;
  View key_algorithm;   // OID
  View key_parameters;  // the curve's OID, or empty
  View public_key;      // octets of the BIT STRING
  int64_t not_before = 0;  // seconds since the epoch
  std::optional<bool> may_sign;  // digitalSignature, where there is a keyUsage
  bool is_ca = false;
  std::vector<der::Element> alternative_names;
};

// Null: it cannot be read.
std::optional<Certificate> ReadCertificate(View der);

// By subjectAltName alone, never by the common name; a wildcard only as the whole left-most label (RFC 9525 §6.3).
bool IsFor(const Certificate& certificate, const std::string& name, bool is_address);

// 4 or 16 octets; empty: it is no IP address.
Bytes ParseAddress(const std::string& text);

}  // namespace tls::secure_transport
