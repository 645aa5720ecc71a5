#include "negotiation.hh"

namespace tls::schannel {
namespace {

// Writes a number as a SEC_APPLICATION_PROTOCOLS has it: in the machine's byte order, which on Windows is little-endian.
void AppendLittle(Bytes* out, size_t number, int octets) {
  for (int shift = 0; shift < 8 * octets; shift += 8) out->push_back(static_cast<uint8_t>(number >> shift));
}

}  // namespace

void Negotiation::OfferAlpn(View names) {
  if (names.size == 0) return;
  alpn_.clear();
  AppendLittle(&alpn_, names.size + 6, 4);  // ProtocolListsSize
  AppendLittle(&alpn_, abi::kAlpnExtension, 4);
  AppendLittle(&alpn_, names.size, 2);
  alpn_.insert(alpn_.end(), names.data, names.data + names.size);
}

uint32_t Negotiation::Requirements() const {
  uint32_t requirements =
      abi::kReqReplayDetect | abi::kReqSequenceDetect | abi::kReqConfidentiality | abi::kReqAllocateMemory;
  if (is_server_) {
    requirements |= abi::kServerReqExtendedError | abi::kServerReqStream;
    if (asks_for_certificate_) requirements |= abi::kReqMutualAuth;
    return requirements;
  }
  requirements |= abi::kClientReqExtendedError | abi::kClientReqStream | abi::kClientReqManualValidation;
  if (uses_supplied_) requirements |= abi::kReqUseSuppliedCredentials;
  return requirements;
}

StepResult Negotiation::Step(View input) {
  const bool is_first = !context_.is_held();
  Bytes token(input.data, input.data + input.size);  // a copy, as the system may write into it
  abi::SecBuffer in[3] = {};
  uint32_t count = 0;
  // The second buffer must be an empty one, in which the system says what it left over.
  if (input.size > 0) {
    in[count++] = {static_cast<uint32_t>(token.size()), abi::kBufferToken, token.data()};
    in[count++] = {0, abi::kBufferEmpty, nullptr};
  }
  if (is_first && !alpn_.empty()) {
    in[count++] = {static_cast<uint32_t>(alpn_.size()), abi::kBufferApplicationProtocols, alpn_.data()};
  }
  abi::SecBufferDesc in_list = {0, count, in};
  abi::SecBuffer out[1] = {{0, abi::kBufferToken, nullptr}};
  abi::SecBufferDesc out_list = {0, 1, out};
  abi::SecHandle made = kNoHandle;
  uint32_t attributes = 0;
  int64_t expiry = 0;
  abi::SecHandle* old = is_first ? nullptr : context_.get();
  abi::SecHandle* credentials = credentials_ == nullptr ? nullptr : credentials_->handle.get();
  abi::SecBufferDesc* in_given = count == 0 ? nullptr : &in_list;
  StepResult result;
  if (is_server_) {
    result.status = F().AcceptSecurityContext(credentials, old, in_given, Requirements(), 0, is_first ? &made : nullptr,
                                              &out_list, &attributes, &expiry);
  } else {
    result.status = F().InitializeSecurityContextW(credentials, old, target_.empty() ? nullptr : target_.data(), Requirements(), 0,
                                                   0, in_given, 0, is_first ? &made : nullptr, &out_list, &attributes, &expiry);
  }
  // A call that failed made no context.
  if (is_first && result.status >= 0) context_.Hold(made);
  ContextBuffer allocated(out[0].data);
  if (out[0].data != nullptr) {
    const auto* bytes = static_cast<const uint8_t*>(out[0].data);
    result.output = Bytes(bytes, bytes + out[0].size);
  }
  size_t extra = 0;
  for (uint32_t index = 1; index < count; ++index) {
    if (in[index].type == abi::kBufferExtra) extra = in[index].size;
  }
  const bool is_kept = result.status == abi::kErrorIncompleteMessage || result.status == abi::kIncompleteCredentials;
  result.consumed = is_kept || extra > input.size ? 0 : input.size - extra;
  return result;
}

void Negotiation::SetReconnects(bool are_allowed) {
  abi::SessionToken token = {abi::kControlSession, are_allowed ? abi::kSessionEnableReconnects : abi::kSessionDisableReconnects};
  Apply(&token, sizeof token);
}

abi::Status Negotiation::Apply(void* token, uint32_t size) {
  abi::SecBuffer buffer = {size, abi::kBufferToken, token};
  abi::SecBufferDesc list = {0, 1, &buffer};
  return F().ApplyControlToken(context_.get(), &list);
}

StepResult Negotiation::Control(void* token, uint32_t size) {
  StepResult result;
  result.status = Apply(token, size);
  if (result.status != abi::kOk) return result;
  return Step(View{nullptr, 0});
}

}  // namespace tls::schannel
