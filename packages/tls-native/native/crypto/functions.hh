// The functions of OpenSSL 3 that the crypto provider calls, declared by hand and found at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tls::crypto {

// These types are opaque to us.
struct EVP_CIPHER;
struct EVP_CIPHER_CTX;
struct EVP_KEYMGMT;
struct EVP_MD;
struct EVP_MD_CTX;
struct EVP_PKEY;
struct EVP_PKEY_CTX;
struct EVP_SIGNATURE;
struct OPENSSL_INIT_SETTINGS;
struct OSSL_LIB_CTX;

struct OSSL_PARAM {
  const char* key;
  unsigned char data_type;
  void* data;
  size_t data_size;
  size_t return_size;
};

// Each row has a function's name, result and parameters. All of them are in OpenSSL 3.0 and in what came after it.
#define TLS_PROVIDER_FUNCTIONS(F)                                                                                   \
  F(OpenSSL_version, const char*, (int))                                                                            \
  F(OpenSSL_version_num, unsigned long, ())                                                                         \
  F(OPENSSL_init_crypto, int, (uint64_t, const OPENSSL_INIT_SETTINGS*))                                             \
  F(OPENSSL_cleanse, void, (void*, size_t))                                                                         \
  F(CRYPTO_free, void, (void*, const char*, int))                                                                   \
  F(ERR_clear_error, void, ())                                                                                      \
  F(RAND_bytes_ex, int, (OSSL_LIB_CTX*, unsigned char*, size_t, unsigned))                                          \
  F(RAND_priv_bytes_ex, int, (OSSL_LIB_CTX*, unsigned char*, size_t, unsigned))                                     \
  F(EVP_MD_fetch, EVP_MD*, (OSSL_LIB_CTX*, const char*, const char*))                                               \
  F(EVP_MD_free, void, (EVP_MD*))                                                                                   \
  F(EVP_MD_CTX_new, EVP_MD_CTX*, ())                                                                                \
  F(EVP_MD_CTX_free, void, (EVP_MD_CTX*))                                                                           \
  F(EVP_MD_CTX_copy_ex, int, (EVP_MD_CTX*, const EVP_MD_CTX*))                                                      \
  F(EVP_DigestInit_ex2, int, (EVP_MD_CTX*, const EVP_MD*, const OSSL_PARAM*))                                       \
  F(EVP_DigestUpdate, int, (EVP_MD_CTX*, const void*, size_t))                                                      \
  F(EVP_DigestFinal_ex, int, (EVP_MD_CTX*, unsigned char*, unsigned*))

struct Functions {
#define TLS_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
  TLS_PROVIDER_FUNCTIONS(TLS_MEMBER)
#undef TLS_MEMBER
};

// The numbers that OpenSSL's headers define as macros; they are part of its binary interface.
namespace constant {
inline constexpr uint64_t kInitNoAtexit = 0x00080000;
inline constexpr unsigned long kOldestVersion = 0x30000000UL;
}  // namespace constant

}  // namespace tls::crypto
