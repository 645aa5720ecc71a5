#include "context.hh"
#include "registry.hh"

namespace tls {
namespace secure_transport {
namespace {

class SecureTransportProvider final : public Provider {
 public:
  explicit SecureTransportProvider(std::string path) : path_(std::move(path)), supported_(SupportedAlgorithms()) {}

  const char* Name() const override { return "secureTransport"; }
  // The library has no version number of its own; versions differ in the functions that they have.
  std::string Version() const override {
    return F().SSLSetALPNProtocols == nullptr ? "Secure Transport, without ALPN" : "Secure Transport";
  }
  std::string Path() const override { return path_; }
  Algorithms Supported() const override { return supported_; }

  std::shared_ptr<TrustStore> CreateTrustStore(const std::vector<Bytes>& certificates, bool add_system,
                                               std::optional<Fault>* fault) override {
    return SecureTransportTrust::Create(certificates, add_system, fault);
  }

  std::shared_ptr<Credential> CreateCredential(const std::vector<Bytes>& chain, const Bytes& private_key,
                                               std::optional<Fault>* fault) override {
    return SecureTransportCredential::Create(chain, private_key, fault);
  }

  std::shared_ptr<Context> CreateContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                         std::optional<Fault>* fault) override {
    return SecureTransportContext::Create(options, std::move(trust), fault);
  }

 private:
  std::string path_;
  Algorithms supported_;
};

}  // namespace
}  // namespace secure_transport

Provider* LoadSecureTransport(const std::string& path, std::vector<std::string>* tried) {
  std::string found;
  const secure_transport::Functions* functions = secure_transport::LoadFunctions(path, &found, tried);
  if (functions == nullptr) return nullptr;
  secure_transport::SetFunctions(functions);
  return new secure_transport::SecureTransportProvider(std::move(found));
}

}  // namespace tls
