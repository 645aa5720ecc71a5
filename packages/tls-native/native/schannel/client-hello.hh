// What a ClientHello says, and what is wrong with it where a rule is ours: SChannel is shown it afterwards.
#pragma once

#include <string>

#include "../provider.hh"
#include "wire.hh"

namespace tls::schannel {

struct ClientHello {
  uint16_t legacy_version = 0;
  Bytes cipher_suites;
  std::vector<std::pair<uint16_t, Bytes>> extensions;

  const Bytes* Extension(uint16_t type) const;
  // Gives the server_name (RFC 6066 §3).
  std::optional<std::string> ServerName() const;
  // Gives the protocol names (RFC 7301 §3.1) without the length before them; empty when there are none.
  View Alpn() const;
  std::vector<uint16_t> SignatureSchemes() const;
  bool OffersEarlyData() const;
};

// Finds what is wrong in a list that we read ourselves, and a version that is too old for a server of these versions, or older than the
// client's best (RFC 7507 §3). What a host name is stands in TypeScript, which is shown the ClientHello.
std::optional<Fault> FaultOfClientHello(const ClientHello& hello, uint16_t min_version, uint16_t max_version);

}  // namespace tls::schannel
