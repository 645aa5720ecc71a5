// What we read in a certificate ourselves (RFC 5280 §4.1): names, key and use. The platform decides whom to trust.
#pragma once

#include <optional>

#include "../der.hh"

namespace tls::secure_transport {

// The parts of a certificate, as views into its bytes.
struct Certificate {
  View issuer;   // the whole Name
  View subject;
  View key_algorithm;   // an object identifier
  View key_parameters;  // the curve's object identifier, or empty
  View public_key;      // the octets of the BIT STRING
  int64_t not_before = 0;  // in seconds since the epoch
  std::optional<bool> may_sign;  // whether keyUsage has digitalSignature, where there is one
  bool is_ca = false;
  std::vector<der::Element> alternative_names;
};

// Null when it cannot be read.
std::optional<Certificate> ReadCertificate(View der);

// Tells whether the certificate is for this name, by subjectAltName alone and never by the common name. A wildcard counts only as the whole
// left-most label (RFC 9525 §6.3).
bool IsFor(const Certificate& certificate, const std::string& name, bool is_address);

}  // namespace tls::secure_transport
