#include "context.hh"

#include <algorithm>

#include "engine.hh"
#include "observer.hh"
#include "registry.hh"

namespace tls::schannel {
namespace {

// Names an option that SChannel does not support, so that it is refused and not ignored.
const char* Unsupported(const ContextOptions& options) {
  if (options.key_log) return "keyLog: schannel tells no secrets";
  if (options.has_ticket_keys) return "ticketKeys: schannel keeps its tickets' keys to itself";
  if (!options.pre_shared_keys.empty()) return "preSharedKeys: schannel knows certificates alone";
  if (options.max_early_data > 0 || options.ask_early_data) return "earlyData: schannel neither sends nor takes any";
  if (options.is_fallback) return "fallback: schannel does not say that it has fallen back";
  if (options.security_level >= 0) return "securityLevel: schannel has no such scale";
  if (!options.authorities.empty()) return "certificateAuthorities: schannel sends names of certificates alone";
  if (options.min_version > options.max_version) return "minVersion: is above maxVersion";
  if (options.max_version < kTls12 || options.min_version > kTls13) return "maxVersion: only tls 1.2 and 1.3 are spoken";
  if (options.min_version > kTls12 && !A().has_tls13) return "minVersion: this system has no tls 1.3";
  return nullptr;
}

}  // namespace

std::shared_ptr<SchannelContext> SchannelContext::Create(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                         std::optional<Fault>* fault) {
  if (const char* what = Unsupported(options)) {
    *fault = FaultOf("ERR_TLS_UNSUPPORTED", what);
    return nullptr;
  }
  const bool judges = options.verify != Verify::kNothing && !options.accept_any;
  if (judges && trust == nullptr) {
    *fault = FaultOf("ERR_TLS_CONFIG", "nothing says whom to trust");
    return nullptr;
  }
  std::shared_ptr<SchannelContext> context(new SchannelContext(options, std::move(trust)));
  if (!options.is_server) {
    return context->ForClient(true, fault) == nullptr ? nullptr : context;
  }
  for (const std::shared_ptr<Credential>& credential : options.credentials) {
    if (context->ForIdentity(std::static_pointer_cast<SchannelCredential>(credential), fault) == nullptr) return nullptr;
  }
  return context;
}

std::shared_ptr<SchannelCredential> SchannelContext::ChooseFor(const std::vector<uint16_t>& schemes) const {
  for (const std::shared_ptr<Credential>& credential : options_.credentials) {
    for (const uint16_t scheme : credential->SignatureSchemes()) {
      if (std::find(schemes.begin(), schemes.end(), scheme) != schemes.end()) {
        return std::static_pointer_cast<SchannelCredential>(credential);
      }
    }
  }
  return options_.credentials.empty() ? nullptr : std::static_pointer_cast<SchannelCredential>(options_.credentials[0]);
}

Reconnects SchannelContext::AllowedReconnects() const {
  if (!options_.resumes_by_system) return Reconnects::kNever;
  // A session of a client that is refused must not be there.
  if (options_.is_server) return options_.verify == Verify::kNothing ? Reconnects::kAlways : Reconnects::kOnceAccepted;
  // With which certificate a session was made cannot be seen, and another may be shown the next time.
  return options_.ask_certificate || !options_.credentials.empty() ? Reconnects::kNever : Reconnects::kAlways;
}

std::shared_ptr<Acquired> SchannelContext::ForClient(bool has_name, std::optional<Fault>* fault) {
  if (!has_name || AllowedReconnects() == Reconnects::kNever) return AcquireAnonymous(Use(Reconnects::kNever), fault);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (anonymous_ == nullptr) anonymous_ = AcquireAnonymous(Use(Reconnects::kAlways), fault);
  return anonymous_;
}

std::shared_ptr<Acquired> SchannelContext::ForIdentity(const std::shared_ptr<SchannelCredential>& identity,
                                                       std::optional<Fault>* fault) {
  const Reconnects reconnects = AllowedReconnects();
  if (reconnects == Reconnects::kNever) return identity->Acquire(Use(reconnects), fault);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (const auto known = shown_.find(identity); known != shown_.end()) return known->second;
  for (auto each = shown_.begin(); each != shown_.end();) each = each->first.expired() ? shown_.erase(each) : std::next(each);
  auto acquired = identity->Acquire(Use(reconnects), fault);
  if (acquired != nullptr) shown_.emplace(identity, acquired);
  return acquired;
}

void SchannelContext::Retire(const Acquired* credentials) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (anonymous_.get() == credentials) anonymous_ = nullptr;
}

std::unique_ptr<Engine> SchannelContext::CreateEngine(const EngineOptions& options, std::optional<Fault>*) {
  return std::make_unique<SchannelEngine>(shared_from_this(), options);
}

}  // namespace tls::schannel
