#include "context.hh"

#include <algorithm>
#include <cstring>

#include "credential.hh"
#include "engine.hh"
#include "pre-shared-keys.hh"
#include "questions.hh"
#include "registry.hh"
#include "tickets.hh"

namespace tls::openssl {
namespace {

// How many bytes of early data are skipped when a client sends some although the server does not accept it any more.
constexpr uint32_t kSkippedEarlyData = 16384;

Fault ConfigFault(const char* what) {
  Fault fault = TakeFault("ERR_TLS_CONFIG");
  fault.detail = std::string(what) + ": " + fault.detail;
  return fault;
}

}  // namespace

bool OpenSslContext::asks() const {
  return options_.ask_client_hello || options_.ask_certificate || options_.ask_verify || options_.ask_early_data ||
         std::any_of(options_.credentials.begin(), options_.credentials.end(), [](const std::shared_ptr<Credential>& each) {
           return static_cast<OpenSslCredential*>(each.get())->is_signer();
         });
}

std::shared_ptr<OpenSslContext> OpenSslContext::Create(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                       std::optional<Fault>* fault) {
  ForgetErrors();
  ContextOwner ssl(F().SSL_CTX_new(options.is_server ? F().TLS_server_method() : F().TLS_client_method()));
  if (ssl == nullptr) {
    *fault = TakeFault("ERR_TLS_BACKEND");
    return nullptr;
  }
  std::shared_ptr<OpenSslContext> context(new OpenSslContext(std::move(ssl), options, std::move(trust)));
  *fault = context->Configure();
  return fault->has_value() ? nullptr : context;
}

std::optional<Fault> OpenSslContext::Configure() {
  SSL_CTX* ssl = context_.get();
  // Neither renegotiation nor compression is allowed.
  F().SSL_CTX_set_options(ssl, constant::kOptionNoCompression | constant::kOptionNoRenegotiation |
                                   constant::kOptionServerPreference | constant::kOptionPrioritizeChaCha);
  // The system's configuration file may allow what is forbidden here, and forbid what is allowed.
  if (!options_.requires_secure_renegotiation) {
    F().SSL_CTX_set_options(ssl, constant::kOptionLegacyServerConnect);
  } else {
    F().SSL_CTX_clear_options(ssl, constant::kOptionLegacyServerConnect);
  }
  F().SSL_CTX_ctrl(ssl, constant::kCtrlMode, constant::kModeReleaseBuffers | (asks() ? constant::kModeAsync : 0), nullptr);
  if (F().SSL_CTX_ctrl(ssl, constant::kCtrlMinVersion, options_.min_version, nullptr) != 1 ||
      F().SSL_CTX_ctrl(ssl, constant::kCtrlMaxVersion, options_.max_version, nullptr) != 1) {
    return ConfigFault("the versions");
  }
  // This is the limit for certificates and for requests for them. For all other messages but a ClientHello the library's own
  // limits are lower.
  F().SSL_CTX_ctrl(ssl, constant::kCtrlMaxCertList, static_cast<long>(kMaxHandshakeMessage), nullptr);
  if (options_.security_level >= 0) F().SSL_CTX_set_security_level(ssl, options_.security_level);
  const auto& [suites, groups, schemes] = options_.algorithms;
  const std::string suites12 = SuiteList(suites, kTls12);
  if (F().SSL_CTX_set_ciphersuites(ssl, SuiteList(suites, kTls13).c_str()) != 1) return ConfigFault("the TLS 1.3 cipher suites");
  if (!suites12.empty() && F().SSL_CTX_set_cipher_list(ssl, suites12.c_str()) != 1) {
    return ConfigFault("the TLS 1.2 cipher suites");
  }
  std::string group_list = GroupList(groups, options_.is_server && options_.retries_for_post_quantum);
  if (F().SSL_CTX_ctrl(ssl, constant::kCtrlGroupsList, 0, group_list.data()) != 1) return ConfigFault("the groups");
  // The library keeps a server's own schemes in one list and a client's own in the other, and each side's list for its peer likewise.
  const int own_list = options_.is_server ? constant::kCtrlSigalgsList : constant::kCtrlClientSigalgsList;
  const int peer_list = options_.is_server ? constant::kCtrlClientSigalgsList : constant::kCtrlSigalgsList;
  if (F().SSL_CTX_ctrl(ssl, own_list, 0, SchemeList(options_.own_signature_schemes).data()) != 1 ||
      F().SSL_CTX_ctrl(ssl, peer_list, 0, SchemeList(schemes).data()) != 1) {
    return ConfigFault("the signature schemes");
  }
  if (!options_.alpn.empty()) {
    if (options_.is_server) {
      F().SSL_CTX_set_alpn_select_cb(ssl, SelectAlpn, this);
    } else if (F().SSL_CTX_set_alpn_protos(ssl, options_.alpn.data(), static_cast<unsigned>(options_.alpn.size())) != 0) {
      return ConfigFault("the ALPN protocols");
    }
  }
  F().SSL_CTX_set_info_callback(ssl, OpenSslEngine::OnInfo);
  F().SSL_CTX_set_msg_callback(ssl, OpenSslEngine::OnMessage);
  if (options_.key_log) F().SSL_CTX_set_keylog_callback(ssl, OpenSslEngine::OnKeyLog);
  if (options_.is_fallback) F().SSL_CTX_ctrl(ssl, constant::kCtrlMode, constant::kModeSendFallback, nullptr);
  if (!options_.pre_shared_keys.empty()) {
    F().SSL_CTX_set_psk_find_session_callback(ssl, OnFindSession);
    F().SSL_CTX_set_psk_use_session_callback(ssl, OnUseSession);
  }
  if (options_.is_server) F().SSL_CTX_callback_ctrl(ssl, constant::kCtrlServerNameCallback, reinterpret_cast<void (*)()>(OnServerName));
  if (options_.is_server) F().SSL_CTX_set_client_hello_cb(ssl, OnClientHello, nullptr);
  // A server chooses its certificate by the ClientHello, a client by the CertificateRequest.
  if (!options_.is_server) F().SSL_CTX_set_cert_cb(ssl, OnCertificateRequest, nullptr);
  if (options_.requires_psk) F().SSL_CTX_set_cert_cb(ssl, OnMissingKey, nullptr);
  F().SSL_CTX_callback_ctrl(ssl, constant::kCtrlStatusCallback, reinterpret_cast<void (*)()>(OnStatus));
  ConfigureVerification();
  std::optional<Fault> fault = ConfigureSessions();
  if (!fault.has_value()) fault = ConfigureIdentities();
  ForgetErrors();
  return fault;
}

void OpenSslContext::ConfigureVerification() {
  SSL_CTX* ssl = context_.get();
  if (trust_ != nullptr) {
    F().X509_STORE_up_ref(trust());  // the context takes one reference
    F().SSL_CTX_set_cert_store(ssl, trust());
  }
  int mode = constant::kVerifyNone;
  if (options_.verify != Verify::kNothing) mode = constant::kVerifyPeer;
  if (options_.verify == Verify::kRequire && options_.is_server) mode |= constant::kVerifyRequired;
  F().SSL_CTX_set_verify(ssl, mode, nullptr);
  F().SSL_CTX_set_cert_verify_callback(ssl, OnVerify, nullptr);
}

std::optional<Fault> OpenSslContext::ConfigureSessions() {
  SSL_CTX* ssl = context_.get();
  F().SSL_CTX_set_session_id_context(ssl, options_.session_rules.data(), static_cast<unsigned>(options_.session_rules.size()));
  F().SSL_CTX_set_timeout(ssl, static_cast<long>(options_.session_lifetime));
  // The library keeps no sessions: it tells the owner about them, who may keep them.
  F().SSL_CTX_ctrl(ssl, constant::kCtrlSessionCacheMode, options_.is_server ? 0 : constant::kCacheClient, nullptr);
  if (!options_.is_server) {
    F().SSL_CTX_sess_set_new_cb(ssl, OpenSslEngine::OnNewSession);
    return std::nullopt;
  }
  // The owner decides what is a replay and is asked. The library's own way would be to keep every session.
  F().SSL_CTX_set_options(ssl, constant::kOptionNoAntiReplay);
  F().SSL_CTX_set_allow_early_data_cb(ssl, OnEarlyData, nullptr);
  if (F().SSL_CTX_set_max_early_data(ssl, options_.max_early_data) != 1 ||
      F().SSL_CTX_set_recv_max_early_data(ssl, std::max(options_.max_early_data, kSkippedEarlyData)) != 1) {
    return ConfigFault("the early data");
  }
  if (options_.tickets == 0) F().SSL_CTX_set_options(ssl, constant::kOptionNoTicket);
  if (F().SSL_CTX_set_num_tickets(ssl, static_cast<size_t>(options_.tickets)) != 1 ||
      F().SSL_CTX_set_session_ticket_cb(ssl, OnTicketMade, OnTicketOpened, nullptr) != 1) {
    return ConfigFault("the tickets");
  }
  if (options_.has_ticket_keys && F().SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl, OnTicketKey) != 1) {
    return ConfigFault("the ticket keys");
  }
  return std::nullopt;
}

std::optional<Fault> OpenSslContext::ConfigureIdentities() {
  for (const std::shared_ptr<Credential>& credential : options_.credentials) {
    if (static_cast<OpenSslCredential*>(credential.get())->Use(context_.get())) continue;
    Fault fault = TakeFault("ERR_TLS_IDENTITY");
    fault.detail = "the library refuses the certificate or its key: " + fault.detail;
    return fault;
  }
  if (options_.authorities.empty()) return std::nullopt;
  OPENSSL_STACK* names = F().OPENSSL_sk_new_null();
  bool is_read = true;
  for (const Bytes& der : options_.authorities) {
    const unsigned char* at = der.data();
    X509_NAME* name = F().d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size()));
    is_read = is_read && name != nullptr && at == der.data() + der.size();
    if (name != nullptr) F().OPENSSL_sk_push(names, name);
  }
  F().SSL_CTX_set0_CA_list(context_.get(), names);  // the context owns the list and the names
  if (is_read) return std::nullopt;
  Fault fault = TakeFault("ERR_TLS_CONFIG");
  fault.detail = "certificateAuthorities: a distinguished name cannot be read";
  return fault;
}

// Chooses our first protocol that the client offers, or refuses with no_application_protocol (RFC 7301 §3.2).
int OpenSslContext::SelectAlpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                               unsigned in_length, void* context) {
  const Bytes& ours = static_cast<OpenSslContext*>(context)->options_.alpn;
  for (size_t own = 0; own < ours.size(); own += 1 + ours[own]) {
    for (size_t theirs = 0; theirs < in_length && theirs + 1 + in[theirs] <= in_length; theirs += 1 + in[theirs]) {
      if (in[theirs] != ours[own] || std::memcmp(in + theirs + 1, ours.data() + own + 1, in[theirs]) != 0) continue;
      *out = in + theirs + 1;
      *out_length = in[theirs];
      return constant::kAlpnOk;
    }
  }
  return constant::kAlpnFatal;
}

std::unique_ptr<Engine> OpenSslContext::CreateEngine(const EngineOptions& options, std::optional<Fault>* fault) {
  return OpenSslEngine::Create(shared_from_this(), options, fault);
}

}  // namespace tls::openssl
