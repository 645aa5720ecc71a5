#include "engine.hh"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <utility>

#include "peer-faults.hh"
#include "registry.hh"
#include "session-state.hh"

namespace tls::openssl {
namespace {

// The index that the macro SSL_set_app_data uses.
constexpr int kAppData = 0;
// The longest content of a record, in bytes. If less of the buffer were left, OpenSSL would hold back the rest of a record.
constexpr size_t kRecord = 16384;
// The latest time that JavaScript knows, in milliseconds since the epoch.
constexpr int64_t kLatestTime = 8640000000000000;
constexpr size_t kHandshakeHeader = 4;
// A fatal alert that is not encrypted, without its number.
constexpr uint8_t kFatalAlert[] = {21, 3, 3, 0, 2, constant::kAlertFatal};

bool EndsInPlainAlert(const Bytes& output) {
  if (output.size() <= sizeof kFatalAlert) return false;
  return std::memcmp(output.data() + output.size() - sizeof kFatalAlert - 1, kFatalAlert, sizeof kFatalAlert) == 0;
}

Bytes TicketOf(const SSL_SESSION* session) {
  const unsigned char* ticket = nullptr;
  size_t length = 0;
  F().SSL_SESSION_get0_ticket(session, &ticket, &length);
  return ticket == nullptr ? Bytes() : Bytes(ticket, ticket + length);
}

// A signature knows only its key. The engine for which it is made is kept here while the library makes it.
thread_local OpenSslEngine* driven = nullptr;

class Driving {
 public:
  explicit Driving(OpenSslEngine* engine) { driven = engine; }
  ~Driving() { driven = nullptr; }
  Driving(const Driving&) = delete;
  Driving& operator=(const Driving&) = delete;
};

}  // namespace

std::unique_ptr<OpenSslEngine> OpenSslEngine::Create(std::shared_ptr<OpenSslContext> context, const EngineOptions& options,
                                                     std::optional<Fault>* fault) {
  ForgetErrors();
  ConnectionOwner connection(F().SSL_new(context->get()));
  if (connection == nullptr) {
    *fault = TakeFault("ERR_TLS_BACKEND");
    return nullptr;
  }
  std::unique_ptr<OpenSslEngine> engine(new OpenSslEngine(std::move(context), std::move(connection), options));
  if (engine->Configure(options)) return engine;
  *fault = TakeFault("ERR_TLS_CONFIG");
  return nullptr;
}

OpenSslEngine::OpenSslEngine(std::shared_ptr<OpenSslContext> context, ConnectionOwner connection, const EngineOptions& options)
    : context_(std::move(context)),
      connection_(std::move(connection)),
      ticket_keys_(options.ticket_keys),
      response_to_staple_(options.ocsp_response),
      now_(options.now),
      is_early_(context_->options().is_server ? context_->options().max_early_data > 0 : options.early_data) {}

OpenSslEngine::~OpenSslEngine() {
  if (is_resting_) {
    // A call that rests on a stack of its own has to return from there, or that stack is lost.
    is_abandoned_ = true;
    F().SSL_do_handshake(connection_.get());
    ForgetErrors();
  }
  WipeTicketKeys();
}

bool OpenSslEngine::Configure(const EngineOptions& options) {
  SSL* ssl = connection_.get();
  BIO* read = buffers_.Create();
  BIO* write = buffers_.Create();
  if (read != nullptr) F().SSL_set0_rbio(ssl, read);
  if (write != nullptr) F().SSL_set0_wbio(ssl, write);
  if (read == nullptr || write == nullptr || F().SSL_set_ex_data(ssl, kAppData, this) != 1) return false;
  X509_VERIFY_PARAM* parameters = F().SSL_get0_param(ssl);
  F().X509_VERIFY_PARAM_set_time(parameters, now_ / 1000);
  if (context_->options().is_server) {
    F().SSL_set_accept_state(ssl);
    return true;
  }
  F().SSL_set_connect_state(ssl);
  F().X509_VERIFY_PARAM_set_hostflags(parameters, constant::kHostNoPartialWildcards | constant::kHostNeverSubject);
  bool is_set = true;
  peer_name_ = (options.is_address ? "address " : "host ") + options.server_name;
  if (options.is_address) {
    is_set = F().X509_VERIFY_PARAM_set1_ip_asc(parameters, options.server_name.c_str()) == 1;
  } else {
    // The name is sent without the trailing dot (RFC 6066 §3).
    std::string host = options.server_name;
    if (!host.empty() && host.back() == '.') host.pop_back();
    is_set = F().X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1 &&
             F().SSL_ctrl(ssl, constant::kCtrlHostName, 0, host.data()) == 1;
  }
  if (options.alpn.has_value()) {
    is_set = is_set && F().SSL_set_alpn_protos(ssl, options.alpn->data(), static_cast<unsigned>(options.alpn->size())) == 0;
  }
  if (context_->options().request_ocsp) {
    is_set = is_set && F().SSL_ctrl(ssl, constant::kCtrlStatusType, constant::kStatusTypeOcsp, nullptr) == 1;
  }
  if (options.session.has_value()) {
    const unsigned char* at = options.session->data();
    SessionOwner session(F().d2i_SSL_SESSION(nullptr, &at, static_cast<long>(options.session->size())));
    // A session that cannot be read is ignored: the handshake is then a full one.
    if (session != nullptr) {
      // The library computes the age of a ticket by its own clock.
      SetTime(session.get(), static_cast<int64_t>(std::time(nullptr)) - options.session_age / 1000);
      offered_ticket_ = TicketOf(session.get());
      F().SSL_set_session(ssl, session.get());
    }
    ForgetErrors();
  }
  return is_set;
}

Outcome OpenSslEngine::Start() {
  ForgetErrors();
  Outcome outcome;
  size_t written = 0;
  if (is_early_ && !context_->options().is_server) {
    // No data is sent yet, but the ClientHello has to announce early data. It is no fault that nothing was written.
    F().SSL_write_early_data(connection_.get(), nullptr, 0, &written);
    if (buffers_.output.empty()) outcome.fault = FaultOf();
  } else if (ReadEarlyData(&outcome)) {
    Handshake(&outcome);
  }
  Finish(&outcome);
  return outcome;
}

Outcome OpenSslEngine::Receive(View ciphertext) {
  Outcome outcome;
  Run(ciphertext, &outcome);
  return outcome;
}

Outcome OpenSslEngine::Resume(Answer answer) {
  answer_ = std::move(answer);
  is_refused_ = answer_.alert >= 0;
  is_resting_ = false;
  const Bytes unread = std::move(unread_);
  unread_ = Bytes();
  Outcome outcome;
  Run(View{unread.data(), unread.size()}, &outcome);
  return outcome;
}

void OpenSslEngine::Run(View ciphertext, Outcome* outcome) {
  ForgetErrors();
  buffers_.input = ciphertext;
  if (!context_->options().is_server) is_early_ = false;  // the server has answered
  if (is_done_ || (ReadEarlyData(outcome) && Handshake(outcome))) Read(outcome);
  if (is_done_ && !outcome->fault.has_value()) CatchUp(outcome);
  if (is_resting_) unread_.assign(buffers_.input.data, buffers_.input.data + buffers_.input.size);
  buffers_.input = View{nullptr, 0};  // it belongs to the caller again
  Finish(outcome);
  if (is_refused_) SayCanceled(answer_.alert, &outcome->ciphertext);
  if (!is_refused_ || outcome->fault.has_value()) return;
  // Some questions are asked where the library cannot be told to fail.
  Outcome last = Fail(answer_.alert);
  outcome->ciphertext.insert(outcome->ciphertext.end(), last.ciphertext.begin(), last.ciphertext.end());
  outcome->fault = Fault{};
  outcome->question.reset();
}

const Answer* OpenSslEngine::Ask(Question question) {
  if (is_abandoned_) return nullptr;
  question_ = std::move(question);
  is_resting_ = true;
  // ASYNC_pause_job returns when the handshake is continued, which only Resume and the destructor do.
  if (F().ASYNC_pause_job() != 1 || is_abandoned_ || is_resting_) return nullptr;
  return &answer_;
}

int OpenSslEngine::AskVerdict(std::vector<Bytes> chain, std::vector<Bytes> path) {
  const Answer* answer = Ask(Question::Verify(std::move(chain), std::move(path), OcspResponse()));
  if (answer != nullptr && answer->alert < 0) {
    if (answer->path.has_value()) judged_path_ = answer->path;
    return -1;
  }
  return answer == nullptr ? alert::kInternalError : answer->alert;
}

void OpenSslEngine::TakeClientHelloAnswer(const Answer& answer) {
  has_answered_client_hello_ = true;
  if (answer.ticket_keys.has_value()) {
    WipeTicketKeys();
    ticket_keys_ = std::move(*answer_.ticket_keys);
  }
  if (!answer.ocsp_response.empty()) response_to_staple_ = answer.ocsp_response;
}

// OpenSSL has no call to send an alert. A record that is too long makes it send record_overflow, and bytes that complete a record which has
// begun make it send bad_record_mac. The intended alert replaces that one where it is not encrypted.
Outcome OpenSslEngine::Fail(int alert) {
  // A connection that is open is not cancelled, but closed (RFC 8446 §6.1).
  if (is_done_ && alert == alert::kUserCanceled) return Close();
  ForgetErrors();
  Outcome outcome;
  refusal_alert_ = alert;
  if (context_->options().is_server && !has_sent_ && !is_resting_) {
    // Bytes that complete a ClientHello which has begun would make the library answer it.
    buffers_.output.assign(std::begin(kFatalAlert), std::end(kFatalAlert));
    buffers_.output.push_back(static_cast<uint8_t>(alert));
  } else if (!is_resting_) {
    static constexpr uint8_t kTooLong[] = {23, 3, 3, 0xFF, 0xFF};
    Bytes stranger(2 * kRecord);  // longer than what a record that has begun can lack
    for (size_t at = 0; at < stranger.size(); ++at) stranger[at] = kTooLong[at % sizeof kTooLong];
    buffers_.input = View{stranger.data(), stranger.size()};
    if (is_done_) {
      Read(&outcome);
    } else {
      Handshake(&outcome);
    }
    buffers_.input = View{nullptr, 0};
  }
  Finish(&outcome);
  SayCanceled(alert, &outcome.ciphertext);
  outcome.fault.reset();  // the owner knows the reason
  return outcome;
}

std::optional<Bytes> OpenSslEngine::Export(const std::string& label, std::optional<View> context, size_t length) {
  ForgetErrors();
  Bytes material(length);
  const int result = F().SSL_export_keying_material(
      connection_.get(), material.data(), length, label.data(), label.size(), context.has_value() ? context->data : nullptr,
      context.has_value() ? context->size : 0, context.has_value() ? 1 : 0);
  ForgetErrors();
  if (result != 1) return std::nullopt;
  return material;
}

OpenSslEngine* OpenSslEngine::Driven() { return driven; }

std::optional<Bytes> OpenSslEngine::ExportEarly(const std::string& label, View context, size_t length) {
  ForgetErrors();
  // The library reads the session of which the early secret is derived, and does not ask whether there is one.
  const SSL_SESSION* session = F().SSL_get_session(connection_.get());
  if (session == nullptr || F().SSL_SESSION_get0_cipher(session) == nullptr) return std::nullopt;
  if (!context_->options().is_server && F().SSL_SESSION_get_max_early_data(session) == 0) {
    // A ServerHello or a ticket has replaced the session that was offered, and the library would look for that of an external key, which does
    // not exist. Where early data was accepted, the suite is the same (RFC 8446 §4.2.10), and without a limit it takes that of this session.
    if (F().SSL_get_early_data_status(connection_.get()) != constant::kEarlyDataAccepted) return std::nullopt;
    if (F().SSL_set_max_early_data(connection_.get(), 0) != 1) return std::nullopt;
  }
  Bytes material(length);
  const int result = F().SSL_export_keying_material_early(connection_.get(), material.data(), length, label.data(), label.size(),
                                                          context.data, context.size);
  ForgetErrors();
  if (result != 1) return std::nullopt;
  return material;
}

// Goes on with the handshake. True when it is done.
bool OpenSslEngine::Handshake(Outcome* outcome) {
  const Driving driving(this);
  const int result = F().SSL_do_handshake(connection_.get());
  if (result == 1 && is_verdict_due_) {
    // The library has not called back, so that nobody has said that this peer is the right one.
    outcome->fault = TakeFault("ERR_TLS_BACKEND");
    outcome->fault->detail = "the library did not wait for the verdict on the peer's certificate";
    return false;
  }
  if (result == 1) {
    is_done_ = true;
    outcome->is_handshake_done = true;
    // No question is asked any more, and from here on no stack is changed.
    F().SSL_ctrl(connection_.get(), constant::kCtrlClearMode, constant::kModeAsync, nullptr);
    WipeTicketKeys();
    // A client offered the key; a session that came from a ticket is another one.
    const bool is_client = !context_->options().is_server;
    SSL_SESSION* session = F().SSL_get_session(connection_.get());
    if (is_client && F().SSL_SESSION_has_ticket(session) == 1) pre_shared_key_ = nullptr;
    // The library does not tell about a ticket that renews another one (RFC 5077 §3.3).
    const bool is_resumed12 = F().SSL_session_reused(connection_.get()) == 1 && F().SSL_version(connection_.get()) == kTls12;
    if (is_client && is_resumed12 && TicketOf(session) != offered_ticket_) OnNewSession(connection_.get(), session);
    return true;
  }
  TellWhyNot(result, outcome);
  return false;
}

// Reports a question or a fault, or nothing where more input is needed.
void OpenSslEngine::TellWhyNot(int result, Outcome* outcome) {
  const int error = F().SSL_get_error(connection_.get(), result);
  if (error == constant::kErrorWantAsync && is_resting_) {
    outcome->question = std::move(question_);
    question_.reset();
  } else if (error != constant::kErrorWantRead && error != constant::kErrorWantWrite) {
    is_resting_ = false;
    CorrectAlert();
    outcome->fault = FaultOf();
  }
}

// Reads early data. True when the handshake can go on, because none comes or all has come.
bool OpenSslEngine::ReadEarlyData(Outcome* outcome) {
  const Driving driving(this);
  Bytes& data = outcome->early_data;
  while (is_early_) {
    const size_t used = data.size();
    data.resize(used + kRecord);
    size_t count = 0;
    const int result = F().SSL_read_early_data(connection_.get(), data.data() + used, kRecord, &count);
    data.resize(used + (result == constant::kEarlyDataError ? 0 : count));
    if (result == constant::kEarlyDataError) {
      TellWhyNot(-1, outcome);
      return false;
    }
    if (result != constant::kEarlyDataRead) is_early_ = false;
  }
  return true;
}

// The library's callbacks can name few alerts. Nothing that we send is encrypted yet where certificates are judged, but for a server's
// alerts in TLS 1.3. Where it is not encrypted, the intended alert replaces the one that was written.
void OpenSslEngine::CorrectAlert() {
  if (refusal_alert_ < 0 || sent_alert_ < 0 || !EndsInPlainAlert(buffers_.output)) return;
  buffers_.output.back() = static_cast<uint8_t>(refusal_alert_);
  sent_alert_ = refusal_alert_;
}

// A handshake is cancelled by a warning and close_notify after it (RFC 8446 §6.1). Where the alert is encrypted, the library's own stays.
void OpenSslEngine::SayCanceled(int alert, Bytes* output) {
  constexpr uint8_t kWarning = constant::kAlertWarning;
  constexpr uint8_t kCanceled[] = {21, 3, 3, 0, 2, kWarning, alert::kUserCanceled, 21, 3, 3, 0, 2, kWarning, 0};
  if (alert != alert::kUserCanceled || !EndsInPlainAlert(*output)) return;
  output->resize(output->size() - sizeof kFatalAlert - 1);
  output->insert(output->end(), std::begin(kCanceled), std::end(kCanceled));
}

void OpenSslEngine::WipeTicketKeys() {
  for (Bytes& key : ticket_keys_) F().OPENSSL_cleanse(key.data(), key.size());
  ticket_keys_.clear();
}

// Moves into the outcome what the callbacks have left. For a record there is nothing, and so nothing is touched.
void OpenSslEngine::Finish(Outcome* outcome) {
  if (!buffers_.output.empty()) outcome->ciphertext = std::exchange(buffers_.output, {});
  has_sent_ = has_sent_ || !outcome->ciphertext.empty();
  if (!key_log_.empty()) outcome->key_log = std::exchange(key_log_, {});
  if (!sessions_.empty()) outcome->sessions = std::exchange(sessions_, {});
  ForgetErrors();
}

Fault OpenSslEngine::FaultOf() {
  int64_t last = 0;
  Fault fault = TakeFault("ERR_TLS_BACKEND", &last);
  fault.sent_alert = sent_alert_;
  // A close_notify in the middle of a handshake leaves no error in the queue.
  if (fault.received_alert < 0 && fault.os_code == 0 && received_alert_ >= 0) {
    fault.received_alert = received_alert_;
    fault.code = "ERR_TLS_ALERT";
  }
  if (fault.received_alert >= 0) return fault;
  // The first error in the queue may come from a lower layer, as it does for a wrong signature.
  if (is_over_limit_) {
    fault.code = "ERR_TLS_LIMIT";
  } else if (verify_code_ != 0) {
    DescribeRefusal(verify_code_, PeerChain().size() == 1, &fault);
  } else {
    fault.code = CodeOfFault(fault.os_code, last, sent_alert_);
  }
  return fault;
}

OpenSslEngine* OpenSslEngine::Of(const SSL* connection) {
  return static_cast<OpenSslEngine*>(F().SSL_get_ex_data(connection, kAppData));
}

void OpenSslEngine::OnInfo(const SSL* connection, int where, int value) {
  OpenSslEngine* engine = Of(connection);
  if (engine == nullptr || (where & constant::kCallbackAlert) == 0) return;
  // A warning, such as close_notify, is not the reason why a connection failed.
  if ((where & constant::kCallbackWrite) != 0 && value >> 8 == constant::kAlertFatal) engine->sent_alert_ = value & 0xFF;
  if ((where & constant::kCallbackRead) != 0) engine->received_alert_ = value & 0xFF;
}

void OpenSslEngine::OnKeyLog(const SSL* connection, const char* line) {
  OpenSslEngine* engine = Of(connection);
  if (engine != nullptr) engine->key_log_.emplace_back(line);
}

void OpenSslEngine::OnMessage(int is_ours, int, int content_type, const void* data, size_t length, SSL* connection, void*) {
  if (content_type != constant::kHandshakeRecord || length == 0) return;
  OpenSslEngine* engine = Of(connection);
  if (engine == nullptr || *static_cast<const unsigned char*>(data) != constant::kClientHello) return;
  ++engine->client_hellos_;
  if (is_ours == 0 && length > kHandshakeHeader + kMaxHandshakeMessage) engine->is_over_limit_ = true;
}

int OpenSslEngine::OnNewSession(SSL* connection, SSL_SESSION* session) {
  OpenSslEngine* engine = Of(connection);
  if (engine == nullptr || F().SSL_SESSION_is_resumable(session) != 1) return 0;
  Session made;
  made.state = EncodeForOwner(session);
  made.lifetime = static_cast<int64_t>(F().SSL_SESSION_get_ticket_lifetime_hint(session));
  if (made.lifetime == 0) made.lifetime = F().SSL_SESSION_get_timeout(session);
  made.certificates_end = engine->CertificatesEnd(kLatestTime);
  made.max_early_data = F().SSL_SESSION_get_max_early_data(session);
  engine->sessions_.push_back(std::move(made));
  return 0;  // no reference is kept
}

}  // namespace tls::openssl
