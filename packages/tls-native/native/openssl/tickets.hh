// A server's tickets: what they carry beside the library's own, and the keys that seal them.
#pragma once

#include "functions.hh"

namespace tls::openssl {

int OnTicketMade(SSL* connection, void*);
int OnTicketOpened(SSL* connection, SSL_SESSION* session, const unsigned char* key_name, size_t key_name_length, int status,
                   void*);
int OnTicketKey(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int is_sealing);

}  // namespace tls::openssl
