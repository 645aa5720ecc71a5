#include "registry.hh"

#include <strings.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "verify-codes.hh"

namespace tls::openssl {
namespace {

struct Suite {
  uint16_t number;
  const char* name;
  uint16_t version;
};

// The suites that have an AEAD and forward secrecy, in order of preference.
constexpr Suite kSuites[] = {
    {0x1301, "TLS_AES_128_GCM_SHA256", 0x0304},
    {0x1302, "TLS_AES_256_GCM_SHA384", 0x0304},
    {0x1303, "TLS_CHACHA20_POLY1305_SHA256", 0x0304},
    {0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", 0x0303},
    {0xC02F, "ECDHE-RSA-AES128-GCM-SHA256", 0x0303},
    {0xC02C, "ECDHE-ECDSA-AES256-GCM-SHA384", 0x0303},
    {0xC030, "ECDHE-RSA-AES256-GCM-SHA384", 0x0303},
    {0xCCA9, "ECDHE-ECDSA-CHACHA20-POLY1305", 0x0303},
    {0xCCA8, "ECDHE-RSA-CHACHA20-POLY1305", 0x0303},
};

// The constant TLSEXT_nid_unknown. The bits below it are the number of RFC 8446 §4.2.7.
constexpr int kUnknownNid = 0x1000000;

struct Group {
  uint16_t number;
  const char* name;
  int library_number;
  bool is_post_quantum;
};

// The OPENSSL_VERSION_NUMBER since which there are post-quantum groups, and since which lists say which shares are sent and which groups
// are worth a round trip.
constexpr unsigned long kPostQuantumSince = 0x30500000;

// The groups, in order of preference.
constexpr Group kGroups[] = {
    {0x11EC, "X25519MLKEM768", kUnknownNid | 0x11EC, true},
    {0x11EB, "SecP256r1MLKEM768", kUnknownNid | 0x11EB, true},
    {0x11ED, "SecP384r1MLKEM1024", kUnknownNid | 0x11ED, true},
    {29, "X25519", 1034, false},
    {23, "P-256", 415, false},
    {24, "P-384", 715, false},
    {25, "P-521", 716, false},
};

constexpr int kRsa = 6;
constexpr int kRsaPss = 912;
constexpr int kEc = 408;
constexpr int kEd25519 = 1087;
constexpr int kSha256 = 672;
constexpr int kSha384 = 673;
constexpr int kSha512 = 674;
constexpr int kAny = 0;

struct Scheme {
  uint16_t number;
  const char* name;
  int key_type;
  const char* curve;  // the curve of the key; null where it has none
  int signature_type;
  int digest;
};

constexpr Scheme kSchemes[] = {
    {0x0403, "ecdsa_secp256r1_sha256", kEc, "prime256v1", kEc, kSha256},
    {0x0807, "ed25519", kEd25519, nullptr, kEd25519, kAny},
    {0x0503, "ecdsa_secp384r1_sha384", kEc, "secp384r1", kEc, kSha384},
    {0x0603, "ecdsa_secp521r1_sha512", kEc, "secp521r1", kEc, kSha512},
    {0x0804, "rsa_pss_rsae_sha256", kRsa, nullptr, kRsaPss, kSha256},
    {0x0805, "rsa_pss_rsae_sha384", kRsa, nullptr, kRsaPss, kSha384},
    {0x0806, "rsa_pss_rsae_sha512", kRsa, nullptr, kRsaPss, kSha512},
    {0x0809, "rsa_pss_pss_sha256", kRsaPss, nullptr, kRsaPss, kSha256},
    {0x080A, "rsa_pss_pss_sha384", kRsaPss, nullptr, kRsaPss, kSha384},
    {0x080B, "rsa_pss_pss_sha512", kRsaPss, nullptr, kRsaPss, kSha512},
    {0x0401, "rsa_pkcs1_sha256", kRsa, nullptr, kRsa, kSha256},
    {0x0501, "rsa_pkcs1_sha384", kRsa, nullptr, kRsa, kSha384},
    {0x0601, "rsa_pkcs1_sha512", kRsa, nullptr, kRsa, kSha512},
};

struct Digest {
  const char* name;
  int number;
};

// The digests, by each name that the library has for them.
constexpr Digest kDigests[] = {
    {"SHA256", kSha256}, {"SHA2-256", kSha256}, {"SHA384", kSha384}, {"SHA2-384", kSha384}, {"SHA512", kSha512}, {"SHA2-512", kSha512},
};

// Joins the names of the numbers by colons; a row that `fits` refuses is left out.
template <typename Row, size_t count, typename Fits>
std::string Join(const Row (&rows)[count], const std::vector<uint16_t>& numbers, Fits fits) {
  std::string list;
  for (uint16_t number : numbers) {
    for (const Row& row : rows) {
      if (row.number != number || !fits(row)) continue;
      if (!list.empty()) list += ':';
      list += row.name;
    }
  }
  return list;
}

constexpr auto kEvery = [](const auto&) { return true; };

struct Refusal {
  int verify_code;
  const char* code;
  const char* node_code;
  const char* certificate_fault;
};

constexpr const char* kUnknownIssuer = "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER";
constexpr const char* kBad = "ERR_TLS_CERTIFICATE_BAD";
constexpr const char* kUnsupported = "ERR_TLS_CERTIFICATE_UNSUPPORTED";

constexpr Refusal kRefusals[] = {
    {verify_code::kNoIssuer, kUnknownIssuer, "UNABLE_TO_GET_ISSUER_CERT", "unknownIssuer"},
    {verify_code::kSignatureFailure, "ERR_TLS_CERTIFICATE_SIGNATURE", "CERT_SIGNATURE_FAILURE", "signature"},
    {verify_code::kNotYetValid, "ERR_TLS_CERTIFICATE_NOT_YET_VALID", "CERT_NOT_YET_VALID", "notYetValid"},
    {verify_code::kExpired, "ERR_TLS_CERTIFICATE_EXPIRED", "CERT_HAS_EXPIRED", "expired"},
    {verify_code::kSelfSignedLeaf, kUnknownIssuer, "DEPTH_ZERO_SELF_SIGNED_CERT", "selfSignedLeaf"},
    {verify_code::kSelfSignedInChain, kUnknownIssuer, "SELF_SIGNED_CERT_IN_CHAIN", "selfSignedRoot"},
    {verify_code::kNoIssuerLocally, kUnknownIssuer, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknownIssuer"},
    {verify_code::kNoIssuerOfLeaf, kUnknownIssuer, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "missingIntermediate"},
    {verify_code::kChainTooLong, kBad, "CERT_CHAIN_TOO_LONG", "tooLong"},
    {verify_code::kRevoked, "ERR_TLS_CERTIFICATE_REVOKED", "CERT_REVOKED", "revoked"},
    {verify_code::kPathTooLong, kBad, "PATH_LENGTH_EXCEEDED", "pathLength"},
    {verify_code::kInvalidPurpose, "ERR_TLS_CERTIFICATE_PURPOSE", "INVALID_PURPOSE", "purpose"},
    {verify_code::kUntrusted, kUnknownIssuer, "CERT_UNTRUSTED", "unknownIssuer"},
    {verify_code::kRejected, "ERR_TLS_CERTIFICATE_REJECTED", "CERT_REJECTED", "distrusted"},
    {verify_code::kMayNotSignCertificates, kBad, "INVALID_CA", "notCa"},
    {verify_code::kUnhandledCriticalExtension, kUnsupported, "UNSPECIFIED", "criticalExtension"},
    {verify_code::kOtherName, "ERR_TLS_CERTIFICATE_NAME", "ERR_TLS_CERT_ALTNAME_INVALID", "hostName"},
    {verify_code::kOtherAddress, "ERR_TLS_CERTIFICATE_NAME", "ERR_TLS_CERT_ALTNAME_INVALID", "hostName"},
    {verify_code::kLeafKeyTooWeak, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kIssuerKeyTooWeak, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kHashTooWeak, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kStapleNeeded, "ERR_TLS_CERTIFICATE_STATUS", "UNSPECIFIED", "mustStaple"},  // a response that had to be stapled is missing
    {verify_code::kInvalidCa, kBad, "INVALID_CA", "notCa"},
    {verify_code::kNoPublicKey, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kNoIssuerPublicKey, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kExplicitCurve, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kUnknownSignature, kUnsupported, "UNSPECIFIED", "algorithm"},
    {verify_code::kSignatureOfOtherKey, "ERR_TLS_CERTIFICATE_SIGNATURE", "CERT_SIGNATURE_FAILURE", "signature"},
    {verify_code::kSignaturesDiffer, kBad, "UNSPECIFIED", "malformed"},
    {verify_code::kInvalidExtension, kBad, "UNSPECIFIED", "malformed"},
    {verify_code::kNameNotPermitted, kBad, "UNSPECIFIED", "nameConstraint"},
    {verify_code::kNameExcluded, kBad, "UNSPECIFIED", "nameConstraint"},
    {verify_code::kConstraintBounds, kBad, "UNSPECIFIED", "nameConstraint"},
    {verify_code::kConstraintType, kBad, "UNSPECIFIED", "nameConstraint"},
    {verify_code::kConstraintSyntax, kBad, "UNSPECIFIED", "nameConstraint"},
    {verify_code::kNameSyntax, kBad, "UNSPECIFIED", "nameConstraint"},
};

}  // namespace

Algorithms SupportedAlgorithms() {
  Algorithms all;
  for (const Suite& row : kSuites) all.cipher_suites.push_back(row.number);
  for (const Group& row : kGroups) {
    if (!row.is_post_quantum || F().OpenSSL_version_num() >= kPostQuantumSince) all.groups.push_back(row.number);
  }
  for (const Scheme& row : kSchemes) all.signature_schemes.push_back(row.number);
  return all;
}

std::string SuiteList(const std::vector<uint16_t>& numbers, uint16_t version) {
  return Join(kSuites, numbers, [version](const Suite& row) { return row.version == version; });
}

// Since 3.5 a client sends shares only of the marked groups: of the first, and of the first of the other kind, post-quantum or not. A
// server that has a share only of a group behind the slash asks for one of a group before it.
std::string GroupList(const std::vector<uint16_t>& numbers, bool is_post_quantum_worth_a_retry) {
  const bool is_extended = F().OpenSSL_version_num() >= kPostQuantumSince;
  std::string list;
  bool is_marked[] = {false, false};
  bool is_leading = is_post_quantum_worth_a_retry;
  for (uint16_t number : numbers) {
    for (const Group& row : kGroups) {
      if (row.number != number) continue;
      const bool ends_the_lead = is_leading && !row.is_post_quantum;
      if (!list.empty()) list += ends_the_lead && is_extended ? '/' : ':';
      if (ends_the_lead) is_leading = false;
      bool& is_kind_marked = is_marked[row.is_post_quantum ? 1 : 0];
      if (is_extended && !is_kind_marked) list += '*';
      is_kind_marked = true;
      list += row.name;
    }
  }
  return list;
}

std::string SchemeList(const std::vector<uint16_t>& numbers) { return Join(kSchemes, numbers, kEvery); }

uint16_t GroupOf(int library_number) {
  for (const Group& row : kGroups) {
    if (row.library_number == library_number) return row.number;
  }
  return 0;
}

uint16_t SchemeOf(int key_type, int signature_type, int digest) {
  for (const Scheme& row : kSchemes) {
    if (row.key_type != key_type || row.signature_type != signature_type) continue;
    if (row.digest == kAny || row.digest == digest) return row.number;
  }
  return 0;
}

std::vector<uint16_t> SchemesOfKey(const EVP_PKEY* key) {
  char curve[64] = "";
  size_t length = 0;
  // This fails for keys without a curve.
  F().EVP_PKEY_get_utf8_string_param(key, "group", curve, sizeof curve, &length);
  ForgetErrors();
  std::vector<uint16_t> numbers;
  for (const Scheme& row : kSchemes) {
    if (row.key_type != F().EVP_PKEY_get_id(key)) continue;
    if (row.curve == nullptr || std::strcmp(row.curve, curve) == 0) numbers.push_back(row.number);
  }
  return numbers;
}

std::vector<uint16_t> Tls12SchemesOfKey(const EVP_PKEY* key) {
  std::vector<uint16_t> numbers = SchemesOfKey(key);
  for (const Scheme& row : kSchemes) {
    const bool is_there = std::find(numbers.begin(), numbers.end(), row.number) != numbers.end();
    if (row.key_type == kEc && F().EVP_PKEY_get_id(key) == kEc && !is_there) numbers.push_back(row.number);
  }
  return numbers;
}

bool IsRsaSignature(int signature_type) { return signature_type == kRsa || signature_type == kRsaPss; }

bool IsRsa(const EVP_PKEY* key) { return F().EVP_PKEY_get_id(key) == kRsa; }

uint16_t SchemeOfSignature(const EVP_PKEY* key, const char* digest, bool is_pss) {
  int number = kAny;
  for (const Digest& row : kDigests) {
    if (strcasecmp(row.name, digest) == 0) number = row.number;
  }
  const int type = F().EVP_PKEY_get_id(key);
  return SchemeOf(type, is_pss && type == kRsa ? kRsaPss : type, number);
}

bool HasPss(const std::vector<uint16_t>& schemes) {
  return std::any_of(schemes.begin(), schemes.end(), [](uint16_t number) {
    return std::any_of(std::begin(kSchemes), std::end(kSchemes),
                       [number](const Scheme& row) { return row.number == number && row.signature_type == kRsaPss; });
  });
}

void DescribeRefusal(int verify_code, bool is_alone, Fault* fault) {
  const char* reason = F().X509_verify_cert_error_string(verify_code);
  fault->detail = reason == nullptr ? "unknown" : reason;
  fault->os_code = verify_code;
  fault->code = kBad;
  fault->node_code = "UNSPECIFIED";
  // Node has this code for a leaf that came alone.
  const int code = is_alone && verify_code == verify_code::kNoIssuerLocally ? verify_code::kNoIssuerOfLeaf : verify_code;
  for (const Refusal& row : kRefusals) {
    if (row.verify_code != code) continue;
    fault->code = row.code;
    fault->node_code = row.node_code;
    fault->certificate_fault = row.certificate_fault;
  }
}

}  // namespace tls::openssl
