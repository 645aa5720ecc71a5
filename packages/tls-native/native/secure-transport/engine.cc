#if defined(__GNUC__) && !defined(__clang__)
// Only under AddressSanitizer, GCC 12 believes that the content of an empty std::optional is read when an Outcome is moved.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include "engine.hh"

#include <cstring>
#include <new>

#include "registry.hh"

namespace tls::secure_transport {
namespace {

// The longest content of a record, in bytes.
constexpr size_t kRecord = 16384;
constexpr uint8_t kAlertRecord = 21;
constexpr uint8_t kDataRecord = 23;
constexpr uint8_t kWarning = 1;
constexpr uint8_t kFatal = 2;

}  // namespace

OSStatus SecureTransportEngine::OnRead(SSLConnectionRef connection, void* data, size_t* length) {
  auto* engine = static_cast<SecureTransportEngine*>(const_cast<void*>(connection));
  View& input = engine->input_;
  const size_t wanted = *length;
  const size_t count = std::min(wanted, input.size);
  if (count > 0) std::memcpy(data, input.data, count);
  input = View{input.data + count, input.size - count};
  *length = count;
  return count == wanted ? constant::kSuccess : constant::kWouldBlock;
}

OSStatus SecureTransportEngine::OnWrite(SSLConnectionRef connection, const void* data, size_t* length) {
  auto* engine = static_cast<SecureTransportEngine*>(const_cast<void*>(connection));
  const auto* begin = static_cast<const uint8_t*>(data);
  try {
    engine->output_.insert(engine->output_.end(), begin, begin + *length);
    if (*length > 0 && begin[0] == kAlertRecord) engine->has_sent_alert_ = true;
    engine->sent_.Feed(View{begin, *length});
  } catch (const std::bad_alloc&) {
    *length = 0;
    return constant::kAllocate;  // no exception may pass through the library
  }
  return constant::kSuccess;
}

Outcome SecureTransportEngine::Start() {
  Outcome outcome;
  if (!options().is_server) Handshake(&outcome);
  return Finish(std::move(outcome));
}

Outcome SecureTransportEngine::Receive(View ciphertext) {
  if (failure_.has_value()) return Finish({});
  if (is_closed_) return ReceiveAfterClose(ciphertext);
  records_.Advance(ciphertext, [](uint8_t) {});
  received_.Feed(ciphertext);
  if (has_client_hello_ || !options().is_server) return Run(ciphertext);
  unread_.insert(unread_.end(), ciphertext.data, ciphertext.data + ciphertext.size);
  // The library has to judge at once whatever else comes before it, so that what is held here is bounded.
  const bool is_known = received_.client_hello.has_value() || received_.is_lost() || received_.has_changed_cipher() ||
                        received_.has_alert();
  if (!is_known) return Finish({});
  has_client_hello_ = true;
  Outcome outcome;
  if (!OnClientHello(&outcome)) return Finish(std::move(outcome));
  const Bytes opening = std::move(unread_);
  unread_ = Bytes();
  return Run(ViewOf(opening));
}

Outcome SecureTransportEngine::Resume(Answer answer) {
  const Rest rest = rest_;
  rest_ = Rest::kNone;
  Outcome outcome;
  bool goes_on = true;
  if (answer.alert >= 0) {
    Fault fault = OwnFault(CodeOfAlert(answer.alert), "refused by the owner of the connection");
    if (rest == Rest::kVerify) {
      fault.code = "ERR_TLS_CERTIFICATE_REJECTED";
      fault.node_code = "CERT_REJECTED";
      fault.certificate_fault = "distrusted";
    }
    goes_on = Refuse(std::move(fault), answer.alert, &outcome);
  } else if (rest == Rest::kClientHello) {
    goes_on = SetUpServer(&answer, &outcome);
  } else if (rest == Rest::kCertificate && answer.credential != nullptr) {
    const OSStatus status = Use(*static_cast<const SecureTransportCredential*>(answer.credential.get()));
    if (status != constant::kSuccess) goes_on = Refuse(FaultOf("ERR_TLS_IDENTITY", status), 80, &outcome);
  } else if (rest == Rest::kVerify) {
    is_judged_ = true;
    if (answer.path.has_value()) verified_path_ = std::move(*answer.path);
  }
  if (!goes_on) return Finish(std::move(outcome));
  const Bytes unread = std::move(unread_);
  unread_ = Bytes();
  return Run(ViewOf(unread));
}

Outcome SecureTransportEngine::Run(View ciphertext) {
  Outcome outcome;
  input_ = ciphertext;
  if (is_done_ || Handshake(&outcome)) Read(&outcome);
  const bool is_stuck = input_.size > 0 && rest_ == Rest::kNone && !is_peer_closed_ && !failure_.has_value();
  if (rest_ != Rest::kNone) unread_.assign(input_.data, input_.data + input_.size);
  input_ = View{nullptr, 0};  // it belongs to the caller again
  if (is_stuck) Refuse(OwnFault("ERR_TLS_BACKEND", "the library has left bytes unread"), 80, &outcome);
  return Finish(std::move(outcome));
}

// Goes on with the handshake. True when it is done.
bool SecureTransportEngine::Handshake(Outcome* outcome) {
  for (;;) {
    const OSStatus status = F().SSLHandshake(connection_.get());
    const bool goes_on = status == constant::kSuccess || status == constant::kWouldBlock ||
                         status == constant::kPeerAuthCompleted || status == constant::kClientCertRequested;
    if (!goes_on) return FailWith(status);
    if (!AreChoicesOurs(outcome)) return false;
    if (status == constant::kWouldBlock) return false;
    if (status == constant::kSuccess) break;
    const bool is_answered = status == constant::kPeerAuthCompleted ? OnPeer(outcome) : OnCertificateRequest(outcome);
    if (!is_answered) return false;
  }
  // There is no way around the verdict, not even for a resumed session.
  if (!is_judged_) {
    return Refuse(OwnFault("ERR_TLS_BACKEND", "the library asked for no verdict on the peer"), alert::kInternalError, outcome);
  }
  is_done_ = true;
  outcome->is_handshake_done = true;
  return true;
}

void SecureTransportEngine::Read(Outcome* outcome) {
  Bytes& plaintext = outcome->plaintext;
  size_t used = 0;
  OSStatus status = constant::kSuccess;
  while (status == constant::kSuccess && !is_peer_closed_) {
    if (plaintext.size() - used < kRecord) plaintext.resize(used + input_.size + 2 * kRecord);
    size_t count = 0;
    status = F().SSLRead(connection_.get(), plaintext.data() + used, plaintext.size() - used, &count);
    used += count;
    if (status == constant::kSuccess && count == 0) break;  // a turn that brings nothing is the last one
  }
  plaintext.resize(used);
  switch (status) {
    case constant::kSuccess:
    case constant::kWouldBlock: break;
    case constant::kClosedGraceful:
      // The library has already answered with its own close_notify (RFC 5246 §7.2.1).
      is_peer_closed_ = true;
      outcome->is_peer_closed = true;
      break;
    case constant::kPeerAuthCompleted:
    case constant::kClientCertRequested:
    case constant::kClientHelloReceived:
      Refuse(OwnFault("ERR_TLS_NO_RENEGOTIATION", "the peer begins another handshake"), alert::kNoRenegotiation, outcome);
      break;
    default: FailWith(status);
  }
}

Outcome SecureTransportEngine::Send(View plaintext) {
  if (failure_.has_value()) return Finish({});
  // The buffer grows once instead of many times: a record takes 29 octets more than its content.
  output_.reserve(plaintext.size + (plaintext.size / kRecord + 1) * 32);
  size_t written = 0;
  OSStatus status = constant::kSuccess;
  while (written < plaintext.size) {
    size_t count = 0;
    status = F().SSLWrite(connection_.get(), plaintext.data + written, plaintext.size - written, &count);
    written += count;
    if (status != constant::kSuccess && status != constant::kWouldBlock) break;
    if (count == 0) break;
  }
  if (written == plaintext.size && status == constant::kWouldBlock) {
    // The library has accepted it, but not written all of it: the next call, which has no data, sends what is queued.
    size_t none = 0;
    status = F().SSLWrite(connection_.get(), plaintext.data, 0, &none);
  }
  if (written != plaintext.size && status == constant::kSuccess) status = constant::kWouldBlock;
  if (status == constant::kClosedGraceful) {
    failure_ = FaultOf("ERR_TLS_TRANSPORT", status);  // in TLS 1.2 the peer's close_notify ends both directions
  } else if (status != constant::kSuccess) {
    FailWith(status);
  }
  return Finish({});
}

Outcome SecureTransportEngine::Close() {
  if (failure_.has_value() || is_closed_) return Finish({});
  is_closed_ = true;
  const OSStatus status = F().SSLClose(connection_.get());
  if (status != constant::kSuccess && status != constant::kClosedGraceful) FailWith(status);
  return Finish({});
}

// The library reads nothing after its own close_notify. The peer's answer is believed to be what its record header says, because nobody has
// to wait for it (RFC 5246 §7.2.1). Data, which is lost, is a fault.
Outcome SecureTransportEngine::ReceiveAfterClose(View ciphertext) {
  Outcome outcome;
  if (is_peer_closed_) return Finish(std::move(outcome));
  records_.Advance(ciphertext, [this, &outcome](uint8_t content_type) {
    if (is_peer_closed_ || failure_.has_value()) return;
    if (content_type == kDataRecord) {
      failure_ = OwnFault("ERR_TLS_TRUNCATED", "data came behind our close_notify, which ends both directions of TLS 1.2");
    } else if (content_type == kAlertRecord) {
      is_peer_closed_ = true;
      outcome.is_peer_closed = true;
    }
  });
  return Finish(std::move(outcome));
}

Outcome SecureTransportEngine::Fail(int alert) {
  Outcome outcome;
  if (!failure_.has_value()) Refuse(OwnFault("ERR_TLS_ABORTED", "given up by the owner of the connection"), alert, &outcome);
  outcome = Finish(std::move(outcome));
  outcome.fault.reset();  // the fault is the owner's own
  return outcome;
}

Outcome SecureTransportEngine::UpdateKeys() {
  Outcome outcome;
  outcome.fault = OwnFault("ERR_TLS_UNSUPPORTED", "TLS 1.2 has no key update");
  return outcome;
}

std::optional<Bytes> SecureTransportEngine::Export(const std::string&, std::optional<View>, size_t) { return std::nullopt; }

Outcome SecureTransportEngine::Finish(Outcome outcome) {
  outcome.ciphertext = std::move(output_);
  output_ = Bytes();
  has_sent_alert_ = false;
  if (failure_.has_value()) outcome.fault = failure_;
  return outcome;
}

bool SecureTransportEngine::Rests(Rest rest, Question question, Outcome* outcome) {
  rest_ = rest;
  outcome->question = std::move(question);
  return false;
}

bool SecureTransportEngine::Refuse(Fault fault, int alert, Outcome* outcome) {
  if (sent_.has_changed_cipher()) {
    // What the library has begun to encrypt must not be sent, and the library cannot be told to send an alert.
    output_.clear();
  } else {
    // A handshake is cancelled by a warning and close_notify after it (RFC 5246 §7.2.2).
    const uint8_t level = alert == alert::kUserCanceled ? kWarning : kFatal;
    output_.insert(output_.end(), {kAlertRecord, 3, 3, 0, 2, level, static_cast<uint8_t>(alert)});
    if (alert == alert::kUserCanceled) output_.insert(output_.end(), {kAlertRecord, 3, 3, 0, 2, kWarning, 0});
    fault.sent_alert = alert;
  }
  failure_ = std::move(fault);
  outcome->is_handshake_done = false;
  return false;
}

bool SecureTransportEngine::FailWith(OSStatus status) {
  failure_ = DescribeStatus(status, Alerts{received_.alert, sent_.alert, has_sent_alert_});
  return false;
}

ConnectionFacts SecureTransportEngine::Facts() {
  const bool is_server = options().is_server;
  ConnectionFacts facts;
  int version = 0;
  F().SSLGetNegotiatedProtocolVersion(connection_.get(), &version);
  if (version == constant::kTlsProtocol12) facts.version = kTls12;
  SSLCipherSuite suite = 0;
  F().SSLGetNegotiatedCipher(connection_.get(), &suite);
  facts.cipher_suite = static_cast<uint16_t>(suite);
  facts.group = is_server ? sent_.group : received_.group;
  facts.own_signature_scheme = sent_.scheme;
  facts.peer_signature_scheme = received_.scheme;
  facts.alpn = received_.alpn;
  if (received_.client_hello.has_value()) facts.server_name = received_.client_hello->ServerName();
  facts.was_asked = received_.has_certificate_request;
  if (options().request_ocsp) facts.ocsp_response = received_.ocsp_response;
  facts.has_extended_main_secret = is_server ? sent_.has_extended_main_secret : received_.has_extended_main_secret;
  facts.peer_chain = received_.chain;
  facts.verified_path = verified_path_;
  return facts;
}

}  // namespace tls::secure_transport
