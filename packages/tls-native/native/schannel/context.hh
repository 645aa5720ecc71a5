#pragma once

#include <map>

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
  // Chooses among a server's credentials the first whose key signs with one of the client's schemes, else the first of all; null where
  // there is none.
  std::shared_ptr<SchannelCredential> ChooseFor(const std::vector<uint16_t>& schemes) const;

  // These may be called from any thread, and give null with a fault.
  // Gives what a client begins with. Its connections share credentials where they may resume, which takes a name to look sessions up by.
  // Else each has its own: in TLS 1.3, nothing but new credentials keeps Windows from resuming.
  std::shared_ptr<Acquired> ForClient(bool has_name, std::optional<Fault>* fault);
  // Gives what the holder of an identity shows it with.
  std::shared_ptr<Acquired> ForIdentity(const std::shared_ptr<SchannelCredential>& identity, std::optional<Fault>* fault);
  // Lets go of a client's credentials, so that no later connection resumes what was made with them. Those that are in their place stay.
  void Retire(const Acquired* credentials);

 private:
  SchannelContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust)
      : options_(options), trust_(std::static_pointer_cast<SchannelTrustStore>(std::move(trust))) {}

  CredentialUse Use(Reconnects reconnects) const {
    return {options_.is_server, options_.min_version, options_.max_version, reconnects};
  }
  Reconnects AllowedReconnects() const;

  ContextOptions options_;
  std::shared_ptr<SchannelTrustStore> trust_;
  std::mutex mutex_;  // protects the credentials
  std::shared_ptr<Acquired> anonymous_;
  // A server's own for each identity. An identity that nobody holds any more is dropped with the next new one.
  std::map<std::weak_ptr<SchannelCredential>, std::shared_ptr<Acquired>, std::owner_less<>> shown_;
};

}  // namespace tls::schannel
