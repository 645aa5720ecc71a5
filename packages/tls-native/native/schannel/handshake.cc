#include <algorithm>

#include "engine.hh"
#include "registry.hh"

namespace tls::schannel {
namespace {

std::vector<Bytes> NamesOf(View list) {
  std::vector<Bytes> names;
  for (WireReader reader(list); reader.left() > 0 && reader.is_whole();) names.push_back(BytesOf(reader.Vector(1)));
  return names;
}

Bytes WithLength(const Bytes& name) {
  Bytes list = {static_cast<uint8_t>(name.size())};
  list.insert(list.end(), name.begin(), name.end());
  return list;
}

bool Contains(const std::vector<Bytes>& list, const Bytes& item) { return std::find(list.begin(), list.end(), item) != list.end(); }

bool IsChangeCipherSpec(const Bytes& flight) { return flight.size() == 6 && flight[0] == 20; }

}  // namespace

void SchannelEngine::Drop(size_t size) {
  input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
  observed_ -= std::min(observed_, size);
  raw_ -= std::min(raw_, size);
}

bool SchannelEngine::TakeHello(Outcome* outcome) {
  Framing end = Framing::kPart;
  const size_t whole = WholeRecords(ViewOf(input_), &end);
  observer_.See(View{input_.data() + observed_, whole - observed_}, true);
  observed_ = whole;
  if (observer_.alert(true) >= 0) {
    Fault fault = FaultOf("ERR_TLS_ALERT", "an alert came in the place of a clienthello");
    fault.received_alert = observer_.alert(true);
    fault_ = outcome->fault = fault;
    stage_ = Stage::kOver;
    return false;
  }
  switch (observer_.hello()) {
    case Hello::kPart:
      if (end != Framing::kPart) return AbortByFraming(end, outcome);
      return false;
    case Hello::kMalformed:
      Abort(FaultOf("ERR_TLS_DECODE", "the clienthello cannot be read"), outcome);
      return false;
    case Hello::kUnexpected:
      Abort(FaultOf("ERR_TLS_UNEXPECTED_MESSAGE", "something else came in the place of a clienthello"), outcome);
      return false;
    case Hello::kTooLong:
      Abort(FaultOf("ERR_TLS_LIMIT", "the clienthello is too long"), outcome);
      return false;
    case Hello::kWhole:
      break;
  }
  const ClientHello& hello = observer_.client_hello();
  if (auto fault = FaultOfClientHello(hello, options().min_version, options().max_version)) {
    Abort(std::move(*fault), outcome);
    return false;
  }
  if (!ChooseAlpn(outcome)) return false;
  stage_ = Stage::kHandshake;
  if (!options().ask_client_hello) return UseCredential(context_->ChooseFor(hello.SignatureSchemes()), outcome);
  std::vector<Bytes> extensions;
  for (const auto& [type, body] : hello.extensions) {
    Bytes extension;
    AppendUint16(&extension, type);
    extension.insert(extension.end(), body.begin(), body.end());
    extensions.push_back(std::move(extension));
  }
  outcome->question = Question::ClientHello(hello.cipher_suites, std::move(extensions));
  resting_ = Resting::kClientHello;
  return false;
}

// Chooses our first protocol that the client offers, or refuses with no_application_protocol (RFC 7301 §3.2). SChannel then
// gets only that one.
bool SchannelEngine::ChooseAlpn(Outcome* outcome) {
  const std::vector<Bytes> offered = NamesOf(observer_.client_hello().Alpn());
  const std::vector<Bytes> ours = NamesOf(ViewOf(options().alpn));
  if (offered.empty() || ours.empty()) return true;
  for (const Bytes& name : ours) {
    if (!Contains(offered, name)) continue;
    negotiation_.OfferAlpn(ViewOf(WithLength(name)));
    return true;
  }
  Abort(FaultOf("ERR_TLS_NO_APPLICATION_PROTOCOL", "the client offers no application protocol that is spoken here"), outcome);
  return false;
}

bool SchannelEngine::UseCredential(const std::shared_ptr<SchannelCredential>& credential, Outcome* outcome) {
  std::optional<Fault> fault;
  if (credential == nullptr) {
    // The server has no certificate to show (RFC 8446 §4.4.2.2).
    Abort(FaultOf("ERR_TLS_NO_COMMON_PARAMETERS", "there is no identity for this client"), outcome);
    return false;
  }
  auto acquired = context_->ForIdentity(credential, &fault);
  if (acquired == nullptr) {
    Abort(std::move(*fault), outcome);
    return false;
  }
  negotiation_.Use(std::move(acquired));
  return true;
}

bool SchannelEngine::Step(Outcome* outcome) {
  Framing end = Framing::kPart;
  size_t ready = raw_;
  if (!is_raw_due_) ready += WholeRecords(View{input_.data() + raw_, input_.size() - raw_}, &end);
  if (!is_raw_due_ && ready <= incomplete_) return end == Framing::kPart ? false : AbortByFraming(end, outcome);
  if (stage_ == Stage::kHandshake && ready > observed_) {
    observer_.See(View{input_.data() + observed_, ready - observed_}, !is_client());
    observed_ = ready;
  }
  const StepResult step = negotiation_.Step(View{input_.data(), ready});
  if (step.status == abi::kIncompleteCredentials) return TakeCertificateRequest(outcome);
  const bool is_waiting = step.status == abi::kErrorIncompleteMessage ||
                          (step.status == abi::kContinueNeeded && step.consumed == 0 && step.output.empty());
  is_raw_due_ = false;
  incomplete_ = is_waiting ? ready : 0;
  if (is_waiting) return true;
  if (step.status == abi::kContextExpired) {
    Fault fault = FaultOf("ERR_TLS_ALERT", "the peer closed in the middle of the handshake");
    fault.received_alert = 0;
    fault_ = outcome->fault = fault;
    ForgetSession();
    stage_ = Stage::kOver;
    return false;
  }
  if (step.status != abi::kOk && step.status != abi::kContinueNeeded) {
    Append(step.output, outcome);
    AbortByStatus(step.status, MayEndInAlert(ViewOf(step.output)), outcome);
    return false;
  }
  Drop(step.consumed);
  const bool is_done = step.status == abi::kOk;
  held_ = step.output;
  if (stage_ == Stage::kHandshake) {
    const Judged judged = is_judged_ || (!is_done && held_.empty()) ? Judged::kNotYet : JudgePeer(is_done, outcome);
    if (judged == Judged::kStop) return false;
  }
  return Release(is_done, outcome);
}

// SChannel has consumed nothing: the same input is handed over again, with a certificate or with the statement that there is none.
bool SchannelEngine::TakeCertificateRequest(Outcome* outcome) {
  was_asked_ = true;
  if (negotiation_.uses_supplied()) {
    Abort(FaultOf("ERR_TLS_BACKEND", "the security package asks for a certificate again and again"), outcome);
    return false;
  }
  incomplete_ = 0;
  if (!options().ask_certificate || stage_ != Stage::kHandshake) {
    const auto& credentials = options().credentials;
    if (!credentials.empty() && !UseCredential(std::static_pointer_cast<SchannelCredential>(credentials[0]), outcome)) return false;
    negotiation_.UseSuppliedCredentials();
    return true;
  }
  // Where SChannel already tells who the peer is, the peer is judged before it learns who we are.
  if (!is_judged_ && JudgePeer(false, outcome) == Judged::kStop) return false;
  outcome->question = CertificateQuestion();
  resting_ = Resting::kCertificate;
  return false;
}

// Judges the peer before the flight that is held is sent.
SchannelEngine::Judged SchannelEngine::JudgePeer(bool is_done, Outcome* outcome) {
  if (!is_client() && (options().verify == Verify::kNothing || !is_done)) return Judged::kNotYet;
  const abi::CertContext* certificate = nullptr;
  const bool is_there = negotiation_.Query(abi::kAttributeRemoteCertificate, &certificate) == abi::kOk && certificate != nullptr;
  const CertificateOwner leaf(is_there ? certificate : nullptr);
  if (!is_there) {
    if (!is_done) return Judged::kNotYet;
    if (!is_client() && options().verify != Verify::kRequire) return Judged::kGood;
    LearnAgreement();
    Abort(FaultOf("ERR_TLS_CERTIFICATE_REQUIRED", "the peer showed no certificate"), outcome);
    return Judged::kStop;
  }
  peer_chain_ = PeerCertificates(leaf.get());
  if (!options().accept_any) {
    const PeerCheck check = {is_client(), given_.server_name, given_.is_address, given_.now, options().revocation};
    Verdict verdict = tls::schannel::JudgePeer(*context_->trust(), leaf.get(), peer_chain_, check);
    if (verdict.fault.has_value()) {
      LearnAgreement();
      Abort(std::move(*verdict.fault), outcome);
      return Judged::kStop;
    }
    path_ = std::move(verdict.path);
  }
  uint32_t size = 0;
  if (is_client() && F().CertGetCertificateContextProperty(leaf.get(), abi::kPropertyOcspResponse, nullptr, &size) != 0 && size > 0) {
    Bytes response(size);
    if (F().CertGetCertificateContextProperty(leaf.get(), abi::kPropertyOcspResponse, response.data(), &size) != 0) {
      response.resize(size);
      ocsp_response_ = std::move(response);
    }
  }
  if (!options().ask_verify) {
    is_judged_ = true;
    return Judged::kGood;
  }
  outcome->question = Question::Verify(peer_chain_, path_, ocsp_response_);
  resting_ = Resting::kVerify;
  is_held_last_ = is_done;
  return Judged::kStop;
}

bool SchannelEngine::Release(bool is_done, Outcome* outcome) {
  const bool is_handshake = stage_ == Stage::kHandshake;
  if (is_handshake && is_done) {
    LearnAgreement();
    if (auto fault = FaultOfAgreement()) {
      Abort(std::move(*fault), outcome);
      return false;
    }
  }
  Append(held_, outcome);
  // What a client sends after the ServerHello ends with its Finished, unless it is only a change_cipher_spec (RFC 8446 §D.4).
  if (is_client() && !held_.empty() && observer_.has_server_hello() && !IsChangeCipherSpec(held_)) is_finished_sent_ = true;
  held_ = Bytes();
  if (!is_done) return true;
  is_finished_sent_ = true;
  stage_ = Stage::kOpen;
  raw_ = 0;
  if (is_handshake) {
    const Reconnects reconnects = negotiation_.credentials()->reconnects;
    // A server's credentials say so already.
    if (is_client() && reconnects == Reconnects::kNever) negotiation_.SetReconnects(false);
    if (reconnects == Reconnects::kOnceAccepted) negotiation_.SetReconnects(true);
    outcome->is_handshake_done = true;
    return true;
  }
  const Bytes queued = std::move(queue_);
  queue_ = Bytes();
  Seal(ViewOf(queued), outcome);
  if (is_closed_ && !fault_.has_value()) Shutdown(outcome);
  return !fault_.has_value();
}

// Checks what both sides agreed on, once more or for the first time: not every system obeys what it was told to disable.
std::optional<Fault> SchannelEngine::FaultOfAgreement() {
  if (negotiation_.Query(abi::kAttributeStreamSizes, &sizes_) != abi::kOk || sizes_.maximum_message == 0) {
    return FaultOf("ERR_TLS_BACKEND", "the security package does not say how long its records are");
  }
  if (version_ < options().min_version || version_ > options().max_version) {
    return FaultOf("ERR_TLS_PROTOCOL_VERSION", "a version was agreed on that is not allowed here");
  }
  if (!IsAcceptable(cipher_suite_)) {
    return FaultOf("ERR_TLS_NO_COMMON_PARAMETERS", "a cipher suite was agreed on that is not allowed here");
  }
  const Bytes& offered = given_.alpn.has_value() ? *given_.alpn : options().alpn;
  if (alpn_.has_value() && !Contains(NamesOf(ViewOf(offered)), *alpn_)) {
    return FaultOf("ERR_TLS_ILLEGAL_PARAMETER", "an application protocol was agreed on that was not offered");
  }
  return std::nullopt;
}

}  // namespace tls::schannel
