// The part of a certificate that a public key is pinned by.
#pragma once

#include "der.hh"

namespace tls {

// Gives the SubjectPublicKeyInfo of a certificate (RFC 5280 §4.1), with its tag and length, as a view into its bytes. Null when it is not
// written in DER.
inline std::optional<View> SubjectPublicKeyInfoOf(View certificate) {
  der::Reader outer(certificate);
  std::optional<der::Reader> parts = outer.Enter(der::kSequence);
  if (!parts.has_value() || !outer.is_done()) return std::nullopt;
  std::optional<der::Reader> fields = parts->Enter(der::kSequence);
  if (!fields.has_value()) return std::nullopt;
  fields->Take(der::Constructed(0));  // version
  // serialNumber, signature, issuer, validity, subject
  for (const uint8_t tag : {der::kInteger, der::kSequence, der::kSequence, der::kSequence, der::kSequence}) {
    if (!fields->Take(tag).has_value()) return std::nullopt;
  }
  const std::optional<der::Element> key = fields->Next(der::kSequence);
  if (!key.has_value()) return std::nullopt;
  return key->whole;
}

}  // namespace tls
