// The declarations of Windows' security headers, with fixed sizes, so that this folder compiles anywhere against any table of functions.
// layout.cc compares each of them with the real headers where those exist.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(_WIN32) && !defined(_WIN64)
#define TLS_WINAPI __stdcall
#else
#define TLS_WINAPI
#endif

namespace tls::schannel::abi {

using Status = int32_t;  // SECURITY_STATUS; a negative one is a failure
using Wide = char16_t;   // WCHAR

// These are of sspi.h.

struct SecHandle {
  uintptr_t lower;
  uintptr_t upper;
};

struct SecBuffer {
  uint32_t size;
  uint32_t type;
  void* data;
};

struct SecBufferDesc {
  uint32_t version;
  uint32_t count;
  SecBuffer* buffers;
};

enum BufferType : uint32_t {
  kBufferEmpty = 0,
  kBufferData = 1,
  kBufferToken = 2,
  kBufferExtra = 5,
  kBufferStreamTrailer = 6,
  kBufferStreamHeader = 7,
  kBufferApplicationProtocols = 18,
};

// The flags ISC_REQ_*; two of them have other numbers as ASC_REQ_*.
constexpr uint32_t kReqMutualAuth = 0x2;
constexpr uint32_t kReqReplayDetect = 0x4;
constexpr uint32_t kReqSequenceDetect = 0x8;
constexpr uint32_t kReqConfidentiality = 0x10;
constexpr uint32_t kReqUseSuppliedCredentials = 0x80;
constexpr uint32_t kReqAllocateMemory = 0x100;
constexpr uint32_t kClientReqExtendedError = 0x4000;
constexpr uint32_t kClientReqStream = 0x8000;
constexpr uint32_t kClientReqManualValidation = 0x80000;
constexpr uint32_t kServerReqExtendedError = 0x8000;
constexpr uint32_t kServerReqStream = 0x10000;

constexpr uint32_t kCredentialInbound = 1;
constexpr uint32_t kCredentialOutbound = 2;

struct StreamSizes {
  uint32_t header;
  uint32_t trailer;
  uint32_t maximum_message;
  uint32_t buffers;
  uint32_t block_size;
};

struct ApplicationProtocol {
  uint32_t status;  // 1 means that a protocol was agreed on
  uint32_t extension;
  uint8_t size;
  uint8_t id[255];
};

constexpr uint32_t kAlpnExtension = 2;
constexpr uint32_t kAlpnAgreed = 1;

// SECPKG_ATTR_*
enum Attribute : uint32_t {
  kAttributeStreamSizes = 4,
  kAttributeApplicationProtocol = 35,
  kAttributeRemoteCertificate = 0x53,
  kAttributeSupportedProtocols = 0x58,  // for credentials, not for a connection
  kAttributeIssuerList = 0x59,
  kAttributeConnectionInfo = 0x5A,
  kAttributeSessionInfo = 0x5D,
  kAttributeCipherInfo = 0x64,
  kAttributeSupportedSignatures = 0x66,
  kAttributeKeyingMaterialInfo = 0x6A,
  kAttributeKeyingMaterial = 0x6B,
};

// These are of schannel.h.

struct Blob {
  uint32_t size;
  uint8_t* data;
};

struct IssuerList {
  Blob* issuers;
  uint32_t count;
};

struct ConnectionInfo {
  uint32_t protocol;
  uint32_t cipher;
  uint32_t cipher_strength;
  uint32_t hash;
  uint32_t hash_strength;
  uint32_t exchange;
  uint32_t exchange_strength;
};

struct CipherInfo {
  uint32_t version;
  uint32_t protocol;  // as on the wire
  uint32_t cipher_suite;
  uint32_t base_cipher_suite;
  Wide suite_name[64];
  Wide cipher[64];
  uint32_t cipher_length;
  uint32_t block_length;
  Wide hash[64];
  uint32_t hash_length;
  Wide exchange[64];
  uint32_t min_exchange_length;
  uint32_t max_exchange_length;
  Wide certificate[64];
  uint32_t key_type;
};

struct SessionInfo {
  uint32_t flags;
  uint32_t id_size;
  uint8_t id[32];
};
constexpr uint32_t kSessionReconnect = 1;

struct SupportedSignatures {
  uint16_t count;
  uint16_t* algorithms;  // the low octet is the hash and the high one the signature, as a little-endian number of the two bytes on the wire
};

struct KeyingMaterialInfo {
  uint16_t label_size;  // it includes the final zero
  char* label;
  uint16_t context_size;
  uint8_t* context;
  uint32_t size;
};

struct KeyingMaterial {
  uint32_t size;
  uint8_t* data;
};

struct UnicodeString {
  uint16_t length;  // in bytes
  uint16_t maximum_length;
  Wide* text;
};

enum AlgorithmUsage : uint32_t { kUsageKeyExchange = 0, kUsageCipher = 2 };

struct CryptoSettings {
  uint32_t usage;
  UnicodeString algorithm;
  uint32_t chaining_mode_count;
  UnicodeString* chaining_modes;
  uint32_t min_bits;
  uint32_t max_bits;
};

struct TlsParameters {
  uint32_t alpn_count;
  UnicodeString* alpn;
  uint32_t disabled_protocols;
  uint32_t disabled_crypto_count;
  CryptoSettings* disabled_crypto;
  uint32_t flags;
};

struct CertContext;

// The structure SCH_CREDENTIALS, which exists since Windows 10 1809.
struct Credentials {
  uint32_t version;
  uint32_t format;
  uint32_t certificate_count;
  const CertContext** certificates;
  void* root_store;
  uint32_t mapper_count;
  void** mappers;
  uint32_t session_lifespan;
  uint32_t flags;
  uint32_t parameter_count;
  TlsParameters* parameters;
};
constexpr uint32_t kCredentialsVersion = 5;

// The structure SCHANNEL_CRED.
struct OldCredentials {
  uint32_t version;
  uint32_t certificate_count;
  const CertContext** certificates;
  void* root_store;
  uint32_t mapper_count;
  void** mappers;
  uint32_t algorithm_count;
  uint32_t* algorithms;
  uint32_t enabled_protocols;
  uint32_t min_strength;
  uint32_t max_strength;
  uint32_t session_lifespan;
  uint32_t flags;
  uint32_t format;
};
constexpr uint32_t kOldCredentialsVersion = 4;

constexpr uint32_t kCredNoSystemMapper = 0x2;
constexpr uint32_t kCredManualValidation = 0x8;
constexpr uint32_t kCredNoDefaults = 0x10;
constexpr uint32_t kCredDisableReconnects = 0x80;
constexpr uint32_t kCredMemoryStore = 0x10000;
constexpr uint32_t kCredCacheOnlyOnCreate = 0x20000;
constexpr uint32_t kCredStrongCrypto = 0x400000;

constexpr uint32_t kProtocolTls12Server = 0x400;
constexpr uint32_t kProtocolTls12Client = 0x800;
constexpr uint32_t kProtocolTls13Server = 0x1000;
constexpr uint32_t kProtocolTls13Client = 0x2000;

struct AlertToken {
  uint32_t type;
  uint32_t level;
  uint32_t number;
};
struct SessionToken {
  uint32_t type;
  uint32_t flags;
};
constexpr uint32_t kControlShutdown = 1;
constexpr uint32_t kControlAlert = 2;
constexpr uint32_t kControlSession = 3;
constexpr uint32_t kSessionEnableReconnects = 1;
constexpr uint32_t kSessionDisableReconnects = 2;

// The status codes of winerror.h.
constexpr Status Failure(uint32_t number) { return static_cast<Status>(number); }
constexpr Status kOk = 0;
constexpr Status kContinueNeeded = 0x00090312;
constexpr Status kContextExpired = 0x00090317;
constexpr Status kIncompleteCredentials = 0x00090320;
constexpr Status kRenegotiate = 0x00090321;
constexpr Status kErrorUnsupportedFunction = Failure(0x80090302);
constexpr Status kErrorInternal = Failure(0x80090304);
constexpr Status kErrorInvalidToken = Failure(0x80090308);
constexpr Status kErrorLogonDenied = Failure(0x8009030C);
constexpr Status kErrorUnknownCredentials = Failure(0x8009030D);
constexpr Status kErrorNoCredentials = Failure(0x8009030E);
constexpr Status kErrorMessageAltered = Failure(0x8009030F);
constexpr Status kErrorOutOfSequence = Failure(0x80090310);
constexpr Status kErrorContextExpired = Failure(0x80090317);
constexpr Status kErrorIncompleteMessage = Failure(0x80090318);
constexpr Status kErrorWrongPrincipal = Failure(0x80090322);
constexpr Status kErrorUntrustedRoot = Failure(0x80090325);
constexpr Status kErrorIllegalMessage = Failure(0x80090326);
constexpr Status kErrorCertUnknown = Failure(0x80090327);
constexpr Status kErrorCertExpired = Failure(0x80090328);
constexpr Status kErrorDecryptFailure = Failure(0x80090330);
constexpr Status kErrorAlgorithmMismatch = Failure(0x80090331);
constexpr Status kErrorUnfinishedContextDeleted = Failure(0x80090333);
constexpr Status kErrorInvalidParameter = Failure(0x8009035D);
constexpr Status kErrorProtocolMismatch = Failure(0x80090367);
constexpr Status kErrorRevoked = Failure(0x80092010);  // CRYPT_E_REVOKED

}  // namespace tls::schannel::abi
