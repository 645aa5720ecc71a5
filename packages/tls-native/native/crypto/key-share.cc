#include "key-share.hh"

#include "parameters.hh"
#include "private-key-range.hh"
#include "secret.hh"

namespace tls::crypto {
namespace {

constexpr const char* kGroupNames[kGroups] = {"X25519", "P-256", "P-384", "P-521"};
constexpr size_t kSecretSizes[kGroups] = {32, 32, 48, 66};
constexpr size_t kLongestScalar = 66;

// A PrivateKeyInfo of an EC key up to the scalar (RFC 5958 §2, RFC 5915 §3), by group.
struct Prefix {
  uint8_t bytes[40];
  size_t size;
};
constexpr Prefix kPrefixes[kGroups] = {
    {},
    {{0x30, 0x41, 2,    1,    0,    0x30, 0x13, 6,    7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2,    1,    6, 8,
      0x2a, 0x86, 0x48, 0xce, 0x3d, 3,    1,    7,    4, 0x27, 0x30, 0x25, 2,    1,    1,    4,    0x20},
     35},
    {{0x30, 0x4e, 2, 1,    0,    0x30, 0x10, 6, 7,    0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1,
      6,    5,    0x2b, 0x81, 4,    0,    0x22, 4, 0x37, 0x30, 0x35, 2,    1,    1,    4, 0x30},
     32},
    {{0x30, 0x60, 2, 1,    0,    0x30, 0x10, 6, 7,    0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1,
      6,    5,    0x2b, 0x81, 4,    0,    0x23, 4, 0x49, 0x30, 0x47, 2,    1,    1,    4, 0x42},
     32},
};

// OpenSSL computes the public key of one that comes as DER without it.
KeyOwner EcKeyOf(Group group, Input scalar) {
  const Prefix& prefix = kPrefixes[static_cast<uint32_t>(group)];
  Secret<sizeof(Prefix::bytes) + kLongestScalar> der;
  std::copy(prefix.bytes, prefix.bytes + prefix.size, der.bytes);
  std::copy(scalar.data, scalar.data + scalar.size, der.bytes + prefix.size);
  const uint8_t* cursor = der.bytes;
  KeyOwner key(F().d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(prefix.size + scalar.size)));
  return key != nullptr && IsInRange(key.get()) ? std::move(key) : nullptr;
}

}  // namespace

size_t SecretSize(Group group) { return kSecretSizes[static_cast<uint32_t>(group)]; }

size_t ShareSize(Group group) { return group == Group::kX25519 ? SecretSize(group) : 1 + 2 * SecretSize(group); }

KeyOwner KeyMaker::Make(Group group) {
  const auto index = static_cast<uint32_t>(group);
  if (contexts_[index] == nullptr) {
    const bool is_curve = group != Group::kX25519;
    KeyContext context(F().EVP_PKEY_CTX_new_from_name(nullptr, is_curve ? "EC" : kGroupNames[index], nullptr));
    if (context == nullptr || F().EVP_PKEY_keygen_init(context.get()) != 1) return nullptr;
    OSSL_PARAM parameters[] = {TextParameter("group", kGroupNames[index]), {}};
    if (is_curve && F().EVP_PKEY_CTX_set_params(context.get(), parameters) != 1) return nullptr;
    contexts_[index] = std::move(context);
  }
  EVP_PKEY* key = nullptr;
  if (F().EVP_PKEY_generate(contexts_[index].get(), &key) != 1) contexts_[index].reset();
  return KeyOwner(key);
}

std::unique_ptr<KeyPair> KeyPair::Generate(Group group, KeyMaker* maker) {
  KeyOwner key = maker->Make(group);
  if (!Quietly(key != nullptr)) return nullptr;
  return std::unique_ptr<KeyPair>(new KeyPair(group, std::move(key)));
}

std::unique_ptr<KeyPair> KeyPair::FromPrivate(Group group, Input private_key) {
  if (private_key.size != SecretSize(group)) return nullptr;
  KeyOwner key = group == Group::kX25519 ? KeyOwner(F().EVP_PKEY_new_raw_private_key_ex(nullptr, "X25519", nullptr,
                                                                                       private_key.data, private_key.size))
                                         : EcKeyOf(group, private_key);
  if (!Quietly(key != nullptr)) return nullptr;
  return std::unique_ptr<KeyPair>(new KeyPair(group, std::move(key)));
}

bool KeyPair::Share(Output output) const {
  size_t size = 0;
  return Quietly(F().EVP_PKEY_get_octet_string_param(key_.get(), "encoded-pub-key", output.data, output.size, &size) == 1 &&
                 size == ShareSize(group_));
}

bool KeyPair::Derive(Input peer_share, Output output) const {
  const KeyOwner peer = PeerKey(peer_share);
  if (!Quietly(peer != nullptr)) return false;
  const KeyContext context(F().EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  size_t size = output.size;
  // A point that was read lies on its curve, and the curves have no small subgroups: there is nothing else to validate. X25519 refuses a
  // result of all zeros (RFC 7748 §6.1).
  return Quietly(context != nullptr && F().EVP_PKEY_derive_init(context.get()) == 1 &&
                 F().EVP_PKEY_derive_set_peer_ex(context.get(), peer.get(), 0) == 1 &&
                 F().EVP_PKEY_derive(context.get(), output.data, &size) == 1 && size == SecretSize(group_));
}

KeyOwner KeyPair::PeerKey(Input share) const {
  if (share.size != ShareSize(group_)) return nullptr;
  if (group_ == Group::kX25519) {
    return KeyOwner(F().EVP_PKEY_new_raw_public_key_ex(nullptr, "X25519", nullptr, share.data, share.size));
  }
  // RFC 8446 §4.2.8.2 allows no other form.
  if (share.data[0] != kUncompressed) return nullptr;
  KeyOwner peer(F().EVP_PKEY_new());
  const bool is_point = peer != nullptr && F().EVP_PKEY_copy_parameters(peer.get(), key_.get()) == 1 &&
                        F().EVP_PKEY_set1_encoded_public_key(peer.get(), share.data, share.size) == 1;
  return is_point ? std::move(peer) : nullptr;
}

}  // namespace tls::crypto
