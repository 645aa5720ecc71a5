#include "signing-keys.hh"

#include <cstring>
#include <limits>

#include "parameters.hh"
#include "private-key-range.hh"

namespace tls::crypto {
namespace {

constexpr const char* kHashNames[kHashes] = {"SHA2-256", "SHA2-384", "SHA2-512", "SHA1"};

const char* HashName(SignatureForm form) {
  return form.hash.has_value() ? kHashNames[static_cast<uint32_t>(*form.hash)] : nullptr;
}

// The parameters of a signature: RSASSA-PSS has a salt as long as the hash, and the mask of the same hash is the default.
struct FormParameters {
  explicit FormParameters(SignatureForm form) {
    if (form.padding == Padding::kNone) return;
    const bool is_pss = form.padding == Padding::kPss;
    list[0] = TextParameter("pad-mode", is_pss ? "pss" : "pkcs1");
    if (is_pss) list[1] = TextParameter("saltlen", "digest");
  }

  OSSL_PARAM list[3] = {};
};

// A SubjectPublicKeyInfo of a curve, up to its point, which is not compressed (RFC 5480 §2).
struct CurveHeader {
  const char* group;
  size_t point_size;
  size_t size;
  uint8_t bytes[26];
};

constexpr CurveHeader kCurveHeaders[] = {
    {"P-256", 65, 26, {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                       0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00}},
    {"P-384", 97, 23, {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                       0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00}},
    {"P-521", 133, 25, {0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                        0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00}},
};

const CurveHeader* HeaderOf(Input spki) {
  for (const CurveHeader& each : kCurveHeaders) {
    if (spki.size != each.size + each.point_size || std::memcmp(spki.data, each.bytes, each.size) != 0) continue;
    return spki.data[each.size] == kUncompressed ? &each : nullptr;
  }
  return nullptr;
}

// OpenSSL finds out anew for each SubjectPublicKeyInfo what decodes it, which takes longer than all else.
KeyOwner KeyOnCurve(const CurveHeader& header, Input spki) {
  const Input point{spki.data + header.size, header.point_size};
  OSSL_PARAM parameters[] = {TextParameter("group", header.group), BytesParameter("pub", point), {}};
  return KeyFrom("EC", constant::kSelectPublicKey, parameters);
}

bool FitsLong(size_t size) { return size <= static_cast<size_t>(std::numeric_limits<long>::max()); }

}  // namespace

std::unique_ptr<VerifyingKey> VerifyingKey::Import(Input spki) {
  if (const CurveHeader* header = HeaderOf(spki); header != nullptr) {
    KeyOwner on_curve = KeyOnCurve(*header, spki);
    if (!Quietly(on_curve != nullptr)) return nullptr;
    return std::unique_ptr<VerifyingKey>(new VerifyingKey(std::move(on_curve)));
  }
  if (!FitsLong(spki.size)) return nullptr;
  const uint8_t* cursor = spki.data;
  KeyOwner key(F().d2i_PUBKEY(nullptr, &cursor, static_cast<long>(spki.size)));
  if (!Quietly(key != nullptr && cursor == spki.data + spki.size)) return nullptr;
  return std::unique_ptr<VerifyingKey>(new VerifyingKey(std::move(key)));
}

bool VerifyingKey::Verify(SignatureForm form, Input input, Input signature) const {
  const DigestContext context(F().EVP_MD_CTX_new());
  const FormParameters parameters(form);
  return Quietly(context != nullptr &&
                 F().EVP_DigestVerifyInit_ex(context.get(), nullptr, HashName(form), nullptr, nullptr, key_.get(),
                                             parameters.list) == 1 &&
                 F().EVP_DigestVerify(context.get(), signature.data, signature.size, input.data, input.size) == 1);
}

std::unique_ptr<SigningKey> SigningKey::Import(Input pkcs8, bool is_on_curve) {
  if (!FitsLong(pkcs8.size)) return nullptr;
  const uint8_t* cursor = pkcs8.data;
  KeyOwner key(F().d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(pkcs8.size)));
  if (!Quietly(key != nullptr && (!is_on_curve || IsInRange(key.get())))) return nullptr;
  return std::unique_ptr<SigningKey>(new SigningKey(std::move(key)));
}

std::optional<size_t> SigningKey::Sign(SignatureForm form, Input input, Output output) const {
  const DigestContext context(F().EVP_MD_CTX_new());
  const FormParameters parameters(form);
  size_t size = output.size;
  const bool is_signed =
      context != nullptr &&
      F().EVP_DigestSignInit_ex(context.get(), nullptr, HashName(form), nullptr, nullptr, key_.get(), parameters.list) == 1 &&
      F().EVP_DigestSign(context.get(), output.data, &size, input.data, input.size) == 1;
  if (!Quietly(is_signed)) return std::nullopt;
  return size;
}

std::optional<size_t> SigningKey::PublicHalf(Output output) const {
  uint8_t* encoded = nullptr;
  const int size = F().i2d_PUBKEY(key_.get(), &encoded);
  if (!Quietly(size > 0)) return std::nullopt;
  const auto length = static_cast<size_t>(size);
  const bool fits = length <= output.size;
  if (fits) std::memcpy(output.data, encoded, length);
  F().CRYPTO_free(encoded, "", 0);
  return fits ? std::optional<size_t>(length) : std::nullopt;
}

}  // namespace tls::crypto
