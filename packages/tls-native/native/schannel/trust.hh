// Whom we trust, and whether a peer's chain is good. For a list of our own, nothing is fetched but what `revocation` asks for. Where the system's
// roots are asked about a server, the system fetches as it does for every program: roots that it has not loaded yet, and issuers that the server
// left out. What an unknown client names is never fetched.
#pragma once

#include <string>

#include "../provider.hh"
#include "certificate.hh"
#include "owners.hh"

namespace tls::schannel {

class SchannelTrustStore final : public TrustStore {
 public:
  static std::shared_ptr<SchannelTrustStore> Create(const std::vector<Bytes>& certificates, bool add_system,
                                                    std::optional<Fault>* fault);

  bool Has(View certificate) const;
  bool has_system() const { return has_system_; }
  // An engine that trusts our certificates and no others; null when there are none beside the system's.
  void* engine() const { return engine_.get(); }

 private:
  SchannelTrustStore() = default;

  std::vector<Bytes> certificates_;
  bool has_system_ = false;
  StoreOwner store_;
  ChainEngineOwner engine_;  // it is freed before its store
};

struct PeerCheck {
  bool is_server = true;  // whether the peer is a server
  std::string name;       // the server's name
  bool is_address = false;
  int64_t now = 0;        // in milliseconds since the epoch
  PlatformRevocation revocation;
};

struct Verdict {
  std::optional<Fault> fault;
  std::vector<Bytes> path;  // from the leaf to what is trusted; empty with a fault
};

// Gives what the peer sent, leaf first, with each certificate followed by its issuer as far as that is there.
std::vector<Bytes> PeerCertificates(const abi::CertContext* leaf);

Verdict JudgePeer(const SchannelTrustStore& trust, const abi::CertContext* leaf, const std::vector<Bytes>& chain,
                  const PeerCheck& check);

}  // namespace tls::schannel
