#include "context.hh"

#include <algorithm>

#include "engine.hh"
#include "registry.hh"

namespace tls::secure_transport {
namespace {

// SSLSetALPNProtocols copies each name into a buffer of 32 octets with a NUL at its end, and all of them into 255 octets.
constexpr size_t kLongestProtocol = 31;
constexpr size_t kLongestList = 255;

bool IsAll(const std::vector<uint16_t>& chosen, const std::vector<uint16_t>& supported) {
  return std::all_of(supported.begin(), supported.end(), [&chosen](uint16_t number) { return Contains(chosen, number); });
}

// Null when the library can do all of it.
const char* ProblemOf(const ContextOptions& options) {
  const Algorithms supported = SupportedAlgorithms();
  if (options.min_version > kTls12 || options.max_version < kTls12) return "minVersion: Secure Transport speaks TLS 1.2 here";
  if (options.max_version > kTls12) return "maxVersion: Secure Transport has no TLS 1.3";
  if (options.key_log) return "keyLog: Secure Transport does not tell its secrets";
  if (options.has_ticket_keys) return "ticketKeys: Secure Transport makes no tickets";
  if (options.security_level >= 0) return "securityLevel: Secure Transport has no such scale";
  if (!IsAll(options.own_signature_schemes, supported.signature_schemes)) {
    return "identity.signatureSchemes: Secure Transport chooses what it signs with";
  }
  if (!options.pre_shared_keys.empty()) return "preSharedKeys: Secure Transport has none with certificates";
  if (options.ask_early_data || options.max_early_data > 0) return "earlyData: Secure Transport has no TLS 1.3";
  if (!IsAll(options.algorithms.groups, supported.groups)) return "groups: Secure Transport has no choice of groups";
  if (!IsAll(options.algorithms.signature_schemes, supported.signature_schemes)) {
    return "signatureSchemes: Secure Transport has no choice of signature schemes";
  }
  if (options.is_server && !options.alpn.empty()) return "alpnProtocols: a server over Secure Transport answers no ALPN";
  return nullptr;
}

}  // namespace

std::string ProblemOfAlpn(const Bytes& protocols) {
  if (protocols.empty()) return "";
  if (F().SSLSetALPNProtocols == nullptr) return "this macOS has no ALPN: that came with 10.13";
  if (protocols.size() > kLongestList) return "Secure Transport takes 255 octets of protocols at most";
  for (size_t at = 0; at < protocols.size(); at += 1 + protocols[at]) {
    const auto begin = protocols.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    const size_t length = protocols[at];
    if (length == 0 || length > protocols.size() - at - 1) return "the list of protocols cannot be read";
    if (length > kLongestProtocol) return "Secure Transport takes protocols of 31 octets at most";
    const bool is_ascii = std::all_of(begin, begin + static_cast<std::ptrdiff_t>(length),
                                      [](uint8_t octet) { return octet > 0 && octet < 0x80; });
    if (!is_ascii) return "Secure Transport takes protocols of ASCII only";
  }
  return "";
}

std::shared_ptr<SecureTransportContext> SecureTransportContext::Create(const ContextOptions& options,
                                                                       std::shared_ptr<TrustStore> trust,
                                                                       std::optional<Fault>* fault) {
  if (const char* problem = ProblemOf(options)) {
    *fault = OwnFault("ERR_TLS_UNSUPPORTED", problem);
    return nullptr;
  }
  const std::string alpn = ProblemOfAlpn(options.alpn);
  if (!alpn.empty()) {
    *fault = OwnFault("ERR_TLS_UNSUPPORTED", "alpnProtocols: " + alpn);
    return nullptr;
  }
  const bool is_judge_needed = !options.accept_any && (!options.is_server || options.verify != Verify::kNothing);
  if (options.algorithms.cipher_suites.empty() || (is_judge_needed && trust == nullptr)) {
    const bool has_suites = !options.algorithms.cipher_suites.empty();
    *fault = OwnFault("ERR_TLS_CONFIG", has_suites ? "there is nothing to trust" : "there is no cipher suite");
    return nullptr;
  }
  return std::shared_ptr<SecureTransportContext>(new SecureTransportContext(options, std::move(trust)));
}

std::unique_ptr<Engine> SecureTransportContext::CreateEngine(const EngineOptions& options, std::optional<Fault>* fault) {
  return SecureTransportEngine::Create(shared_from_this(), options, fault);
}

}  // namespace tls::secure_transport
