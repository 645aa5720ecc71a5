#pragma once

#include "private-key.hh"

namespace tls::secure_transport {

class SecureTransportCredential final : public Credential {
 public:
  static std::shared_ptr<SecureTransportCredential> Create(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                           std::optional<Fault>* fault);

  std::vector<Bytes> Issuers() const override { return issuers_; }
  std::vector<uint16_t> SignatureSchemes() const override;

  // The first item is an identity, the others are certificates.
  CFArrayRef items() const { return items_.get(); }
  KeyType type() const { return type_; }
  uint16_t group() const { return group_; }

 private:
  SecureTransportCredential() = default;

  Owner<CFArrayRef> items_;
  std::vector<Bytes> issuers_;
  KeyType type_ = KeyType::kRsa;
  uint16_t group_ = 0;
};

}  // namespace tls::secure_transport
