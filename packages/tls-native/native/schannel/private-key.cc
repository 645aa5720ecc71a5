#include "private-key.hh"

#include "abi-crypt.hh"
#include "owners.hh"

namespace tls::schannel {
namespace {

constexpr uint8_t kParametersTag = 0xA0;
constexpr uint8_t kPublicKeyTag = 0xA1;
constexpr size_t kRsaNumbers = 8;
enum RsaNumber : size_t { kModulus, kPublicExponent, kPrivateExponent, kPrime1, kPrime2, kExponent1, kExponent2, kCoefficient };

// Reads a positive INTEGER without the zero before its sign bit.
std::optional<Bytes> Number(der::Reader* reader) {
  const auto element = reader->Next(der::kInteger);
  if (!element || element->content.size == 0 || (element->content.data[0] & 0x80) != 0) return std::nullopt;
  View body = element->content;
  while (body.size > 1 && body.data[0] == 0) body = View{body.data + 1, body.size - 1};
  return BytesOf(body);
}

bool IsVersion(der::Reader* reader, uint8_t version) {
  const auto element = reader->Next(der::kInteger);
  return element && element->content.size == 1 && element->content.data[0] == version;
}

// Reads an RSAPrivateKey (RFC 8017 §A.1.2).
std::optional<PrivateKey> ParseRsa(View body) {
  der::Reader reader(body);
  if (!IsVersion(&reader, 0)) return std::nullopt;
  PrivateKey key;
  key.kind = KeyKind::kRsa;
  for (size_t index = 0; index < kRsaNumbers; ++index) {
    auto number = Number(&reader);
    if (!number) return std::nullopt;
    key.numbers.push_back(std::move(*number));
  }
  return reader.is_done() ? std::optional<PrivateKey>(std::move(key)) : std::nullopt;
}

// Reads an ECPrivateKey (RFC 5915 §3). The curve is named in it, or by what contains it.
std::optional<PrivateKey> ParseEc(View body, int curve) {
  der::Reader reader(body);
  if (!IsVersion(&reader, 1)) return std::nullopt;
  const auto scalar = reader.Next(der::kOctetString);
  if (!scalar) return std::nullopt;
  PrivateKey key;
  key.kind = KeyKind::kEc;
  key.curve = curve;
  key.scalar = BytesOf(scalar->content);
  if (const auto parameters = reader.Next(kParametersTag)) {
    der::Reader inner(parameters->content);
    const auto oid = inner.Next(der::kOid);
    if (!oid) return std::nullopt;
    key.curve = CurveOf(oid->content);
  }
  if (const auto enclosed = reader.Next(kPublicKeyTag)) {
    der::Reader inner(enclosed->content);
    const auto bits = inner.Next(der::kBitString);
    if (!bits || bits->content.size < 2) return std::nullopt;
    key.point = Bytes(bits->content.data + 1, bits->content.data + bits->content.size);
  }
  return reader.is_done() && key.curve != 0 ? std::optional<PrivateKey>(std::move(key)) : std::nullopt;
}

// Reads a PrivateKeyInfo (RFC 5958 §2).
std::optional<PrivateKey> ParsePkcs8(View body) {
  der::Reader reader(body);
  const auto version = reader.Next(der::kInteger);
  const auto algorithm = reader.Next(der::kSequence);
  const auto enclosed = reader.Next(der::kOctetString);
  if (!version || !algorithm || !enclosed) return std::nullopt;
  int curve = 0;
  const KeyKind kind = KindOf(algorithm->content, &curve);
  der::Reader outer(enclosed->content);
  const auto key = outer.Next(der::kSequence);
  if (!key || !outer.is_done()) return std::nullopt;
  if (kind == KeyKind::kRsa) return ParseRsa(key->content);
  return kind == KeyKind::kEc ? ParseEc(key->content, curve) : std::nullopt;
}

size_t CoordinateSize(int curve) { return static_cast<size_t>(curve + 7) / 8; }

void AppendLittle(Bytes* out, uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<uint8_t>(number >> shift));
}

// Appends a number with zeros before it, up to that size.
void AppendPadded(Bytes* out, const Bytes& number, size_t size) {
  out->insert(out->end(), size - number.size(), 0);
  out->insert(out->end(), number.begin(), number.end());
}

void AppendReversed(Bytes* out, const Bytes& number, size_t size) {
  out->insert(out->end(), number.rbegin(), number.rend());
  out->insert(out->end(), size - number.size(), 0);
}

// Tells whether each number of the private half is at most as long as its modulus.
bool Fits(const PrivateKey& key, size_t modulus, size_t prime1, size_t prime2) {
  const auto& n = key.numbers;
  return n[kPrivateExponent].size() <= modulus && n[kPrime1].size() <= prime1 && n[kExponent1].size() <= prime1 &&
         n[kCoefficient].size() <= prime1 && n[kPrime2].size() <= prime2 && n[kExponent2].size() <= prime2;
}

}  // namespace

PrivateKey::~PrivateKey() {
  for (Bytes& number : numbers) Wipe(&number);
  Wipe(&scalar);
}

std::optional<PrivateKey> ParsePrivateKey(View der) {
  der::Reader outer(der);
  const auto whole = outer.Next(der::kSequence);
  if (!whole || !outer.is_done()) return std::nullopt;
  if (auto key = ParsePkcs8(whole->content)) return key;
  if (auto key = ParseRsa(whole->content)) return key;
  return ParseEc(whole->content, 0);
}

bool Belongs(PrivateKey* key, const Certificate& certificate) {
  if (key->kind != certificate.key_kind) return false;
  if (key->kind == KeyKind::kRsa) {
    der::Reader outer(ViewOf(certificate.public_key));
    const auto list = outer.Next(der::kSequence);
    if (!list) return false;
    der::Reader reader(list->content);
    const auto modulus = Number(&reader);
    const auto exponent = Number(&reader);
    return modulus && exponent && *modulus == key->numbers[kModulus] && *exponent == key->numbers[kPublicExponent];
  }
  if (key->curve != certificate.curve || certificate.public_key.size() != 1 + 2 * CoordinateSize(key->curve)) return false;
  if (key->point.empty()) key->point = certificate.public_key;
  return key->point == certificate.public_key && key->point[0] == 4 && key->scalar.size() <= CoordinateSize(key->curve);
}

Bytes CngBlob(const PrivateKey& key) {
  Bytes blob;
  if (key.kind == KeyKind::kEc) {
    const size_t size = CoordinateSize(key.curve);
    blob.reserve(8 + 3 * size);
    // The number is BCRYPT_ECDSA_PRIVATE_P256_MAGIC, or that of another curve.
    AppendLittle(&blob, key.curve == 256 ? 0x32534345 : key.curve == 384 ? 0x34534345 : 0x36534345);
    AppendLittle(&blob, static_cast<uint32_t>(size));
    blob.insert(blob.end(), key.point.begin() + 1, key.point.end());
    AppendPadded(&blob, key.scalar, size);
    return blob;
  }
  const auto& n = key.numbers;
  const size_t modulus = n[kModulus].size();
  const size_t prime1 = n[kPrime1].size();
  const size_t prime2 = n[kPrime2].size();
  if (!Fits(key, modulus, prime1, prime2)) return blob;
  blob.reserve(24 + n[kPublicExponent].size() + 2 * modulus + 3 * prime1 + 2 * prime2);
  AppendLittle(&blob, 0x33415352);  // BCRYPT_RSAFULLPRIVATE_MAGIC
  uint32_t bits = static_cast<uint32_t>(modulus) * 8;
  for (uint8_t top = n[kModulus][0]; (top & 0x80) == 0; top = static_cast<uint8_t>(top << 1)) --bits;
  AppendLittle(&blob, bits);
  for (const size_t size : {n[kPublicExponent].size(), modulus, prime1, prime2}) AppendLittle(&blob, static_cast<uint32_t>(size));
  AppendPadded(&blob, n[kPublicExponent], n[kPublicExponent].size());
  AppendPadded(&blob, n[kModulus], modulus);
  AppendPadded(&blob, n[kPrime1], prime1);
  AppendPadded(&blob, n[kPrime2], prime2);
  AppendPadded(&blob, n[kExponent1], prime1);
  AppendPadded(&blob, n[kExponent2], prime2);
  AppendPadded(&blob, n[kCoefficient], prime1);
  AppendPadded(&blob, n[kPrivateExponent], modulus);
  return blob;
}

Bytes CapiBlob(const PrivateKey& key) {
  if (key.kind != KeyKind::kRsa) return {};
  const auto& n = key.numbers;
  const size_t modulus = n[kModulus].size();
  const size_t half = modulus / 2;
  if (modulus % 2 != 0 || n[kPublicExponent].size() > 4 || !Fits(key, modulus, half, half)) return {};
  Bytes blob;
  blob.reserve(20 + 2 * modulus + 5 * half);
  AppendLittle(&blob, 0x0207);  // PRIVATEKEYBLOB, version 2
  AppendLittle(&blob, abi::kRsaKeyExchange);
  AppendLittle(&blob, 0x32415352);  // RSA2
  AppendLittle(&blob, static_cast<uint32_t>(modulus) * 8);
  AppendReversed(&blob, n[kPublicExponent], 4);
  AppendReversed(&blob, n[kModulus], modulus);
  AppendReversed(&blob, n[kPrime1], half);
  AppendReversed(&blob, n[kPrime2], half);
  AppendReversed(&blob, n[kExponent1], half);
  AppendReversed(&blob, n[kExponent2], half);
  AppendReversed(&blob, n[kCoefficient], half);
  AppendReversed(&blob, n[kPrivateExponent], modulus);
  return blob;
}

}  // namespace tls::schannel
