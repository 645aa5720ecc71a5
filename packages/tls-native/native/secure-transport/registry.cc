#include "registry.hh"

#include <algorithm>

#include "certificate.hh"

namespace tls::secure_transport {
namespace {

// The suites of TLS 1.2 that have an AEAD and forward secrecy, in order of preference.
constexpr uint16_t kSuites[] = {0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8};
constexpr uint16_t kEcdsaSuites[] = {0xC02B, 0xC02C, 0xCCA9};
// The groups P-256, P-384 and P-521 are all that the library has.
constexpr uint16_t kGroups[] = {23, 24, 25};
// The library offers SHA-1 as well, and cannot be told not to: the engine ends a handshake in which a signature uses it.
constexpr uint16_t kSchemes[] = {0x0403, 0x0503, 0x0603, 0x0401, 0x0501, 0x0601};

struct Row {
  int64_t status;
  int alert;  // what the peer sent, according to the library alone
  const char* code;
};

constexpr const char* kAlert = "ERR_TLS_ALERT";

// The statuses of SecBase.h; errSSLPeer* stand for alerts that came in.
constexpr Row kStatuses[] = {
    {-9800, -1, "ERR_TLS_DECODE"},  // errSSLProtocol
    {-9801, -1, "ERR_TLS_NO_COMMON_PARAMETERS"},  // errSSLNegotiation
    {-9802, -1, kAlert},  // errSSLFatalAlert: one that it has no name for
    {-9805, 0, kAlert},   // errSSLClosedGraceful, in a handshake
    {-9806, -1, "ERR_TLS_DECODE"},  // errSSLClosedAbort: a record that is too short
    {-9807, -1, "ERR_TLS_CERTIFICATE_BAD"},  // errSSLXCertChainInvalid
    {-9808, -1, "ERR_TLS_CERTIFICATE_BAD"},  // errSSLBadCert
    {-9809, -1, "ERR_TLS_DECRYPT"},          // errSSLCrypto
    {-9816, -1, "ERR_TLS_TRUNCATED"},        // errSSLClosedNoNotify
    {-9818, -1, "ERR_TLS_NO_COMMON_PARAMETERS"},  // errSSLBadCipherSuite
    {-9819, 10, kAlert},
    {-9820, 20, kAlert},
    {-9821, 21, kAlert},
    {-9822, 22, kAlert},
    {-9823, 30, kAlert},
    {-9824, 40, kAlert},
    {-9825, 42, kAlert},
    {-9826, 43, kAlert},
    {-9827, 44, kAlert},
    {-9828, 45, kAlert},
    {-9829, 46, kAlert},
    {-9830, 47, kAlert},  // errSSLIllegalParam: also its own verdict, but then it has sent the alert
    {-9831, 48, kAlert},
    {-9832, 49, kAlert},
    {-9833, 50, kAlert},
    {-9834, 51, kAlert},
    {-9835, 60, kAlert},
    {-9836, 70, kAlert},
    {-9837, 71, kAlert},
    {-9838, 80, kAlert},
    {-9839, 90, kAlert},
    {-9840, 100, kAlert},
    {-9845, -1, "ERR_TLS_BAD_RECORD_MAC"},  // errSSLDecryptionFail
    {-9846, -1, "ERR_TLS_BAD_RECORD_MAC"},
    {-9847, -1, "ERR_TLS_RECORD_OVERFLOW"},
    {-9849, -1, "ERR_TLS_UNEXPECTED_MESSAGE"},  // errSSLUnexpectedRecord
    {-9850, -1, "ERR_TLS_NO_COMMON_PARAMETERS"},  // errSSLWeakPeerEphemeralDHKey
    {-9855, -1, "ERR_TLS_UNSUPPORTED_EXTENSION"},
    {-9856, -1, "ERR_TLS_UNEXPECTED_MESSAGE"},
    {-9858, -1, "ERR_TLS_NO_COMMON_PARAMETERS"},  // errSSLHandshakeFail
    {-9859, -1, "ERR_TLS_DECODE"},
    {-9860, -1, "ERR_TLS_INAPPROPRIATE_FALLBACK"},
    {-9861, -1, "ERR_TLS_MISSING_EXTENSION"},
    {-9865, -1, "ERR_TLS_UNRECOGNIZED_NAME"},
};

struct AlertRow {
  int alert;
  const char* code;
};

// The alerts of RFC 8446 §6.2. Of two codes with one alert, the first is the one as which the alert is read.
constexpr AlertRow kAlertCodes[] = {
    {10, "ERR_TLS_UNEXPECTED_MESSAGE"},
    {20, "ERR_TLS_BAD_RECORD_MAC"},
    {22, "ERR_TLS_RECORD_OVERFLOW"},
    {40, "ERR_TLS_NO_COMMON_PARAMETERS"},
    {40, "ERR_TLS_CERTIFICATE_REQUIRED"},  // RFC 5246 §7.4.6: TLS 1.2 has no certificate_required
    {42, "ERR_TLS_CERTIFICATE_BAD"},
    {42, "ERR_TLS_CERTIFICATE_NAME"},
    {42, "ERR_TLS_CERTIFICATE_SIGNATURE"},
    {43, "ERR_TLS_CERTIFICATE_UNSUPPORTED"},
    {43, "ERR_TLS_CERTIFICATE_PURPOSE"},
    {44, "ERR_TLS_CERTIFICATE_REVOKED"},
    {45, "ERR_TLS_CERTIFICATE_EXPIRED"},
    {45, "ERR_TLS_CERTIFICATE_NOT_YET_VALID"},
    {46, "ERR_TLS_CERTIFICATE_REJECTED"},
    {47, "ERR_TLS_ILLEGAL_PARAMETER"},
    {48, "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER"},
    {50, "ERR_TLS_DECODE"},
    {51, "ERR_TLS_DECRYPT"},
    {70, "ERR_TLS_PROTOCOL_VERSION"},
    {71, "ERR_TLS_NO_COMMON_PARAMETERS"},
    {86, "ERR_TLS_INAPPROPRIATE_FALLBACK"},
    {100, "ERR_TLS_NO_RENEGOTIATION"},
    {109, "ERR_TLS_MISSING_EXTENSION"},
    {110, "ERR_TLS_UNSUPPORTED_EXTENSION"},
    {112, "ERR_TLS_UNRECOGNIZED_NAME"},
    {120, "ERR_TLS_NO_APPLICATION_PROTOCOL"},
};

struct Refusal {
  int64_t status;
  const char* code;
  const char* node_code;
  const char* certificate_fault;
};

constexpr const char* kUnknownIssuer = "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER";
constexpr const char* kBad = "ERR_TLS_CERTIFICATE_BAD";
constexpr const char* kNotSupported = "ERR_TLS_CERTIFICATE_UNSUPPORTED";
constexpr const char* kPurpose = "ERR_TLS_CERTIFICATE_PURPOSE";
constexpr const char* kName = "ERR_TLS_CERTIFICATE_NAME";

// The statuses of SecBase.h with which an evaluation of trust ends.
constexpr Refusal kRefusals[] = {
    {-25318, kUnknownIssuer, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknownIssuer"},  // errSecCreateChainFailed
    {-67602, kName, "ERR_TLS_CERT_ALTNAME_INVALID", "hostName"},  // errSecHostNameMismatch
    {-67603, kNotSupported, "UNSPECIFIED", "criticalExtension"},  // errSecUnknownCriticalExtensionFlag
    {-67604, kBad, "INVALID_CA", "notCa"},  // errSecNoBasicConstraints
    {-67605, kBad, "INVALID_CA", "notCa"},  // errSecNoBasicConstraintsCA
    {-67608, kPurpose, "INVALID_PURPOSE", "purpose"},  // errSecInvalidKeyUsageForPolicy
    {-67609, kPurpose, "INVALID_PURPOSE", "purpose"},  // errSecInvalidExtendedKeyUsage
    {-67611, kBad, "PATH_LENGTH_EXCEEDED", "pathLength"},  // errSecPathLengthConstraintExceeded
    {-67629, kPurpose, "INVALID_PURPOSE", "purpose"},  // errSecSSLBadExtendedKeyUsage
    {-67654, "ERR_TLS_CERTIFICATE_REJECTED", "CERT_REJECTED", "distrusted"},  // errSecTrustSettingDeny
    {-67688, "ERR_TLS_CERTIFICATE_SIGNATURE", "CERT_SIGNATURE_FAILURE", "signature"},  // errSecInvalidSignature
    {-67735, kNotSupported, "UNSPECIFIED", "algorithm"},  // errSecUnsupportedKeySize
    {-67815, kNotSupported, "UNSPECIFIED", "algorithm"},  // errSecInvalidDigestAlgorithm
    {-67818, "ERR_TLS_CERTIFICATE_EXPIRED", "CERT_HAS_EXPIRED", "expired"},  // errSecCertificateExpired
    {-67819, "ERR_TLS_CERTIFICATE_NOT_YET_VALID", "CERT_NOT_YET_VALID", "notYetValid"},
    {-67820, "ERR_TLS_CERTIFICATE_REVOKED", "CERT_REVOKED", "revoked"},  // errSecCertificateRevoked
    {-67843, kUnknownIssuer, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknownIssuer"},  // errSecNotTrusted
    {-67902, kPurpose, "INVALID_PURPOSE", "purpose"},  // errSecCertificateIsCA
};
constexpr int64_t kExpired = -67818;

// Gives Node's code for a missing issuer; it depends on the chain that came.
const char* NodeCodeOfIssuer(const std::vector<Bytes>& chain) {
  if (chain.empty()) return "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
  const std::optional<Certificate> last = ReadCertificate(ViewOf(chain.back()));
  const bool is_root = last.has_value() && IsSame(last->issuer, last->subject);
  if (is_root) return chain.size() == 1 ? "DEPTH_ZERO_SELF_SIGNED_CERT" : "SELF_SIGNED_CERT_IN_CHAIN";
  return chain.size() == 1 ? "UNABLE_TO_VERIFY_LEAF_SIGNATURE" : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
}

// Tells which end of the validity was passed, because the library has one status for both.
bool IsTooEarly(const std::vector<Bytes>& chain, int64_t now_seconds) {
  return std::any_of(chain.begin(), chain.end(), [now_seconds](const Bytes& der) {
    const std::optional<Certificate> certificate = ReadCertificate(ViewOf(der));
    return certificate.has_value() && certificate->not_before > now_seconds;
  });
}

std::string Lower(std::string text) {
  text = text.substr(0, text.find('\n'));
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + 32);
  }
  return text;
}

std::string WordsFor(OSStatus status) {
  const Owner<CFStringRef> message(F().SecCopyErrorMessageString(status, nullptr));
  const std::string text = Lower(ToText(message.get()));
  return text.empty() ? "status " + std::to_string(status) : text;
}

// Gives those suites of TLS 1.2 that this macOS has.
std::vector<uint16_t> SuitesOfLibrary() {
  const Owner<SSLContextRef> context(F().SSLCreateContext(nullptr, constant::kClientSide, constant::kStreamType));
  size_t count = 0;
  if (!context || F().SSLGetNumberSupportedCiphers(context.get(), &count) != constant::kSuccess) return {};
  std::vector<SSLCipherSuite> suites(count);
  if (F().SSLGetSupportedCiphers(context.get(), suites.data(), &count) != constant::kSuccess) return {};
  suites.resize(std::min(count, suites.size()));
  return std::vector<uint16_t>(suites.begin(), suites.end());
}

}  // namespace

Algorithms SupportedAlgorithms() {
  Algorithms all;
  const std::vector<uint16_t> available = SuitesOfLibrary();
  for (const uint16_t suite : kSuites) {
    if (Contains(available, suite)) all.cipher_suites.push_back(suite);
  }
  all.groups.assign(std::begin(kGroups), std::end(kGroups));
  all.signature_schemes.assign(std::begin(kSchemes), std::end(kSchemes));
  return all;
}

bool IsEcdsaSuite(uint16_t suite) {
  return std::find(std::begin(kEcdsaSuites), std::end(kEcdsaSuites), suite) != std::end(kEcdsaSuites);
}

// The low octet names the signature algorithm (RFC 5246 §7.4.1.4.1).
bool IsEcdsaScheme(uint16_t scheme) { return (scheme & 0xFF) == 3; }

bool Contains(const std::vector<uint16_t>& numbers, uint16_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

std::vector<uint16_t> NumbersOf(View wire) {
  std::vector<uint16_t> numbers;
  for (size_t at = 0; at + 1 < wire.size; at += 2) {
    numbers.push_back(static_cast<uint16_t>(wire.data[at] << 8 | wire.data[at + 1]));
  }
  return numbers;
}

Fault FaultOf(const char* code, OSStatus status) {
  Fault fault;
  fault.code = code;
  fault.os_code = status;
  fault.detail = WordsFor(status);
  return fault;
}

Fault OwnFault(const char* code, std::string detail) {
  Fault fault;
  fault.code = code;
  fault.detail = std::move(detail);
  return fault;
}

Fault DescribeStatus(OSStatus status, const Alerts& alerts) {
  Fault fault = FaultOf("ERR_TLS_BACKEND", status);
  int implied_alert = -1;
  for (const Row& row : kStatuses) {
    if (row.status != status) continue;
    fault.code = row.code;
    implied_alert = row.alert;
  }
  const bool is_own = alerts.received < 0 && alerts.has_sent && status != constant::kClosedGraceful;
  if (!is_own) {
    fault.received_alert = alerts.received >= 0 ? alerts.received : implied_alert;
    if (fault.received_alert >= 0) fault.code = kAlert;
    return fault;
  }
  fault.sent_alert = alerts.sent >= 0 ? alerts.sent : implied_alert;
  const std::string code = CodeOfAlert(fault.sent_alert);
  if (fault.code == kAlert || code != "ERR_TLS_BACKEND") fault.code = code;
  return fault;
}

const char* CodeOfAlert(int alert) {
  for (const AlertRow& row : kAlertCodes) {
    if (row.alert == alert) return row.code;
  }
  return "ERR_TLS_BACKEND";
}

int AlertOfCode(const std::string& code) {
  for (const AlertRow& row : kAlertCodes) {
    if (row.code == code) return row.alert;
  }
  return 80;  // internal_error
}

Fault DescribeRefusal(int64_t status, std::string detail, const std::vector<Bytes>& chain, int64_t now_seconds) {
  Fault fault;
  fault.os_code = status;
  fault.detail = Lower(std::move(detail));
  if (fault.detail.empty()) fault.detail = WordsFor(static_cast<OSStatus>(status));
  fault.code = kBad;
  fault.node_code = "UNSPECIFIED";
  const int64_t told = status == kExpired && IsTooEarly(chain, now_seconds) ? kExpired - 1 : status;
  for (const Refusal& row : kRefusals) {
    if (row.status != told) continue;
    fault.code = row.code;
    fault.node_code = row.code == kUnknownIssuer ? NodeCodeOfIssuer(chain) : row.node_code;
    fault.certificate_fault = row.certificate_fault;
  }
  return fault;
}

}  // namespace tls::secure_transport
