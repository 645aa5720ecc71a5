// The declarations of crypt32, ncrypt, bcrypt and the old CryptoAPI, as abi.hh has those of SSPI.
#pragma once

#include "abi.hh"

namespace tls::schannel::abi {

using Bool = int32_t;

struct CertContext {
  uint32_t encoding;
  uint8_t* encoded;
  uint32_t encoded_size;
  void* info;
  void* store;
};

struct FileTime {  // in units of 100 ns since 1601
  uint32_t low;
  uint32_t high;
};

struct TrustStatus {
  uint32_t errors;
  uint32_t info;
};

struct ChainElement {
  uint32_t size;
  const CertContext* certificate;
  TrustStatus trust;
  void* revocation;
  void* issuance_usage;
  void* application_usage;
  const Wide* extended_error;
};

struct SimpleChain {
  uint32_t size;
  TrustStatus trust;
  uint32_t count;
  ChainElement** elements;
  void* trust_list;
  Bool has_freshness;
  uint32_t freshness;
};

struct ChainContext {
  uint32_t size;
  TrustStatus trust;
  uint32_t count;
  SimpleChain** chains;
  uint32_t lower_quality_count;
  const ChainContext** lower_quality;
  Bool has_freshness;
  uint32_t freshness;
  uint32_t create_flags;
  uint8_t id[16];
};

struct Usage {
  uint32_t count;
  char** identifiers;
};

struct UsageMatch {
  uint32_t type;
  Usage usage;
};

struct ChainPara {
  uint32_t size;
  UsageMatch usage;
  UsageMatch issuance_policy;
  uint32_t url_timeout;  // in milliseconds
  Bool checks_freshness;
  uint32_t freshness;
  FileTime* cache_resync;
};
constexpr uint32_t kUsageMatchAnd = 0;

struct ChainEngineConfig {
  uint32_t size;
  void* restricted_root;
  void* restricted_trust;
  void* restricted_other;
  uint32_t additional_count;
  void** additional;
  uint32_t flags;
  uint32_t url_timeout;
  uint32_t maximum_cached;
  uint32_t cycle_modulus;
  void* exclusive_root;            // exists since Windows 7
  void* exclusive_trusted_people;
  uint32_t exclusive_flags;        // exists since Windows 8
};
constexpr uint32_t kExclusiveEnableCa = 1;

constexpr uint32_t kChainCacheOnlyUrlRetrieval = 0x4;
constexpr uint32_t kChainDisableRootAutoUpdate = 0x100;
constexpr uint32_t kChainDisableAia = 0x2000;
constexpr uint32_t kChainRevocationAccumulativeTimeout = 0x08000000;
constexpr uint32_t kChainRevocationEndCert = 0x10000000;
constexpr uint32_t kChainRevocationExcludeRoot = 0x40000000;
constexpr uint32_t kChainRevocationCacheOnly = 0x80000000;

struct SslPolicyPara {
  uint32_t size;
  uint32_t auth_type;
  uint32_t checks;
  Wide* server_name;
};
constexpr uint32_t kAuthTypeClient = 1;
constexpr uint32_t kAuthTypeServer = 2;
constexpr uint32_t kChecksIgnoreRevocation = 0x80;  // SECURITY_FLAG_IGNORE_REVOCATION

struct PolicyPara {
  uint32_t size;
  uint32_t flags;
  void* extra;
};
constexpr uint32_t kPolicyAllowUnknownCa = 0x10;
constexpr uint32_t kPolicyIgnoreUnknownStatus = 0xF00;  // CERT_CHAIN_POLICY_IGNORE_ALL_REV_UNKNOWN_FLAGS

struct PolicyStatus {
  uint32_t size;
  uint32_t error;
  int32_t chain_index;
  int32_t element_index;
  void* extra;
};
constexpr uintptr_t kPolicySsl = 4;  // CERT_CHAIN_POLICY_SSL is a number in the place of a pointer

// CERT_TRUST_*
constexpr uint32_t kTrustNotTimeValid = 0x1;
constexpr uint32_t kTrustRevoked = 0x4;
constexpr uint32_t kTrustBadSignature = 0x8;
constexpr uint32_t kTrustWrongUsage = 0x10;
constexpr uint32_t kTrustUntrustedRoot = 0x20;
constexpr uint32_t kTrustUnknownStatus = 0x40 | 0x1000000;  // CERT_TRUST_REVOCATION_STATUS_UNKNOWN, CERT_TRUST_IS_OFFLINE_REVOCATION
constexpr uint32_t kTrustCyclic = 0x80;
constexpr uint32_t kTrustInvalidExtension = 0x100;
constexpr uint32_t kTrustInvalidBasicConstraints = 0x400;
constexpr uint32_t kTrustNameConstraints = 0x800 | 0x1000 | 0x2000 | 0x4000 | 0x8000;
constexpr uint32_t kTrustPartialChain = 0x10000;
constexpr uint32_t kTrustWeakSignature = 0x100000;
constexpr uint32_t kTrustExplicitDistrust = 0x4000000;
constexpr uint32_t kTrustCriticalExtension = 0x8000000;

constexpr uint32_t kX509Encoding = 1;
constexpr uintptr_t kStoreMemory = 2;  // CERT_STORE_PROV_MEMORY is a number in the place of a pointer
constexpr uint32_t kAddAlways = 4;

constexpr uint32_t kPropertyKeyProviderInfo = 2;
constexpr uint32_t kPropertyKeyContext = 5;
constexpr uint32_t kPropertyOcspResponse = 70;
constexpr uint32_t kNoCryptRelease = 1;

struct KeyContext {
  uint32_t size;
  uintptr_t key;
  uint32_t spec;
};
constexpr uint32_t kCngKeySpec = 0xFFFFFFFF;

struct KeyProviderInfo {
  Wide* container;
  Wide* provider;
  uint32_t provider_type;
  uint32_t flags;
  uint32_t parameter_count;
  void* parameters;
  uint32_t key_spec;
};

struct KeyName {
  Wide* name;
  Wide* algorithm;
  uint32_t old_spec;  // 0 for a key of CNG's own
  uint32_t flags;
};

constexpr uint32_t kSilent = 0x40;          // NCRYPT_SILENT_FLAG, and CRYPT_SILENT
constexpr uint32_t kMachineKeys = 0x20;     // NCRYPT_MACHINE_KEY_FLAG, and CRYPT_MACHINE_KEYSET
constexpr uint32_t kVerifyContext = 0xF0000000;  // CRYPT_VERIFYCONTEXT
constexpr uint32_t kEnumContainers = 2;     // PP_ENUMCONTAINERS
constexpr uint32_t kFirst = 1;              // CRYPT_FIRST
constexpr uint32_t kNext = 2;               // CRYPT_NEXT
constexpr uint32_t kNewKeySet = 0x8;        // CRYPT_NEWKEYSET
constexpr uint32_t kDeleteKeySet = 0x10;    // CRYPT_DELETEKEYSET
constexpr uint32_t kProviderRsaAes = 24;    // PROV_RSA_AES
constexpr uint32_t kKeyExchangeSpec = 1;    // AT_KEYEXCHANGE
constexpr uint32_t kRsaKeyExchange = 0xA400;  // CALG_RSA_KEYX

// BCryptEnumContextFunctions
struct ContextFunctions {
  uint32_t count;
  Wide** names;
};
constexpr uint32_t kLocalTable = 1;           // CRYPT_LOCAL
constexpr uint32_t kSchannelInterface = 0x10002;

}  // namespace tls::schannel::abi
