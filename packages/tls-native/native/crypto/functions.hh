// The functions of OpenSSL 3 that the crypto provider calls, declared by hand and found at run time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tls::crypto {

// These types are opaque to us.
struct EVP_CIPHER;
struct EVP_CIPHER_CTX;
struct EVP_KEM;
struct EVP_MD;
struct EVP_MD_CTX;
struct EVP_PKEY;
struct EVP_PKEY_CTX;
struct EVP_SIGNATURE;
struct OPENSSL_INIT_SETTINGS;
struct OSSL_LIB_CTX;

struct OSSL_PARAM {
  const char* key;
  unsigned int data_type;
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
  F(EVP_DigestFinal_ex, int, (EVP_MD_CTX*, unsigned char*, unsigned*))                                              \
  F(EVP_CIPHER_fetch, EVP_CIPHER*, (OSSL_LIB_CTX*, const char*, const char*))                                       \
  F(EVP_CIPHER_CTX_new, EVP_CIPHER_CTX*, ())                                                                        \
  F(EVP_CIPHER_CTX_free, void, (EVP_CIPHER_CTX*))                                                                   \
  F(EVP_CIPHER_CTX_ctrl, int, (EVP_CIPHER_CTX*, int, int, void*))                                                   \
  F(EVP_CipherInit_ex2, int,                                                                                        \
    (EVP_CIPHER_CTX*, const EVP_CIPHER*, const unsigned char*, const unsigned char*, int, const OSSL_PARAM*))       \
  F(EVP_CipherUpdate, int, (EVP_CIPHER_CTX*, unsigned char*, int*, const unsigned char*, int))                      \
  F(EVP_CipherFinal_ex, int, (EVP_CIPHER_CTX*, unsigned char*, int*))                                               \
  F(EVP_PKEY_new, EVP_PKEY*, ())                                                                                    \
  F(EVP_PKEY_free, void, (EVP_PKEY*))                                                                               \
  F(EVP_PKEY_copy_parameters, int, (EVP_PKEY*, const EVP_PKEY*))                                                    \
  F(EVP_PKEY_new_raw_private_key_ex, EVP_PKEY*,                                                                     \
    (OSSL_LIB_CTX*, const char*, const char*, const unsigned char*, size_t))                                        \
  F(EVP_PKEY_new_raw_public_key_ex, EVP_PKEY*,                                                                      \
    (OSSL_LIB_CTX*, const char*, const char*, const unsigned char*, size_t))                                        \
  F(EVP_PKEY_set1_encoded_public_key, int, (EVP_PKEY*, const unsigned char*, size_t))                               \
  F(EVP_PKEY_get_octet_string_param, int, (const EVP_PKEY*, const char*, unsigned char*, size_t, size_t*))          \
  F(EVP_PKEY_CTX_new_from_name, EVP_PKEY_CTX*, (OSSL_LIB_CTX*, const char*, const char*))                           \
  F(EVP_PKEY_CTX_new_from_pkey, EVP_PKEY_CTX*, (OSSL_LIB_CTX*, EVP_PKEY*, const char*))                             \
  F(EVP_PKEY_CTX_free, void, (EVP_PKEY_CTX*))                                                                       \
  F(EVP_PKEY_CTX_set_params, int, (EVP_PKEY_CTX*, const OSSL_PARAM*))                                               \
  F(EVP_PKEY_keygen_init, int, (EVP_PKEY_CTX*))                                                                     \
  F(EVP_PKEY_generate, int, (EVP_PKEY_CTX*, EVP_PKEY**))                                                            \
  F(EVP_PKEY_fromdata_init, int, (EVP_PKEY_CTX*))                                                                   \
  F(EVP_PKEY_fromdata, int, (EVP_PKEY_CTX*, EVP_PKEY**, int, OSSL_PARAM*))                                          \
  F(EVP_PKEY_private_check, int, (EVP_PKEY_CTX*))                                                                   \
  F(EVP_PKEY_derive_init, int, (EVP_PKEY_CTX*))                                                                     \
  F(EVP_PKEY_derive_set_peer_ex, int, (EVP_PKEY_CTX*, EVP_PKEY*, int))                                              \
  F(EVP_PKEY_derive, int, (EVP_PKEY_CTX*, unsigned char*, size_t*))                                                 \
  F(EVP_KEM_fetch, EVP_KEM*, (OSSL_LIB_CTX*, const char*, const char*))                                             \
  F(EVP_KEM_free, void, (EVP_KEM*))                                                                                 \
  F(EVP_PKEY_encapsulate_init, int, (EVP_PKEY_CTX*, const OSSL_PARAM*))                                             \
  F(EVP_PKEY_encapsulate, int, (EVP_PKEY_CTX*, unsigned char*, size_t*, unsigned char*, size_t*))                   \
  F(EVP_PKEY_decapsulate_init, int, (EVP_PKEY_CTX*, const OSSL_PARAM*))                                             \
  F(EVP_PKEY_decapsulate, int, (EVP_PKEY_CTX*, unsigned char*, size_t*, const unsigned char*, size_t))              \
  F(d2i_PUBKEY, EVP_PKEY*, (EVP_PKEY**, const unsigned char**, long))                                               \
  F(i2d_PUBKEY, int, (const EVP_PKEY*, unsigned char**))                                                            \
  F(d2i_AutoPrivateKey, EVP_PKEY*, (EVP_PKEY**, const unsigned char**, long))                                       \
  F(EVP_SIGNATURE_fetch, EVP_SIGNATURE*, (OSSL_LIB_CTX*, const char*, const char*))                                 \
  F(EVP_SIGNATURE_free, void, (EVP_SIGNATURE*))                                                                     \
  F(EVP_DigestSignInit_ex, int,                                                                                     \
    (EVP_MD_CTX*, EVP_PKEY_CTX**, const char*, OSSL_LIB_CTX*, const char*, EVP_PKEY*, const OSSL_PARAM*))           \
  F(EVP_DigestSign, int, (EVP_MD_CTX*, unsigned char*, size_t*, const unsigned char*, size_t))                      \
  F(EVP_DigestVerifyInit_ex, int,                                                                                   \
    (EVP_MD_CTX*, EVP_PKEY_CTX**, const char*, OSSL_LIB_CTX*, const char*, EVP_PKEY*, const OSSL_PARAM*))           \
  F(EVP_DigestVerify, int, (EVP_MD_CTX*, const unsigned char*, size_t, const unsigned char*, size_t))

struct Functions {
#define TLS_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
  TLS_PROVIDER_FUNCTIONS(TLS_MEMBER)
#undef TLS_MEMBER
};

// The numbers that OpenSSL's headers define as macros; they are part of its binary interface.
namespace constant {
inline constexpr uint64_t kInitNoAtexit = 0x00080000;
inline constexpr unsigned long kOldestVersion = 0x30000000UL;
inline constexpr int kCtrlGetTag = 0x10;
inline constexpr int kCtrlSetTag = 0x11;
inline constexpr unsigned int kParamUtf8 = 4;
inline constexpr unsigned int kParamOctets = 5;
inline constexpr int kSelectKeyPair = 0x87;    // a private key with its parameters
inline constexpr int kSelectPublicKey = 0x86;  // a public key with its parameters
}  // namespace constant

}  // namespace tls::crypto
