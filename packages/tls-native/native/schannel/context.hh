#pragma once

#include "credential.hh"
#include "trust.hh"

namespace tls::schannel {

// What all connections of a configuration share.
class SchannelContext final : public Context, public std::enable_shared_from_this<SchannelContext> {
 public:
  static std::shared_ptr<SchannelContext> Create(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                 std::optional<Fault>* fault);

  std::unique_ptr<Engine> CreateEngine(const EngineOptions& options, std::optional<Fault>* fault) override;

  const ContextOptions& options() const { return options_; }
  const SchannelTrustStore* trust() const { return trust_.get(); }
  CredentialUse use() const { return {options_.is_server, options_.min_version, options_.max_version}; }
  // The credentials of a client, which are used until it shows a certificate.
  const std::shared_ptr<Acquired>& anonymous() const { return anonymous_; }
  // Chooses among a server's credentials the first whose key signs with one of the client's schemes, else the first of all; null where
  // there is none.
  SchannelCredential* ChooseFor(const std::vector<uint16_t>& schemes) const;

 private:
  SchannelContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust)
      : options_(options), trust_(std::static_pointer_cast<SchannelTrustStore>(std::move(trust))) {}

  ContextOptions options_;
  std::shared_ptr<SchannelTrustStore> trust_;
  std::shared_ptr<Acquired> anonymous_;
};

}  // namespace tls::schannel
