// Makes what the tests hand over: records, hellos, certificates and keys. None of them is signed: the fake system judges them
// as it is told.
#pragma once

#include <initializer_list>
#include <string>

#include "../provider.hh"

namespace fake {

using tls::Bytes;

inline Bytes Join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
inline Bytes Text(const std::string& text) { return Bytes(text.begin(), text.end()); }
inline std::string TextOf(const Bytes& bytes) { return std::string(bytes.begin(), bytes.end()); }

inline Bytes Number(uint64_t number, int octets) {
  Bytes out;
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out.push_back(static_cast<uint8_t>(number >> shift));
  return out;
}
inline Bytes Vector(int octets, const Bytes& body) { return Join({Number(body.size(), octets), body}); }

inline Bytes Record(uint8_t type, const Bytes& fragment) { return Join({{type, 3, 3}, Vector(2, fragment)}); }
inline Bytes Message(uint8_t type, const Bytes& body) { return Join({{type}, Vector(3, body)}); }
inline Bytes Alert(uint8_t level, uint8_t number) { return Record(21, {level, number}); }
// Makes a protected record; only the fake knows what its content means.
inline Bytes Protected(const std::string& text) { return Record(23, Text(text)); }

inline Bytes Extension(uint16_t type, const Bytes& body) { return Join({Number(type, 2), Vector(2, body)}); }

inline Bytes AlpnList(std::initializer_list<const char*> names) {
  Bytes list;
  for (const char* name : names) list = Join({list, Vector(1, Text(name))});
  return list;
}

inline Bytes ClientHelloBody(const Bytes& extensions) {
  return Join({{3, 3}, Bytes(32, 7), {0}, Vector(2, {0x13, 0x02, 0xC0, 0x2F}), Vector(1, {0}), Vector(2, extensions)});
}
inline Bytes UsualExtensions() {
  return Join({Extension(0, Vector(2, Join({{0}, Vector(2, Text("host.test"))}))),
               Extension(13, Vector(2, {0x08, 0x04, 0x04, 0x03})), Extension(16, Vector(2, AlpnList({"h2", "http/1.1"})))});
}
inline Bytes ClientHello() { return Record(22, Message(1, ClientHelloBody(UsualExtensions()))); }

inline Bytes ServerHello(uint16_t version, uint16_t suite) {
  const Bytes share = Extension(51, Join({Number(29, 2), Vector(2, Bytes(32, 5))}));
  const Bytes extensions = version == 0x0304 ? Join({Extension(43, Number(version, 2)), share}) : Extension(23, {});
  return Message(2, Join({{3, 3}, Bytes(32, 9), {0}, Number(suite, 2), {0}, Vector(2, extensions)}));
}
inline Bytes RetryRequest() {
  const Bytes random = {0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
                        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
  const Bytes extensions = Join({Extension(43, {3, 4}), Extension(51, {0, 23})});
  return Record(22, Message(2, Join({{3, 3}, random, {0, 0x13, 0x02, 0}, Vector(2, extensions)})));
}

// Makes what a server sends at once, in as many records as a real one would.
inline Bytes ServerFlight13() {
  return Join({Record(22, ServerHello(0x0304, 0x1302)), Record(20, {1}), Protected("certificate and finished")});
}
inline Bytes ServerFlight12(bool asks) {
  const Bytes key_exchange = Message(12, Join({{3, 0, 29}, Vector(1, Bytes(32, 5)), {8, 4}, Vector(2, Bytes(256, 1))}));
  const Bytes wanted = Join({Vector(1, {1, 64}), Vector(2, {0x08, 0x04, 0x04, 0x03}), Vector(2, Vector(2, {0x30, 0}))});
  const Bytes request = asks ? Message(13, wanted) : Bytes();
  return Join({Record(22, ServerHello(0x0303, 0xC02F)), Record(22, Join({key_exchange, request, Message(14, {})}))});
}

// Writes a DER element.
inline Bytes Der(uint8_t tag, const Bytes& body) {
  Bytes length = {static_cast<uint8_t>(body.size())};
  if (body.size() >= 0x80) length = Join({{0x81}, length});
  if (body.size() >= 0x100) length = Join({{0x82}, Number(body.size(), 2)});
  return Join({{tag}, length, body});
}
inline Bytes Name(const std::string& common_name) {
  return Der(0x30, Der(0x31, Der(0x30, Join({{0x06, 3, 0x55, 4, 3}, Der(0x0C, Text(common_name))}))));
}

struct CertificateSpec {
  std::string subject = "leaf";
  std::string issuer = "root";
  std::vector<std::string> dns_names;
  std::vector<Bytes> addresses;
  std::string not_before = "200101000000Z";
  std::string not_after = "491231235959Z";
  bool is_ca = false;
  int usage = -1;           // the first octet of keyUsage; -1 for no such extension
  std::vector<uint8_t> purposes;  // the last number of each id-kp
  Bytes key;                // a SubjectPublicKeyInfo; when empty, some EC key
};

inline Bytes EcAlgorithm() {
  return Der(0x30, {0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7});
}
inline Bytes EcPoint() { return Join({{4}, Bytes(32, 0x11), Bytes(32, 0x22)}); }
inline Bytes EcPublicKey() { return Der(0x30, Join({EcAlgorithm(), Der(0x03, Join({{0}, EcPoint()}))})); }
inline Bytes EcSec1(bool has_parameters) {
  const Bytes parameters = has_parameters ? Der(0xA0, {0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7}) : Bytes();
  return Der(0x30, Join({{2, 1, 1}, Der(0x04, Bytes(32, 0x33)), parameters, Der(0xA1, Der(0x03, Join({{0}, EcPoint()})))}));
}
inline Bytes EcPkcs8() { return Der(0x30, Join({{2, 1, 0}, EcAlgorithm(), Der(0x04, EcSec1(false))})); }

inline Bytes RsaAlgorithm() { return Der(0x30, {0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0}); }
inline Bytes RsaModulus() { return Bytes(256, 0xC1); }
inline Bytes Integer(const Bytes& number) { return Der(0x02, (number[0] & 0x80) != 0 ? Join({{0}, number}) : number); }
inline Bytes RsaPublicKey() {
  const Bytes key = Der(0x30, Join({Integer(RsaModulus()), Integer({1, 0, 1})}));
  return Der(0x30, Join({RsaAlgorithm(), Der(0x03, Join({{0}, key}))}));
}
inline Bytes RsaPkcs1() {
  const Bytes half(128, 0x61);
  return Der(0x30, Join({{2, 1, 0}, Integer(RsaModulus()), Integer({1, 0, 1}), Integer(Bytes(256, 0x51)), Integer(half),
                         Integer(Bytes(128, 0x62)), Integer(Bytes(127, 0x63)), Integer(Bytes(128, 0x64)),
                         Integer(Bytes(128, 0x65))}));
}
inline Bytes RsaPkcs8() { return Der(0x30, Join({{2, 1, 0}, RsaAlgorithm(), Der(0x04, RsaPkcs1())})); }

inline Bytes MakeCertificate(const CertificateSpec& spec) {
  const auto extension = [](uint8_t id, const Bytes& value) { return Der(0x30, Join({{0x06, 3, 0x55, 0x1D, id}, Der(0x04, value)})); };
  Bytes extensions;
  Bytes names;
  for (const std::string& name : spec.dns_names) names = Join({names, Der(0x82, Text(name))});
  for (const Bytes& address : spec.addresses) names = Join({names, Der(0x87, address)});
  if (!names.empty()) extensions = Join({extensions, extension(0x11, Der(0x30, names))});
  if (spec.is_ca) extensions = Join({extensions, extension(0x13, Der(0x30, {1, 1, 0xFF}))});
  if (spec.usage >= 0) extensions = Join({extensions, extension(0x0F, Der(0x03, {0, static_cast<uint8_t>(spec.usage)}))});
  Bytes purposes;
  for (const uint8_t purpose : spec.purposes) purposes = Join({purposes, {0x06, 8, 0x2B, 6, 1, 5, 5, 7, 3, purpose}});
  if (!purposes.empty()) extensions = Join({extensions, extension(0x25, Der(0x30, purposes))});
  const Bytes algorithm = Der(0x30, {0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2});
  const Bytes validity = Der(0x30, Join({Der(0x17, Text(spec.not_before)), Der(0x17, Text(spec.not_after))}));
  const Bytes body = Der(0x30, Join({Der(0xA0, {2, 1, 2}), {2, 1, 5}, algorithm, Name(spec.issuer), validity,
                                     Name(spec.subject), spec.key.empty() ? EcPublicKey() : spec.key,
                                     extensions.empty() ? Bytes() : Der(0xA3, Der(0x30, extensions))}));
  return Der(0x30, Join({body, algorithm, Der(0x03, {0, 1, 2, 3})}));
}

inline Bytes ServerLeaf() {
  CertificateSpec spec;
  spec.dns_names = {"host.test"};
  spec.purposes = {1};
  return MakeCertificate(spec);
}
inline Bytes ClientLeaf() {
  CertificateSpec spec;
  spec.subject = "client";
  spec.purposes = {2};
  return MakeCertificate(spec);
}
inline Bytes Root() {
  CertificateSpec spec;
  spec.subject = "root";
  spec.is_ca = true;
  return MakeCertificate(spec);
}

constexpr int64_t kNow = 1700000000000;  // a time in 2023

}  // namespace fake
