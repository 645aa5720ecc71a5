#include "registry.hh"

#include <cstdio>

namespace tls::schannel {
namespace {

struct Suite {
  uint16_t number;
  const char16_t* name;
  bool is_tls13;
  bool is_usual;  // it is enabled where the system cannot be asked
};

// The suites that have an AEAD and forward secrecy, in the system's order of preference.
constexpr Suite kSuites[] = {
    {0x1302, u"TLS_AES_256_GCM_SHA384", true, true},
    {0x1301, u"TLS_AES_128_GCM_SHA256", true, true},
    {0x1303, u"TLS_CHACHA20_POLY1305_SHA256", true, false},
    {0xC02C, u"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", false, true},
    {0xC02B, u"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false, true},
    {0xC030, u"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", false, true},
    {0xC02F, u"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false, true},
    {0xCCA9, u"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", false, false},
    {0xCCA8, u"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false, false},
};

// The system cannot be asked for its list; these groups are enabled by default since Windows 10.
constexpr uint16_t kGroups[] = {29, 23, 24};

struct Scheme {
  uint16_t number;
  KeyKind kind;
  int curve;
};

constexpr Scheme kSchemes[] = {
    {0x0804, KeyKind::kRsa, 0},  {0x0805, KeyKind::kRsa, 0},   {0x0806, KeyKind::kRsa, 0},
    {0x0401, KeyKind::kRsa, 0},  {0x0501, KeyKind::kRsa, 0},   {0x0601, KeyKind::kRsa, 0},
    {0x0403, KeyKind::kEc, 256}, {0x0503, KeyKind::kEc, 384},  {0x0603, KeyKind::kEc, 521},
};

constexpr const char* kUnknownIssuer = "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER";
constexpr const char* kBad = "ERR_TLS_CERTIFICATE_BAD";
constexpr const char* kUnsupported = "ERR_TLS_CERTIFICATE_UNSUPPORTED";
constexpr const char* kExpired = "ERR_TLS_CERTIFICATE_EXPIRED";

struct AlertCode {
  int alert;
  const char* code;
};

// The alerts of RFC 8446 §6.2. The first row of a code has the alert that is sent for it.
constexpr AlertCode kAlertCodes[] = {
    {10, "ERR_TLS_UNEXPECTED_MESSAGE"},
    {10, "ERR_TLS_LIMIT"},
    {10, "ERR_TLS_NOT_TLS"},
    {20, "ERR_TLS_BAD_RECORD_MAC"},
    {22, "ERR_TLS_RECORD_OVERFLOW"},
    {40, "ERR_TLS_NO_COMMON_PARAMETERS"},
    {42, kBad},
    {42, "ERR_TLS_CERTIFICATE_NAME"},
    {42, "ERR_TLS_CERTIFICATE_SIGNATURE"},
    {43, kUnsupported},
    {43, "ERR_TLS_CERTIFICATE_PURPOSE"},
    {44, "ERR_TLS_CERTIFICATE_REVOKED"},
    {45, kExpired},
    {45, "ERR_TLS_CERTIFICATE_NOT_YET_VALID"},
    {46, "ERR_TLS_CERTIFICATE_REJECTED"},
    {47, "ERR_TLS_ILLEGAL_PARAMETER"},
    {48, kUnknownIssuer},
    {50, "ERR_TLS_DECODE"},
    {51, "ERR_TLS_DECRYPT"},
    {70, "ERR_TLS_PROTOCOL_VERSION"},
    {71, "ERR_TLS_NO_COMMON_PARAMETERS"},
    {80, "ERR_TLS_BACKEND"},
    {80, "ERR_TLS_IDENTITY"},
    {86, "ERR_TLS_INAPPROPRIATE_FALLBACK"},
    {100, "ERR_TLS_NO_RENEGOTIATION"},
    {109, "ERR_TLS_MISSING_EXTENSION"},
    {110, "ERR_TLS_UNSUPPORTED_EXTENSION"},
    {112, "ERR_TLS_UNRECOGNIZED_NAME"},
    {113, "ERR_TLS_CERTIFICATE_STATUS"},
    {115, "ERR_TLS_UNKNOWN_PSK"},
    {116, "ERR_TLS_CERTIFICATE_REQUIRED"},
    {120, "ERR_TLS_NO_APPLICATION_PROTOCOL"},
};

struct StatusRow {
  abi::Status status;
  const char* code;
  const char* detail;
};

constexpr StatusRow kStatuses[] = {
    {abi::kErrorAlgorithmMismatch, "ERR_TLS_NO_COMMON_PARAMETERS", "the two have no algorithm in common"},
    {abi::kErrorUnsupportedFunction, "ERR_TLS_PROTOCOL_VERSION", "the requested function is not supported"},
    {abi::kErrorInvalidToken, "ERR_TLS_DECODE", "the message cannot be read"},
    {abi::kErrorIllegalMessage, "ERR_TLS_ILLEGAL_PARAMETER", "the message was unexpected or badly formatted"},
    {abi::kErrorMessageAltered, "ERR_TLS_BAD_RECORD_MAC", "the record was altered"},
    {abi::kErrorDecryptFailure, "ERR_TLS_BAD_RECORD_MAC", "the record cannot be decrypted"},
    {abi::kErrorOutOfSequence, "ERR_TLS_BAD_RECORD_MAC", "the record is out of sequence"},
    {abi::kErrorProtocolMismatch, "ERR_TLS_NO_APPLICATION_PROTOCOL", "the two have no application protocol in common"},
    {abi::kErrorNoCredentials, "ERR_TLS_IDENTITY", "no credentials are available"},
    {abi::kErrorUnknownCredentials, "ERR_TLS_IDENTITY", "the credentials were not recognized"},
    {abi::kErrorInvalidParameter, "ERR_TLS_CONFIG", "a parameter is not valid"},
    {abi::kErrorCertUnknown, kBad, "the certificate was refused"},
    {abi::kErrorCertExpired, kExpired, "the certificate has expired"},
    {abi::kErrorUntrustedRoot, kUnknownIssuer, "the chain was issued by an authority that is not trusted"},
    {abi::kErrorWrongPrincipal, "ERR_TLS_CERTIFICATE_NAME", "the certificate is for another name"},
    {abi::kErrorContextExpired, "ERR_TLS_BACKEND", "the connection has been closed"},
    {abi::kErrorInternal, "ERR_TLS_BACKEND", "the security package failed within"},
};

struct ReceivedRow {
  abi::Status status;
  int alert;
};

// SChannel's statuses for alerts that came under protection, as Microsoft's "Schannel Error Codes for TLS and SSL Alerts" has them, without those
// that it also gives for faults of other kinds. SEC_E_CERT_UNKNOWN stands for 42 and 43 too.
constexpr ReceivedRow kReceivedRows[] = {
    {abi::kErrorRevoked, 44},
    {abi::kErrorCertExpired, 45},
    {abi::kErrorCertUnknown, 46},
    {abi::kErrorUntrustedRoot, 48},
    {abi::kErrorLogonDenied, 49},
    {abi::kErrorUnfinishedContextDeleted, alert::kUserCanceled},
};

std::string Hex(uint32_t number) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", number);
  return text;
}

struct TrustRow {
  uint32_t bits;
  const char* code;
  const char* node_code;
  const char* certificate_fault;
  const char* detail;
};

// The bits of CERT_TRUST_*, the most important first: who the issuer is does not matter when the signature is bad.
constexpr TrustRow kTrustRows[] = {
    {abi::kTrustBadSignature, "ERR_TLS_CERTIFICATE_SIGNATURE", "CERT_SIGNATURE_FAILURE", "signature",
     "a signature of the chain is not valid"},
    {abi::kTrustExplicitDistrust, "ERR_TLS_CERTIFICATE_REJECTED", "CERT_REJECTED", "distrusted",
     "a certificate of the chain is explicitly distrusted"},
    {abi::kTrustRevoked, "ERR_TLS_CERTIFICATE_REVOKED", "CERT_REVOKED", "revoked",
     "a certificate of the chain is revoked"},
    {abi::kTrustUntrustedRoot, kUnknownIssuer, "SELF_SIGNED_CERT_IN_CHAIN", "selfSignedRoot",
     "the chain ends in a root that is not trusted"},
    {abi::kTrustPartialChain, kUnknownIssuer, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknownIssuer",
     "no chain to a trusted root can be built"},
    {abi::kTrustCyclic, kUnknownIssuer, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknownIssuer",
     "the chain goes in a circle"},
    {abi::kTrustNotTimeValid, kExpired, "CERT_HAS_EXPIRED", "expired",
     "a certificate of the chain has expired, or is not yet valid"},
    {abi::kTrustWrongUsage, "ERR_TLS_CERTIFICATE_PURPOSE", "INVALID_PURPOSE", "purpose",
     "the certificate is not for this purpose"},
    {abi::kTrustInvalidBasicConstraints, kBad, "INVALID_CA", "notCa",
     "a certificate of the chain may not issue others"},
    {abi::kTrustNameConstraints, kBad, "UNSPECIFIED", "nameConstraint",
     "a name constraint of the chain is violated"},
    {abi::kTrustCriticalExtension, kUnsupported, "UNSPECIFIED", "criticalExtension",
     "a critical extension is not known"},
    {abi::kTrustInvalidExtension, kBad, "UNSPECIFIED", "malformed",
     "an extension of the chain is not valid"},
    {abi::kTrustUnknownStatus, "ERR_TLS_CERTIFICATE_STATUS", "UNABLE_TO_GET_CRL", "unknownStatus",
     "the system does not know whether a certificate of the chain was revoked"},
    {abi::kTrustWeakSignature, kUnsupported, "UNSPECIFIED", "algorithm",
     "a key or hash of the chain is too weak"},
};

struct PolicyRow {
  uint32_t error;
  uint32_t bits;
};

// The codes CERT_E_* and others of winerror.h, with the bit that says the same.
constexpr PolicyRow kPolicyRows[] = {
    {0x800B0101, abi::kTrustNotTimeValid},         // CERT_E_EXPIRED
    {0x800B0109, abi::kTrustUntrustedRoot},        // CERT_E_UNTRUSTEDROOT
    {0x800B010A, abi::kTrustPartialChain},         // CERT_E_CHAINING
    {0x800B0110, abi::kTrustWrongUsage},           // CERT_E_WRONG_USAGE
    {0x800B0103, abi::kTrustInvalidBasicConstraints},  // CERT_E_ROLE
    {0x800B010C, abi::kTrustRevoked},              // CERT_E_REVOKED
    {0x80092010, abi::kTrustRevoked},              // CRYPT_E_REVOKED
    {0x80092012, abi::kTrustUnknownStatus},        // CRYPT_E_NO_REVOCATION_CHECK
    {0x80092013, abi::kTrustUnknownStatus},        // CRYPT_E_REVOCATION_OFFLINE
    {0x800B010E, abi::kTrustUnknownStatus},        // CERT_E_REVOCATION_FAILURE
    {0x800B0105, abi::kTrustCriticalExtension},    // CERT_E_CRITICAL
    {0x800B0114, abi::kTrustNameConstraints},      // CERT_E_INVALID_NAME
    {0x80096004, abi::kTrustBadSignature},         // TRUST_E_CERT_SIGNATURE
    {0x80096019, abi::kTrustInvalidBasicConstraints},  // TRUST_E_BASIC_CONSTRAINTS
    {0x800B0111, abi::kTrustExplicitDistrust},     // TRUST_E_EXPLICIT_DISTRUST
};

// Gives the suites that the system has enabled; none when it cannot tell.
std::vector<std::u16string> EnabledSuites() {
  std::vector<std::u16string> names;
  uint32_t size = 0;
  abi::ContextFunctions* found = nullptr;
  if (F().BCryptEnumContextFunctions(abi::kLocalTable, u"SSL", abi::kSchannelInterface, &size, &found) != 0) return names;
  if (found == nullptr) return names;
  for (uint32_t index = 0; index < found->count; ++index) names.emplace_back(found->names[index]);
  F().BCryptFreeBuffer(found);
  return names;
}

}  // namespace

Algorithms SupportedAlgorithms(bool has_tls13) {
  const std::vector<std::u16string> enabled = EnabledSuites();
  Algorithms all;
  for (const Suite& row : kSuites) {
    bool is_there = enabled.empty() && row.is_usual;
    for (const std::u16string& name : enabled) is_there = is_there || name == row.name;
    if (is_there && (has_tls13 || !row.is_tls13)) all.cipher_suites.push_back(row.number);
  }
  for (const uint16_t group : kGroups) all.groups.push_back(group);
  for (const Scheme& row : kSchemes) all.signature_schemes.push_back(row.number);
  return all;
}

bool IsAcceptable(uint16_t cipher_suite) {
  for (const Suite& row : kSuites) {
    if (row.number == cipher_suite) return true;
  }
  return false;
}

std::vector<uint16_t> SchemesOfKey(KeyKind kind, int curve) {
  std::vector<uint16_t> schemes;
  for (const Scheme& row : kSchemes) {
    if (row.kind == kind && row.curve == curve) schemes.push_back(row.number);
  }
  return schemes;
}

const char* CodeOfAlert(int alert) {
  for (const AlertCode& row : kAlertCodes) {
    if (row.alert == alert) return row.code;
  }
  return nullptr;
}

int AlertOfCode(const std::string& code) {
  for (const AlertCode& row : kAlertCodes) {
    if (code == row.code) return row.alert;
  }
  return -1;
}

int AlertOfStatus(abi::Status status) {
  for (const ReceivedRow& row : kReceivedRows) {
    if (row.status == status) return row.alert;
  }
  return -1;
}

Fault FaultOf(const char* code, const char* detail) {
  Fault fault;
  fault.code = code;
  fault.detail = detail;
  return fault;
}

Fault FaultOfStatus(abi::Status status) {
  Fault fault;
  fault.os_code = static_cast<uint32_t>(status);
  fault.detail = "the security package gave " + Hex(static_cast<uint32_t>(status));
  for (const StatusRow& row : kStatuses) {
    if (row.status != status) continue;
    fault.code = row.code;
    fault.detail = std::string(row.detail) + " (" + Hex(static_cast<uint32_t>(status)) + ")";
  }
  return fault;
}

Fault CertificateFault(const char* code, const char* node_code, const char* certificate_fault, const char* detail, int64_t os_code) {
  Fault fault = FaultOf(code, detail);
  fault.node_code = node_code;
  fault.certificate_fault = certificate_fault;
  fault.os_code = os_code;
  return fault;
}

Fault FaultOfTrust(uint32_t errors, bool is_alone, bool is_self_signed) {
  for (const TrustRow& row : kTrustRows) {
    if ((errors & row.bits) == 0) continue;
    const char* node_code = row.node_code;
    // Node has codes of its own for a leaf that came alone.
    if (row.code == kUnknownIssuer && is_alone) {
      node_code = is_self_signed ? "DEPTH_ZERO_SELF_SIGNED_CERT" : "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
    }
    return CertificateFault(row.code, node_code, row.certificate_fault, row.detail, errors);
  }
  return CertificateFault(kBad, "UNSPECIFIED", "unexplained", "the chain is not acceptable", errors);
}

Fault FaultOfPolicy(uint32_t error, bool is_alone, bool is_self_signed) {
  Fault fault = CertificateFault(kBad, "UNSPECIFIED", "unexplained", "the chain is not acceptable to the system's policy", error);
  for (const PolicyRow& row : kPolicyRows) {
    if (row.error == error) fault = FaultOfTrust(row.bits, is_alone, is_self_signed);
  }
  fault.os_code = error;
  return fault;
}

}  // namespace tls::schannel
