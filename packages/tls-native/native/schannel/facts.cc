#include "engine.hh"
#include "registry.hh"

namespace tls::schannel {
namespace {

uint16_t VersionOf(uint32_t protocol) {
  if ((protocol & (abi::kProtocolTls13Client | abi::kProtocolTls13Server)) != 0) return kTls13;
  if ((protocol & (abi::kProtocolTls12Client | abi::kProtocolTls12Server)) != 0) return kTls12;
  return 0;
}

}  // namespace

void SchannelEngine::LearnAgreement() {
  version_ = observer_.version();
  cipher_suite_ = observer_.cipher_suite();
  auto info = std::make_unique<abi::CipherInfo>();
  info->version = 1;
  if (negotiation_.Query(abi::kAttributeCipherInfo, info.get()) == abi::kOk) {
    if (info->protocol == kTls12 || info->protocol == kTls13) version_ = static_cast<uint16_t>(info->protocol);
    if (info->cipher_suite != 0) cipher_suite_ = static_cast<uint16_t>(info->cipher_suite);
  }
  abi::ConnectionInfo connection = {};
  if (version_ == 0 && negotiation_.Query(abi::kAttributeConnectionInfo, &connection) == abi::kOk) {
    version_ = VersionOf(connection.protocol);
  }
  abi::ApplicationProtocol protocol = {};
  if (negotiation_.Query(abi::kAttributeApplicationProtocol, &protocol) == abi::kOk && protocol.status == abi::kAlpnAgreed &&
      protocol.size > 0) {
    alpn_ = Bytes(protocol.id, protocol.id + protocol.size);
  }
}

// Describes what the server's CertificateRequest asks for: in TLS 1.2 as it was observed, in TLS 1.3 as far as SChannel tells.
Question SchannelEngine::CertificateQuestion() {
  Bytes schemes = observer_.asked_schemes();
  std::vector<Bytes> authorities = observer_.asked_authorities();
  abi::SupportedSignatures signatures = {};
  if (schemes.empty() && negotiation_.Query(abi::kAttributeSupportedSignatures, &signatures) == abi::kOk) {
    const ContextBuffer owner(signatures.algorithms);
    for (uint16_t index = 0; signatures.algorithms != nullptr && index < signatures.count; ++index) {
      schemes.push_back(static_cast<uint8_t>(signatures.algorithms[index]));
      schemes.push_back(static_cast<uint8_t>(signatures.algorithms[index] >> 8));
    }
  }
  if (schemes.empty()) {
    for (const uint16_t scheme : SupportedAlgorithms(A().has_tls13).signature_schemes) AppendUint16(&schemes, scheme);
  }
  abi::IssuerList issuers = {};
  if (authorities.empty() && negotiation_.Query(abi::kAttributeIssuerList, &issuers) == abi::kOk) {
    const ContextBuffer owner(issuers.issuers);
    for (uint32_t index = 0; issuers.issuers != nullptr && index < issuers.count; ++index) {
      authorities.emplace_back(issuers.issuers[index].data, issuers.issuers[index].data + issuers.issuers[index].size);
    }
  }
  // A ServerHello came before; otherwise there would be no question.
  return Question::Certificate(observer_.version(), std::move(schemes), std::move(authorities));
}

std::optional<Bytes> SchannelEngine::Export(const std::string& label, std::optional<View> context, size_t length) {
  if (stage_ != Stage::kOpen && stage_ != Stage::kPostHandshake) return std::nullopt;
  // SChannel takes an empty context for none, but in TLS 1.2 the two differ (RFC 5705 §4).
  if (version_ != kTls13 && context.has_value() && context->size == 0) return std::nullopt;
  if (label.size() >= 0xFFFF || (context.has_value() && context->size > 0xFFFF)) return std::nullopt;
  std::string text = label;
  Bytes value = context.has_value() ? BytesOf(*context) : Bytes();
  abi::KeyingMaterialInfo info = {static_cast<uint16_t>(text.size() + 1), text.data(), static_cast<uint16_t>(value.size()),
                                  value.empty() ? nullptr : value.data(), static_cast<uint32_t>(length)};
  if (F().SetContextAttributesW(negotiation_.context(), abi::kAttributeKeyingMaterialInfo, &info, sizeof info) != abi::kOk) {
    return std::nullopt;
  }
  abi::KeyingMaterial material = {};
  if (negotiation_.Query(abi::kAttributeKeyingMaterial, &material) != abi::kOk || material.data == nullptr) return std::nullopt;
  const ContextBuffer owner(material.data);
  if (material.size != length) return std::nullopt;
  return Bytes(material.data, material.data + material.size);
}

ConnectionFacts SchannelEngine::Facts() {
  ConnectionFacts facts;
  facts.version = version_;
  facts.cipher_suite = cipher_suite_;
  facts.group = observer_.group();
  facts.own_signature_scheme = is_client() ? observer_.client_scheme() : observer_.server_scheme();
  facts.peer_signature_scheme = is_client() ? observer_.server_scheme() : observer_.client_scheme();
  facts.alpn = alpn_;
  if (!is_client()) {
    facts.server_name = observer_.client_hello().ServerName();
    // SChannel takes none, and passes over what comes (RFC 8446 §4.2.10).
    if (version_ == kTls13 && observer_.client_hello().OffersEarlyData()) facts.early_data = EarlyData::kRejected;
  }
  facts.is_retry = observer_.is_retry();
  abi::SessionInfo session = {};
  if (negotiation_.has_context() && negotiation_.Query(abi::kAttributeSessionInfo, &session) == abi::kOk) {
    facts.is_resumed = (session.flags & abi::kSessionReconnect) != 0;
  }
  facts.was_asked = is_client() && (was_asked_ || observer_.was_asked());
  facts.ocsp_response = ocsp_response_;
  facts.has_extended_main_secret = version_ != kTls12 || observer_.has_extended_main_secret();
  facts.peer_chain = peer_chain_;
  facts.verified_path = path_;
  return facts;
}

}  // namespace tls::schannel
