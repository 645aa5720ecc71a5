// What is wrong with a ClientHello and OpenSSL lets pass, or judges too late.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// The alert to refuse it with, or -1. `max_version`: the highest that this server speaks.
int RefusalOfClientHello(SSL* connection, uint16_t max_version);

// Whether a host_name of RFC 6066 §3 is one at all; the same rule as `readServerName` of tls-core.
bool IsHostName(View name);
// A literal IPv4 or IPv6 address.
bool IsAddress(View name);

}  // namespace tls::openssl
