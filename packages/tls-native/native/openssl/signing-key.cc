#include "signing-key.hh"

#include <algorithm>
#include <cstring>

#include "registry.hh"

namespace tls::openssl {
namespace {

// The name of the parameter by which a key of ours gets into the library: it holds the key's address, not its numbers.
constexpr const char* kAddress = "tls-signing-key";
constexpr const char* kMaxSize = "max-size";

struct KeyContextDeleter {
  void operator()(EVP_PKEY_CTX* context) const { F().EVP_PKEY_CTX_free(context); }
};
using KeyContextOwner = std::unique_ptr<EVP_PKEY_CTX, KeyContextDeleter>;

KeyOwner Share(const KeyOwner& key) {
  if (key != nullptr) F().EVP_PKEY_up_ref(key.get());
  return KeyOwner(key.get());
}

// Makes a key of the type in that context from its parts.
KeyOwner KeyFrom(OSSL_LIB_CTX* context, const char* type, const OSSL_PARAM* parts) {
  const KeyContextOwner making(F().EVP_PKEY_CTX_new_from_name(context, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (making == nullptr || F().EVP_PKEY_fromdata_init(making.get()) != 1) return nullptr;
  if (F().EVP_PKEY_fromdata(making.get(), &key, dispatch::kPublicKey, const_cast<OSSL_PARAM*>(parts)) != 1) return nullptr;
  return KeyOwner(key);
}

const SigningKey* KeyOf(const void* key) { return static_cast<const SigningKey*>(key); }

void* New(void*) { return new SigningKey(); }

void Free(void* key) { delete static_cast<SigningKey*>(key); }

int Has(const void* key, int) { return key != nullptr && KeyOf(key)->public_key != nullptr ? 1 : 0; }

int Match(const void* left, const void* right, int) {
  return F().EVP_PKEY_eq(KeyOf(left)->public_key.get(), KeyOf(right)->public_key.get()) == 1 ? 1 : 0;
}

// Takes a public key of another provider, which is to be compared with one of ours, or one of ours by its address.
int Import(const char* type, void* into, const OSSL_PARAM* parts) {
  auto* key = static_cast<SigningKey*>(into);
  for (const OSSL_PARAM* part = parts; part->key != nullptr; ++part) {
    if (std::strcmp(part->key, kAddress) != 0 || part->data_size != sizeof(const SigningKey*)) continue;
    const SigningKey* given = nullptr;
    std::memcpy(&given, part->data, sizeof given);
    key->public_key = Share(given->public_key);
    key->private_key = Share(given->private_key);
    key->schemes = given->schemes;
    return 1;
  }
  key->public_key = KeyFrom(nullptr, type, parts);
  return key->public_key == nullptr ? 0 : 1;
}

// Gives the public half only; nobody gets the private one.
int Export(void* key, int, int (*take)(const OSSL_PARAM*, void*), void* argument) {
  return F().EVP_PKEY_export(KeyOf(key)->public_key.get(), dispatch::kPublicKey, take, argument);
}

const OSSL_PARAM* Types(int) {
  static constexpr OSSL_PARAM types[] = {Describe(kAddress, constant::kParamOctets), kNoMoreParams};
  return types;
}

// Gives what the public key says, which is true of our key but for one thing. libssl asks for the size of an RSA key to see whether it is
// long enough for PSS. A key that must not be used with PSS answers that it is not: a client in TLS 1.2 has no other way to say so.
int GetParams(void* key, OSSL_PARAM* wanted) {
  if (F().EVP_PKEY_get_params(KeyOf(key)->public_key.get(), wanted) != 1) return 0;
  if (!IsRsa(KeyOf(key)->public_key.get()) || KeyOf(key)->schemes.empty() || HasPss(KeyOf(key)->schemes)) return 1;
  for (OSSL_PARAM* each = wanted; each->key != nullptr; ++each) {
    if (std::strcmp(each->key, kMaxSize) != 0 || each->data_size != sizeof(int)) continue;
    const int size = 1;
    std::memcpy(each->data, &size, sizeof size);
  }
  return 1;
}

const OSSL_PARAM* GettableParams(void*) {
  static constexpr OSSL_PARAM known[] = {
      Describe("bits", constant::kParamInteger),       Describe("security-bits", constant::kParamInteger),
      Describe(kMaxSize, constant::kParamInteger),     Describe("default-digest", constant::kParamUtf8),
      Describe("mandatory-digest", constant::kParamUtf8), Describe("group", constant::kParamUtf8),
      kNoMoreParams};
  return known;
}

const char* QueryOperationName(int operation) { return operation == dispatch::kOperationSignature ? kSignatureName : nullptr; }

// The names of a type; the first one is the library's own.
struct Rsa {
  static constexpr const char* kName = "RSA";
  static constexpr const char* kNames = "RSA:rsaEncryption";
};
struct RsaPss {
  static constexpr const char* kName = "RSA-PSS";
  static constexpr const char* kNames = "RSA-PSS:RSASSA-PSS";
};
struct Ec {
  static constexpr const char* kName = "EC";
  static constexpr const char* kNames = "EC:id-ecPublicKey";
};
struct Ed25519 {
  static constexpr const char* kName = "ED25519";
  static constexpr const char* kNames = "ED25519";
};

template <typename Type>
int ImportAs(void* key, int, const OSSL_PARAM* parts) {
  return Import(Type::kName, key, parts);
}

template <typename Type>
OSSL_ALGORITHM Management() {
  static const OSSL_DISPATCH functions[] = {
      Entry(dispatch::kKeyNew, New),
      Entry(dispatch::kKeyFree, Free),
      Entry(dispatch::kKeyGetParams, GetParams),
      Entry(dispatch::kKeyGettableParams, GettableParams),
      Entry(dispatch::kKeyQueryOperationName, QueryOperationName),
      Entry(dispatch::kKeyHas, Has),
      Entry(dispatch::kKeyMatch, Match),
      Entry(dispatch::kKeyImport, ImportAs<Type>),
      Entry(dispatch::kKeyImportTypes, Types),
      Entry(dispatch::kKeyExport, Export),
      Entry(dispatch::kKeyExportTypes, Types),
      {0, nullptr},
  };
  return OSSL_ALGORITHM{Type::kNames, "provider=tls-signing", functions, nullptr};
}

}  // namespace

bool SigningKey::Allows(uint16_t scheme) const {
  return scheme != 0 && std::find(schemes.begin(), schemes.end(), scheme) != schemes.end();
}

const OSSL_ALGORITHM* KeyManagements() {
  static const OSSL_ALGORITHM managements[] = {
      Management<Rsa>(), Management<RsaPss>(), Management<Ec>(), Management<Ed25519>(), {nullptr, nullptr, nullptr, nullptr}};
  return managements;
}

KeyOwner WrapKey(OSSL_LIB_CTX* context, SigningKey key) {
  const SigningKey* address = &key;
  const OSSL_PARAM parts[] = {{kAddress, constant::kParamOctets, &address, sizeof address, kUnmodified}, kNoMoreParams};
  return KeyFrom(context, F().EVP_PKEY_get0_type_name(key.public_key.get()), parts);
}

}  // namespace tls::openssl
