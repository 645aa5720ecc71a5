#include "context.hh"
#include "credential.hh"
#include "library.hh"
#include "policy.hh"
#include "registry.hh"

namespace tls {
namespace openssl {
namespace {

class OpenSslProvider final : public Provider {
 public:
  explicit OpenSslProvider(Chosen chosen) : chosen_(std::move(chosen)) {
    const std::optional<Policy> policy = SystemPolicy();
    if (IsOfNode() && policy.has_value()) level_ = policy->security_level;
  }

  const char* Name() const override { return "openssl"; }
  std::string Version() const override {
    const std::string text = F().OpenSSL_version(0);  // "OpenSSL 3.0.19 27 Jan 2026 …"
    const size_t second = text.find(' ', text.find(' ') + 1);
    return text.substr(0, second);
  }
  std::string Path() const override { return chosen_.library.path; }
  bool IsOfNode() const override { return chosen_.library.is_of_node; }
  // Node's copy was built to look for them where nobody puts any.
  bool HasSystemTrust() const override { return !IsOfNode() || !chosen_.trust_file.empty(); }
  Algorithms Supported() const override { return SupportedAlgorithms(); }
  std::optional<Policy> SystemPolicy() const override { return ReadPolicy(IsOfNode()); }

  std::shared_ptr<TrustStore> CreateTrustStore(const std::vector<Bytes>& certificates, bool add_system,
                                               std::optional<Fault>* fault) override {
    if (add_system && !HasSystemTrust()) {
      *fault = Fault();
      (*fault)->code = "ERR_TLS_CONFIG";
      (*fault)->detail = "Node's own OpenSSL does not know what the system trusts";
      return nullptr;
    }
    ForgetErrors();
    StoreOwner store(F().X509_STORE_new());
    // An exact certificate may be trusted, whoever issued it.
    bool is_set = store != nullptr &&
                  F().X509_STORE_set_flags(store.get(), constant::kFlagTrustedFirst | constant::kFlagPartialChain) == 1;
    if (is_set && add_system) is_set = AddSystem(store.get());
    for (const Bytes& der : certificates) {
      X509Owner certificate = ParseCertificate(der);
      if (certificate == nullptr) {
        *fault = TakeFault("ERR_TLS_CONFIG");
        (*fault)->detail = "a trusted certificate cannot be read: " + (*fault)->detail;
        return nullptr;
      }
      is_set = is_set && F().X509_STORE_add_cert(store.get(), certificate.get()) == 1;
    }
    if (!is_set) {
      *fault = TakeFault("ERR_TLS_CONFIG");
      return nullptr;
    }
    return std::make_shared<OpenSslTrustStore>(std::move(store));
  }

  std::shared_ptr<Credential> CreateCredential(const std::vector<Bytes>& chain, const Bytes& private_key,
                                               std::optional<Fault>* fault) override {
    return OpenSslCredential::Create(chain, private_key, fault);
  }

  std::shared_ptr<Credential> CreateRestricted(const std::vector<Bytes>& chain, const Bytes& private_key,
                                               const std::vector<uint16_t>& schemes, std::optional<Fault>* fault) override {
    return OpenSslCredential::CreateRestricted(chain, private_key, schemes, fault);
  }

  std::shared_ptr<Context> CreateContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                         std::optional<Fault>* fault) override {
    ContextOptions own = options;
    if (own.security_level < 0) own.security_level = level_;
    return OpenSslContext::Create(own, std::move(trust), fault);
  }

 private:
  // Adds the system's certificates. Node's copy is told where the system's library has them.
  bool AddSystem(X509_STORE* store) const {
    if (chosen_.trust_file.empty()) return F().X509_STORE_set_default_paths(store) == 1;
    // The file need not be there, nor any file in the folder.
    F().X509_STORE_load_file(store, chosen_.trust_file.c_str());
    ForgetErrors();
    return F().X509_STORE_load_path(store, chosen_.trust_folder.c_str()) == 1;
  }

  Chosen chosen_;
  int level_ = -1;  // what a context has that asks for none; -1 for the library's own
};

}  // namespace
}  // namespace openssl

Provider* LoadOpenSsl(const std::string& path, std::vector<std::string>* tried, Origin origin) {
  openssl::Chosen chosen = openssl::ChooseLibrary(path, origin, tried);
  return chosen.library.functions == nullptr ? nullptr : new openssl::OpenSslProvider(std::move(chosen));
}

}  // namespace tls
