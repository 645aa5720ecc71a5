// The questions that come up in the middle of a handshake. Each of these callbacks may rest until the engine is answered.
#pragma once

#include "functions.hh"

namespace tls::openssl {

int OnClientHello(SSL* connection, int* alert, void*);
int OnCertificateRequest(SSL* connection, void*);
int OnVerify(X509_STORE_CTX* verification, void*);
int OnServerName(SSL* connection, int* alert, void*);
int OnStatus(SSL* connection, void*);
int OnEarlyData(SSL* connection, void*);

}  // namespace tls::openssl
