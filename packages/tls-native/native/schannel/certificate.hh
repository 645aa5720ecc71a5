// What we look at ourselves in an X.509 certificate (RFC 5280); its signature and place in a chain are crypt32's to judge.
#pragma once

#include <string>

#include "../der.hh"

namespace tls::schannel {

enum class KeyKind { kOther, kRsa, kEc };

struct Certificate {
  Bytes issuer;              // the Names, DER
  Bytes subject;
  Bytes public_key_info;     // the SubjectPublicKeyInfo, DER
  KeyKind key_kind = KeyKind::kOther;
  int curve = 0;             // of an EC key: 256, 384 or 521; 0: another
  Bytes public_key;          // the content of its BIT STRING
  int64_t not_before = 0;    // milliseconds since the epoch
  int64_t not_after = 0;
  bool is_ca = false;
  bool may_sign = true;      // keyUsage has digitalSignature, or is not there
  bool has_extended_usage = false;
  bool is_for_servers = true;
  bool is_for_clients = true;
  std::vector<std::string> dns_names;  // of the subjectAltName
  std::vector<Bytes> addresses;
};

// Empty when it is not exactly one certificate.
std::optional<Certificate> ParseCertificate(View der);

// The curve's bits by its object identifier; 0: none that is known.
int CurveOf(View oid);

// The kind, and the curve, of an AlgorithmIdentifier's content.
KeyKind KindOf(View algorithm_identifier, int* curve);

// RFC 9525: subjectAltName alone counts, and a wildcard is the whole left-most label.
bool IsFor(const Certificate& certificate, const std::string& name, bool is_address);

// 4 or 16 bytes; empty when it is not an address.
Bytes ParseAddress(const std::string& text);

}  // namespace tls::schannel
