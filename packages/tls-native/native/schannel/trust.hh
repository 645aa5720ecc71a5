// Whom we trust, and whether a peer's chain is good. Nothing is ever fetched for it.
#pragma once

#include <string>

#include "certificate.hh"
#include "owners.hh"

namespace tls::schannel {

class SchannelTrustStore final : public TrustStore {
 public:
  static std::shared_ptr<SchannelTrustStore> Create(const std::vector<Bytes>& certificates, bool add_system,
                                                    std::optional<Fault>* fault);

  bool Has(View certificate) const;
  bool has_system() const { return has_system_; }
  // Trusts our certificates and no others; null when there are none beside the system's.
  void* engine() const { return engine_.get(); }

 private:
  SchannelTrustStore() = default;

  std::vector<Bytes> certificates_;
  bool has_system_ = false;
  StoreOwner store_;
  ChainEngineOwner engine_;  // freed before its store
};

struct PeerCheck {
  bool is_server = true;  // the peer
  std::string name;       // a server's
  bool is_address = false;
  int64_t now = 0;        // milliseconds since the epoch
};

struct Verdict {
  std::optional<Fault> fault;
  std::vector<Bytes> path;  // from the leaf to what is trusted; empty with a fault
};

// What the peer sent, leaf first, each followed by its issuer as far as it is there.
std::vector<Bytes> PeerCertificates(const abi::CertContext* leaf);

Verdict JudgePeer(const SchannelTrustStore& trust, const abi::CertContext* leaf, const std::vector<Bytes>& chain,
                  const PeerCheck& check);

}  // namespace tls::schannel
