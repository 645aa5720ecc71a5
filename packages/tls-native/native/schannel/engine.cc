#include "engine.hh"

#include "registry.hh"

namespace tls::schannel {
namespace {

constexpr size_t kMaxWaiting = 1 << 18;  // more than any handshake message that is accepted here

// Gives the name without the trailing dot (RFC 6066 §3), and none for an address.
std::u16string TargetOf(const EngineOptions& options) {
  if (options.is_address) return {};
  std::u16string target(options.server_name.begin(), options.server_name.end());
  if (!target.empty() && target.back() == u'.') target.pop_back();
  return target;
}

}  // namespace

SchannelEngine::SchannelEngine(std::shared_ptr<SchannelContext> context, const EngineOptions& options)
    : context_(std::move(context)),
      given_(options),
      negotiation_(context_->options().is_server, TargetOf(options), context_->options().verify != Verify::kNothing),
      stage_(context_->options().is_server ? Stage::kHello : Stage::kHandshake) {}

Outcome SchannelEngine::Start() {
  Outcome outcome;
  if (!is_client()) return outcome;
  auto credentials = context_->ForClient(!TargetOf(given_).empty(), &fault_);
  if (credentials == nullptr) {
    stage_ = Stage::kOver;
    outcome.fault = fault_;
    return outcome;
  }
  negotiation_.Use(std::move(credentials));
  negotiation_.OfferAlpn(ViewOf(given_.alpn.has_value() ? *given_.alpn : options().alpn));
  StepResult step = negotiation_.Step(View{nullptr, 0});
  Append(step.output, &outcome);
  if (step.status != abi::kContinueNeeded) AbortByStatus(step.status, MayEndInAlert(ViewOf(step.output)), &outcome);
  return outcome;
}

Outcome SchannelEngine::Receive(View ciphertext) {
  Outcome outcome;
  outcome.fault = fault_;
  if (fault_.has_value() || is_peer_closed_) return outcome;
  input_.insert(input_.end(), ciphertext.data, ciphertext.data + ciphertext.size);
  Advance(&outcome);
  return outcome;
}

Outcome SchannelEngine::Resume(Answer answer) {
  Outcome outcome;
  outcome.fault = fault_;
  if (fault_.has_value()) return outcome;
  const Resting rested = resting_;
  resting_ = Resting::kNo;
  if (answer.alert >= 0) {
    const char* code = CodeOfAlert(answer.alert);
    AbortWith(answer.alert, FaultOf(code == nullptr ? "ERR_TLS_BACKEND" : code, "refused by whom it was asked"), &outcome);
    return outcome;
  }
  auto credential = std::static_pointer_cast<SchannelCredential>(answer.credential);
  bool may_go_on = true;
  switch (rested) {
    case Resting::kClientHello:
      if (credential == nullptr) credential = context_->ChooseFor(observer_.client_hello().SignatureSchemes());
      may_go_on = UseCredential(credential, &outcome);
      break;
    case Resting::kCertificate:
      // Without an answer the client goes on with what it has, which is no certificate.
      if (credential != nullptr) may_go_on = UseCredential(credential, &outcome);
      negotiation_.UseSuppliedCredentials();
      break;
    case Resting::kVerify:
      is_judged_ = true;
      if (answer.path.has_value()) path_ = std::move(*answer.path);
      may_go_on = Release(is_held_last_, &outcome);
      break;
    case Resting::kNo:
      break;
  }
  if (may_go_on) Advance(&outcome);
  return outcome;
}

void SchannelEngine::Advance(Outcome* outcome) {
  bool may_go_on = true;
  while (may_go_on && resting_ == Resting::kNo && !fault_.has_value()) {
    switch (stage_) {
      case Stage::kHello:
        may_go_on = TakeHello(outcome);
        break;
      case Stage::kHandshake:
      case Stage::kPostHandshake:
        may_go_on = Step(outcome);
        break;
      case Stage::kOpen:
        may_go_on = !is_peer_closed_ && Open(outcome);
        break;
      case Stage::kOver:
        may_go_on = false;
        break;
    }
  }
  if (!fault_.has_value() && input_.size() > kMaxWaiting && stage_ != Stage::kOver) {
    Abort(FaultOf("ERR_TLS_LIMIT", "the peer sends more and more without ever finishing a message"), outcome);
  }
  if (input_.empty()) input_ = Bytes();  // so that an idle connection holds no buffer
}

Outcome SchannelEngine::Send(View plaintext) {
  Outcome outcome;
  outcome.fault = fault_;
  if (fault_.has_value()) return outcome;
  if (is_closed_ || (stage_ != Stage::kOpen && stage_ != Stage::kPostHandshake)) {
    outcome.fault = FaultOf("ERR_TLS_API_MISUSE", "data can be sent between the handshake and the close alone");
  } else if (stage_ == Stage::kPostHandshake) {
    queue_.insert(queue_.end(), plaintext.data, plaintext.data + plaintext.size);
  } else {
    Seal(plaintext, &outcome);
  }
  return outcome;
}

Outcome SchannelEngine::Close() {
  Outcome outcome;
  outcome.fault = fault_;
  if (fault_.has_value() || is_closed_) return outcome;
  is_closed_ = true;
  // What is in the queue goes before it.
  if (stage_ != Stage::kPostHandshake) Shutdown(&outcome);
  return outcome;
}

Outcome SchannelEngine::UpdateKeys() {
  Outcome outcome;
  outcome.fault = FaultOf("ERR_TLS_UNSUPPORTED", "schannel updates keys when it likes, and not when it is asked");
  return outcome;
}

Outcome SchannelEngine::Fail(int alert) {
  Outcome outcome;
  outcome.fault = fault_;
  if (!fault_.has_value()) AbortWith(alert, FaultOf("ERR_TLS_ABORTED", "given up by its owner"), &outcome);
  return outcome;
}

void SchannelEngine::Shutdown(Outcome* outcome) {
  if (!negotiation_.has_context()) {
    outcome->ciphertext = PlainAlert(kAlertWarning, 0);
    return;
  }
  uint32_t token = abi::kControlShutdown;
  const StepResult step = negotiation_.Control(&token, sizeof token);
  Append(step.output, outcome);
  if (step.status < 0 && step.output.empty()) AbortByStatus(step.status, true, outcome);
}

// Sees to it that what ended in a fault is not resumed (RFC 5246 §7.2.2, RFC 8446 §6.2). The token is for sessions with an id. Those of TLS 1.3
// have none, so that a client begins anew with other credentials; whoever connects to a server could make it do that again and again.
void SchannelEngine::ForgetSession() {
  const Acquired* credentials = negotiation_.credentials();
  if (credentials == nullptr || credentials->reconnects == Reconnects::kNever) return;
  if (negotiation_.has_context()) negotiation_.SetReconnects(false);
  if (is_client()) context_->Retire(credentials);
}

void SchannelEngine::Append(const Bytes& output, Outcome* outcome) {
  if (stage_ == Stage::kHandshake) observer_.See(ViewOf(output), is_client());
  outcome->ciphertext.insert(outcome->ciphertext.end(), output.begin(), output.end());
}

void SchannelEngine::SendAlert(int level, int alert, Outcome* outcome) {
  abi::AlertToken token = {abi::kControlAlert, static_cast<uint32_t>(level), static_cast<uint32_t>(alert)};
  const StepResult step = negotiation_.Control(&token, sizeof token);
  if (step.output.empty()) return;
  Append(step.output, outcome);
  fault_->sent_alert = alert;
}

void SchannelEngine::Abort(Fault fault, Outcome* outcome) {
  int alert = AlertOfCode(fault.code);
  // TLS 1.2 has no certificate_required.
  if (fault.code == "ERR_TLS_CERTIFICATE_REQUIRED" && version_ == kTls12) alert = 40;
  AbortWith(alert < 0 ? alert::kInternalError : alert, std::move(fault), outcome);
}

// A side that has not sent its Finished can still send the alert unprotected. In TLS 1.2 the peer expects that; in TLS 1.3 a
// server accepts it that has seen no protected record. The flight that is held is dropped, so that a peer that we refuse does
// not get a client's certificate.
void SchannelEngine::AbortWith(int alert, Fault fault, Outcome* outcome) {
  fault_ = std::move(fault);
  ForgetSession();
  const bool is_plain = is_client() ? !is_finished_sent_ : !is_finished_sent_ && observer_.version() != kTls13;
  const bool is_warning = alert == AlertOfCode("ERR_TLS_NO_RENEGOTIATION") || alert == alert::kUserCanceled;
  const int level = is_warning ? kAlertWarning : kAlertFatal;
  if (is_plain) {
    const Bytes record = PlainAlert(level, alert);
    outcome->ciphertext.insert(outcome->ciphertext.end(), record.begin(), record.end());
    fault_->sent_alert = alert;
  } else {
    // The alert is under the keys of after the flight, which must go before it.
    Append(held_, outcome);
    SendAlert(level, alert, outcome);
  }
  // A handshake is cancelled by an alert and close_notify after it (RFC 8446 §6.1).
  if (alert == alert::kUserCanceled && is_plain) {
    const Bytes end = PlainAlert(kAlertWarning, 0);
    outcome->ciphertext.insert(outcome->ciphertext.end(), end.begin(), end.end());
  } else if (alert == alert::kUserCanceled) {
    uint32_t token = abi::kControlShutdown;
    Append(negotiation_.Control(&token, sizeof token).output, outcome);
  }
  held_ = Bytes();
  stage_ = Stage::kOver;
  outcome->fault = fault_;
}

// Ends the connection as the package says. `is_told` means that the peer needs no alert of ours: the package has sent what it has to say, or
// the peer has ended the connection itself.
void SchannelEngine::AbortByStatus(abi::Status status, bool is_told, Outcome* outcome) {
  Fault fault = FaultOfStatus(status);
  fault.sent_alert = observer_.alert(is_client());
  fault.received_alert = observer_.alert(!is_client());
  if (fault.received_alert < 0) fault.received_alert = AlertOfStatus(status);
  if (fault.received_alert >= 0) {
    fault.code = "ERR_TLS_ALERT";
    fault.sent_alert = -1;
  } else if (const char* code = CodeOfAlert(fault.sent_alert)) {
    fault.code = code;
  } else if (!is_told) {
    // The peer would wait.
    Abort(std::move(fault), outcome);
    return;
  }
  fault_ = std::move(fault);
  ForgetSession();
  stage_ = Stage::kOver;
  outcome->fault = fault_;
}

bool SchannelEngine::AbortByFraming(Framing framing, Outcome* outcome) {
  if (framing == Framing::kNotTls) {
    Abort(FaultOf("ERR_TLS_NOT_TLS", "what came is no tls record"), outcome);
  } else {
    Abort(FaultOf("ERR_TLS_RECORD_OVERFLOW", "a record is longer than any may be"), outcome);
  }
  return false;
}

}  // namespace tls::schannel
