// What we read in an X.509 certificate (RFC 5280) ourselves; crypt32 judges its signature and its place in a chain.
#pragma once

#include <string>

#include "../der.hh"

namespace tls::schannel {

enum class KeyKind { kOther, kRsa, kEc };

struct Certificate {
  Bytes issuer;              // the whole Names, as DER
  Bytes subject;
  Bytes public_key_info;     // the whole SubjectPublicKeyInfo, as DER
  KeyKind key_kind = KeyKind::kOther;
  int curve = 0;             // for an EC key 256, 384 or 521; 0 for another curve
  Bytes public_key;          // the content of its BIT STRING
  int64_t not_before = 0;    // in milliseconds since the epoch
  int64_t not_after = 0;
  bool is_ca = false;
  bool may_sign = true;      // keyUsage has digitalSignature, or is absent
  bool has_extended_usage = false;
  bool is_for_servers = true;
  bool is_for_clients = true;
  std::vector<std::string> dns_names;  // those of the subjectAltName
  std::vector<Bytes> addresses;
};

// Empty unless the bytes are exactly one certificate.
std::optional<Certificate> ParseCertificate(View der);

// Gives the curve's size in bits by its object identifier; 0 for one that is not known.
int CurveOf(View oid);

// Gives the kind of key, and the curve, from the content of an AlgorithmIdentifier.
KeyKind KindOf(View algorithm_identifier, int* curve);

// Tells whether the certificate is for this name (RFC 9525): only subjectAltName counts, and a wildcard is the whole left-most label.
bool IsFor(const Certificate& certificate, const std::string& name, bool is_address);

}  // namespace tls::schannel
