#pragma once

#include "memory.hh"
#include "proven-chains.hh"

namespace tls::openssl {

// The longest handshake message that is accepted, in bytes without its header. tls-pure has the same limit.
inline constexpr size_t kMaxHandshakeMessage = 65536;

class OpenSslTrustStore final : public TrustStore {
 public:
  explicit OpenSslTrustStore(StoreOwner store) : store_(std::move(store)) {}
  X509_STORE* get() const { return store_.get(); }

 private:
  StoreOwner store_;
};

// An SSL_CTX, which is not changed once it is made.
class OpenSslContext final : public Context, public std::enable_shared_from_this<OpenSslContext> {
 public:
  static std::shared_ptr<OpenSslContext> Create(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                std::optional<Fault>* fault);

  std::unique_ptr<Engine> CreateEngine(const EngineOptions& options, std::optional<Fault>* fault) override;

  SSL_CTX* get() const { return context_.get(); }
  // Null where the library must not judge.
  X509_STORE* trust() const { return trust_ == nullptr ? nullptr : static_cast<OpenSslTrustStore*>(trust_.get())->get(); }
  const ContextOptions& options() const { return options_; }
  ProvenChains& proven_chains() { return proven_chains_; }
  // Whether a handshake may have to rest until it is answered.
  bool asks() const;

 private:
  OpenSslContext(ContextOwner context, const ContextOptions& options, std::shared_ptr<TrustStore> trust)
      : context_(std::move(context)), options_(options), trust_(std::move(trust)), proven_chains_(options.proven_chains) {}

  std::optional<Fault> Configure();
  std::optional<Fault> ConfigureSessions();
  std::optional<Fault> ConfigureIdentities();
  void ConfigureVerification();
  static int SelectAlpn(SSL* connection, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                        unsigned in_length, void* context);

  ContextOwner context_;
  ContextOptions options_;
  std::shared_ptr<TrustStore> trust_;
  ProvenChains proven_chains_;
};

}  // namespace tls::openssl
