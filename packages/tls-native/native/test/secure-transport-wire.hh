// Messages and certificates that tests put together octet by octet.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "../provider.hh"

namespace wire {

using tls::Bytes;
using tls::View;

inline Bytes Text(const std::string& text) { return Bytes(text.begin(), text.end()); }

inline Bytes Hex(const std::string& digits) {
  Bytes octets;
  for (size_t at = 0; at + 1 < digits.size(); at += 2) {
    octets.push_back(static_cast<uint8_t>(std::stoi(digits.substr(at, 2), nullptr, 16)));
  }
  return octets;
}

inline Bytes Join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

inline Bytes Number(size_t value, size_t octets) {
  Bytes number;
  for (size_t index = octets; index > 0; --index) number.push_back(static_cast<uint8_t>(value >> (8 * (index - 1))));
  return number;
}

// Writes a length of so many octets before the content.
inline Bytes Vector(size_t octets, const Bytes& content) { return Join({Number(content.size(), octets), content}); }

inline Bytes Record(uint8_t type, const Bytes& content) { return Join({{type, 3, 3}, Vector(2, content)}); }
inline Bytes Message(uint8_t type, const Bytes& body) { return Join({{type}, Vector(3, body)}); }
inline Bytes Extension(uint16_t type, const Bytes& body) { return Join({Number(type, 2), Vector(2, body)}); }
inline Bytes Alert(uint8_t level, uint8_t description) { return Record(21, {level, description}); }
inline Bytes ChangeCipherSpec() { return Record(20, {1}); }
inline Bytes Encrypted(uint8_t type) { return Record(type, Bytes(24, 0xEE)); }

inline Bytes ClientHello(const Bytes& suites, const Bytes& extensions) {
  return Message(1, Join({{3, 3}, Bytes(32, 1), {0}, Vector(2, suites), {1, 0}, Vector(2, extensions)}));
}
inline Bytes ServerName(const std::string& name) { return Extension(0, Vector(2, Join({{0}, Vector(2, Text(name))}))); }
inline Bytes Numbers(uint16_t type, const Bytes& numbers) { return Extension(type, Vector(2, numbers)); }

inline Bytes ServerHello(const Bytes& extensions) {
  return Message(2, Join({{3, 3}, Bytes(32, 2), {0}, {0xC0, 0x2B}, {0}, Vector(2, extensions)}));
}
inline Bytes Alpn(const std::string& protocol) { return Extension(16, Vector(2, Vector(1, Text(protocol)))); }
inline Bytes Certificate(const std::vector<Bytes>& chain) {
  Bytes list;
  for (const Bytes& der : chain) list = Join({list, Vector(3, der)});
  return Message(11, Vector(3, list));
}
inline Bytes CertificateStatus(const std::string& response) { return Message(22, Join({{1}, Vector(3, Text(response))})); }
inline Bytes ServerKeyExchange(uint16_t group = 23, uint16_t scheme = 0x0403) {
  return Message(12, Join({{3}, Number(group, 2), Vector(1, Bytes(65, 4)), Number(scheme, 2), Vector(2, Bytes(70, 9))}));
}
inline Bytes CertificateRequest(const Bytes& schemes, const std::vector<Bytes>& names) {
  Bytes list;
  for (const Bytes& name : names) list = Join({list, Vector(2, name)});
  return Message(13, Join({Vector(1, {1, 64}), Vector(2, schemes), Vector(2, list)}));
}
inline Bytes CertificateVerify(uint16_t scheme) { return Message(15, Join({Number(scheme, 2), Vector(2, Bytes(70, 9))})); }
inline Bytes ServerHelloDone() { return Message(14, {}); }

// Writes a DER element.
inline Bytes Der(uint8_t tag, const Bytes& content) {
  const size_t size = content.size();
  if (size < 0x80) return Join({{tag, static_cast<uint8_t>(size)}, content});
  if (size < 0x100) return Join({{tag, 0x81, static_cast<uint8_t>(size)}, content});
  return Join({{tag, 0x82}, Number(size, 2), content});
}
inline Bytes Name(const std::string& common_name) {
  return Der(0x30, Der(0x31, Der(0x30, Join({Der(0x06, {0x55, 4, 3}), Der(0x0C, Text(common_name))}))));
}
inline Bytes DerExtension(uint8_t number, const Bytes& value) {
  return Der(0x30, Join({Der(0x06, {0x55, 0x1D, number}), Der(0x04, value)}));
}
inline Bytes DnsName(const std::string& name) { return Der(0x82, Text(name)); }
inline Bytes AlternativeNames(const Bytes& names) { return DerExtension(17, Der(0x30, names)); }
inline Bytes KeyUsage(uint8_t bits) { return DerExtension(15, Der(0x03, {0, bits})); }
inline Bytes Authority() { return DerExtension(19, Der(0x30, Der(0x01, {0xFF}))); }

struct CertificateParts {
  std::string subject = "leaf";
  std::string issuer = "root";
  Bytes extensions;
  std::string not_before = "200101000000Z";
  Bytes serial{1};
};

inline Bytes MakeCertificate(const CertificateParts& parts) {
  const Bytes algorithm = Der(0x30, Der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2}));
  const Bytes key_algorithm =
      Der(0x30, Join({Der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1}), Der(0x06, {0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7})}));
  const Bytes key = Der(0x30, Join({key_algorithm, Der(0x03, Join({{0, 4}, Bytes(64, 7)}))}));
  const Bytes validity = Der(0x30, Join({Der(0x17, Text(parts.not_before)), Der(0x17, Text("491231235959Z"))}));
  const Bytes body = Der(0x30, Join({Der(0xA0, Der(0x02, {2})), Der(0x02, parts.serial), algorithm, Name(parts.issuer), validity,
                                     Name(parts.subject), key, Der(0xA3, Der(0x30, parts.extensions))}));
  return Der(0x30, Join({body, algorithm, Der(0x03, {0, 1, 2, 3})}));
}

// Makes a leaf for `localhost`, and the root that is named as its issuer.
inline Bytes Leaf() { return MakeCertificate({"leaf", "root", AlternativeNames(DnsName("localhost")), "200101000000Z", {1}}); }
inline Bytes Root() { return MakeCertificate({"root", "root", Authority(), "200101000000Z", {2}}); }

}  // namespace wire
