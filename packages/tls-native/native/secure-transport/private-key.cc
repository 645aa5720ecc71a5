#include "private-key.hh"

#include "certificate.hh"

namespace tls::secure_transport {
namespace {

using der::Reader;

constexpr uint8_t kRsaEncryption[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};  // 1.2.840.113549.1.1.1
constexpr uint8_t kEcPublicKey[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};                // 1.2.840.10045.2.1
constexpr uint8_t kP256[] = {0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};                 // 1.2.840.10045.3.1.7
constexpr uint8_t kP384[] = {0x2B, 0x81, 0x04, 0x00, 0x22};                                   // 1.3.132.0.34
constexpr uint8_t kP521[] = {0x2B, 0x81, 0x04, 0x00, 0x23};                                   // 1.3.132.0.35

struct Curve {
  View oid;
  uint16_t group;
  size_t octets;  // the size of a coordinate
};

constexpr Curve kCurves[] = {
    {{kP256, sizeof kP256}, 23, 32},
    {{kP384, sizeof kP384}, 24, 48},
    {{kP521, sizeof kP521}, 25, 66},
};

constexpr const char* kUnreadable = "the private key cannot be read";
constexpr const char* kUnsupported = "the library has RSA keys and EC keys on P-256, P-384 and P-521; this is another";
constexpr const char* kMismatch = "the private key does not match the certificate";

template <size_t size>
bool Is(View value, const uint8_t (&expected)[size]) {
  return IsSame(value, View{expected, size});
}

const Curve* FindCurve(View oid) {
  for (const Curve& curve : kCurves) {
    if (IsSame(oid, curve.oid)) return &curve;
  }
  return nullptr;
}

// Tells whether it is a version of 0 and eight more numbers.
bool IsPkcs1(View der) {
  Reader outer(der);
  std::optional<Reader> numbers = outer.Enter(der::kSequence);
  if (!numbers.has_value() || !outer.is_done()) return false;
  for (int index = 0; index < 9; ++index) {
    const std::optional<View> number = numbers->Take(der::kInteger);
    if (!number.has_value() || number->size == 0) return false;
    if (index == 0 && (number->size != 1 || number->data[0] != 0)) return false;
  }
  return numbers->is_done();
}

const char* TakeRsa(View pkcs1, PrivateKey* key) {
  if (!IsPkcs1(pkcs1)) return kUnreadable;
  key->type = KeyType::kRsa;
  key->encoded = Secret(Bytes(pkcs1.data, pkcs1.data + pkcs1.size));
  return nullptr;
}

// Takes an EC key. `outer_curve` is that of the PKCS#8 around it, or empty.
const char* TakeEc(View sec1, View outer_curve, const Certificate& leaf, PrivateKey* key) {
  Reader outer(sec1);
  std::optional<Reader> parts = outer.Enter(der::kSequence);
  if (!parts.has_value() || !outer.is_done()) return kUnreadable;
  const std::optional<View> version = parts->Take(der::kInteger);
  const std::optional<View> scalar = parts->Take(der::kOctetString);
  if (!version.has_value() || version->size != 1 || version->data[0] != 1 || !scalar.has_value()) return kUnreadable;
  View oid = outer_curve;
  if (std::optional<Reader> parameters = parts->Enter(der::Constructed(0))) {
    const std::optional<View> named = parameters->Take(der::kOid);
    if (!named.has_value()) return kUnsupported;  // the curve is given by its equation
    if (!parameters->is_done() || (oid.size != 0 && !IsSame(oid, *named))) return kUnreadable;
    oid = *named;
  }
  if (oid.size == 0) oid = leaf.key_parameters;
  const Curve* curve = FindCurve(oid);
  if (curve == nullptr) return kUnsupported;
  if (scalar->size == 0 || scalar->size > curve->octets) return kUnreadable;
  if (!Is(leaf.key_algorithm, kEcPublicKey) || !IsSame(leaf.key_parameters, oid)) return kMismatch;
  View point = leaf.public_key;
  if (std::optional<Reader> field = parts->Enter(der::Constructed(1))) {
    const std::optional<View> bits = field->Take(der::kBitString);
    const std::optional<View> own = bits.has_value() ? der::WholeBits(*bits) : std::nullopt;
    if (!own.has_value() || !field->is_done()) return kUnreadable;
    if (own->size == 1 + 2 * curve->octets && !IsSame(*own, point)) return kMismatch;
  }
  if (!parts->is_done()) return kUnreadable;
  if (point.size != 1 + 2 * curve->octets || point.data[0] != 4) return kUnsupported;  // the point is compressed (SEC1 §2.3.3)
  Bytes encoded(point.data, point.data + point.size);
  encoded.reserve(point.size + curve->octets);  // so that growing leaves no copy behind
  encoded.insert(encoded.end(), curve->octets - scalar->size, 0);
  encoded.insert(encoded.end(), scalar->data, scalar->data + scalar->size);
  key->type = KeyType::kEc;
  key->group = curve->group;
  key->encoded = Secret(std::move(encoded));
  return nullptr;
}

const char* Take(View der, const Certificate& leaf, PrivateKey* key) {
  Reader outer(der);
  std::optional<Reader> parts = outer.Enter(der::kSequence);
  if (!parts.has_value() || !outer.is_done() || !parts->Take(der::kInteger).has_value()) return kUnreadable;
  std::optional<Reader> algorithm = parts->Enter(der::kSequence);
  if (!algorithm.has_value()) {
    // There is no AlgorithmIdentifier: PKCS#1 goes on with a number, SEC1 with octets.
    return parts->Take(der::kInteger).has_value() ? TakeRsa(der, key) : TakeEc(der, View{nullptr, 0}, leaf, key);
  }
  const std::optional<View> oid = algorithm->Take(der::kOid);
  const std::optional<View> inner = parts->Take(der::kOctetString);
  if (!oid.has_value() || !inner.has_value()) return kUnreadable;
  if (Is(*oid, kRsaEncryption)) return TakeRsa(*inner, key);
  if (!Is(*oid, kEcPublicKey)) return kUnsupported;
  const std::optional<View> curve = algorithm->Take(der::kOid);
  return curve.has_value() ? TakeEc(*inner, *curve, leaf, key) : kUnsupported;
}

}  // namespace

std::optional<PrivateKey> ReadPrivateKey(View der, View leaf_der, std::string* problem) {
  const std::optional<Certificate> leaf = ReadCertificate(leaf_der);
  PrivateKey key;
  const char* failure = leaf.has_value() ? Take(der, *leaf, &key) : "the certificate cannot be read";
  if (failure == nullptr && key.type == KeyType::kRsa && !Is(leaf->key_algorithm, kRsaEncryption)) failure = kMismatch;
  if (failure == nullptr) return key;
  *problem = failure;
  return std::nullopt;
}

}  // namespace tls::secure_transport
