// The codes X509_V_ERR_*, which say why OpenSSL's verifier refuses a chain.
#pragma once

namespace tls::openssl::verify_code {

constexpr int kUnspecified = 1;
constexpr int kNoIssuer = 2;
constexpr int kNoPublicKey = 6;
constexpr int kSignatureFailure = 7;
constexpr int kNotYetValid = 9;
constexpr int kExpired = 10;
constexpr int kSelfSignedLeaf = 18;
constexpr int kSelfSignedInChain = 19;
constexpr int kNoIssuerLocally = 20;
constexpr int kNoIssuerOfLeaf = 21;
constexpr int kChainTooLong = 22;
constexpr int kRevoked = 23;
constexpr int kNoIssuerPublicKey = 24;
constexpr int kPathTooLong = 25;
constexpr int kInvalidPurpose = 26;
constexpr int kUntrusted = 27;
constexpr int kRejected = 28;
constexpr int kMayNotSignCertificates = 32;
constexpr int kUnhandledCriticalExtension = 34;
constexpr int kInvalidExtension = 41;
constexpr int kNameNotPermitted = 47;
constexpr int kNameExcluded = 48;
constexpr int kConstraintBounds = 49;
constexpr int kConstraintType = 51;
constexpr int kConstraintSyntax = 52;
constexpr int kNameSyntax = 53;
constexpr int kOtherName = 62;
constexpr int kOtherAddress = 64;
constexpr int kLeafKeyTooWeak = 66;
constexpr int kIssuerKeyTooWeak = 67;
constexpr int kHashTooWeak = 68;
constexpr int kStapleNeeded = 73;
constexpr int kUnknownSignature = 76;
constexpr int kSignatureOfOtherKey = 77;
constexpr int kSignaturesDiffer = 78;
constexpr int kInvalidCa = 79;
constexpr int kExplicitCurve = 94;
// The library does not have this code, and answers it with certificate_unknown.
constexpr int kUnknown = 0x7FFF;

}  // namespace tls::openssl::verify_code
