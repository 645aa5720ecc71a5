// A server's tickets: what they carry beside the library's own state, and the keys that seal them.
#pragma once

#include "memory.hh"

namespace tls::openssl {

struct TicketContent {
  int64_t end = 0;  // in milliseconds since the epoch
  // These tell who the client is, and how both sides signed in the session's first handshake.
  std::vector<Bytes> chain;
  std::vector<Bytes> path;
  uint16_t own_scheme = 0;
  uint16_t peer_scheme = 0;
  Bytes pre_shared_key;  // the digest of the external key from which it comes; empty where certificates were used
  Bytes replay_scope;    // names the memory of early data to which it belongs
  bool is_extended = true;  // the secret covers the whole handshake (RFC 7627)
};

Bytes EncodeTicket(const TicketContent& content);
bool DecodeTicket(View ticket, TicketContent* content);

int OnTicketMade(SSL* connection, void*);
int OnTicketOpened(SSL* connection, SSL_SESSION* session, const unsigned char* key_name, size_t key_name_length, int status,
                   void*);
int OnTicketKey(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, int is_sealing);

}  // namespace tls::openssl
