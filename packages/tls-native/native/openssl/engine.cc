#include "engine.hh"

namespace tls::openssl {
namespace {

// SSL_set_app_data is a macro for this.
constexpr int kAppData = 0;
// Longest content of a record: a smaller rest of the buffer would make OpenSSL hold the rest of the record back.
constexpr size_t kRecord = 16384;

}  // namespace

std::unique_ptr<OpenSslEngine> OpenSslEngine::Create(std::shared_ptr<OpenSslContext> context, const std::string& server_name,
                                                     bool is_address, const std::optional<Bytes>& alpn,
                                                     std::optional<Fault>* fault) {
  F().ERR_clear_error();
  ConnectionOwner connection(F().SSL_new(context->get()));
  if (connection == nullptr) {
    *fault = TakeFault(Fault::Kind::kPlatform);
    return nullptr;
  }
  SSL* ssl = connection.get();
  std::unique_ptr<OpenSslEngine> engine(new OpenSslEngine(std::move(context), std::move(connection)));
  BIO* read = engine->buffers_.Create();
  BIO* write = engine->buffers_.Create();
  if (read != nullptr) F().SSL_set0_rbio(ssl, read);
  if (write != nullptr) F().SSL_set0_wbio(ssl, write);
  bool is_set = read != nullptr && write != nullptr && F().SSL_set_ex_data(ssl, kAppData, engine.get()) == 1;
  if (engine->context_->options().is_server) {
    F().SSL_set_accept_state(ssl);
  } else {
    F().SSL_set_connect_state(ssl);
    X509_VERIFY_PARAM* parameters = F().SSL_get0_param(ssl);
    F().X509_VERIFY_PARAM_set_hostflags(parameters, constant::kHostNoPartialWildcards | constant::kHostNeverSubject);
    if (is_address) {
      is_set = is_set && F().X509_VERIFY_PARAM_set1_ip_asc(parameters, server_name.c_str()) == 1;
    } else {
      // RFC 6066 §3: without the trailing dot
      std::string host = server_name;
      if (!host.empty() && host.back() == '.') host.pop_back();
      is_set = is_set && F().X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1;
      is_set = is_set && F().SSL_ctrl(ssl, constant::kCtrlHostName, 0, host.data()) == 1;
    }
    if (alpn.has_value()) {
      is_set = is_set && F().SSL_set_alpn_protos(ssl, alpn->data(), static_cast<unsigned>(alpn->size())) == 0;
    }
  }
  if (!is_set) {
    *fault = TakeFault(Fault::Kind::kConfig);
    return nullptr;
  }
  return engine;
}

OpenSslEngine::OpenSslEngine(std::shared_ptr<OpenSslContext> context, ConnectionOwner connection)
    : context_(std::move(context)), connection_(std::move(connection)) {}

Outcome OpenSslEngine::Start() {
  F().ERR_clear_error();
  Outcome outcome;
  Handshake(&outcome);
  return Finish(std::move(outcome));
}

Outcome OpenSslEngine::Receive(View ciphertext) {
  F().ERR_clear_error();
  Outcome outcome;
  buffers_.input = ciphertext;
  if (is_done_ || Handshake(&outcome)) Read(&outcome);
  buffers_.input = View{nullptr, 0};  // it is the caller's again
  return Finish(std::move(outcome));
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
    return true;
  }
  const int error = F().SSL_get_error(connection_.get(), result);
  if (error != constant::kErrorWantRead && error != constant::kErrorWantWrite) outcome->fault = FaultOf(result);
  return false;
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
  F().ERR_clear_error();
  return outcome;
}

Fault OpenSslEngine::FaultOf(int) {
  Fault fault = TakeFault(Fault::Kind::kProtocol);
  fault.sent_alert = sent_alert_;
  // close_notify in the middle of a handshake leaves no error behind
  if (fault.received_alert < 0 && fault.number == 0) fault.received_alert = received_alert_;
  const long verify = F().SSL_get_verify_result(connection_.get());
  // what the queue of errors begins with may be of a lower layer, as for a wrong signature
  if (context_->options().verify_peer && verify != 0 && fault.received_alert < 0) {
    fault.kind = Fault::Kind::kVerify;
    fault.verify_code = static_cast<int>(verify);
    const char* reason = F().X509_verify_cert_error_string(verify);
    fault.reason = reason == nullptr ? "unknown" : reason;
  }
  return fault;
}

std::vector<Bytes> OpenSslEngine::PeerChain() {
  std::vector<Bytes> chain = EncodeAll(F().SSL_get_peer_cert_chain(connection_.get()));
  if (!context_->options().is_server) return chain;
  // a server's list is without the leaf
  X509Owner leaf(F().SSL_get1_peer_certificate(connection_.get()));
  if (leaf != nullptr) chain.insert(chain.begin(), Encode(leaf.get()));
  return chain;
}

ConnectionFacts OpenSslEngine::Facts() {
  F().ERR_clear_error();
  SSL* ssl = connection_.get();
  const bool is_server = context_->options().is_server;
  ConnectionFacts facts;
  facts.protocol = F().SSL_get_version(ssl);
  const SSL_CIPHER* cipher = F().SSL_get_current_cipher(ssl);
  const char* name = cipher == nullptr ? nullptr : F().SSL_CIPHER_standard_name(cipher);
  if (name != nullptr) facts.cipher_suite = name;
  facts.group = static_cast<int>(F().SSL_ctrl(ssl, constant::kCtrlNegotiatedGroup, 0, nullptr));
  int number = 0;
  const int has_type = is_server ? F().SSL_get_signature_type_nid(ssl, &number) : F().SSL_get_peer_signature_type_nid(ssl, &number);
  if (has_type == 1) facts.signature_type = number;
  number = 0;
  if (F().SSL_ctrl(ssl, is_server ? constant::kCtrlSignatureNid : constant::kCtrlPeerSignatureNid, 0, &number) == 1) {
    facts.signature_digest = number;
  }
  X509Owner peer(F().SSL_get1_peer_certificate(ssl));
  const X509* signer = is_server ? F().SSL_get_certificate(ssl) : peer.get();
  if (signer != nullptr) facts.key_type = F().EVP_PKEY_get_id(F().X509_get0_pubkey(signer));
  const unsigned char* alpn = nullptr;
  unsigned alpn_length = 0;
  F().SSL_get0_alpn_selected(ssl, &alpn, &alpn_length);
  if (alpn != nullptr && alpn_length > 0) facts.alpn = Bytes(alpn, alpn + alpn_length);
  const char* server_name = is_server ? F().SSL_get_servername(ssl, 0) : nullptr;
  if (server_name != nullptr) facts.server_name = server_name;
  facts.is_retry = client_hellos_ > 1;
  facts.peer_chain = PeerChain();
  if (context_->options().verify_peer) facts.verified_path = EncodeAll(F().SSL_get0_verified_chain(ssl));
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

}  // namespace tls::openssl
