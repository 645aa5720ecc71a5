#include "peer-faults.hh"

#include "../protocol.hh"

namespace tls::openssl {
namespace {

// The libraries' numbers (ERR_LIB_*).
constexpr int kEcLibrary = 16;
constexpr int kSslLibrary = 20;
constexpr int kProviderLibrary = 57;

constexpr const char* kBadMac = "ERR_TLS_BAD_RECORD_MAC";
constexpr const char* kDecode = "ERR_TLS_DECODE";
constexpr const char* kDecrypt = "ERR_TLS_DECRYPT";
constexpr const char* kIllegal = "ERR_TLS_ILLEGAL_PARAMETER";
constexpr const char* kLimit = "ERR_TLS_LIMIT";
constexpr const char* kMissing = "ERR_TLS_MISSING_EXTENSION";
constexpr const char* kNothingInCommon = "ERR_TLS_NO_COMMON_PARAMETERS";
constexpr const char* kOverflow = "ERR_TLS_RECORD_OVERFLOW";
constexpr const char* kUnexpected = "ERR_TLS_UNEXPECTED_MESSAGE";
constexpr const char* kUnsupported = "ERR_TLS_CERTIFICATE_UNSUPPORTED";
constexpr const char* kVersion = "ERR_TLS_PROTOCOL_VERSION";

struct ReasonCode {
  int reason;
  const char* code;
};

// The reasons (SSL_R_*) that say more than the alert.
constexpr ReasonCode kTelling[] = {
    {199, "ERR_TLS_CERTIFICATE_REQUIRED"},  // PEER_DID_NOT_RETURN_A_CERTIFICATE
    {253, kDecrypt},                        // BINDER_DOES_NOT_VERIFY
    {373, "ERR_TLS_DOWNGRADE"},             // INAPPROPRIATE_FALLBACK: RFC 8446 §4.1.3, by a client
    {104, kIllegal},                        // INCONSISTENT_EXTMS: RFC 7627 §5.3, by handshake_failure
    {337, kIllegal},                        // RENEGOTIATION_MISMATCH: RFC 5746 §3.4, by handshake_failure
    {339, "ERR_TLS_NO_RENEGOTIATION"},      // NO_RENEGOTIATION: the peer declines what nobody asked for
    {132, kLimit},                          // TOO_MANY_KEY_UPDATES
    {164, kLimit},                          // TOO_MUCH_EARLY_DATA
    {298, kLimit},                          // RECORD_TOO_SMALL: one without content, too often
    {409, kLimit},                          // TOO_MANY_WARN_ALERTS
};

struct AlertCode {
  int alert;
  const char* code;
};

// The codes of the alerts in RFC 8446 §6.2.
constexpr AlertCode kAlertCodes[] = {
    {10, kUnexpected},
    {20, kBadMac},
    {22, kOverflow},
    {40, kNothingInCommon},
    {42, "ERR_TLS_CERTIFICATE_BAD"},
    {43, kUnsupported},
    {47, kIllegal},
    {50, kDecode},
    {51, kDecrypt},
    {70, kVersion},
    {71, kNothingInCommon},
    {86, "ERR_TLS_INAPPROPRIATE_FALLBACK"},
    {109, kMissing},
    {110, "ERR_TLS_UNSUPPORTED_EXTENSION"},
    {112, "ERR_TLS_UNRECOGNIZED_NAME"},
    {115, "ERR_TLS_UNKNOWN_PSK"},
    {120, "ERR_TLS_NO_APPLICATION_PROTOCOL"},
};

// The codes of reasons for which no alert was sent, or only internal_error, although the peer is at fault. Which alert goes with a reason
// differs from one release of OpenSSL to the next.
constexpr ReasonCode kSilent[] = {
    // These are about the syntax.
    {110, kDecode}, {111, kDecode}, {115, kDecode}, {131, kDecode}, {135, kDecode}, {137, kDecode}, {151, kDecode},
    {153, kDecode}, {159, kDecode}, {160, kDecode}, {163, kDecode}, {187, kDecode}, {213, kDecode}, {226, kDecode},
    {227, kDecode}, {240, kDecode}, {271, kDecode}, {275, kDecode}, {278, kDecode}, {300, kDecode}, {303, kDecode},
    {328, kDecode}, {329, kDecode}, {332, kDecode}, {335, kDecode}, {336, kDecode}, {401, kDecode}, {404, kDecode},
    {408, kDecode},
    // These are about records.
    {129, kBadMac}, {147, kBadMac}, {281, kBadMac},
    {140, kOverflow}, {146, kOverflow}, {150, kOverflow}, {194, kOverflow}, {198, kOverflow},
    // These are about the order of messages and records.
    {100, kUnexpected}, {103, kUnexpected}, {105, kUnexpected}, {133, kUnexpected}, {145, kUnexpected}, {154, kUnexpected},
    {155, kUnexpected}, {156, kUnexpected}, {178, kUnexpected}, {182, kUnexpected}, {205, kUnexpected}, {236, kUnexpected},
    {244, kUnexpected}, {245, kUnexpected}, {256, kUnexpected}, {260, kUnexpected}, {262, kUnexpected}, {291, kUnexpected},
    {293, kUnexpected}, {345, kUnexpected}, {443, kUnexpected},
    // These are about versions.
    {116, kVersion}, {166, kVersion}, {210, kVersion}, {252, kVersion}, {254, kVersion}, {258, kVersion}, {259, kVersion},
    {263, kVersion}, {266, kVersion}, {267, kVersion}, {292, kVersion}, {396, kVersion},
    // These are about values.
    {102, kIllegal}, {107, kIllegal}, {108, kIllegal}, {114, kIllegal}, {120, kIllegal}, {122, kIllegal},
    {148, kIllegal}, {157, kIllegal}, {162, kIllegal}, {186, kIllegal}, {197, kIllegal}, {214, kIllegal}, {218, kIllegal},
    {219, kIllegal}, {222, kIllegal}, {231, kIllegal}, {232, kIllegal}, {233, kIllegal}, {246, kIllegal}, {248, kIllegal},
    {249, kIllegal}, {250, kIllegal}, {257, kIllegal}, {261, kIllegal}, {264, kIllegal}, {265, kIllegal}, {272, kIllegal},
    {306, kIllegal}, {307, kIllegal}, {309, kIllegal}, {314, kIllegal}, {315, kIllegal}, {319, kIllegal}, {320, kIllegal},
    {340, kIllegal}, {341, kIllegal}, {342, kIllegal}, {343, kIllegal}, {344, kIllegal}, {370, kIllegal},
    {378, kIllegal}, {999, kIllegal},
    {217, "ERR_TLS_UNSUPPORTED_EXTENSION"},
    {123, kDecrypt}, {149, kDecrypt},
    // In these cases the two sides have nothing in common.
    {101, kNothingInCommon}, {118, kNothingInCommon}, {193, kNothingInCommon}, {215, kNothingInCommon}, {241, kNothingInCommon},
    {333, kNothingInCommon}, {360, kNothingInCommon}, {394, kNothingInCommon}, {410, kNothingInCommon},
    {112, kMissing}, {209, kMissing}, {279, kMissing}, {310, kMissing},
    {223, "ERR_TLS_UNKNOWN_PSK"},
    {152, kLimit},
    // These are about certificates.
    {220, kUnsupported}, {239, kUnsupported}, {247, kUnsupported}, {304, kUnsupported}, {318, kUnsupported}, {383, kUnsupported},
    {397, kUnsupported}, {398, kUnsupported}, {399, kUnsupported},
};

struct LowerReason {
  int library;
  int reason;
  const char* code;
};

// The codes of reasons that come from the layers below libssl.
constexpr LowerReason kLower[] = {
    {kProviderLibrary, 102, kBadMac},   // CIPHER_OPERATION_FAILED: of AES-GCM in TLS 1.2, a wrong tag
    {kProviderLibrary, 108, kBadMac},   // INVALID_AAD: a record that is too short for its tag
    {kProviderLibrary, 126, kLimit},    // TOO_MANY_RECORDS
    {kProviderLibrary, 105, kIllegal},  // INVALID_KEY_LENGTH
    {kProviderLibrary, 142, kIllegal},  // BAD_LENGTH
    {kProviderLibrary, 158, kIllegal},  // INVALID_KEY
    {kProviderLibrary, 164, kIllegal},  // FAILED_DURING_DERIVATION: a share that gives nothing but zeros (RFC 8446 §7.4.2)
    {kEcLibrary, 100, kIllegal},        // BUFFER_TOO_SMALL
    {kEcLibrary, 102, kIllegal},        // INVALID_ENCODING
    {kEcLibrary, 104, kIllegal},        // INVALID_FORM
    {kEcLibrary, 106, kIllegal},        // POINT_AT_INFINITY
    {kEcLibrary, 107, kIllegal},        // POINT_IS_NOT_ON_CURVE
    {kEcLibrary, 110, kIllegal},        // INVALID_COMPRESSED_POINT
    {kEcLibrary, 133, kIllegal},        // INVALID_PEER_KEY
    {kEcLibrary, 146, kIllegal},        // COORDINATES_OUT_OF_RANGE
};

int LibraryOf(int64_t packed) { return static_cast<int>(packed >> 23 & 0xFF); }
int ReasonOf(int64_t packed) { return static_cast<int>(packed & 0x7FFFFF); }

template <size_t count>
const char* Find(const ReasonCode (&rows)[count], int64_t packed) {
  if (LibraryOf(packed) != kSslLibrary) return nullptr;
  for (const ReasonCode& row : rows) {
    if (row.reason == ReasonOf(packed)) return row.code;
  }
  return nullptr;
}

const char* FindSilent(int64_t packed) {
  for (const LowerReason& row : kLower) {
    if (row.library == LibraryOf(packed) && row.reason == ReasonOf(packed)) return row.code;
  }
  return Find(kSilent, packed);
}

const char* Either(const char* one, const char* other) { return one != nullptr ? one : other; }

}  // namespace

const char* CodeOfFault(int64_t first, int64_t last, int alert) {
  // A server reports the signal of RFC 7507 as INAPPROPRIATE_FALLBACK too, but with the alert of that name.
  const char* telling = alert == alert::kInappropriateFallback ? nullptr : Either(Find(kTelling, first), Find(kTelling, last));
  if (telling != nullptr) return telling;
  for (const AlertCode& row : kAlertCodes) {
    if (row.alert == alert) return row.code;
  }
  const bool is_silent = alert < 0 || alert == alert::kInternalError;
  return Either(is_silent ? Either(FindSilent(first), FindSilent(last)) : nullptr, "ERR_TLS_BACKEND");
}

}  // namespace tls::openssl
