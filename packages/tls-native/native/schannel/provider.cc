#include "context.hh"
#include "key-containers.hh"
#include "registry.hh"

namespace tls {
namespace schannel {
namespace {

class SchannelProvider final : public Provider {
 public:
  explicit SchannelProvider(Library library) : library_(std::move(library)) {}

  const char* Name() const override { return "schannel"; }
  std::string Version() const override { return "SChannel " + library_.version; }
  std::string Path() const override { return library_.path; }
  Algorithms Supported() const override { return SupportedAlgorithms(A().has_tls13); }

  std::shared_ptr<TrustStore> CreateTrustStore(const std::vector<Bytes>& certificates, bool add_system,
                                               std::optional<Fault>* fault) override {
    return SchannelTrustStore::Create(certificates, add_system, fault);
  }

  std::shared_ptr<Credential> CreateCredential(const std::vector<Bytes>& chain, const Bytes& private_key,
                                               std::optional<Fault>* fault) override {
    return SchannelCredential::Create(chain, private_key, fault);
  }

  void ForgetKeys() override { EndContainers(); }

  std::shared_ptr<Context> CreateContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                         std::optional<Fault>* fault) override {
    return SchannelContext::Create(options, std::move(trust), fault);
  }

 private:
  Library library_;
};

struct Loaded {
  SchannelProvider* provider = nullptr;  // it lives as long as the process, as the system's libraries do
  std::vector<std::string> tried;
};

Loaded Load() {
  Loaded loaded;
  Library library;
  if (!LoadLibraryOf(&library, &loaded.tried)) return loaded;
  SetFunctions(library.functions);
  FindAbilities();
  BeginContainers();
  loaded.provider = new SchannelProvider(std::move(library));
  return loaded;
}

}  // namespace
}  // namespace schannel

Provider* LoadSchannel(const std::string& path, std::vector<std::string>* tried) {
  static const schannel::Loaded loaded = schannel::Load();
  if (loaded.provider == nullptr) {
    tried->insert(tried->end(), loaded.tried.begin(), loaded.tried.end());
    return nullptr;
  }
  if (path.empty() || path == loaded.provider->Path()) return loaded.provider;
  tried->push_back(path + ": schannel is a part of windows, and is at " + loaded.provider->Path() + " alone");
  return nullptr;
}

}  // namespace tls
