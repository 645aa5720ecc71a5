// OpenSSL 3 as a table of functions that are found at run time: nothing of OpenSSL is needed for the build, and Node's own copy
// is not bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// These types are opaque to us.
struct SSL;
struct SSL_CTX;
struct SSL_METHOD;
struct SSL_CIPHER;
struct BIO;
struct BIO_METHOD;
struct X509;
struct X509_STORE;
struct X509_STORE_CTX;
struct OSSL_PARAM {
  const char* key;
  unsigned int data_type;
  void* data;
  size_t data_size;
  size_t return_size;
};
struct X509_VERIFY_PARAM;
struct CONF;
struct CONF_METHOD;
struct EVP_PKEY;
struct EVP_PKEY_CTX;
struct EVP_MD_CTX;
struct EVP_CIPHER;
struct EVP_MD;
struct EVP_CIPHER_CTX;
struct EVP_MAC_CTX;
struct X509_NAME;
struct SSL_SESSION;
struct ENGINE;
struct OPENSSL_STACK;
struct OCSP_RESPONSE;
struct OCSP_BASICRESP;
struct OCSP_CERTID;
struct OCSP_SINGLERESP;
struct ASN1_INTEGER;
struct ASN1_TIME;
struct EVP_MD;
struct OPENSSL_INIT_SETTINGS;
struct OSSL_LIB_CTX;
struct OSSL_PROVIDER;
struct OSSL_CORE_HANDLE;
struct OSSL_DISPATCH;

namespace tls::openssl {

using AlpnSelectCallback = int (*)(SSL*, const unsigned char**, unsigned char*, const unsigned char*, unsigned, void*);
using InfoCallback = void (*)(const SSL*, int, int);
using KeyLogCallback = void (*)(const SSL*, const char*);
using VerifyCallback = int (*)(X509_STORE_CTX*, void*);
using ClientHelloCallback = int (*)(SSL*, int*, void*);
using CertificateCallback = int (*)(SSL*, void*);
using NewSessionCallback = int (*)(SSL*, SSL_SESSION*);
using GenerateTicketCallback = int (*)(SSL*, void*);
using DecryptTicketCallback = int (*)(SSL*, SSL_SESSION*, const unsigned char*, size_t, int, void*);
using TicketKeyCallback = int (*)(SSL*, unsigned char*, unsigned char*, EVP_CIPHER_CTX*, EVP_MAC_CTX*, int);
using FindSessionCallback = int (*)(SSL*, const unsigned char*, size_t, SSL_SESSION**);
using UseSessionCallback = int (*)(SSL*, const EVP_MD*, const unsigned char**, size_t*, SSL_SESSION**);
using AllowEarlyDataCallback = int (*)(SSL*, void*);
using StatusCallback = int (*)(SSL*, void*);
using ProviderInit = int (*)(const OSSL_CORE_HANDLE*, const OSSL_DISPATCH*, const OSSL_DISPATCH**, void**);
using ParamCallback = int (*)(const OSSL_PARAM*, void*);
using MessageCallback = void (*)(int, int, int, const void*, size_t, SSL*, void*);

// Each row has a function's name, result and parameters. These functions are libcrypto's.
#define TLS_CRYPTO_FUNCTIONS(F)                                                        \
  F(OPENSSL_init_crypto, int, (uint64_t, const OPENSSL_INIT_SETTINGS*))                \
  F(OPENSSL_cleanse, void, (void*, size_t))                                            \
  F(OpenSSL_version, const char*, (int))                                               \
  F(OpenSSL_version_num, unsigned long, ())                                            \
  F(OPENSSL_sk_num, int, (const OPENSSL_STACK*))                                       \
  F(OPENSSL_sk_value, void*, (const OPENSSL_STACK*, int))                              \
  F(OPENSSL_sk_new_null, OPENSSL_STACK*, ())                                           \
  F(OPENSSL_sk_push, int, (OPENSSL_STACK*, const void*))                               \
  F(OPENSSL_sk_free, void, (OPENSSL_STACK*))                                           \
  F(ERR_clear_error, void, ())                                                         \
  F(ERR_peek_error, unsigned long, ())                                                 \
  F(NCONF_new, CONF*, (CONF_METHOD*))                                                  \
  F(NCONF_free, void, (CONF*))                                                         \
  F(NCONF_load, int, (CONF*, const char*, long*))                                      \
  F(NCONF_get_string, char*, (const CONF*, const char*, const char*))                  \
  F(NCONF_get_section, OPENSSL_STACK*, (const CONF*, const char*))                     \
  F(EVP_default_properties_is_fips_enabled, int, (OSSL_LIB_CTX*))                      \
  F(X509_get_default_cert_file, const char*, ())                                       \
  F(X509_get_default_cert_dir, const char*, ())                                        \
  F(X509_STORE_load_file, int, (X509_STORE*, const char*))                             \
  F(X509_STORE_load_path, int, (X509_STORE*, const char*))                             \
  F(ERR_get_error, unsigned long, ())                                                  \
  F(ERR_reason_error_string, const char*, (unsigned long))                             \
  F(BIO_meth_new, BIO_METHOD*, (int, const char*))                                     \
  F(BIO_meth_set_read, int, (BIO_METHOD*, int (*)(BIO*, char*, int)))                  \
  F(BIO_meth_set_write, int, (BIO_METHOD*, int (*)(BIO*, const char*, int)))           \
  F(BIO_meth_set_ctrl, int, (BIO_METHOD*, long (*)(BIO*, int, long, void*)))           \
  F(BIO_new, BIO*, (const BIO_METHOD*))                                                \
  F(BIO_set_data, void, (BIO*, void*))                                                 \
  F(BIO_get_data, void*, (BIO*))                                                       \
  F(BIO_set_init, void, (BIO*, int))                                                   \
  F(BIO_set_flags, void, (BIO*, int))                                                  \
  F(BIO_clear_flags, void, (BIO*, int))                                                \
  F(d2i_X509, X509*, (X509**, const unsigned char**, long))                            \
  F(i2d_X509, int, (const X509*, unsigned char**))                                     \
  F(X509_free, void, (X509*))                                                          \
  F(X509_get0_pubkey, EVP_PKEY*, (const X509*))                                        \
  F(X509_check_private_key, int, (const X509*, const EVP_PKEY*))                       \
  F(X509_verify_cert_error_string, const char*, (long))                                \
  F(X509_get_extension_flags, uint32_t, (X509*))                                       \
  F(X509_get_key_usage, uint32_t, (X509*))                                             \
  F(ASYNC_pause_job, int, ())                                                          \
  F(CRYPTO_free, void, (void*, const char*, int))                                      \
  F(CRYPTO_malloc, void*, (size_t, const char*, int))                                  \
  F(CONF_get1_default_config_file, char*, ())                                          \
  F(RAND_bytes, int, (unsigned char*, int))                                            \
  F(OPENSSL_sk_pop_free, void, (OPENSSL_STACK*, void (*)(void*)))                      \
  F(X509_get_ext_d2i, void*, (const X509*, int, int*, int*))                           \
  F(ASN1_INTEGER_get, long, (const ASN1_INTEGER*))                                     \
  F(ASN1_INTEGER_free, void, (ASN1_INTEGER*))                                          \
  F(ASN1_TIME_set, ASN1_TIME*, (ASN1_TIME*, int64_t))                                  \
  F(ASN1_TIME_free, void, (ASN1_TIME*))                                                \
  F(ASN1_TIME_diff, int, (int*, int*, const ASN1_TIME*, const ASN1_TIME*))             \
  F(X509_get0_notAfter, const ASN1_TIME*, (const X509*))                               \
  F(ASN1_TIME_cmp_time_t, int, (const ASN1_TIME*, int64_t))                            \
  F(EVP_sha1, const EVP_MD*, ())                                                       \
  F(EVP_sha256, const EVP_MD*, ())                                                     \
  F(EVP_Digest, int, (const void*, size_t, unsigned char*, unsigned*, const EVP_MD*, ENGINE*)) \
  F(X509_up_ref, int, (X509*))                                                         \
  F(X509_STORE_CTX_set0_verified_chain, void, (X509_STORE_CTX*, OPENSSL_STACK*))       \
  F(d2i_OCSP_RESPONSE, OCSP_RESPONSE*, (OCSP_RESPONSE**, const unsigned char**, long)) \
  F(OCSP_RESPONSE_free, void, (OCSP_RESPONSE*))                                        \
  F(OCSP_response_status, int, (OCSP_RESPONSE*))                                       \
  F(OCSP_response_get1_basic, OCSP_BASICRESP*, (OCSP_RESPONSE*))                       \
  F(OCSP_BASICRESP_free, void, (OCSP_BASICRESP*))                                      \
  F(OCSP_basic_verify, int, (OCSP_BASICRESP*, OPENSSL_STACK*, X509_STORE*, unsigned long)) \
  F(OCSP_cert_to_id, OCSP_CERTID*, (const EVP_MD*, const X509*, const X509*))          \
  F(OCSP_CERTID_free, void, (OCSP_CERTID*))                                            \
  F(OCSP_resp_find, int, (OCSP_BASICRESP*, OCSP_CERTID*, int))                         \
  F(OCSP_resp_get0, OCSP_SINGLERESP*, (OCSP_BASICRESP*, int))                          \
  F(OCSP_single_get0_status, int, (OCSP_SINGLERESP*, int*, ASN1_TIME**, ASN1_TIME**, ASN1_TIME**)) \
  F(EVP_MD_get_size, int, (const EVP_MD*))                                             \
  F(EVP_aes_256_cbc, const EVP_CIPHER*, ())                                            \
  F(EVP_EncryptInit_ex, int, (EVP_CIPHER_CTX*, const EVP_CIPHER*, ENGINE*, const unsigned char*, const unsigned char*)) \
  F(EVP_DecryptInit_ex, int, (EVP_CIPHER_CTX*, const EVP_CIPHER*, ENGINE*, const unsigned char*, const unsigned char*)) \
  F(EVP_MAC_CTX_set_params, int, (EVP_MAC_CTX*, const OSSL_PARAM*))                    \
  F(d2i_X509_NAME, X509_NAME*, (X509_NAME**, const unsigned char**, long))             \
  F(i2d_X509_NAME, int, (const X509_NAME*, unsigned char**))                           \
  F(X509_NAME_free, void, (X509_NAME*))                                                \
  F(X509_get_issuer_name, X509_NAME*, (const X509*))                                   \
  F(X509_verify_cert, int, (X509_STORE_CTX*))                                          \
  F(X509_STORE_CTX_get_error, int, (const X509_STORE_CTX*))                            \
  F(X509_STORE_CTX_get_ex_data, void*, (const X509_STORE_CTX*, int))                   \
  F(X509_STORE_CTX_get0_cert, X509*, (const X509_STORE_CTX*))                          \
  F(X509_STORE_CTX_get0_untrusted, OPENSSL_STACK*, (const X509_STORE_CTX*))            \
  F(X509_VERIFY_PARAM_set_time, void, (X509_VERIFY_PARAM*, int64_t))                   \
  F(X509_STORE_CTX_get0_chain, OPENSSL_STACK*, (const X509_STORE_CTX*))                \
  F(X509_STORE_CTX_set_error, void, (X509_STORE_CTX*, int))                            \
  F(X509_STORE_new, X509_STORE*, ())                                                   \
  F(X509_STORE_free, void, (X509_STORE*))                                              \
  F(X509_STORE_up_ref, int, (X509_STORE*))                                             \
  F(X509_STORE_add_cert, int, (X509_STORE*, X509*))                                    \
  F(X509_STORE_set_default_paths, int, (X509_STORE*))                                  \
  F(X509_STORE_set_flags, int, (X509_STORE*, unsigned long))                           \
  F(X509_VERIFY_PARAM_set1_host, int, (X509_VERIFY_PARAM*, const char*, size_t))       \
  F(X509_VERIFY_PARAM_set1_ip_asc, int, (X509_VERIFY_PARAM*, const char*))             \
  F(X509_VERIFY_PARAM_set_hostflags, void, (X509_VERIFY_PARAM*, unsigned))             \
  F(d2i_AutoPrivateKey, EVP_PKEY*, (EVP_PKEY**, const unsigned char**, long))          \
  F(EVP_PKEY_free, void, (EVP_PKEY*))                                                  \
  F(EVP_PKEY_get_id, int, (const EVP_PKEY*))                                           \
  F(EVP_PKEY_get0_type_name, const char*, (const EVP_PKEY*))                           \
  F(EVP_PKEY_get_size, int, (const EVP_PKEY*))                                         \
  F(EVP_PKEY_get_params, int, (const EVP_PKEY*, OSSL_PARAM*))                          \
  F(EVP_PKEY_eq, int, (const EVP_PKEY*, const EVP_PKEY*))                              \
  F(EVP_PKEY_up_ref, int, (EVP_PKEY*))                                                 \
  F(EVP_PKEY_export, int, (const EVP_PKEY*, int, ParamCallback, void*))                \
  F(EVP_PKEY_fromdata_init, int, (EVP_PKEY_CTX*))                                      \
  F(EVP_PKEY_fromdata, int, (EVP_PKEY_CTX*, EVP_PKEY**, int, OSSL_PARAM*))             \
  F(EVP_PKEY_CTX_new_from_name, EVP_PKEY_CTX*, (OSSL_LIB_CTX*, const char*, const char*))\
  F(EVP_PKEY_CTX_set_params, int, (EVP_PKEY_CTX*, const OSSL_PARAM*))                  \
  F(EVP_PKEY_CTX_free, void, (EVP_PKEY_CTX*))                                          \
  F(EVP_MD_CTX_new, EVP_MD_CTX*, ())                                                   \
  F(EVP_MD_CTX_free, void, (EVP_MD_CTX*))                                              \
  F(EVP_DigestSignInit_ex, int,                                                        \
    (EVP_MD_CTX*, EVP_PKEY_CTX**, const char*, OSSL_LIB_CTX*, const char*, EVP_PKEY*, const OSSL_PARAM*)) \
  F(EVP_DigestSign, int, (EVP_MD_CTX*, unsigned char*, size_t*, const unsigned char*, size_t))\
  F(OSSL_LIB_CTX_new, OSSL_LIB_CTX*, ())                                               \
  F(OSSL_PROVIDER_add_builtin, int, (OSSL_LIB_CTX*, const char*, ProviderInit))        \
  F(OSSL_PROVIDER_load, OSSL_PROVIDER*, (OSSL_LIB_CTX*, const char*))                  \
  F(EVP_PKEY_get_utf8_string_param, int, (const EVP_PKEY*, const char*, char*, size_t, size_t*))

// These functions are libssl's.
#define TLS_SSL_FUNCTIONS(F)                                                           \
  F(OPENSSL_init_ssl, int, (uint64_t, const OPENSSL_INIT_SETTINGS*))                   \
  F(TLS_client_method, const SSL_METHOD*, ())                                          \
  F(TLS_server_method, const SSL_METHOD*, ())                                          \
  F(SSL_CTX_new, SSL_CTX*, (const SSL_METHOD*))                                        \
  F(SSL_CTX_free, void, (SSL_CTX*))                                                    \
  F(SSL_CTX_ctrl, long, (SSL_CTX*, int, long, void*))                                  \
  F(SSL_CTX_set_options, uint64_t, (SSL_CTX*, uint64_t))                               \
  F(SSL_CTX_clear_options, uint64_t, (SSL_CTX*, uint64_t))                             \
  F(SSL_CTX_set_cipher_list, int, (SSL_CTX*, const char*))                             \
  F(SSL_CTX_set_ciphersuites, int, (SSL_CTX*, const char*))                            \
  F(SSL_CTX_set_alpn_protos, int, (SSL_CTX*, const unsigned char*, unsigned))          \
  F(SSL_CTX_set_alpn_select_cb, void, (SSL_CTX*, AlpnSelectCallback, void*))           \
  F(SSL_CTX_set_cert_store, void, (SSL_CTX*, X509_STORE*))                             \
  F(SSL_CTX_set_info_callback, void, (SSL_CTX*, InfoCallback))                         \
  F(SSL_CTX_set_keylog_callback, void, (SSL_CTX*, KeyLogCallback))                     \
  F(SSL_CTX_set_msg_callback, void, (SSL_CTX*, MessageCallback))                       \
  F(SSL_CTX_set_num_tickets, int, (SSL_CTX*, size_t))                                  \
  F(SSL_CTX_set_verify, void, (SSL_CTX*, int, void*))                                  \
  F(SSL_CTX_set_cert_verify_callback, void, (SSL_CTX*, VerifyCallback, void*))         \
  F(SSL_CTX_set_client_hello_cb, void, (SSL_CTX*, ClientHelloCallback, void*))         \
  F(SSL_CTX_set_cert_cb, void, (SSL_CTX*, CertificateCallback, void*))                 \
  F(SSL_CTX_sess_set_new_cb, void, (SSL_CTX*, NewSessionCallback))                     \
  F(SSL_CTX_set_session_ticket_cb, int, (SSL_CTX*, GenerateTicketCallback, DecryptTicketCallback, void*)) \
  F(SSL_CTX_set_tlsext_ticket_key_evp_cb, int, (SSL_CTX*, TicketKeyCallback))          \
  F(SSL_CTX_get_security_level, int, (const SSL_CTX*))                                 \
  F(SSL_CTX_set_security_level, void, (SSL_CTX*, int))                                 \
  F(SSL_CTX_get_ciphers, OPENSSL_STACK*, (const SSL_CTX*))                             \
  F(SSL_CTX_set_psk_find_session_callback, void, (SSL_CTX*, FindSessionCallback))      \
  F(SSL_CTX_set_psk_use_session_callback, void, (SSL_CTX*, UseSessionCallback))        \
  F(SSL_CTX_set_max_early_data, int, (SSL_CTX*, uint32_t))                             \
  F(SSL_CTX_set_recv_max_early_data, int, (SSL_CTX*, uint32_t))                        \
  F(SSL_set_max_early_data, int, (SSL*, uint32_t))                                     \
  F(SSL_CTX_set_allow_early_data_cb, void, (SSL_CTX*, AllowEarlyDataCallback, void*))  \
  F(SSL_write_early_data, int, (SSL*, const void*, size_t, size_t*))                   \
  F(SSL_read_early_data, int, (SSL*, void*, size_t, size_t*))                          \
  F(SSL_get_early_data_status, int, (const SSL*))                                      \
  F(SSL_get_client_random, size_t, (const SSL*, unsigned char*, size_t))               \
  F(SSL_export_keying_material_early, int,                                             \
    (SSL*, unsigned char*, size_t, const char*, size_t, const unsigned char*, size_t)) \
  F(SSL_CIPHER_find, const SSL_CIPHER*, (SSL*, const unsigned char*))                  \
  F(SSL_set_ciphersuites, int, (SSL*, const char*))                                    \
  F(SSL_SESSION_new, SSL_SESSION*, ())                                                 \
  F(SSL_SESSION_set1_master_key, int, (SSL_SESSION*, const unsigned char*, size_t))    \
  F(SSL_SESSION_set_cipher, int, (SSL_SESSION*, const SSL_CIPHER*))                    \
  F(SSL_SESSION_set1_id_context, int, (SSL_SESSION*, const unsigned char*, unsigned))  \
  F(SSL_SESSION_set_protocol_version, int, (SSL_SESSION*, int))                        \
  F(SSL_SESSION_set_timeout, long, (SSL_SESSION*, long))                               \
  F(SSL_CTX_set_timeout, long, (SSL_CTX*, long))                                       \
  F(SSL_CTX_set_session_id_context, int, (SSL_CTX*, const unsigned char*, unsigned))   \
  F(SSL_CTX_set0_CA_list, void, (SSL_CTX*, OPENSSL_STACK*))                            \
  F(SSL_CTX_callback_ctrl, long, (SSL_CTX*, int, void (*)()))                          \
  F(SSL_client_hello_get0_legacy_version, unsigned, (SSL*))                            \
  F(SSL_client_hello_get0_ciphers, size_t, (SSL*, const unsigned char**))              \
  F(SSL_client_hello_get0_ext, int, (SSL*, unsigned, const unsigned char**, size_t*))  \
  F(SSL_client_hello_get1_extensions_present, int, (SSL*, int**, size_t*))             \
  F(SSL_use_cert_and_key, int, (SSL*, X509*, EVP_PKEY*, OPENSSL_STACK*, int))          \
  F(SSL_get0_peer_CA_list, const OPENSSL_STACK*, (const SSL*))                         \
  F(SSL_get_sigalgs, int, (SSL*, int, int*, int*, int*, unsigned char*, unsigned char*)) \
  F(SSL_get_ex_data_X509_STORE_CTX_idx, int, ())                                       \
  F(SSL_set_session, int, (SSL*, SSL_SESSION*))                                        \
  F(SSL_get_session, SSL_SESSION*, (const SSL*))                                       \
  F(SSL_session_reused, int, (const SSL*))                                             \
  F(SSL_SESSION_free, void, (SSL_SESSION*))                                            \
  F(SSL_SESSION_get_max_early_data, uint32_t, (const SSL_SESSION*))                    \
  F(SSL_SESSION_get0_cipher, const SSL_CIPHER*, (const SSL_SESSION*))                   \
  F(SSL_SESSION_get_ticket_lifetime_hint, unsigned long, (const SSL_SESSION*))         \
  F(SSL_SESSION_get_timeout, long, (const SSL_SESSION*))                               \
  F(SSL_SESSION_get0_ticket, void, (const SSL_SESSION*, const unsigned char**, size_t*)) \
  F(SSL_SESSION_get_protocol_version, int, (const SSL_SESSION*))                       \
  F(SSL_set_num_tickets, int, (SSL*, size_t))                                          \
  F(SSL_SESSION_has_ticket, int, (const SSL_SESSION*))                                 \
  F(SSL_SESSION_is_resumable, int, (const SSL_SESSION*))                               \
  F(SSL_SESSION_set1_ticket_appdata, int, (SSL_SESSION*, const void*, size_t))         \
  F(SSL_SESSION_get0_ticket_appdata, int, (SSL_SESSION*, void**, size_t*))             \
  F(d2i_SSL_SESSION, SSL_SESSION*, (SSL_SESSION**, const unsigned char**, long))       \
  F(i2d_SSL_SESSION, int, (const SSL_SESSION*, unsigned char**))                       \
  F(SSL_CTX_use_cert_and_key, int, (SSL_CTX*, X509*, EVP_PKEY*, OPENSSL_STACK*, int))  \
  F(SSL_new, SSL*, (SSL_CTX*))                                                         \
  F(SSL_free, void, (SSL*))                                                            \
  F(SSL_ctrl, long, (SSL*, int, long, void*))                                          \
  F(SSL_do_handshake, int, (SSL*))                                                     \
  F(SSL_export_keying_material, int,                                                   \
    (SSL*, unsigned char*, size_t, const char*, size_t, const unsigned char*, size_t, int)) \
  F(SSL_get0_alpn_selected, void, (const SSL*, const unsigned char**, unsigned*))      \
  F(SSL_get0_param, X509_VERIFY_PARAM*, (SSL*))                                        \
  F(SSL_get0_verified_chain, OPENSSL_STACK*, (const SSL*))                             \
  F(SSL_get1_peer_certificate, X509*, (const SSL*))                                    \
  F(SSL_get_certificate, X509*, (const SSL*))                                          \
  F(SSL_get_current_cipher, const SSL_CIPHER*, (const SSL*))                           \
  F(SSL_CIPHER_get_protocol_id, uint16_t, (const SSL_CIPHER*))                         \
  F(SSL_get_error, int, (const SSL*, int))                                             \
  F(SSL_in_init, int, (const SSL*))                                                    \
  F(SSL_get_ex_data, void*, (const SSL*, int))                                         \
  F(SSL_set_ex_data, int, (SSL*, int, void*))                                          \
  F(SSL_get_peer_cert_chain, OPENSSL_STACK*, (const SSL*))                             \
  F(SSL_get_peer_signature_type_nid, int, (const SSL*, int*))                          \
  F(SSL_get_signature_type_nid, int, (const SSL*, int*))                               \
  F(SSL_get_servername, const char*, (const SSL*, int))                                \
  F(SSL_version, int, (const SSL*))                                                    \
  F(SSL_key_update, int, (SSL*, int))                                                  \
  F(SSL_read_ex, int, (SSL*, void*, size_t, size_t*))                                  \
  F(SSL_set0_rbio, void, (SSL*, BIO*))                                                 \
  F(SSL_set0_wbio, void, (SSL*, BIO*))                                                 \
  F(SSL_set_accept_state, void, (SSL*))                                                \
  F(SSL_set_alpn_protos, int, (SSL*, const unsigned char*, unsigned))                  \
  F(SSL_set_connect_state, void, (SSL*))                                               \
  F(SSL_get_shutdown, int, (const SSL*))                                               \
  F(SSL_has_pending, int, (const SSL*))                                                \
  F(SSL_shutdown, int, (SSL*))                                                         \
  F(SSL_write_ex, int, (SSL*, const void*, size_t, size_t*))

// One of two functions is enough. The first is of OpenSSL 3.3 and newer, which for Windows Node exports alone from 22 on; the second is older.
#define TLS_SSL_SUCCESSORS(F)                                                          \
  F(SSL_SESSION_set_time_ex, int64_t, (SSL_SESSION*, int64_t), SSL_SESSION_set_time, long, (SSL_SESSION*, long))

struct Functions {
#define TLS_MEMBERS(name, result, parameters, older_name, older_result, older_parameters) \
  result(*name) parameters = nullptr;                                                     \
  older_result(*older_name) older_parameters = nullptr;
  TLS_SSL_SUCCESSORS(TLS_MEMBERS)
#undef TLS_MEMBERS
#define TLS_MEMBER(name, result, parameters) result(*name) parameters = nullptr;
  TLS_CRYPTO_FUNCTIONS(TLS_MEMBER)
  TLS_SSL_FUNCTIONS(TLS_MEMBER)
#undef TLS_MEMBER
};

// The numbers that OpenSSL's headers define as macros; they are part of its binary interface since 1.1.
namespace constant {
inline constexpr int kCtrlMessageCallbackArg = 16;
inline constexpr int kCtrlExtendedMainSecret = 122;
inline constexpr int kCtrlMode = 33;
inline constexpr int kCtrlClearMode = 78;
inline constexpr int kCtrlStatusCallback = 63;
inline constexpr int kCtrlStatusType = 65;
inline constexpr int kCtrlGetOcspResponse = 70;
inline constexpr int kCtrlSetOcspResponse = 71;
inline constexpr int kStatusTypeOcsp = 1;
inline constexpr int kStatusRefused = 0;  // from a client it means bad_certificate_status_response
inline constexpr int kStatusSent = 0;
inline constexpr int kStatusNone = 3;
inline constexpr int kCtrlSessionCacheMode = 44;
inline constexpr int kCtrlServerNameCallback = 53;
inline constexpr int kCtrlHostName = 55;
inline constexpr int kCtrlGroupsList = 92;
inline constexpr int kCtrlSigalgsList = 98;
inline constexpr int kCtrlGetCertificateTypes = 103;
inline constexpr int kCtrlClientSigalgsList = 102;
inline constexpr int kCtrlPeerSignatureNid = 108;
inline constexpr int kCtrlMinVersion = 123;
inline constexpr int kCtrlMaxVersion = 124;
inline constexpr int kCtrlMaxCertList = 51;
inline constexpr int kCtrlGetMinVersion = 130;
inline constexpr int kCtrlGetMaxVersion = 131;
inline constexpr int kCtrlSignatureNid = 132;
inline constexpr int kCtrlNegotiatedGroup = 134;

inline constexpr long kModeReleaseBuffers = 0x10;
inline constexpr long kModeAsync = 0x100;
inline constexpr long kModeSendFallback = 0x80;
inline constexpr long kCacheClient = 0x001 | 0x080 | 0x100 | 0x200;
inline constexpr uint64_t kOptionLegacyServerConnect = uint64_t{1} << 2;
inline constexpr uint64_t kOptionNoTicket = uint64_t{1} << 14;
inline constexpr uint64_t kOptionNoAntiReplay = uint64_t{1} << 24;
inline constexpr uint64_t kOptionNoCompression = uint64_t{1} << 17;
inline constexpr uint64_t kOptionPrioritizeChaCha = uint64_t{1} << 21;
inline constexpr uint64_t kOptionServerPreference = uint64_t{1} << 22;
inline constexpr uint64_t kOptionNoRenegotiation = uint64_t{1} << 30;

inline constexpr int kEarlyDataError = 0;
inline constexpr int kEarlyDataRead = 1;
inline constexpr int kEarlyDataRejected = 1;
inline constexpr int kEarlyDataAccepted = 2;

inline constexpr int kVerifyNone = 0;
inline constexpr int kVerifyPeer = 1;
inline constexpr int kVerifyRequired = 2;
inline constexpr unsigned long kFlagTrustedFirst = 0x8000;
inline constexpr unsigned long kFlagPartialChain = 0x80000;
inline constexpr uint32_t kCertificateIsCa = 0x10;
inline constexpr uint32_t kUsageDigitalSignature = 0x80;
inline constexpr unsigned kHostNoPartialWildcards = 0x4;
inline constexpr unsigned kHostNeverSubject = 0x20;

inline constexpr int kErrorSsl = 1;
inline constexpr int kErrorWantRead = 2;
inline constexpr int kErrorWantWrite = 3;
inline constexpr int kErrorZeroReturn = 6;
inline constexpr int kErrorWantAsync = 9;

inline constexpr int kServerNameUsed = 0;
inline constexpr int kServerNameNotAcknowledged = 3;
inline constexpr int kReceivedShutdown = 2;
inline constexpr int kClientHelloOk = 1;
inline constexpr int kClientHelloRefused = 0;
inline constexpr int kTicketIsEmpty = 3;
inline constexpr int kTicketIsOpened = 5;
inline constexpr int kTicketIsOpenedToRenew = 6;
inline constexpr int kTicketIgnore = 1;
inline constexpr int kTicketIgnoreAndRenew = 2;
inline constexpr int kTicketUse = 3;
inline constexpr int kTicketUseAndRenew = 4;
inline constexpr unsigned int kParamInteger = 1;
inline constexpr unsigned int kParamUtf8 = 4;
inline constexpr unsigned int kParamOctets = 5;

inline constexpr int kCallbackRead = 0x04;
inline constexpr int kCallbackWrite = 0x08;
inline constexpr int kCallbackAlert = 0x4000;
inline constexpr int kAlertWarning = 1;
inline constexpr int kAlertFatal = 2;
inline constexpr int kAlpnOk = 0;
inline constexpr int kAlpnFatal = 2;
inline constexpr int kHandshakeRecord = 22;
inline constexpr int kClientHello = 1;
inline constexpr int kKeyUpdateRequested = 1;

inline constexpr int kBioSource = 0x0400;
inline constexpr int kBioFlush = 11;
inline constexpr int kBioFlagRetryRead = 0x01 | 0x08;
inline constexpr int kBioFlagsRetry = 0x01 | 0x02 | 0x04 | 0x08;

inline constexpr uint64_t kInitNoAtexit = 0x00080000;
inline constexpr uint64_t kInitLoadSslStrings = 0x00200000;
}  // namespace constant

// A copy of OpenSSL that this process can use. It stays as long as the process.
struct Library {
  const Functions* functions = nullptr;  // null where there is none
  std::string path;
  bool is_of_node = false;
};

// Loads a file of libssl, and its libcrypto. On failure, `tried` has a line that says why.
Library LoadFile(const std::string& path, std::vector<std::string>* tried);
// Finds the copy that Node's executable consists of and exports.
Library FindInNode(std::vector<std::string>* tried);

}  // namespace tls::openssl
