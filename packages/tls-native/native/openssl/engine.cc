#include "engine.hh"

#include <algorithm>

#include "registry.hh"

namespace tls::openssl {
namespace {

// SSL_set_app_data is a macro for this.
constexpr int kAppData = 0;
// Longest content of a record: a smaller rest of the buffer would make OpenSSL hold the rest of the record back.
constexpr size_t kRecord = 16384;

// SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE
bool IsMissingCertificate(int64_t os_code) { return (os_code & 0x7FFFFF) == 199 && os_code >> 23 == 20; }

}  // namespace

std::unique_ptr<OpenSslEngine> OpenSslEngine::Create(std::shared_ptr<OpenSslContext> context, const EngineOptions& options,
                                                     std::optional<Fault>* fault) {
  F().ERR_clear_error();
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
      response_to_staple_(options.ocsp_response),
      now_(options.now),
      session_end_(options.now + 1000 * context_->options().session_lifetime) {}

OpenSslEngine::~OpenSslEngine() {
  if (is_resting_) {
    // whoever rests on a stack of its own has to come back from there, or that is lost
    is_abandoned_ = true;
    F().SSL_do_handshake(connection_.get());
    F().ERR_clear_error();
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
  if (options.is_address) {
    is_set = F().X509_VERIFY_PARAM_set1_ip_asc(parameters, options.server_name.c_str()) == 1;
  } else {
    // RFC 6066 §3: without the trailing dot
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
    // one that cannot be read is left aside: the handshake is then a full one
    if (session != nullptr) F().SSL_set_session(ssl, session.get());
    F().ERR_clear_error();
  }
  return is_set;
}

Outcome OpenSslEngine::Start() {
  F().ERR_clear_error();
  Outcome outcome;
  Handshake(&outcome);
  return Finish(std::move(outcome));
}

Outcome OpenSslEngine::Receive(View ciphertext) {
  F().ERR_clear_error();
  return Run(ciphertext);
}

Outcome OpenSslEngine::Resume(Answer answer) {
  F().ERR_clear_error();
  answer_ = std::move(answer);
  is_resting_ = false;
  const Bytes unread = std::move(unread_);
  unread_ = Bytes();
  return Run(View{unread.data(), unread.size()});
}

Outcome OpenSslEngine::Run(View ciphertext) {
  Outcome outcome;
  buffers_.input = ciphertext;
  if (is_done_ || Handshake(&outcome)) Read(&outcome);
  if (is_resting_) unread_.assign(buffers_.input.data, buffers_.input.data + buffers_.input.size);
  buffers_.input = View{nullptr, 0};  // it is the caller's again
  return Finish(std::move(outcome));
}

const Answer* OpenSslEngine::Ask(Question question) {
  if (is_abandoned_) return nullptr;
  question_ = std::move(question);
  is_resting_ = true;
  // comes back when the handshake is continued, which only Resume and the destructor do
  if (F().ASYNC_pause_job() != 1 || is_abandoned_ || is_resting_) return nullptr;
  return &answer_;
}

void OpenSslEngine::TakeClientHelloAnswer(const Answer& answer) {
  has_answered_client_hello_ = true;
  if (answer.ticket_keys.has_value()) ticket_keys_ = *answer.ticket_keys;
  if (!answer.ocsp_response.empty()) response_to_staple_ = answer.ocsp_response;
}

Outcome OpenSslEngine::Send(View plaintext) {
  F().ERR_clear_error();
  Outcome outcome;
  // one growth instead of many: 22 bytes a record, or 29 in TLS 1.2
  buffers_.output.reserve(plaintext.size + (plaintext.size / kRecord + 1) * 32);
  size_t written = 0;
  const int result = F().SSL_write_ex(connection_.get(), plaintext.data, plaintext.size, &written);
  if (result != 1 || written != plaintext.size) outcome.fault = FaultOf(result);
  return Finish(std::move(outcome));
}

Outcome OpenSslEngine::Close() {
  F().ERR_clear_error();
  Outcome outcome;
  const int result = F().SSL_shutdown(connection_.get());
  if (result < 0) outcome.fault = FaultOf(result);
  return Finish(std::move(outcome));
}

Outcome OpenSslEngine::UpdateKeys() {
  F().ERR_clear_error();
  Outcome outcome;
  int result = F().SSL_key_update(connection_.get(), constant::kKeyUpdateRequested);
  if (result == 1) result = F().SSL_do_handshake(connection_.get());
  if (result != 1) outcome.fault = FaultOf(result);
  return Finish(std::move(outcome));
}

// OpenSSL has no call for an alert of one's own. What is no record makes it send one: which, is its to choose.
Outcome OpenSslEngine::Fail(int) {
  F().ERR_clear_error();
  Outcome outcome;
  if (!is_resting_) {
    const Bytes stranger(2 * kRecord, 0xFF);  // longer than what is missing of a record that has begun
    buffers_.input = View{stranger.data(), stranger.size()};
    if (is_done_) {
      Read(&outcome);
    } else {
      Handshake(&outcome);
    }
    buffers_.input = View{nullptr, 0};
  }
  outcome = Finish(std::move(outcome));
  outcome.fault.reset();  // the owner knows why
  return outcome;
}

std::optional<Bytes> OpenSslEngine::Export(const std::string& label, std::optional<View> context, size_t length) {
  F().ERR_clear_error();
  Bytes material(length);
  const int result = F().SSL_export_keying_material(
      connection_.get(), material.data(), length, label.data(), label.size(), context.has_value() ? context->data : nullptr,
      context.has_value() ? context->size : 0, context.has_value() ? 1 : 0);
  F().ERR_clear_error();
  if (result != 1) return std::nullopt;
  return material;
}

// True when the handshake is done.
bool OpenSslEngine::Handshake(Outcome* outcome) {
  const int result = F().SSL_do_handshake(connection_.get());
  if (result == 1) {
    is_done_ = true;
    outcome->is_handshake_done = true;
    // nothing is asked any more; from here on no stack is changed
    F().SSL_ctrl(connection_.get(), constant::kCtrlClearMode, constant::kModeAsync, nullptr);
    WipeTicketKeys();
    return true;
  }
  const int error = F().SSL_get_error(connection_.get(), result);
  if (error == constant::kErrorWantAsync && is_resting_) {
    outcome->question = std::move(question_);
    question_.reset();
  } else if (error != constant::kErrorWantRead && error != constant::kErrorWantWrite) {
    is_resting_ = false;
    outcome->fault = FaultOf(result);
  }
  return false;
}

void OpenSslEngine::WipeTicketKeys() {
  for (Bytes& key : ticket_keys_) F().OPENSSL_cleanse(key.data(), key.size());
  ticket_keys_.clear();
}

void OpenSslEngine::Read(Outcome* outcome) {
  Bytes& plaintext = outcome->plaintext;
  size_t used = 0;
  while (!is_peer_closed_) {
    // room for all that the input can hold, for a record whose beginning came before, and to see that there is no more
    if (plaintext.size() - used < kRecord) plaintext.resize(used + buffers_.input.size + 2 * kRecord);
    size_t count = 0;
    const int result = F().SSL_read_ex(connection_.get(), plaintext.data() + used, plaintext.size() - used, &count);
    if (result == 1) {
      used += count;
      continue;
    }
    const int error = F().SSL_get_error(connection_.get(), result);
    if (error == constant::kErrorZeroReturn) {
      is_peer_closed_ = true;
      outcome->is_peer_closed = true;
    } else if (error != constant::kErrorWantRead && error != constant::kErrorWantWrite) {
      outcome->fault = FaultOf(result);
    }
    break;
  }
  plaintext.resize(used);
}

Outcome OpenSslEngine::Finish(Outcome outcome) {
  outcome.ciphertext = std::move(buffers_.output);
  buffers_.output = Bytes();
  outcome.key_log = std::move(key_log_);
  key_log_.clear();
  outcome.sessions = std::move(sessions_);
  sessions_.clear();
  F().ERR_clear_error();
  return outcome;
}

Fault OpenSslEngine::FaultOf(int) {
  Fault fault = TakeFault("ERR_TLS_BACKEND");
  fault.sent_alert = sent_alert_;
  // close_notify in the middle of a handshake leaves no error behind
  if (fault.received_alert < 0 && fault.os_code == 0 && received_alert_ >= 0) {
    fault.received_alert = received_alert_;
    fault.code = "ERR_TLS_ALERT";
  }
  if (fault.received_alert >= 0) return fault;
  // what the queue of errors begins with may be of a lower layer, as for a wrong signature
  if (verify_code_ != 0) {
    DescribeRefusal(verify_code_, PeerChain().size() == 1, &fault);
  } else if (IsMissingCertificate(fault.os_code)) {
    fault.code = "ERR_TLS_CERTIFICATE_REQUIRED";
  } else {
    fault.code = CodeOfAlert(sent_alert_);
  }
  return fault;
}

std::vector<Bytes> OpenSslEngine::PeerChain() {
  if (!resumed_chain_.empty() && F().SSL_session_reused(connection_.get()) == 1) return resumed_chain_;
  std::vector<Bytes> chain = EncodeAll(F().SSL_get_peer_cert_chain(connection_.get()));
  if (!context_->options().is_server) return chain;
  // a server's list is without the leaf
  X509Owner leaf(F().SSL_get1_peer_certificate(connection_.get()));
  if (leaf != nullptr) chain.insert(chain.begin(), Encode(leaf.get()));
  return chain;
}

std::optional<Bytes> OpenSslEngine::OcspResponse() {
  const unsigned char* response = nullptr;
  const long length = F().SSL_ctrl(connection_.get(), constant::kCtrlGetOcspResponse, 0, &response);
  if (context_->options().is_server || response == nullptr || length <= 0) return std::nullopt;
  return Bytes(response, response + length);
}

uint16_t OpenSslEngine::OwnScheme() {
  SSL* ssl = connection_.get();
  const X509* certificate = F().SSL_get_certificate(ssl);
  if (certificate == nullptr) return 0;
  int type = 0;
  int digest = 0;
  if (F().SSL_get_signature_type_nid(ssl, &type) != 1) return 0;
  F().SSL_ctrl(ssl, constant::kCtrlSignatureNid, 0, &digest);
  return SchemeOf(F().EVP_PKEY_get_id(F().X509_get0_pubkey(certificate)), type, digest);
}

uint16_t OpenSslEngine::PeerScheme() {
  SSL* ssl = connection_.get();
  X509Owner certificate(F().SSL_get1_peer_certificate(ssl));
  if (certificate == nullptr) return 0;
  int type = 0;
  int digest = 0;
  if (F().SSL_get_peer_signature_type_nid(ssl, &type) != 1) return 0;
  F().SSL_ctrl(ssl, constant::kCtrlPeerSignatureNid, 0, &digest);
  return SchemeOf(F().EVP_PKEY_get_id(F().X509_get0_pubkey(certificate.get())), type, digest);
}

ConnectionFacts OpenSslEngine::Facts() {
  F().ERR_clear_error();
  SSL* ssl = connection_.get();
  const bool is_server = context_->options().is_server;
  ConnectionFacts facts;
  facts.version = static_cast<uint16_t>(F().SSL_version(ssl));
  const SSL_CIPHER* cipher = F().SSL_get_current_cipher(ssl);
  if (cipher != nullptr) facts.cipher_suite = F().SSL_CIPHER_get_protocol_id(cipher);
  facts.group = GroupOf(static_cast<int>(F().SSL_ctrl(ssl, constant::kCtrlNegotiatedGroup, 0, nullptr)));
  facts.is_resumed = F().SSL_session_reused(ssl) == 1;
  facts.own_signature_scheme = facts.is_resumed ? resumed_own_scheme_ : OwnScheme();
  facts.peer_signature_scheme = facts.is_resumed ? resumed_peer_scheme_ : PeerScheme();
  const unsigned char* alpn = nullptr;
  unsigned alpn_length = 0;
  F().SSL_get0_alpn_selected(ssl, &alpn, &alpn_length);
  if (alpn != nullptr && alpn_length > 0) facts.alpn = Bytes(alpn, alpn + alpn_length);
  const char* server_name = is_server ? F().SSL_get_servername(ssl, 0) : nullptr;
  if (server_name != nullptr) facts.server_name = server_name;
  facts.is_retry = client_hellos_ > 1;
  facts.was_asked = was_asked_;
  facts.has_extended_main_secret = F().SSL_ctrl(ssl, constant::kCtrlExtendedMainSecret, 0, nullptr) == 1;
  facts.ocsp_response = OcspResponse();
  facts.peer_chain = PeerChain();
  if (!context_->options().accept_any) {
    facts.verified_path = facts.is_resumed ? resumed_path_ : EncodeAll(F().SSL_get0_verified_chain(ssl));
  }
  F().ERR_clear_error();
  return facts;
}

OpenSslEngine* OpenSslEngine::Of(const SSL* connection) {
  return static_cast<OpenSslEngine*>(F().SSL_get_ex_data(connection, kAppData));
}

void OpenSslEngine::OnInfo(const SSL* connection, int where, int value) {
  OpenSslEngine* engine = Of(connection);
  if (engine == nullptr || (where & constant::kCallbackAlert) == 0) return;
  // a warning, as close_notify is, is not why a connection failed
  if ((where & constant::kCallbackWrite) != 0 && value >> 8 == constant::kAlertFatal) engine->sent_alert_ = value & 0xFF;
  if ((where & constant::kCallbackRead) != 0) engine->received_alert_ = value & 0xFF;
}

void OpenSslEngine::OnKeyLog(const SSL* connection, const char* line) {
  OpenSslEngine* engine = Of(connection);
  if (engine != nullptr) engine->key_log_.emplace_back(line);
}

void OpenSslEngine::OnMessage(int, int, int content_type, const void* data, size_t length, SSL* connection, void*) {
  if (content_type != constant::kHandshakeRecord || length == 0) return;
  OpenSslEngine* engine = Of(connection);
  if (engine != nullptr && *static_cast<const unsigned char*>(data) == constant::kClientHello) ++engine->client_hellos_;
}

int OpenSslEngine::OnNewSession(SSL* connection, SSL_SESSION* session) {
  OpenSslEngine* engine = Of(connection);
  if (engine == nullptr || F().SSL_SESSION_is_resumable(session) != 1) return 0;
  Session made;
  made.state = Encode(session);
  made.lifetime = static_cast<int64_t>(F().SSL_SESSION_get_ticket_lifetime_hint(session));
  if (made.lifetime == 0) made.lifetime = F().SSL_SESSION_get_timeout(session);
  made.max_early_data = F().SSL_SESSION_get_max_early_data(session);
  engine->sessions_.push_back(std::move(made));
  return 0;  // no reference is kept
}

namespace {

void AppendNumber(Bytes* out, uint64_t number, int octets) {
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out->push_back(static_cast<uint8_t>(number >> shift));
}

void AppendList(Bytes* out, const std::vector<Bytes>& list) {
  AppendNumber(out, list.size(), 1);
  for (const Bytes& each : list) {
    AppendNumber(out, each.size(), 3);
    out->insert(out->end(), each.begin(), each.end());
  }
}

// Reads what the two above wrote; false when there is less.
bool TakeNumber(View* in, int octets, uint64_t* number) {
  if (in->size < static_cast<size_t>(octets)) return false;
  *number = 0;
  for (int index = 0; index < octets; ++index) *number = *number << 8 | in->data[index];
  in->data += octets;
  in->size -= static_cast<size_t>(octets);
  return true;
}

bool TakeList(View* in, std::vector<Bytes>* list) {
  uint64_t count = 0;
  if (!TakeNumber(in, 1, &count)) return false;
  for (; count > 0; --count) {
    uint64_t length = 0;
    if (!TakeNumber(in, 3, &length) || in->size < length) return false;
    list->emplace_back(in->data, in->data + length);
    in->data += length;
    in->size -= length;
  }
  return true;
}

}  // namespace

Bytes OpenSslEngine::TicketData() {
  Bytes ticket;
  AppendNumber(&ticket, static_cast<uint64_t>(session_end_), 8);
  AppendList(&ticket, PeerChain());
  std::vector<Bytes> path;
  if (!context_->options().accept_any) {
    path = resumed_path_.empty() ? EncodeAll(F().SSL_get0_verified_chain(connection_.get())) : resumed_path_;
  }
  AppendList(&ticket, path);
  const bool is_resumed = F().SSL_session_reused(connection_.get()) == 1;
  AppendNumber(&ticket, is_resumed ? resumed_own_scheme_ : OwnScheme(), 2);
  AppendNumber(&ticket, is_resumed ? resumed_peer_scheme_ : PeerScheme(), 2);
  return ticket;
}

bool OpenSslEngine::TakeTicketData(View data) {
  uint64_t end = 0;
  std::vector<Bytes> chain;
  std::vector<Bytes> path;
  if (!TakeNumber(&data, 8, &end) || !TakeList(&data, &chain) || !TakeList(&data, &path)) return false;
  for (uint16_t* into : {&resumed_own_scheme_, &resumed_peer_scheme_}) {
    uint64_t number = 0;
    if (!TakeNumber(&data, 2, &number)) return false;
    *into = static_cast<uint16_t>(number);
  }
  if (data.size != 0) return false;
  if (static_cast<int64_t>(end) <= now_) return false;
  // a session that comes of a resumed one ends with that
  session_end_ = std::min(session_end_, static_cast<int64_t>(end));
  resumed_chain_ = std::move(chain);
  resumed_path_ = std::move(path);
  return true;
}

}  // namespace tls::openssl
