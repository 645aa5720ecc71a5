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
    context->anonymous_ = AcquireAnonymous(context->use(), fault);
    return context->anonymous_ == nullptr ? nullptr : context;
  }
  for (const std::shared_ptr<Credential>& credential : options.credentials) {
    if (static_cast<SchannelCredential*>(credential.get())->Acquire(context->use(), fault) == nullptr) return nullptr;
  }
  return context;
}

SchannelCredential* SchannelContext::ChooseFor(const std::vector<uint16_t>& schemes) const {
  for (const std::shared_ptr<Credential>& credential : options_.credentials) {
    for (const uint16_t scheme : credential->SignatureSchemes()) {
      if (std::find(schemes.begin(), schemes.end(), scheme) != schemes.end()) {
        return static_cast<SchannelCredential*>(credential.get());
      }
    }
  }
  return options_.credentials.empty() ? nullptr : static_cast<SchannelCredential*>(options_.credentials[0].get());
}

std::unique_ptr<Engine> SchannelContext::CreateEngine(const EngineOptions& options, std::optional<Fault>*) {
  return std::make_unique<SchannelEngine>(shared_from_this(), options);
}

}  // namespace tls::schannel
