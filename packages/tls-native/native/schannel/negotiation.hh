// InitializeSecurityContext and AcceptSecurityContext as one: a token goes in, and a token comes out.
#pragma once

#include <string>

#include "credential.hh"

namespace tls::schannel {

struct StepResult {
  abi::Status status = abi::kOk;
  size_t consumed = 0;  // how much of the input, from its beginning
  Bytes output;
};

class Negotiation {
 public:
  // A client's `target` is the name to send; with an empty one, none is sent.
  Negotiation(bool is_server, std::u16string target, bool asks_for_certificate)
      : is_server_(is_server), target_(std::move(target)), asks_for_certificate_(asks_for_certificate) {}

  // Is called before the first step. A client may change them when it is asked for a certificate.
  void Use(std::shared_ptr<Acquired> credentials) { credentials_ = std::move(credentials); }
  const Acquired* credentials() const { return credentials_.get(); }
  // Says that what there is now is all that will be shown.
  void UseSuppliedCredentials() { uses_supplied_ = true; }
  bool uses_supplied() const { return uses_supplied_; }
  // Takes a ProtocolNameList without its length (RFC 7301 §3.1), for the first step.
  void OfferAlpn(View names);

  bool has_context() const { return context_.is_held(); }
  abi::SecHandle* context() { return context_.get(); }

  // Makes a step; the input is not changed. Where it is empty, no token is handed over.
  StepResult Step(View input);
  // Applies a control token, and gives what must then be sent.
  StepResult Control(void* token, uint32_t size);
  // Says whether the session may be resumed. A system that does not know this token does not resume either.
  void SetReconnects(bool are_allowed);
  abi::Status Query(uint32_t attribute, void* value) { return F().QueryContextAttributesW(context_.get(), attribute, value); }

 private:
  uint32_t Requirements() const;
  abi::Status Apply(void* token, uint32_t size);

  bool is_server_;
  std::u16string target_;
  bool asks_for_certificate_;
  bool uses_supplied_ = false;
  Bytes alpn_;
  std::shared_ptr<Acquired> credentials_;
  SecurityContext context_;  // it is freed before what it was made of
};

}  // namespace tls::schannel
