#include "signing-provider.hh"

#include <cstring>

#include "engine.hh"
#include "registry.hh"
#include "signing-key.hh"

namespace tls::openssl {
namespace {

constexpr const char* kProviderName = "tls-signing";
constexpr const char* kPaddingMode = "pad-mode";
constexpr const char* kSaltLength = "saltlen";
constexpr int kPssPadding = 6;
constexpr int kSaltAsDigest = -1;

struct DigestContextDeleter {
  void operator()(EVP_MD_CTX* context) const { F().EVP_MD_CTX_free(context); }
};
using DigestContextOwner = std::unique_ptr<EVP_MD_CTX, DigestContextDeleter>;

// The state of one signature while it is made.
struct Signing {
  const SigningKey* key = nullptr;  // the library holds it for as long as this lives
  std::string digest;
  bool is_pss = false;
  Bytes message;
};

Signing* Of(void* context) { return static_cast<Signing*>(context); }

uint16_t SchemeOf(const Signing& signing) {
  return SchemeOfSignature(signing.key->public_key.get(), signing.digest.c_str(), signing.is_pss);
}

void* NewContext(void*, const char*) { return new Signing(); }
void* DuplicateContext(void* context) { return new Signing(*Of(context)); }
void FreeContext(void* context) { delete Of(context); }

// Tells whether a parameter is this number, or the word for it.
bool Means(const OSSL_PARAM& parameter, int number, const char* word) {
  if (parameter.data_type == constant::kParamUtf8) return std::strcmp(static_cast<const char*>(parameter.data), word) == 0;
  if (parameter.data_type != constant::kParamInteger || parameter.data_size != sizeof number) return false;
  return std::memcmp(parameter.data, &number, sizeof number) == 0;
}

int SetContextParams(void* context, const OSSL_PARAM* parameters) {
  for (const OSSL_PARAM* each = parameters; each != nullptr && each->key != nullptr; ++each) {
    if (std::strcmp(each->key, kPaddingMode) == 0) Of(context)->is_pss = Means(*each, kPssPadding, "pss");
    // The salt must be as long as the digest (RFC 8446 §4.2.3).
    if (std::strcmp(each->key, kSaltLength) == 0 && !Means(*each, kSaltAsDigest, "digest")) return 0;
  }
  return 1;
}

const OSSL_PARAM* SettableContextParams(void*, void*) {
  static constexpr OSSL_PARAM known[] = {Describe(kPaddingMode, constant::kParamUtf8), Describe(kSaltLength, constant::kParamUtf8),
                                         kNoMoreParams};
  return known;
}

// libssl calls this also to find out which digests a key can be used with; the padding is only known later.
int DigestSignInit(void* context, const char* digest, void* key, const OSSL_PARAM* parameters) {
  Signing* signing = Of(context);
  if (key != nullptr) signing->key = static_cast<const SigningKey*>(key);
  if (signing->key == nullptr) return 0;
  signing->digest = digest == nullptr ? "" : digest;
  signing->message.clear();
  bool is_allowed = false;
  for (const bool is_pss : {true, false}) {
    signing->is_pss = is_pss;
    is_allowed = signing->key->Allows(SchemeOf(*signing)) || is_allowed;
  }
  return is_allowed ? SetContextParams(context, parameters) : 0;
}

int DigestSignUpdate(void* context, const unsigned char* data, size_t length) {
  Of(context)->message.insert(Of(context)->message.end(), data, data + length);
  return 1;
}

// Signs with the private key, which is here.
bool SignWith(EVP_PKEY* private_key, const Signing& signing, View message, unsigned char* signature, size_t* length) {
  const DigestContextOwner context(F().EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const char* digest = signing.digest.empty() ? nullptr : signing.digest.c_str();
  if (context == nullptr ||
      F().EVP_DigestSignInit_ex(context.get(), &parameters, digest, nullptr, nullptr, private_key, nullptr) != 1) {
    return false;
  }
  if (signing.is_pss) {
    char padding[] = "pss";
    char salt[] = "digest";
    const OSSL_PARAM pss[] = {{kPaddingMode, constant::kParamUtf8, padding, sizeof padding - 1, kUnmodified},
                              {kSaltLength, constant::kParamUtf8, salt, sizeof salt - 1, kUnmodified},
                              kNoMoreParams};
    if (F().EVP_PKEY_CTX_set_params(parameters, pss) != 1) return false;
  }
  return F().EVP_DigestSign(context.get(), signature, length, message.data, message.size) == 1;
}

// Asks the owner of the connection to sign, and rests until the answer is there.
bool AskToSign(uint16_t scheme, View message, unsigned char* signature, size_t* length) {
  OpenSslEngine* engine = OpenSslEngine::Driven();
  if (engine == nullptr) return false;
  const Answer* answer = engine->Ask(Question::Sign(scheme, Bytes(message.data, message.data + message.size)));
  if (answer == nullptr || answer->alert >= 0 || answer->signature.empty() || answer->signature.size() > *length) return false;
  std::memcpy(signature, answer->signature.data(), answer->signature.size());
  *length = answer->signature.size();
  return true;
}

// Where no place for the signature is given, this tells how long it can be.
int DigestSign(void* context, unsigned char* signature, size_t* length, size_t room, const unsigned char* data, size_t size) {
  const Signing& signing = *Of(context);
  const int longest = F().EVP_PKEY_get_size(signing.key->public_key.get());
  if (longest <= 0) return 0;
  *length = static_cast<size_t>(longest);
  if (signature == nullptr) return 1;
  const uint16_t scheme = SchemeOf(signing);
  if (room < *length || !signing.key->Allows(scheme)) return 0;
  EVP_PKEY* private_key = signing.key->private_key.get();
  const View message{data, size};
  const bool is_signed = private_key == nullptr ? AskToSign(scheme, message, signature, length)
                                                : SignWith(private_key, signing, message, signature, length);
  return is_signed ? 1 : 0;
}

int DigestSignFinal(void* context, unsigned char* signature, size_t* length, size_t room) {
  const Bytes message = Of(context)->message;
  return DigestSign(context, signature, length, room, message.data(), message.size());
}

const OSSL_ALGORITHM* Signatures() {
  static const OSSL_DISPATCH functions[] = {
      Entry(dispatch::kSignatureNewContext, NewContext),
      Entry(dispatch::kSignatureFreeContext, FreeContext),
      Entry(dispatch::kSignatureDuplicateContext, DuplicateContext),
      Entry(dispatch::kSignatureDigestSignInit, DigestSignInit),
      Entry(dispatch::kSignatureDigestSignUpdate, DigestSignUpdate),
      Entry(dispatch::kSignatureDigestSignFinal, DigestSignFinal),
      Entry(dispatch::kSignatureDigestSign, DigestSign),
      Entry(dispatch::kSignatureSetContextParams, SetContextParams),
      Entry(dispatch::kSignatureSettableContextParams, SettableContextParams),
      {0, nullptr},
  };
  static const OSSL_ALGORITHM signatures[] = {{kSignatureName, "provider=tls-signing", functions, nullptr},
                                              {nullptr, nullptr, nullptr, nullptr}};
  return signatures;
}

const OSSL_ALGORITHM* Query(void*, int operation, int* must_not_cache) {
  *must_not_cache = 0;
  if (operation == dispatch::kOperationKeyManagement) return KeyManagements();
  return operation == dispatch::kOperationSignature ? Signatures() : nullptr;
}

int Initialize(const OSSL_CORE_HANDLE* core, const OSSL_DISPATCH*, const OSSL_DISPATCH** functions, void** context) {
  static const OSSL_DISPATCH own[] = {Entry(dispatch::kProviderQuery, Query), {0, nullptr}};
  *functions = own;
  *context = const_cast<OSSL_CORE_HANDLE*>(core);
  return 1;
}

// Gives a library context that belongs to the provider. In the common one, an RSA key of any code in the process could become one of ours,
// and a provider that is loaded there by name keeps the default one out.
OSSL_LIB_CTX* Context() {
  static OSSL_LIB_CTX* const context = [] {
    OSSL_LIB_CTX* made = F().OSSL_LIB_CTX_new();
    const bool is_loaded = made != nullptr && F().OSSL_PROVIDER_add_builtin(made, kProviderName, Initialize) == 1 &&
                           F().OSSL_PROVIDER_load(made, kProviderName) != nullptr;
    return is_loaded ? made : nullptr;
  }();
  return context;
}

}  // namespace

KeyOwner CreateSigningKey(EVP_PKEY* public_key, KeyOwner private_key, std::vector<uint16_t> schemes) {
  if (Context() == nullptr) return nullptr;
  F().EVP_PKEY_up_ref(public_key);
  return WrapKey(Context(), SigningKey{KeyOwner(public_key), std::move(private_key), std::move(schemes)});
}

}  // namespace tls::openssl
