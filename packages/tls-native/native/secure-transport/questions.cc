// Sets up a connection, and asks the questions on which its handshake rests.
#include <algorithm>

#include "../der.hh"
#include "engine.hh"
#include "registry.hh"

namespace tls::secure_transport {
namespace {


// Takes a ProtocolNameList without its length (RFC 7301 §3.1).
bool HasProtocol(const Bytes& list, const Bytes& protocol) {
  for (size_t at = 0; at < list.size(); at += 1 + list[at]) {
    const View each{list.data() + at + 1, list[at]};
    if (IsSame(each, ViewOf(protocol))) return true;
  }
  return false;
}

Owner<CFArrayRef> ToProtocols(const Bytes& list) {
  std::vector<Owner<CFStringRef>> owners;
  std::vector<const void*> items;
  for (size_t at = 0; at < list.size(); at += 1 + list[at]) {
    owners.push_back(ToString(View{list.data() + at + 1, list[at]}, constant::kAscii));
    if (!owners.back()) return Owner<CFArrayRef>();
    items.push_back(owners.back().get());
  }
  return ToArray(items);
}

// The name is sent without the trailing dot (RFC 6066 §3).
std::string WithoutDot(std::string name) {
  if (!name.empty() && name.back() == '.') name.pop_back();
  return name;
}

}  // namespace

std::unique_ptr<SecureTransportEngine> SecureTransportEngine::Create(std::shared_ptr<SecureTransportContext> context,
                                                                     const EngineOptions& options,
                                                                     std::optional<Fault>* fault) {
  const bool is_server = context->options().is_server;
  const std::string alpn = options.alpn.has_value() ? ProblemOfAlpn(*options.alpn) : "";
  if (!alpn.empty() || (is_server && options.alpn.has_value() && !options.alpn->empty())) {
    *fault = OwnFault("ERR_TLS_UNSUPPORTED", alpn.empty() ? "a server over Secure Transport answers no ALPN" : alpn);
    return nullptr;
  }
  Owner<SSLContextRef> connection(
      F().SSLCreateContext(nullptr, is_server ? constant::kServerSide : constant::kClientSide, constant::kStreamType));
  if (!connection) {
    *fault = FaultOf("ERR_TLS_BACKEND", constant::kAllocate);
    return nullptr;
  }
  std::unique_ptr<SecureTransportEngine> engine(
      new SecureTransportEngine(std::move(context), options, std::move(connection)));
  const OSStatus status = engine->Configure();
  if (status == constant::kSuccess) return engine;
  *fault = FaultOf("ERR_TLS_CONFIG", status);
  return nullptr;
}

SecureTransportEngine::SecureTransportEngine(std::shared_ptr<SecureTransportContext> context, const EngineOptions& options,
                                             Owner<SSLContextRef> connection)
    : context_(std::move(context)), engine_options_(options), connection_(std::move(connection)) {
  engine_options_.server_name = WithoutDot(engine_options_.server_name);
  is_judged_ = this->options().is_server && this->options().verify == Verify::kNothing;
}

// Sets up the connection. No peer ID is ever set: without one the library neither keeps sessions nor resumes them.
OSStatus SecureTransportEngine::Configure() {
  SSLContextRef ssl = connection_.get();
  std::vector<SSLCipherSuite> suites;
  for (const uint16_t suite : options().algorithms.cipher_suites) suites.push_back(suite);
  OSStatus status = F().SSLSetIOFuncs(ssl, OnRead, OnWrite);
  if (status == constant::kSuccess) status = F().SSLSetConnection(ssl, this);
  if (status == constant::kSuccess) status = F().SSLSetProtocolVersionMin(ssl, constant::kTlsProtocol12);
  if (status == constant::kSuccess) status = F().SSLSetProtocolVersionMax(ssl, constant::kTlsProtocol12);
  if (status == constant::kSuccess) status = F().SSLSetEnabledCiphers(ssl, suites.data(), suites.size());
  // Renegotiation is off by default where the option is not known.
  F().SSLSetSessionOption(ssl, constant::kAllowRenegotiation, 0);
  if (status != constant::kSuccess) return status;
  return options().is_server ? ConfigureServer() : ConfigureClient();
}

OSStatus SecureTransportEngine::ConfigureClient() {
  SSLContextRef ssl = connection_.get();
  OSStatus status = F().SSLSetSessionOption(ssl, constant::kBreakOnServerAuth, 1);
  if (status == constant::kSuccess) status = F().SSLSetSessionOption(ssl, constant::kBreakOnCertRequested, 1);
  if (status == constant::kSuccess && options().is_fallback) status = F().SSLSetSessionOption(ssl, constant::kFallback, 1);
  // An address is no server name (RFC 6066 §3).
  if (status == constant::kSuccess && !engine_options_.is_address) {
    const std::string& name = engine_options_.server_name;
    status = F().SSLSetPeerDomainName(ssl, name.data(), name.size());
  }
  const Bytes& alpn = engine_options_.alpn.has_value() ? *engine_options_.alpn : options().alpn;
  if (status != constant::kSuccess || alpn.empty()) return status;
  const Owner<CFArrayRef> protocols = ToProtocols(alpn);
  return protocols ? F().SSLSetALPNProtocols(ssl, protocols.get()) : constant::kAllocate;
}

OSStatus SecureTransportEngine::ConfigureServer() {
  SSLContextRef ssl = connection_.get();
  if (options().verify == Verify::kNothing) return F().SSLSetClientSideAuthenticate(ssl, constant::kNeverAuthenticate);
  OSStatus status = F().SSLSetSessionOption(ssl, constant::kBreakOnClientAuth, 1);
  const bool is_required = options().verify == Verify::kRequire;
  if (status == constant::kSuccess) {
    status = F().SSLSetClientSideAuthenticate(ssl, is_required ? constant::kAlwaysAuthenticate : constant::kTryAuthenticate);
  }
  // Each name is put before those that are there.
  const std::vector<Bytes>& names = options().authorities;
  for (auto name = names.rbegin(); name != names.rend() && status == constant::kSuccess; ++name) {
    status = F().SSLAddDistinguishedName(ssl, name->data(), name->size());
  }
  return status;
}

OSStatus SecureTransportEngine::Use(const SecureTransportCredential& credential) {
  return F().SSLSetCertificate(connection_.get(), credential.items());
}

bool SecureTransportEngine::OnClientHello(Outcome* outcome) {
  // It is left to the library to refuse a ClientHello that cannot be read.
  if (!options().ask_client_hello || !received_.client_hello.has_value()) return SetUpServer(nullptr, outcome);
  const auto& [suites, extensions] = *received_.client_hello;
  return Rests(Rest::kClientHello, Question::ClientHello(suites, extensions), outcome);
}

bool SecureTransportEngine::SetUpServer(const Answer* answer, Outcome* outcome) {
  const bool is_chosen = answer != nullptr && answer->credential != nullptr;
  const auto* credential =
      is_chosen ? static_cast<const SecureTransportCredential*>(answer->credential.get()) : ChooseForServer();
  if (credential == nullptr) {
    Fault fault = OwnFault("ERR_TLS_NO_COMMON_PARAMETERS", "no identity fits the client's signature schemes, groups and suites");
    return Refuse(std::move(fault), alert::kHandshakeFailure, outcome);
  }
  OSStatus status = Use(*credential);
  const Bytes& response =
      answer != nullptr && !answer->ocsp_response.empty() ? answer->ocsp_response : engine_options_.ocsp_response;
  if (status == constant::kSuccess && !response.empty()) {
    if (F().SSLSetOCSPResponse == nullptr) {
      Fault fault = OwnFault("ERR_TLS_UNSUPPORTED", "this macOS staples no OCSP response: that came with 10.13");
      return Refuse(std::move(fault), alert::kInternalError, outcome);
    }
    status = F().SSLSetOCSPResponse(connection_.get(), ToData(ViewOf(response)).get());
  }
  return status == constant::kSuccess || Refuse(FaultOf("ERR_TLS_IDENTITY", status), alert::kInternalError, outcome);
}

// Chooses a key whose signature the client can verify, for a suite that it offers (RFC 5246 §7.4.2).
const SecureTransportCredential* SecureTransportEngine::ChooseForServer() const {
  const std::optional<ClientHello>& hello = received_.client_hello;
  const std::vector<uint16_t> suites = hello.has_value() ? NumbersOf(ViewOf(hello->cipher_suites)) : std::vector<uint16_t>{};
  for (const std::shared_ptr<Credential>& each : options().credentials) {
    const auto* credential = static_cast<const SecureTransportCredential*>(each.get());
    if (!hello.has_value()) return credential;
    const bool is_ecdsa = credential->type() == KeyType::kEc;
    const std::vector<uint16_t> schemes = hello->Numbers(kSignatureAlgorithms);
    const std::vector<uint16_t> groups = hello->Numbers(kSupportedGroups);
    const bool can_sign = std::any_of(schemes.begin(), schemes.end(), [this, is_ecdsa](uint16_t scheme) {
      return Contains(options().own_signature_schemes, scheme) && IsEcdsaScheme(scheme) == is_ecdsa;
    });
    const bool has_suite = std::any_of(suites.begin(), suites.end(), [this, is_ecdsa](uint16_t suite) {
      return Contains(options().algorithms.cipher_suites, suite) && IsEcdsaSuite(suite) == is_ecdsa;
    });
    // The client's groups must contain the curve of the certificate's key as well (RFC 8422 §5.1).
    if (can_sign && has_suite && (!is_ecdsa || groups.empty() || Contains(groups, credential->group()))) return credential;
  }
  return nullptr;
}

const SecureTransportCredential* SecureTransportEngine::ChooseForClient() const {
  const std::vector<uint16_t> schemes = NumbersOf(ViewOf(received_.requested_schemes));
  for (const std::shared_ptr<Credential>& each : options().credentials) {
    const auto* credential = static_cast<const SecureTransportCredential*>(each.get());
    const bool can_sign = std::any_of(schemes.begin(), schemes.end(), [this, credential](uint16_t scheme) {
      return Contains(options().own_signature_schemes, scheme) &&
             IsEcdsaScheme(scheme) == (credential->type() == KeyType::kEc);
    });
    if (can_sign) return credential;
  }
  return nullptr;
}

bool SecureTransportEngine::OnCertificateRequest(Outcome* outcome) {
  if (is_done_ || has_met_peer_) {
    return Refuse(OwnFault("ERR_TLS_NO_RENEGOTIATION", "the peer asks for a certificate again"), alert::kNoRenegotiation, outcome);
  }
  if (!options().ask_certificate) {
    const SecureTransportCredential* credential = ChooseForClient();
    const OSStatus status = credential == nullptr ? constant::kSuccess : Use(*credential);
    return status == constant::kSuccess || Refuse(FaultOf("ERR_TLS_IDENTITY", status), alert::kInternalError, outcome);
  }
  Question question = Question::Certificate(kTls12, received_.requested_schemes, received_.authorities);
  return Rests(Rest::kCertificate, std::move(question), outcome);
}

bool SecureTransportEngine::OnPeer(Outcome* outcome) {
  if (is_done_ || has_met_peer_) {
    return Refuse(OwnFault("ERR_TLS_NO_RENEGOTIATION", "the peer begins another handshake"), alert::kNoRenegotiation, outcome);
  }
  has_met_peer_ = true;
  if (std::optional<Fault> fault = JudgePeer()) {
    const int alert = AlertOfCode(fault->code);
    return Refuse(std::move(*fault), alert, outcome);
  }
  if (options().ask_verify && !received_.chain.empty()) return Rests(Rest::kVerify, VerifyQuestion(), outcome);
  is_judged_ = true;
  return true;
}

std::optional<Fault> SecureTransportEngine::JudgePeer() {
  const bool is_server = options().is_server;
  // A handshake of which these could not be read is not accepted.
  const bool is_read = is_server || (received_.scheme != 0 && received_.group != 0 && !received_.chain.empty());
  if (received_.is_lost() || !is_read) return OwnFault("ERR_TLS_DECODE", "the peer's handshake cannot be read");
  if (received_.chain.empty()) {
    if (options().verify != Verify::kRequire) return std::nullopt;
    return OwnFault("ERR_TLS_CERTIFICATE_REQUIRED", "the client sent no certificate");
  }
  Owner<SecTrustRef> trust;
  const OSStatus status = F().SSLCopyPeerTrust(connection_.get(), trust.Receive());
  if (status != constant::kSuccess || !trust) return FaultOf("ERR_TLS_CERTIFICATE_BAD", status);
  if (options().accept_any) return std::nullopt;
  const Peer peer{!is_server, engine_options_.server_name, engine_options_.is_address, &received_.chain};
  return Judge(trust.get(), *context_->trust(), peer, engine_options_.now / 1000, &verified_path_);
}

Question SecureTransportEngine::VerifyQuestion() const {
  return Question::Verify(received_.chain, verified_path_, options().request_ocsp ? received_.ocsp_response : std::nullopt);
}

// Checks that we allow what was chosen: the library offers SHA-1 and cannot be told not to, and accepts any protocol that a
// server names (RFC 7301 §3.2).
bool SecureTransportEngine::AreChoicesOurs(Outcome* outcome) {
  const Algorithms& ours = options().algorithms;
  for (const HandshakeWatch* side : {&received_, &sent_}) {
    const std::vector<uint16_t>& schemes = side == &sent_ ? options().own_signature_schemes : ours.signature_schemes;
    if (side->scheme != 0 && !Contains(schemes, side->scheme)) {
      return Refuse(OwnFault("ERR_TLS_NO_COMMON_PARAMETERS", "the signature is of a scheme that is not accepted"),
                    alert::kHandshakeFailure, outcome);
    }
    if (side->group != 0 && !Contains(ours.groups, side->group)) {
      return Refuse(OwnFault("ERR_TLS_NO_COMMON_PARAMETERS", "the key share is of a group that is not accepted"),
                    alert::kHandshakeFailure, outcome);
    }
  }
  const Bytes& offered = engine_options_.alpn.has_value() ? *engine_options_.alpn : options().alpn;
  if (options().is_server || !received_.alpn.has_value() || HasProtocol(offered, *received_.alpn)) return true;
  return Refuse(OwnFault("ERR_TLS_ILLEGAL_PARAMETER", "the server chose a protocol that was not offered"), alert::kIllegalParameter,
                outcome);
}

}  // namespace tls::secure_transport
