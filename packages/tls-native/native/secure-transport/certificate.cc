#include "certificate.hh"

#include <cstring>

#include "../ip-address.hh"

namespace tls::secure_transport {
namespace {

using der::Element;
using der::Reader;

constexpr uint8_t kKeyUsage[] = {0x55, 0x1D, 0x0F};          // 2.5.29.15
constexpr uint8_t kAlternativeName[] = {0x55, 0x1D, 0x11};   // 2.5.29.17
constexpr uint8_t kBasicConstraints[] = {0x55, 0x1D, 0x13};  // 2.5.29.19
constexpr uint8_t kDnsName = der::Context(2);                // GeneralName
constexpr uint8_t kIpAddress = der::Context(7);

template <size_t size>
bool Is(View value, const uint8_t (&expected)[size]) {
  return IsSame(value, View{expected, size});
}

// Reads a time, which is YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ (RFC 5280 §4.1.2.5).
std::optional<int64_t> ReadTime(const Element& time) {
  const bool is_general = time.tag == der::kGeneralizedTime;
  const size_t digits = is_general ? 14 : 12;
  if (!is_general && time.tag != der::kUtcTime) return std::nullopt;
  if (time.content.size != digits + 1 || time.content.data[digits] != 'Z') return std::nullopt;
  int fields[7] = {};
  for (size_t index = 0; index < digits; ++index) {
    const int digit = time.content.data[index] - '0';
    if (digit < 0 || digit > 9) return std::nullopt;
    int& field = fields[index / 2];
    field = field * 10 + digit;
  }
  const int* rest = fields + 1;
  int64_t year = fields[0] + (fields[0] < 50 ? 2000 : 1900);
  if (is_general) {
    year = fields[0] * 100 + fields[1];
    ++rest;
  }
  const int month = rest[0];
  if (month < 1 || month > 12 || rest[1] < 1 || rest[1] > 31 || rest[2] > 23 || rest[3] > 59 || rest[4] > 60) {
    return std::nullopt;
  }
  // The days are those of the proleptic Gregorian calendar, in years that begin with March.
  const int64_t y = month <= 2 ? year - 1 : year;
  const int64_t era_days = y * 365 + y / 4 - y / 100 + y / 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + rest[1] - 1;
  const int64_t days = era_days + day_of_year - 719468;
  return ((days * 24 + rest[2]) * 60 + rest[3]) * 60 + rest[4];
}

bool ReadKey(View info, Certificate* certificate) {
  Reader reader(info);
  std::optional<Reader> algorithm = reader.Enter(der::kSequence);
  if (!algorithm.has_value()) return false;
  const std::optional<View> oid = algorithm->Take(der::kOid);
  const std::optional<View> bits = reader.Take(der::kBitString);
  if (!oid.has_value() || !bits.has_value() || !reader.is_done()) return false;
  const std::optional<View> octets = der::WholeBits(*bits);
  if (!octets.has_value()) return false;
  certificate->key_algorithm = *oid;
  certificate->key_parameters = algorithm->Take(der::kOid).value_or(View{nullptr, 0});
  certificate->public_key = *octets;
  return true;
}

bool ReadExtension(View oid, View value, Certificate* certificate) {
  Reader reader(value);
  if (Is(oid, kKeyUsage)) {
    const std::optional<View> bits = reader.Take(der::kBitString);
    if (!bits.has_value() || bits->size == 0 || !reader.is_done()) return false;
    certificate->may_sign = bits->size > 1 && (bits->data[1] & 0x80) != 0;
  }
  if (Is(oid, kBasicConstraints)) {
    std::optional<Reader> constraints = reader.Enter(der::kSequence);
    if (!constraints.has_value() || !reader.is_done()) return false;
    const std::optional<View> is_ca = constraints->Take(der::kBoolean);
    certificate->is_ca = is_ca.has_value() && is_ca->size == 1 && is_ca->data[0] != 0;
  }
  if (Is(oid, kAlternativeName)) {
    std::optional<Reader> names = reader.Enter(der::kSequence);
    if (!names.has_value() || !reader.is_done()) return false;
    while (const std::optional<Element> name = names->Next()) certificate->alternative_names.push_back(*name);
    if (!names->is_done()) return false;
  }
  return true;
}

bool ReadExtensions(View list, Certificate* certificate) {
  Reader outer(list);
  std::optional<Reader> extensions = outer.Enter(der::kSequence);
  if (!extensions.has_value() || !outer.is_done()) return false;
  while (!extensions->is_done()) {
    std::optional<Reader> extension = extensions->Enter(der::kSequence);
    if (!extension.has_value()) return false;
    const std::optional<View> oid = extension->Take(der::kOid);
    extension->Take(der::kBoolean);  // critical
    const std::optional<View> value = extension->Take(der::kOctetString);
    if (!oid.has_value() || !value.has_value() || !extension->is_done()) return false;
    if (!ReadExtension(*oid, *value, certificate)) return false;
  }
  return true;
}

bool ReadBody(Reader body, Certificate* certificate) {
  body.Take(der::Constructed(0));  // version
  const bool has_head = body.Take(der::kInteger).has_value() && body.Take(der::kSequence).has_value();
  const std::optional<Element> issuer = body.Next(der::kSequence);
  if (!has_head || !issuer.has_value()) return false;
  std::optional<Reader> validity = body.Enter(der::kSequence);
  const std::optional<Element> not_before = validity.has_value() ? validity->Next() : std::nullopt;
  const std::optional<int64_t> time = not_before.has_value() ? ReadTime(*not_before) : std::nullopt;
  const std::optional<Element> subject = body.Next(der::kSequence);
  if (!time.has_value() || !subject.has_value()) return false;
  certificate->issuer = issuer->whole;
  certificate->not_before = *time;
  certificate->subject = subject->whole;
  const std::optional<View> key = body.Take(der::kSequence);
  if (!key.has_value() || !ReadKey(*key, certificate)) return false;
  body.Take(der::Context(1));  // unique identifiers
  body.Take(der::Context(2));
  const std::optional<View> extensions = body.Take(der::Constructed(3));
  if (extensions.has_value() && !ReadExtensions(*extensions, certificate)) return false;
  return body.is_done();
}

char Lower(uint8_t letter) { return static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter); }

bool IsSameName(const char* pattern, size_t pattern_size, const char* name, size_t name_size) {
  if (pattern_size != name_size) return false;
  for (size_t index = 0; index < name_size; ++index) {
    if (Lower(static_cast<uint8_t>(pattern[index])) != Lower(static_cast<uint8_t>(name[index]))) return false;
  }
  return true;
}

bool Matches(View pattern_bytes, const std::string& name) {
  const auto* pattern = reinterpret_cast<const char*>(pattern_bytes.data);
  size_t size = pattern_bytes.size;
  if (size < 2 || pattern[0] != '*' || pattern[1] != '.') return IsSameName(pattern, size, name.data(), name.size());
  const size_t dot = name.find('.');
  // A wildcard stands for one label, and not directly under a top-level domain.
  if (dot == std::string::npos || dot == 0 || std::memchr(pattern + 2, '.', size - 2) == nullptr) return false;
  return IsSameName(pattern + 1, size - 1, name.data() + dot, name.size() - dot);
}

}  // namespace

std::optional<Certificate> ReadCertificate(View der) {
  Reader outer(der);
  std::optional<Reader> parts = outer.Enter(der::kSequence);
  if (!parts.has_value() || !outer.is_done()) return std::nullopt;
  std::optional<Reader> body = parts->Enter(der::kSequence);
  const bool is_signed = parts->Take(der::kSequence).has_value() && parts->Take(der::kBitString).has_value();
  Certificate certificate;
  if (!body.has_value() || !is_signed || !parts->is_done() || !ReadBody(*body, &certificate)) return std::nullopt;
  return certificate;
}

bool IsFor(const Certificate& certificate, const std::string& name, bool is_address) {
  const Bytes address = is_address ? ParseAddress(name) : Bytes();
  for (const Element& alternative : certificate.alternative_names) {
    if (is_address) {
      const View wanted{address.data(), address.size()};
      if (alternative.tag == kIpAddress && wanted.size != 0 && IsSame(alternative.content, wanted)) return true;
    } else if (alternative.tag == kDnsName && Matches(alternative.content, name)) {
      return true;
    }
  }
  return false;
}

}  // namespace tls::secure_transport
