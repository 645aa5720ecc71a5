#pragma once

#include "credential.hh"
#include "trust.hh"

namespace tls::secure_transport {

// The library has no context that connections share: each connection is set up from these options, which were checked once.
class SecureTransportContext final : public Context, public std::enable_shared_from_this<SecureTransportContext> {
 public:
  static std::shared_ptr<SecureTransportContext> Create(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                        std::optional<Fault>* fault);

  std::unique_ptr<Engine> CreateEngine(const EngineOptions& options, std::optional<Fault>* fault) override;

  const ContextOptions& options() const { return options_; }
  // Null where every chain is accepted.
  const SecureTransportTrust* trust() const { return static_cast<const SecureTransportTrust*>(trust_.get()); }

 private:
  SecureTransportContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust)
      : options_(options), trust_(std::move(trust)) {}

  ContextOptions options_;
  std::shared_ptr<TrustStore> trust_;
};

// Empty, or the reason why the library would silently drop a part of a list of protocols.
std::string ProblemOfAlpn(const Bytes& protocols);

}  // namespace tls::secure_transport
