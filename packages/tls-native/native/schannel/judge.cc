#include "registry.hh"
#include "trust.hh"

namespace tls::schannel {
namespace {

constexpr uint32_t kInfoSelfSigned = 0x8;
constexpr uint32_t kNotTimeNested = 0x2;  // this bit has no meaning any more, and is set for honest chains
constexpr uint32_t kEndsNowhere = abi::kTrustUntrustedRoot | abi::kTrustPartialChain;
constexpr uint32_t kUntrustedRoot = 0x800B0109;  // CERT_E_UNTRUSTEDROOT
constexpr uint32_t kChaining = 0x800B010A;       // CERT_E_CHAINING

// How long the system may take to fetch for one chain, in milliseconds.
constexpr uint32_t kFetchTimeout = 5000;

// Says what the system may fetch to build a path, and how it looks up whether certificates of it were revoked.
uint32_t FlagsOf(const PeerCheck& check, bool is_of_system) {
  uint32_t flags = 0;
  if (!is_of_system) flags |= abi::kChainDisableRootAutoUpdate;
  if (!is_of_system || !check.is_server) flags |= abi::kChainCacheOnlyUrlRetrieval | abi::kChainDisableAia;
  const PlatformRevocation& revocation = check.revocation;
  if (revocation.check == RevocationCheck::kNone) return flags;
  flags |= revocation.is_of_leaf ? abi::kChainRevocationEndCert : abi::kChainRevocationExcludeRoot;
  return flags | (revocation.check == RevocationCheck::kCached ? abi::kChainRevocationCacheOnly : abi::kChainRevocationAccumulativeTimeout);
}

View EncodedOf(const abi::ChainElement* element) { return View{element->certificate->encoded, element->certificate->encoded_size}; }

abi::FileTime FileTimeOf(int64_t milliseconds) {
  const auto ticks = static_cast<uint64_t>((milliseconds + 11644473600000) * 10000);
  return {static_cast<uint32_t>(ticks), static_cast<uint32_t>(ticks >> 32)};
}

Fault TimeFault(bool is_too_early, int64_t os_code) {
  if (is_too_early) {
    return CertificateFault("ERR_TLS_CERTIFICATE_NOT_YET_VALID", "CERT_NOT_YET_VALID", "notYetValid", "a certificate of the chain is not yet valid",
                            os_code);
  }
  return CertificateFault("ERR_TLS_CERTIFICATE_EXPIRED", "CERT_HAS_EXPIRED", "expired", "a certificate of the chain has expired", os_code);
}

// Tells which end of the validity was passed, because the system reports both in the same way.
bool IsTooEarly(const abi::SimpleChain& chain, int64_t now) {
  for (uint32_t index = 0; index < chain.count; ++index) {
    const auto certificate = ParseCertificate(EncodedOf(chain.elements[index]));
    if (certificate && certificate->not_before > now) return true;
  }
  return false;
}

// One search for a path: it starts from our own certificates alone, or from the system's.
class Judgement {
 public:
  Judgement(const SchannelTrustStore* own, const PeerCheck& check, bool is_alone) : own_(own), check_(check), is_alone_(is_alone) {}

  Verdict Judge(const abi::CertContext* leaf) {
    if (!Build(leaf)) {
      return Refused(CertificateFault("ERR_TLS_CERTIFICATE_BAD", "UNSPECIFIED", "unexplained", "no chain can be built", F().GetLastError()));
    }
    const abi::SimpleChain& chain = *chain_->chains[0];
    const bool is_anchored = own_ == nullptr || FindAnchor(chain);
    uint32_t errors = Errors(chain);
    // This holds whatever the engine says, which may not trust anything else.
    if (!is_anchored && (errors & kEndsNowhere) == 0) errors |= abi::kTrustUntrustedRoot;
    if (errors != 0) return Refused(OfTrust(chain, errors));
    const uint32_t refused = AskPolicy();
    if (refused != 0) return Refused(FaultOfPolicy(refused, is_alone_, IsSelfSigned(chain)));
    Verdict verdict;
    for (uint32_t index = 0; index <= anchor_; ++index) verdict.path.push_back(BytesOf(EncodedOf(chain.elements[index])));
    return verdict;
  }

 private:
  static Verdict Refused(Fault fault) {
    Verdict verdict;
    verdict.fault = std::move(fault);
    return verdict;
  }

  bool Build(const abi::CertContext* leaf) {
    // These are id-kp-serverAuth and id-kp-clientAuth.
    std::string purpose = check_.is_server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
    char* purposes[] = {purpose.data()};
    abi::ChainPara para = {};
    para.size = sizeof para;
    para.usage = {abi::kUsageMatchAnd, {1, purposes}};
    para.url_timeout = kFetchTimeout;
    abi::FileTime time = FileTimeOf(check_.now);
    const uint32_t flags = FlagsOf(check_, own_ == nullptr);
    const abi::ChainContext* built = nullptr;
    void* engine = own_ == nullptr ? nullptr : own_->engine();
    if (F().CertGetCertificateChain(engine, leaf, &time, leaf->store, &para, flags, nullptr, &built) == 0) return false;
    chain_.reset(built);
    if (built->count == 0 || built->chains[0]->count == 0) return false;
    anchor_ = built->chains[0]->count - 1;
    is_last_ = true;
    return true;
  }

  // Finds the first certificate of the path that is in our list; what comes above it does not matter.
  bool FindAnchor(const abi::SimpleChain& chain) {
    for (uint32_t index = 0; index < chain.count; ++index) {
      if (!own_->Has(EncodedOf(chain.elements[index]))) continue;
      anchor_ = index;
      is_last_ = index + 1 == chain.count;
      is_own_ = true;
      return true;
    }
    return false;
  }

  uint32_t Errors(const abi::SimpleChain& chain) const {
    uint32_t errors = is_last_ ? chain_->trust.errors | chain.trust.errors : 0;
    for (uint32_t index = 0; index <= anchor_; ++index) errors |= chain.elements[index]->trust.errors;
    // An intermediate that we trust ends the chain, whatever the engine reports about that.
    if (is_own_) errors &= ~(is_last_ ? abi::kTrustPartialChain : kEndsNowhere);
    if (check_.revocation.accepts_unknown_status) errors &= ~abi::kTrustUnknownStatus;
    return errors & ~kNotTimeNested;
  }

  // Gives 0, or a CERT_E_* code.
  uint32_t AskPolicy() const {
    abi::SslPolicyPara ssl = {};
    ssl.size = sizeof ssl;
    ssl.auth_type = check_.is_server ? abi::kAuthTypeServer : abi::kAuthTypeClient;
    // No name is given, because the policy would compare it with the subject's common name.
    const bool ends_below_root = is_own_ && ((chain_->trust.errors & kEndsNowhere) != 0 || !is_last_);
    uint32_t flags = ends_below_root ? abi::kPolicyAllowUnknownCa : 0;
    if (check_.revocation.accepts_unknown_status) {
      flags |= abi::kPolicyIgnoreUnknownStatus;
      // Not every system obeys that flag for this policy. What is revoked was refused by the trust status of the chain.
      ssl.checks |= abi::kChecksIgnoreRevocation;
    }
    abi::PolicyPara para = {sizeof para, flags, &ssl};
    abi::PolicyStatus status = {};
    status.size = sizeof status;
    const auto* policy = reinterpret_cast<const char*>(abi::kPolicySsl);
    if (F().CertVerifyCertificateChainPolicy(policy, chain_.get(), &para, &status) == 0) return 0x80004005;  // E_FAIL
    const bool is_about_the_end = status.error == kUntrustedRoot || status.error == kChaining;
    const bool is_above_anchor = !is_last_ && status.element_index > static_cast<int32_t>(anchor_);
    return ends_below_root && (is_about_the_end || is_above_anchor) ? 0 : status.error;
  }

  Fault OfTrust(const abi::SimpleChain& chain, uint32_t errors) const {
    Fault fault = FaultOfTrust(errors, is_alone_, IsSelfSigned(chain));
    if (fault.node_code == "CERT_HAS_EXPIRED") return TimeFault(IsTooEarly(chain, check_.now), errors);
    return fault;
  }

  static bool IsSelfSigned(const abi::SimpleChain& chain) { return (chain.elements[0]->trust.info & kInfoSelfSigned) != 0; }

  const SchannelTrustStore* own_;  // null for the system's
  const PeerCheck& check_;
  bool is_alone_;
  ChainOwner chain_;
  uint32_t anchor_ = 0;
  bool is_last_ = true;
  bool is_own_ = false;
};

// Checks what the leaf itself must be, whoever vouches for it (RFC 8446 §4.4.2.2).
std::optional<Fault> FaultOfLeaf(const Certificate& leaf, const PeerCheck& check, bool is_trusted_itself) {
  const bool is_for_role = check.is_server ? leaf.is_for_servers : leaf.is_for_clients;
  if (!leaf.may_sign || !is_for_role || (leaf.is_ca && !is_trusted_itself)) {
    return CertificateFault("ERR_TLS_CERTIFICATE_PURPOSE", "INVALID_PURPOSE", "purpose", "the certificate is not for this role",
                            abi::kTrustWrongUsage);
  }
  if (check.is_server && !IsFor(leaf, check.name, check.is_address)) {
    return CertificateFault("ERR_TLS_CERTIFICATE_NAME", "ERR_TLS_CERT_ALTNAME_INVALID", "hostName",
                            "the certificate has no subject alternative name for this host", 0x800B010F);  // CERT_E_CN_NO_MATCH
  }
  return std::nullopt;
}

}  // namespace

Verdict JudgePeer(const SchannelTrustStore& trust, const abi::CertContext* leaf, const std::vector<Bytes>& chain,
                  const PeerCheck& check) {
  Verdict verdict;
  const auto certificate = ParseCertificate(ViewOf(chain[0]));
  if (!certificate) {
    verdict.fault = CertificateFault("ERR_TLS_CERTIFICATE_BAD", "UNSPECIFIED", "malformed", "the certificate cannot be read", 0);
    return verdict;
  }
  const bool is_trusted_itself = trust.Has(ViewOf(chain[0]));
  if (is_trusted_itself) {
    const bool is_too_early = check.now < certificate->not_before;
    if (is_too_early || check.now > certificate->not_after) {
      verdict.fault = TimeFault(is_too_early, abi::kTrustNotTimeValid);
      return verdict;
    }
    verdict.path = {chain[0]};
  } else {
    const bool is_alone = chain.size() == 1;
    const bool has_own = trust.engine() != nullptr;
    if (has_own) verdict = Judgement(&trust, check, is_alone).Judge(leaf);
    if ((!has_own || verdict.fault) && trust.has_system()) verdict = Judgement(nullptr, check, is_alone).Judge(leaf);
    if (verdict.fault) return verdict;
  }
  verdict.fault = FaultOfLeaf(*certificate, check, is_trusted_itself);
  if (verdict.fault) verdict.path.clear();
  return verdict;
}

}  // namespace tls::schannel
