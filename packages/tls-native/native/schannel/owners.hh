// Owners for what Windows hands out: each frees it exactly once.
#pragma once

#include <memory>

#include "functions.hh"

namespace tls::schannel {

#define TLS_OWNER(Name, Type, release)                          \
  struct Name##Deleter {                                        \
    void operator()(Type* value) const { static_cast<void>(release); } \
  };                                                            \
  using Name = std::unique_ptr<Type, Name##Deleter>
TLS_OWNER(StoreOwner, void, F().CertCloseStore(value, 0));
TLS_OWNER(CertificateOwner, const abi::CertContext, F().CertFreeCertificateContext(value));
TLS_OWNER(ChainOwner, const abi::ChainContext, F().CertFreeCertificateChain(value));
TLS_OWNER(ChainEngineOwner, void, F().CertFreeCertificateChainEngine(value));
TLS_OWNER(ContextBuffer, void, F().FreeContextBuffer(value));
#undef TLS_OWNER

constexpr abi::SecHandle kNoHandle = {~uintptr_t{0}, ~uintptr_t{0}};

// Owns a handle of SSPI, which consists of two numbers.
template <abi::Status(TLS_WINAPI* Functions::* release)(abi::SecHandle*)>
class HandleOwner {
 public:
  HandleOwner() = default;
  explicit HandleOwner(const abi::SecHandle& handle) : handle_(handle), is_held_(true) {}
  HandleOwner(const HandleOwner&) = delete;
  HandleOwner& operator=(const HandleOwner&) = delete;
  ~HandleOwner() {
    if (is_held_) (F().*release)(&handle_);
  }

  void Hold(const abi::SecHandle& handle) {
    handle_ = handle;
    is_held_ = true;
  }
  bool is_held() const { return is_held_; }
  abi::SecHandle* get() { return &handle_; }

 private:
  abi::SecHandle handle_ = kNoHandle;
  bool is_held_ = false;
};

using CredentialsHandle = HandleOwner<&Functions::FreeCredentialsHandle>;
using SecurityContext = HandleOwner<&Functions::DeleteSecurityContext>;

}  // namespace tls::schannel
