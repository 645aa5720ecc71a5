// External pre-shared keys (RFC 8446 §4.2.11). OpenSSL knows no such keys: each is handed to it as a session that no handshake has made.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// Called by a server that requires a key where there is no key and no session: it is refused.
int OnMissingKey(SSL* connection, void*);
int OnFindSession(SSL* connection, const unsigned char* identity, size_t length, SSL_SESSION** session);
int OnUseSession(SSL* connection, const EVP_MD* digest, const unsigned char** identity, size_t* length, SSL_SESSION** session);

// A server chooses the cipher suite before it looks at keys: one whose hash fits the first key that it has comes first.
bool PreferSuitesOfOfferedKey(SSL* connection);

// Null where it is not there (any more).
const PreSharedKey* FindByDigest(const ContextOptions& options, const Bytes& digest);

}  // namespace tls::openssl
