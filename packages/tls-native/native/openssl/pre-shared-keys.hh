// External pre-shared keys (RFC 8446 §4.2.11). OpenSSL's callbacks take them only as sessions, so that each key becomes a session which no
// handshake has made.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// OpenSSL calls this for a server that requires a key, when there is neither a key nor a session. It refuses the client.
int OnMissingKey(SSL* connection, void*);
int OnFindSession(SSL* connection, const unsigned char* identity, size_t length, SSL_SESSION** session);
int OnUseSession(SSL* connection, const EVP_MD* digest, const unsigned char** identity, size_t* length, SSL_SESSION** session);

// A server chooses the cipher suite before it looks at keys, so that this puts the suites first whose hash fits the first key that it has.
bool PreferSuitesOfOfferedKey(SSL* connection);

// Null where the key does not exist, or no longer exists.
const PreSharedKey* FindByDigest(const ContextOptions& options, const Bytes& digest);

}  // namespace tls::openssl
