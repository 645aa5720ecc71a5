#include "trust.hh"

#include "certificate.hh"
#include "registry.hh"

namespace tls::secure_transport {
namespace {

constexpr OSStatus kHostNameMismatch = -67602;      // errSecHostNameMismatch
constexpr OSStatus kInvalidKeyUsage = -67608;       // errSecInvalidKeyUsageForPolicy
constexpr OSStatus kNotTrusted = -67843;            // errSecNotTrusted
constexpr OSStatus kCertificateIsCa = -67902;       // errSecCertificateIsCA

// Sets what the evaluation needs; gives the status of the first part that cannot be set.
OSStatus Prepare(SecTrustRef trust, const SecureTransportTrust& store, const Peer& peer, int64_t now_seconds) {
  Owner<CFStringRef> name;
  if (peer.is_server) {
    const View text{reinterpret_cast<const uint8_t*>(peer.name.data()), peer.name.size()};
    name = ToString(text, constant::kUtf8);
    if (!name) return kHostNameMismatch;
  }
  const Owner<SecPolicyRef> policy(F().SecPolicyCreateSSL(peer.is_server ? 1 : 0, name.get()));
  const Owner<CFDateRef> date(F().CFDateCreate(nullptr, static_cast<double>(now_seconds) - constant::kReferenceDate));
  if (!policy || !date) return constant::kAllocate;
  // This must come first: some versions evaluate as soon as they are asked anything.
  OSStatus status = F().SecTrustSetNetworkFetchAllowed(trust, 0);
  if (status == constant::kSuccess) status = F().SecTrustSetPolicies(trust, policy.get());
  if (status == constant::kSuccess) status = F().SecTrustSetAnchorCertificates(trust, store.anchors());
  if (status == constant::kSuccess) status = F().SecTrustSetAnchorCertificatesOnly(trust, store.is_exclusive() ? 1 : 0);
  if (status == constant::kSuccess) status = F().SecTrustSetVerifyDate(trust, date.get());
  return status;
}

struct Verdict {
  bool is_trusted = false;
  int64_t status = kNotTrusted;
  std::string detail;
};

Verdict Evaluate(SecTrustRef trust) {
  Verdict verdict;
  if (F().SecTrustEvaluateWithError != nullptr) {
    Owner<CFErrorRef> error;
    verdict.is_trusted = F().SecTrustEvaluateWithError(trust, error.Receive());
    if (verdict.is_trusted || !error) return verdict;
    verdict.status = F().CFErrorGetCode(error.get());
    const Owner<CFStringRef> description(F().CFErrorCopyDescription(error.get()));
    verdict.detail = ToText(description.get());
    return verdict;
  }
  uint32_t result = 0;
  const OSStatus status = F().SecTrustEvaluate(trust, &result);
  verdict.is_trusted =
      status == constant::kSuccess && (result == constant::kTrustProceed || result == constant::kTrustUnspecified);
  if (status != constant::kSuccess) verdict.status = status;
  return verdict;
}

void Append(SecCertificateRef certificate, std::vector<Bytes>* path) {
  const Owner<CFDataRef> data(F().SecCertificateCopyData(certificate));
  path->push_back(ToBytes(data.get()));
}

std::vector<Bytes> PathOf(SecTrustRef trust) {
  std::vector<Bytes> path;
  if (F().SecTrustCopyCertificateChain != nullptr) {
    const Owner<CFArrayRef> chain(F().SecTrustCopyCertificateChain(trust));
    const CFIndex count = chain ? F().CFArrayGetCount(chain.get()) : 0;
    for (CFIndex index = 0; index < count; ++index) {
      const void* item = F().CFArrayGetValueAtIndex(chain.get(), index);
      Append(static_cast<SecCertificateRef>(const_cast<void*>(item)), &path);
    }
    return path;
  }
  const CFIndex count = F().SecTrustGetCertificateCount(trust);
  for (CFIndex index = 0; index < count; ++index) Append(F().SecTrustGetCertificateAtIndex(trust, index), &path);
  return path;
}

// Refuses what some versions accept: a common name, a key that must not sign (RFC 8446 §4.4.2.2), a CA's own certificate.
OSStatus JudgeLeaf(const Certificate& leaf, const Peer& peer, bool is_trusted_itself) {
  if (peer.is_server && !IsFor(leaf, peer.name, peer.is_address)) return kHostNameMismatch;
  if (!leaf.may_sign.value_or(true)) return kInvalidKeyUsage;
  return leaf.is_ca && !is_trusted_itself ? kCertificateIsCa : constant::kSuccess;
}

}  // namespace

std::shared_ptr<SecureTransportTrust> SecureTransportTrust::Create(const std::vector<Bytes>& certificates, bool add_system,
                                                                   std::optional<Fault>* fault) {
  std::vector<Owner<SecCertificateRef>> owners;
  std::vector<const void*> items;
  for (const Bytes& der : certificates) {
    owners.push_back(ToCertificate(ViewOf(der)));
    if (owners.back()) {
      items.push_back(owners.back().get());
      continue;
    }
    *fault = OwnFault("ERR_TLS_CONFIG", "a trusted certificate cannot be read");
    return nullptr;
  }
  std::shared_ptr<SecureTransportTrust> trust(new SecureTransportTrust());
  trust->anchors_ = ToArray(items);
  trust->is_empty_ = items.empty();
  trust->is_exclusive_ = !add_system;
  if (trust->anchors_) return trust;
  *fault = FaultOf("ERR_TLS_BACKEND", constant::kAllocate);
  return nullptr;
}

std::optional<Fault> Judge(SecTrustRef trust, const SecureTransportTrust& store, const Peer& peer, int64_t now_seconds,
                           std::vector<Bytes>* path) {
  const auto refuse = [&peer, now_seconds](int64_t status, std::string detail) {
    return DescribeRefusal(status, std::move(detail), *peer.chain, now_seconds);
  };
  // The library may take an empty list of anchors for the system's.
  if (store.is_exclusive() && store.is_empty()) return refuse(kNotTrusted, "");
  const OSStatus prepared = Prepare(trust, store, peer, now_seconds);
  if (prepared == kHostNameMismatch) return refuse(prepared, "");
  if (prepared != constant::kSuccess) return FaultOf("ERR_TLS_BACKEND", prepared);
  Verdict verdict = Evaluate(trust);
  if (!verdict.is_trusted) return refuse(verdict.status, std::move(verdict.detail));
  *path = PathOf(trust);
  const std::optional<Certificate> leaf =
      path->empty() || path->front() != peer.chain->front() ? std::nullopt : ReadCertificate(ViewOf(path->front()));
  if (!leaf.has_value()) return refuse(kNotTrusted, "the library's path does not begin with the peer's certificate");
  const OSStatus status = JudgeLeaf(*leaf, peer, path->size() == 1);
  if (status == constant::kSuccess) return std::nullopt;
  return refuse(status, "");
}

}  // namespace tls::secure_transport
