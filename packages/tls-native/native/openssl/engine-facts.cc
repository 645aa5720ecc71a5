// What an engine reports about its connection.
#include <algorithm>

#include "certificates-end.hh"
#include "engine.hh"
#include "pre-shared-keys.hh"
#include "registry.hh"

namespace tls::openssl {

std::vector<Bytes> OpenSslEngine::PeerChain() {
  if (opened_.has_value() && F().SSL_session_reused(connection_.get()) == 1) return opened_->chain;
  std::vector<Bytes> chain = EncodeAll(F().SSL_get_peer_cert_chain(connection_.get()));
  if (!context_->options().is_server) return chain;
  // For a server, the library's list of the peer's certificates does not have the leaf.
  X509Owner leaf(F().SSL_get1_peer_certificate(connection_.get()));
  if (leaf != nullptr) chain.insert(chain.begin(), Encode(leaf.get()));
  return chain;
}

std::vector<Bytes> OpenSslEngine::VerifiedPath() {
  if (judged_path_.has_value()) return *judged_path_;
  if (context_->options().accept_any) return {};
  return EncodeAll(F().SSL_get0_verified_chain(connection_.get()));
}

int64_t OpenSslEngine::CertificatesEnd(int64_t latest) {
  if (judged_path_.has_value()) return EndOf(*judged_path_, now_, latest);
  return context_->options().accept_any ? latest : EndOf(F().SSL_get0_verified_chain(connection_.get()), now_, latest);
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
  ForgetErrors();
  SSL* ssl = connection_.get();
  const bool is_server = context_->options().is_server;
  ConnectionFacts facts;
  facts.version = static_cast<uint16_t>(F().SSL_version(ssl));
  const SSL_CIPHER* cipher = F().SSL_get_current_cipher(ssl);
  if (cipher != nullptr) facts.cipher_suite = F().SSL_CIPHER_get_protocol_id(cipher);
  facts.group = GroupOf(static_cast<int>(F().SSL_ctrl(ssl, constant::kCtrlNegotiatedGroup, 0, nullptr)));
  const bool is_continued = F().SSL_session_reused(ssl) == 1;
  if (is_continued && pre_shared_key_ != nullptr) facts.pre_shared_key = pre_shared_key_->identity;
  facts.is_resumed = is_continued && pre_shared_key_ == nullptr;
  const bool has_key = is_continued && opened_.has_value() && !opened_->pre_shared_key.empty();
  const PreSharedKey* behind = has_key ? FindByDigest(options(), opened_->pre_shared_key) : nullptr;
  if (behind != nullptr) facts.pre_shared_key = behind->identity;
  if (!is_continued) {
    facts.own_signature_scheme = OwnScheme();
    facts.peer_signature_scheme = PeerScheme();
  } else if (opened_.has_value()) {
    facts.own_signature_scheme = opened_->own_scheme;
    facts.peer_signature_scheme = opened_->peer_scheme;
  }
  const int early = F().SSL_get_early_data_status(ssl);
  if (early == constant::kEarlyDataAccepted) facts.early_data = EarlyData::kAccepted;
  if (early == constant::kEarlyDataRejected) facts.early_data = EarlyData::kRejected;
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
  facts.verified_path = is_continued && opened_.has_value() ? opened_->path : VerifiedPath();
  ForgetErrors();
  return facts;
}

TicketContent OpenSslEngine::ToKeep() {
  const bool is_continued = F().SSL_session_reused(connection_.get()) == 1;
  TicketContent content;
  if (is_continued && opened_.has_value()) content = *opened_;
  content.replay_scope = options().replay_scope;
  if (is_continued && opened_.has_value()) return content;
  content.end = now_ + 1000 * options().session_lifetime;
  content.is_extended = offers_extended_main_secret_;  // the library always accepts it, and tells so only after the handshake
  if (is_continued && pre_shared_key_ != nullptr) content.pre_shared_key = pre_shared_key_->digest;
  if (is_continued) return content;
  content.chain = PeerChain();
  content.path = content.chain.empty() ? std::vector<Bytes>{} : VerifiedPath();
  if (!content.chain.empty()) content.end = CertificatesEnd(content.end);
  content.own_scheme = OwnScheme();
  content.peer_scheme = PeerScheme();
  return content;
}

bool OpenSslEngine::Continue(TicketContent opened) {
  if (opened.end <= now_) return false;
  if (!opened.pre_shared_key.empty() && FindByDigest(options(), opened.pre_shared_key) == nullptr) return false;
  // A session that comes from a resumed one ends when that one ends.
  opened.end = std::min(opened.end, now_ + 1000 * context_->options().session_lifetime);
  opened_ = std::move(opened);
  pre_shared_key_ = nullptr;
  return true;
}

void OpenSslEngine::NotePreSharedKey(const PreSharedKey& key) {
  pre_shared_key_ = &key;
  opened_.reset();
}

}  // namespace tls::openssl
