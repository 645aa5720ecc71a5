// The protocol's numbers that more than one platform needs.
#pragma once

#include <cstdint>

namespace tls {

constexpr uint16_t kTls12 = 0x0303;
constexpr uint16_t kTls13 = 0x0304;
constexpr int64_t kLongestLifetime = 604800;  // of a session, in seconds (RFC 8446 §4.6.1)

// The alert descriptions (RFC 8446 §6; RFC 7507 §3, RFC 5246 §7.2), with the names of tls-core's alert.ts.
namespace alert {
constexpr int kUnexpectedMessage = 10;
constexpr int kHandshakeFailure = 40;
constexpr int kBadCertificate = 42;
constexpr int kUnsupportedCertificate = 43;
constexpr int kCertificateRevoked = 44;
constexpr int kCertificateExpired = 45;
constexpr int kIllegalParameter = 47;
constexpr int kUnknownCa = 48;
constexpr int kDecodeError = 50;
constexpr int kInternalError = 80;
constexpr int kInappropriateFallback = 86;
constexpr int kUserCanceled = 90;
constexpr int kNoRenegotiation = 100;
constexpr int kBadCertificateStatusResponse = 113;
constexpr int kUnknownPskIdentity = 115;
}  // namespace alert

}  // namespace tls
