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

bool FitsLong(size_t size) { return size <= static_cast<size_t>(std::numeric_limits<long>::max()); }

}  // namespace

std::unique_ptr<VerifyingKey> VerifyingKey::Import(Input spki) {
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
