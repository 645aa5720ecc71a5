// Whom to trust, and the verdict on a peer's chain.
#pragma once

#include "memory.hh"

namespace tls::secure_transport {

class SecureTransportTrust final : public TrustStore {
 public:
  static std::shared_ptr<SecureTransportTrust> Create(const std::vector<Bytes>& certificates, bool add_system,
                                                      std::optional<Fault>* fault);

  CFArrayRef anchors() const { return anchors_.get(); }
  bool is_empty() const { return is_empty_; }
  // Whether only the anchors are trusted, and not the system's roots.
  bool is_exclusive() const { return is_exclusive_; }

 private:
  SecureTransportTrust() = default;

  Owner<CFArrayRef> anchors_;
  bool is_empty_ = true;
  bool is_exclusive_ = true;
};

struct Peer {
  bool is_server = false;
  std::string name;  // a server's name
  bool is_address = false;
  const std::vector<Bytes>* chain = nullptr;  // as it was sent
};

// Judges by our roots and our clock, without the network. Null when the peer is accepted; `path` then leads from the leaf to an anchor.
// Another process does the evaluation, and this call waits for it.
std::optional<Fault> Judge(SecTrustRef trust, const SecureTransportTrust& store, const Peer& peer, int64_t now_seconds,
                           std::vector<Bytes>* path);

}  // namespace tls::secure_transport
