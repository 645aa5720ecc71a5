#include "certificate.hh"

#include <cstring>

namespace tls::schannel {
namespace {

constexpr uint8_t kOidRsa[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};
constexpr uint8_t kOidEc[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
constexpr uint8_t kOidKeyUsage[] = {0x55, 0x1D, 0x0F};
constexpr uint8_t kOidSubjectAltName[] = {0x55, 0x1D, 0x11};
constexpr uint8_t kOidBasicConstraints[] = {0x55, 0x1D, 0x13};
constexpr uint8_t kOidExtendedKeyUsage[] = {0x55, 0x1D, 0x25};
constexpr uint8_t kOidAnyUsage[] = {0x55, 0x1D, 0x25, 0x00};
constexpr uint8_t kOidServerAuth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01};
constexpr uint8_t kOidClientAuth[] = {0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02};

struct Curve {
  int bits;
  View oid;
};
constexpr uint8_t kOidP256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
constexpr uint8_t kOidP384[] = {0x2B, 0x81, 0x04, 0x00, 0x22};
constexpr uint8_t kOidP521[] = {0x2B, 0x81, 0x04, 0x00, 0x23};
constexpr Curve kCurves[] = {{256, {kOidP256, sizeof kOidP256}}, {384, {kOidP384, sizeof kOidP384}}, {521, {kOidP521, sizeof kOidP521}}};

constexpr uint8_t kVersionTag = 0xA0;
constexpr uint8_t kIssuerUniqueTag = 0x81;
constexpr uint8_t kSubjectUniqueTag = 0x82;
constexpr uint8_t kExtensionsTag = 0xA3;
constexpr uint8_t kDnsNameTag = 0x82;
constexpr uint8_t kIpAddressTag = 0x87;

template <size_t size>
bool Is(View oid, const uint8_t (&expected)[size]) {
  return IsSame(oid, View{expected, size});
}

int64_t DaysSinceEpoch(int year, int month, int day) {
  // The days are counted in eras of 400 years that begin in March.
  const int y = month <= 2 ? year - 1 : year;
  const int era = y / 400;
  const int of_era = y - era * 400;
  const int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return static_cast<int64_t>(era) * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// Reads a time, which is Zulu time with seconds (RFC 5280 §4.1.2.5).
std::optional<int64_t> ParseTime(const der::Element& time) {
  const size_t year_digits = time.tag == der::kUtcTime ? 2 : 4;
  if (time.tag != der::kUtcTime && time.tag != der::kGeneralizedTime) return std::nullopt;
  if (time.content.size != year_digits + 11 || time.content.data[year_digits + 10] != 'Z') return std::nullopt;
  int parts[6] = {};
  size_t at = 0;
  for (size_t part = 0; part < 6; ++part) {
    const size_t digits = part == 0 ? year_digits : 2;
    for (size_t index = 0; index < digits; ++index, ++at) {
      const uint8_t digit = time.content.data[at];
      if (digit < '0' || digit > '9') return std::nullopt;
      parts[part] = parts[part] * 10 + (digit - '0');
    }
  }
  if (year_digits == 2) parts[0] += parts[0] < 50 ? 2000 : 1900;
  if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31 || parts[3] > 23 || parts[4] > 59 || parts[5] > 59) {
    return std::nullopt;
  }
  const int64_t seconds =
      ((DaysSinceEpoch(parts[0], parts[1], parts[2]) * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5];
  return seconds * 1000;
}

bool ParseAltNames(View value, Certificate* certificate) {
  der::Reader outer(value);
  const auto names = outer.Next(der::kSequence);
  if (!names || !outer.is_done()) return false;
  for (der::Reader reader(names->content); !reader.is_done();) {
    const auto name = reader.Next();
    if (!name) return false;
    if (name->tag == kDnsNameTag) {
      certificate->dns_names.emplace_back(reinterpret_cast<const char*>(name->content.data), name->content.size);
    } else if (name->tag == kIpAddressTag) {
      certificate->addresses.push_back(BytesOf(name->content));
    }
  }
  return true;
}

bool ParseExtendedUsage(View value, Certificate* certificate) {
  der::Reader outer(value);
  const auto usages = outer.Next(der::kSequence);
  if (!usages || !outer.is_done()) return false;
  certificate->has_extended_usage = true;
  certificate->is_for_servers = false;
  certificate->is_for_clients = false;
  for (der::Reader reader(usages->content); !reader.is_done();) {
    const auto usage = reader.Next(der::kOid);
    if (!usage) return false;
    const bool is_any = Is(usage->content, kOidAnyUsage);
    if (is_any || Is(usage->content, kOidServerAuth)) certificate->is_for_servers = true;
    if (is_any || Is(usage->content, kOidClientAuth)) certificate->is_for_clients = true;
  }
  return true;
}

bool ParseExtension(View oid, View value, Certificate* certificate) {
  if (Is(oid, kOidSubjectAltName)) return ParseAltNames(value, certificate);
  if (Is(oid, kOidExtendedKeyUsage)) return ParseExtendedUsage(value, certificate);
  der::Reader reader(value);
  if (Is(oid, kOidKeyUsage)) {
    const auto bits = reader.Next(der::kBitString);
    if (!bits || bits->content.size < 1 || !reader.is_done()) return false;
    certificate->may_sign = bits->content.size > 1 && (bits->content.data[1] & 0x80) != 0;
  } else if (Is(oid, kOidBasicConstraints)) {
    const auto constraints = reader.Next(der::kSequence);
    if (!constraints || !reader.is_done()) return false;
    der::Reader fields(constraints->content);
    const auto is_ca = fields.Next(der::kBoolean);
    certificate->is_ca = is_ca && is_ca->content.size == 1 && is_ca->content.data[0] != 0;
  }
  return true;
}

bool ParseExtensions(View body, Certificate* certificate) {
  der::Reader outer(body);
  const auto list = outer.Next(der::kSequence);
  if (!list || !outer.is_done()) return false;
  for (der::Reader reader(list->content); !reader.is_done();) {
    const auto extension = reader.Next(der::kSequence);
    if (!extension) return false;
    der::Reader fields(extension->content);
    const auto oid = fields.Next(der::kOid);
    if (fields.NextIs(der::kBoolean)) fields.Next();
    const auto value = fields.Next(der::kOctetString);
    if (!oid || !value || !fields.is_done() || !ParseExtension(oid->content, value->content, certificate)) return false;
  }
  return true;
}

bool ParsePublicKey(const der::Element& info, Certificate* certificate) {
  der::Reader fields(info.content);
  const auto algorithm = fields.Next(der::kSequence);
  const auto bits = fields.Next(der::kBitString);
  if (!algorithm || !bits || bits->content.size < 1 || !fields.is_done()) return false;
  certificate->public_key_info = BytesOf(info.whole);
  certificate->key_kind = KindOf(algorithm->content, &certificate->curve);
  certificate->public_key = Bytes(bits->content.data + 1, bits->content.data + bits->content.size);
  return true;
}

}  // namespace

int CurveOf(View oid) {
  for (const Curve& curve : kCurves) {
    if (IsSame(curve.oid, oid)) return curve.bits;
  }
  return 0;
}

KeyKind KindOf(View algorithm_identifier, int* curve) {
  der::Reader fields(algorithm_identifier);
  const auto oid = fields.Next(der::kOid);
  if (!oid) return KeyKind::kOther;
  if (Is(oid->content, kOidRsa)) return KeyKind::kRsa;
  if (!Is(oid->content, kOidEc)) return KeyKind::kOther;
  const auto named = fields.Next(der::kOid);
  *curve = named ? CurveOf(named->content) : 0;
  return KeyKind::kEc;
}

std::optional<Certificate> ParseCertificate(View der) {
  der::Reader outer(der);
  const auto whole = outer.Next(der::kSequence);
  if (!whole || !outer.is_done()) return std::nullopt;
  der::Reader parts(whole->content);
  const auto body = parts.Next(der::kSequence);
  if (!body || !parts.Next(der::kSequence) || !parts.Next(der::kBitString) || !parts.is_done()) return std::nullopt;
  der::Reader fields(body->content);
  if (fields.NextIs(kVersionTag)) fields.Next();
  if (!fields.Next(der::kInteger) || !fields.Next(der::kSequence)) return std::nullopt;
  const auto issuer = fields.Next(der::kSequence);
  const auto validity = fields.Next(der::kSequence);
  const auto subject = fields.Next(der::kSequence);
  const auto key = fields.Next(der::kSequence);
  if (!issuer || !validity || !subject || !key) return std::nullopt;
  Certificate certificate;
  certificate.issuer = BytesOf(issuer->whole);
  certificate.subject = BytesOf(subject->whole);
  der::Reader times(validity->content);
  const auto from = times.Next();
  const auto to = times.Next();
  if (!from || !to || !times.is_done() || !ParsePublicKey(*key, &certificate)) return std::nullopt;
  const auto not_before = ParseTime(*from);
  const auto not_after = ParseTime(*to);
  if (!not_before || !not_after) return std::nullopt;
  certificate.not_before = *not_before;
  certificate.not_after = *not_after;
  for (const uint8_t tag : {kIssuerUniqueTag, kSubjectUniqueTag}) {
    if (fields.NextIs(tag)) fields.Next();
  }
  if (fields.NextIs(kExtensionsTag)) {
    const auto extensions = fields.Next();
    if (!extensions || !ParseExtensions(extensions->content, &certificate)) return std::nullopt;
  }
  if (!fields.is_done()) return std::nullopt;
  return certificate;
}

}  // namespace tls::schannel
