// Owners for what OpenSSL allocates, and access to its error queue.
#pragma once

#include <memory>

#include "../provider.hh"
#include "functions.hh"

namespace tls::openssl {

// Gives the table, which is set before anything else here is used.
const Functions& F();
void SetFunctions(const Functions* functions);

#define TLS_OWNER(Name, Type, release) \
  struct Name##Deleter {               \
    void operator()(Type* value) const { F().release(value); } \
  };                                   \
  using Name = std::unique_ptr<Type, Name##Deleter>
TLS_OWNER(X509Owner, X509, X509_free);
TLS_OWNER(TimeOwner, ASN1_TIME, ASN1_TIME_free);
TLS_OWNER(StoreOwner, X509_STORE, X509_STORE_free);
TLS_OWNER(KeyOwner, EVP_PKEY, EVP_PKEY_free);
TLS_OWNER(SessionOwner, SSL_SESSION, SSL_SESSION_free);
TLS_OWNER(OcspResponseOwner, OCSP_RESPONSE, OCSP_RESPONSE_free);
TLS_OWNER(OcspBasicOwner, OCSP_BASICRESP, OCSP_BASICRESP_free);
TLS_OWNER(OcspIdOwner, OCSP_CERTID, OCSP_CERTID_free);
TLS_OWNER(StackOwner, OPENSSL_STACK, OPENSSL_sk_free);
TLS_OWNER(ContextOwner, SSL_CTX, SSL_CTX_free);
TLS_OWNER(ConnectionOwner, SSL, SSL_free);
#undef TLS_OWNER

// Empties this thread's error queue. The library writes all places of the queue when it is told to, which for a record would be done twice:
// so it is asked whether there is anything.
void ForgetErrors();
// Empties this thread's error queue into a fault. The oldest error says what went wrong and is the one that is reported; the
// newest goes to `last`.
Fault TakeFault(const char* code, int64_t* last = nullptr);

// Null unless the bytes are exactly one certificate.
X509Owner ParseCertificate(const Bytes& der);
KeyOwner ParsePrivateKey(const Bytes& der);
Bytes Encode(const X509* certificate);
Bytes Encode(const X509_NAME* name);
Bytes Encode(const SSL_SESSION* session);
// Sets when a session began, in seconds since the epoch.
void SetTime(SSL_SESSION* session, int64_t seconds);
std::vector<Bytes> EncodeAll(const OPENSSL_STACK* certificates);

}  // namespace tls::openssl
