#include "trust.hh"

#include "registry.hh"

namespace tls::schannel {
namespace {

View EncodedOf(const abi::CertContext* certificate) { return View{certificate->encoded, certificate->encoded_size}; }

}  // namespace

std::shared_ptr<SchannelTrustStore> SchannelTrustStore::Create(const std::vector<Bytes>& certificates, bool add_system,
                                                               std::optional<Fault>* fault) {
  std::shared_ptr<SchannelTrustStore> trust(new SchannelTrustStore());
  trust->has_system_ = add_system;
  trust->certificates_ = certificates;
  const auto* in_memory = reinterpret_cast<const char*>(abi::kStoreMemory);
  trust->store_.reset(F().CertOpenStore(in_memory, 0, 0, 0, nullptr));
  const char* failed = trust->store_ == nullptr ? "a store for trusted certificates cannot be made" : nullptr;
  for (const Bytes& der : certificates) {
    if (failed != nullptr) break;
    if (!ParseCertificate(ViewOf(der)) ||
        F().CertAddEncodedCertificateToStore(trust->store_.get(), abi::kX509Encoding, der.data(),
                                             static_cast<uint32_t>(der.size()), abi::kAddAlways, nullptr) == 0) {
      failed = "a trusted certificate cannot be read";
    }
  }
  if (failed == nullptr && (!certificates.empty() || !add_system)) {
    abi::ChainEngineConfig config = {};
    config.size = sizeof config;
    config.exclusive_root = trust->store_.get();
    config.exclusive_flags = abi::kExclusiveEnableCa;
    void* engine = nullptr;
    if (F().CertCreateCertificateChainEngine(&config, &engine) == 0) {
      // These are the fields that exist before Windows 8.
      config.size = offsetof(abi::ChainEngineConfig, exclusive_flags);
      if (F().CertCreateCertificateChainEngine(&config, &engine) == 0) failed = "an engine for certificate chains cannot be made";
    }
    if (failed == nullptr) trust->engine_.reset(engine);
  }
  if (failed == nullptr) return trust;
  *fault = FaultOf("ERR_TLS_CONFIG", failed);
  (*fault)->os_code = F().GetLastError();
  return nullptr;
}

bool SchannelTrustStore::Has(View certificate) const {
  for (const Bytes& each : certificates_) {
    if (IsSame(ViewOf(each), certificate)) return true;
  }
  return false;
}

std::vector<Bytes> PeerCertificates(const abi::CertContext* leaf) {
  std::vector<Bytes> others;
  const abi::CertContext* each = nullptr;
  while (leaf->store != nullptr && (each = F().CertEnumCertificatesInStore(leaf->store, each)) != nullptr) {
    if (!IsSame(EncodedOf(each), EncodedOf(leaf))) others.push_back(BytesOf(EncodedOf(each)));
  }
  std::vector<Bytes> chain = {BytesOf(EncodedOf(leaf))};
  // A store has no order.
  while (!others.empty()) {
    const auto last = ParseCertificate(ViewOf(chain.back()));
    auto next = others.begin();
    for (auto other = others.begin(); last && other != others.end(); ++other) {
      const auto parsed = ParseCertificate(ViewOf(*other));
      if (parsed && parsed->subject == last->issuer) {
        next = other;
        break;
      }
    }
    chain.push_back(std::move(*next));
    others.erase(next);
  }
  return chain;
}

}  // namespace tls::schannel
