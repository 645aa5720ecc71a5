// SSPI's credentials, which say which versions may be spoken, and with which certificate.
#pragma once

#include "owners.hh"
#include "../provider.hh"

namespace tls::schannel {

// What a system's SChannel can do; it is found out once, by trying.
struct Abilities {
  bool has_new_credentials = false;  // SCH_CREDENTIALS
  uint32_t disabled_crypto_count = 0;
  bool heeds_versions = false;       // it obeys the versions that SCH_CREDENTIALS disables
  bool has_tls13 = false;
  bool tells_close = true;           // its DecryptMessage has a status for close_notify; Wine's has none
};

const Abilities& A();
void FindAbilities();

// What the system may resume of what is made with some credentials.
enum class Reconnects {
  kNever,
  kOnceAccepted,  // for a server: a session with an id, from when we accept the client
  kAlways,
};

struct CredentialUse {
  bool is_server = false;
  uint16_t min_version = 0;
  uint16_t max_version = 0;
  Reconnects reconnects = Reconnects::kNever;

  bool operator==(const CredentialUse& other) const {
    return is_server == other.is_server && min_version == other.min_version && max_version == other.max_version &&
           reconnects == other.reconnects;
  }
};

// Acquires credentials; they are without a certificate when `leaf` is null.
abi::Status AcquireCredentials(const CredentialUse& use, const abi::CertContext* leaf, CredentialsHandle* handle);

}  // namespace tls::schannel
