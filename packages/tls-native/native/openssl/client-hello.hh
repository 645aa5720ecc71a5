// Finds what is wrong with a ClientHello where OpenSSL accepts it, or judges too late.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// Gives the alert to refuse it with, or -1. `max_version` is the highest version that this server speaks.
int RefusalOfClientHello(SSL* connection, uint16_t max_version);

// Tells whether a host_name (RFC 6066 §3) is well formed; the rule is the same as that of `readServerName` in tls-core.
bool IsHostName(View name);
// Tells whether a name is a literal IPv4 or IPv6 address.
bool IsAddress(View name);

}  // namespace tls::openssl
