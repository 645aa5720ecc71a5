// The tables of which a provider of OpenSSL's consists: they list functions by number. The numbers are part of its binary
// interface since 3.0.
#pragma once

#include "functions.hh"

struct OSSL_DISPATCH {
  int function_id;
  void (*function)();
};

struct OSSL_ALGORITHM {
  const char* names;
  const char* properties;
  const OSSL_DISPATCH* implementation;
  const char* description;
};

namespace tls::openssl {

namespace dispatch {
inline constexpr int kOperationKeyManagement = 10;
inline constexpr int kOperationSignature = 12;

inline constexpr int kProviderQuery = 1027;

inline constexpr int kKeyNew = 1;
inline constexpr int kKeyFree = 10;
inline constexpr int kKeyGetParams = 11;
inline constexpr int kKeyGettableParams = 12;
inline constexpr int kKeyQueryOperationName = 20;
inline constexpr int kKeyHas = 21;
inline constexpr int kKeyMatch = 23;
inline constexpr int kKeyImport = 40;
inline constexpr int kKeyImportTypes = 41;
inline constexpr int kKeyExport = 42;
inline constexpr int kKeyExportTypes = 43;

inline constexpr int kSignatureNewContext = 1;
inline constexpr int kSignatureDigestSignInit = 8;
inline constexpr int kSignatureDigestSignUpdate = 9;
inline constexpr int kSignatureDigestSignFinal = 10;
inline constexpr int kSignatureDigestSign = 11;
inline constexpr int kSignatureFreeContext = 16;
inline constexpr int kSignatureDuplicateContext = 17;
inline constexpr int kSignatureSetContextParams = 20;
inline constexpr int kSignatureSettableContextParams = 21;

// The selection of a key's public parts: EVP_PKEY_PUBLIC_KEY.
inline constexpr int kPublicKey = 0x86;
}  // namespace dispatch

template <typename Function>
OSSL_DISPATCH Entry(int function_id, Function* function) {
  return OSSL_DISPATCH{function_id, reinterpret_cast<void (*)()>(function)};
}

constexpr size_t kUnmodified = static_cast<size_t>(-1);

constexpr OSSL_PARAM Describe(const char* key, unsigned int type) { return OSSL_PARAM{key, type, nullptr, 0, kUnmodified}; }
constexpr OSSL_PARAM kNoMoreParams{nullptr, 0, nullptr, 0, 0};

}  // namespace tls::openssl
