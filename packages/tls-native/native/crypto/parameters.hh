// Parameters of OpenSSL's, which it only reads.
#pragma once

#include <cstring>
#include <utility>

#include "bytes.hh"
#include "functions.hh"
#include "owners.hh"

namespace tls::crypto {

inline OSSL_PARAM TextParameter(const char* key, const char* text) {
  return OSSL_PARAM{key, constant::kParamUtf8, const_cast<char*>(text), std::strlen(text), static_cast<size_t>(-1)};
}

inline OSSL_PARAM BytesParameter(const char* key, Input bytes) {
  return OSSL_PARAM{key, constant::kParamOctets, const_cast<uint8_t*>(bytes.data), bytes.size, static_cast<size_t>(-1)};
}

// A point on a curve that is not compressed begins so (SEC 1 §2.3.3).
constexpr uint8_t kUncompressed = 4;

// Makes a key of what `parameters` say, and gives none where they are wrong.
inline KeyOwner KeyFrom(const char* type, int selection, OSSL_PARAM* parameters) {
  const KeyContext context(F().EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  const bool is_made = context != nullptr && F().EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       F().EVP_PKEY_fromdata(context.get(), &key, selection, parameters) == 1;
  KeyOwner owner(key);
  return is_made ? std::move(owner) : nullptr;
}

}  // namespace tls::crypto
