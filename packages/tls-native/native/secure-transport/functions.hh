// Secure Transport, and what it needs of macOS, as a table of functions that are found at run time. Everything is declared by hand: no
// header of Apple's is needed for the build, and the same sources run over a table that a test has made. The declarations follow
// SecureTransport.h, SecTrust.h, SecKey.h, SecCertificate.h and the CF*.h of the macOS SDK.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tls::secure_transport {

// These types are opaque to us.
struct CfAllocator;
struct CfArray;
struct CfData;
struct CfDate;
struct CfDictionary;
struct CfError;
struct CfString;
struct CfCallBacks;  // for arrays and dictionaries; only their address is handed on
struct SslContext;
struct SecCertificate;
struct SecIdentity;
struct SecKey;
struct SecPolicy;
struct SecTrust;

using CFTypeRef = const void*;
using CFIndex = long;
using CFAllocatorRef = const CfAllocator*;
using CFArrayRef = const CfArray*;
using CFDataRef = const CfData*;
using CFDateRef = const CfDate*;
using CFDictionaryRef = const CfDictionary*;
using CFErrorRef = CfError*;
using CFStringRef = const CfString*;
using SSLContextRef = SslContext*;
using SSLConnectionRef = const void*;
using SecCertificateRef = SecCertificate*;
using SecIdentityRef = SecIdentity*;
using SecKeyRef = SecKey*;
using SecPolicyRef = SecPolicy*;
using SecTrustRef = SecTrust*;
using Boolean = unsigned char;
using OSStatus = int32_t;
using SSLReadFunc = OSStatus (*)(SSLConnectionRef, void*, size_t*);
using SSLWriteFunc = OSStatus (*)(SSLConnectionRef, const void*, size_t*);
// The size of a suite in CipherSuite.h: two octets on arm64, four on the Intel machines before it.
#if defined(__aarch64__) || defined(__arm64__)
using SSLCipherSuite = uint16_t;
#else
using SSLCipherSuite = uint32_t;
#endif

// Each row has a function's name, result and parameters. These functions are CoreFoundation's.
#define TLS_CORE_FUNCTIONS(F)                                                                              \
  F(CFRelease, void, (CFTypeRef))                                                                          \
  F(CFRetain, CFTypeRef, (CFTypeRef))                                                                      \
  F(CFArrayCreate, CFArrayRef, (CFAllocatorRef, const void**, CFIndex, const CfCallBacks*))                \
  F(CFArrayGetCount, CFIndex, (CFArrayRef))                                                                \
  F(CFArrayGetValueAtIndex, const void*, (CFArrayRef, CFIndex))                                            \
  F(CFDataCreate, CFDataRef, (CFAllocatorRef, const uint8_t*, CFIndex))                                    \
  F(CFDataCreateWithBytesNoCopy, CFDataRef, (CFAllocatorRef, const uint8_t*, CFIndex, CFAllocatorRef))     \
  F(CFDataGetBytePtr, const uint8_t*, (CFDataRef))                                                         \
  F(CFDataGetLength, CFIndex, (CFDataRef))                                                                 \
  F(CFDateCreate, CFDateRef, (CFAllocatorRef, double))                                                     \
  F(CFDictionaryCreate, CFDictionaryRef,                                                                   \
    (CFAllocatorRef, const void**, const void**, CFIndex, const CfCallBacks*, const CfCallBacks*))         \
  F(CFErrorGetCode, CFIndex, (CFErrorRef))                                                                 \
  F(CFErrorCopyDescription, CFStringRef, (CFErrorRef))                                                     \
  F(CFStringCreateWithBytes, CFStringRef, (CFAllocatorRef, const uint8_t*, CFIndex, uint32_t, Boolean))    \
  F(CFStringGetCString, Boolean, (CFStringRef, char*, CFIndex, uint32_t))

// These functions are Security's.
#define TLS_SECURITY_FUNCTIONS(F)                                                          \
  F(SSLCreateContext, SSLContextRef, (CFAllocatorRef, int, int))                           \
  F(SSLSetIOFuncs, OSStatus, (SSLContextRef, SSLReadFunc, SSLWriteFunc))                   \
  F(SSLSetConnection, OSStatus, (SSLContextRef, SSLConnectionRef))                         \
  F(SSLSetSessionOption, OSStatus, (SSLContextRef, int, Boolean))                          \
  F(SSLSetProtocolVersionMin, OSStatus, (SSLContextRef, int))                              \
  F(SSLSetProtocolVersionMax, OSStatus, (SSLContextRef, int))                              \
  F(SSLGetNumberSupportedCiphers, OSStatus, (SSLContextRef, size_t*))                      \
  F(SSLGetSupportedCiphers, OSStatus, (SSLContextRef, SSLCipherSuite*, size_t*))           \
  F(SSLSetEnabledCiphers, OSStatus, (SSLContextRef, const SSLCipherSuite*, size_t))        \
  F(SSLSetPeerDomainName, OSStatus, (SSLContextRef, const char*, size_t))                  \
  F(SSLSetCertificate, OSStatus, (SSLContextRef, CFArrayRef))                              \
  F(SSLSetClientSideAuthenticate, OSStatus, (SSLContextRef, int))                          \
  F(SSLAddDistinguishedName, OSStatus, (SSLContextRef, const void*, size_t))               \
  F(SSLHandshake, OSStatus, (SSLContextRef))                                               \
  F(SSLRead, OSStatus, (SSLContextRef, void*, size_t, size_t*))                            \
  F(SSLWrite, OSStatus, (SSLContextRef, const void*, size_t, size_t*))                     \
  F(SSLClose, OSStatus, (SSLContextRef))                                                   \
  F(SSLCopyPeerTrust, OSStatus, (SSLContextRef, SecTrustRef*))                             \
  F(SSLGetNegotiatedCipher, OSStatus, (SSLContextRef, SSLCipherSuite*))                    \
  F(SSLGetNegotiatedProtocolVersion, OSStatus, (SSLContextRef, int*))                      \
  F(SecCertificateCreateWithData, SecCertificateRef, (CFAllocatorRef, CFDataRef))          \
  F(SecCertificateCopyData, CFDataRef, (SecCertificateRef))                                \
  F(SecKeyCreateWithData, SecKeyRef, (CFDataRef, CFDictionaryRef, CFErrorRef*))            \
  F(SecKeyCreateSignature, CFDataRef, (SecKeyRef, CFStringRef, CFDataRef, CFErrorRef*))    \
  F(SecKeyVerifySignature, Boolean, (SecKeyRef, CFStringRef, CFDataRef, CFDataRef, CFErrorRef*)) \
  F(SecPolicyCreateSSL, SecPolicyRef, (Boolean, CFStringRef))                              \
  F(SecTrustSetPolicies, OSStatus, (SecTrustRef, CFTypeRef))                               \
  F(SecTrustSetAnchorCertificates, OSStatus, (SecTrustRef, CFArrayRef))                    \
  F(SecTrustSetAnchorCertificatesOnly, OSStatus, (SecTrustRef, Boolean))                   \
  F(SecTrustSetVerifyDate, OSStatus, (SecTrustRef, CFDateRef))                             \
  F(SecTrustSetNetworkFetchAllowed, OSStatus, (SecTrustRef, Boolean))                      \
  F(SecCopyErrorMessageString, CFStringRef, (OSStatus, void*))

// These functions are Security's, and null where this macOS does not have them: they are newer than the oldest one that is supported, or
// deprecated and may be removed.
#define TLS_OPTIONAL_FUNCTIONS(F)                                             \
  F(SSLSetALPNProtocols, OSStatus, (SSLContextRef, CFArrayRef))               \
  F(SSLSetOCSPResponse, OSStatus, (SSLContextRef, CFDataRef))                 \
  F(SecIdentityCreate, SecIdentityRef, (CFAllocatorRef, SecCertificateRef, SecKeyRef)) \
  F(SecTrustEvaluateWithError, bool, (SecTrustRef, CFErrorRef*))              \
  F(SecTrustEvaluate, OSStatus, (SecTrustRef, uint32_t*))                     \
  F(SecTrustCopyCertificateChain, CFArrayRef, (SecTrustRef))                  \
  F(SecTrustGetCertificateCount, CFIndex, (SecTrustRef))                      \
  F(SecTrustGetCertificateAtIndex, SecCertificateRef, (SecTrustRef, CFIndex))

// Each row has a name and a type. The symbol is a variable of that type, except for the callbacks, of which the address is used.
#define TLS_CORE_CONSTANTS(C) C(kCFAllocatorNull, CFAllocatorRef)
#define TLS_CORE_CALL_BACKS(C) \
  C(kCFTypeArrayCallBacks)     \
  C(kCFTypeDictionaryKeyCallBacks) \
  C(kCFTypeDictionaryValueCallBacks)
#define TLS_SECURITY_CONSTANTS(C)                              \
  C(kSecAttrKeyType, CFStringRef)                              \
  C(kSecAttrKeyTypeRSA, CFStringRef)                           \
  C(kSecAttrKeyTypeECSECPrimeRandom, CFStringRef)              \
  C(kSecAttrKeyClass, CFStringRef)                             \
  C(kSecAttrKeyClassPrivate, CFStringRef)                      \
  C(kSecAttrKeyClassPublic, CFStringRef)                       \
  C(kSecKeyAlgorithmRSASignatureDigestPKCS1v15SHA256, CFStringRef) \
  C(kSecKeyAlgorithmECDSASignatureDigestX962SHA256, CFStringRef)

struct Functions {
#define TLS_DECLARE(name, result, parameters) result(*name) parameters = nullptr;
  TLS_CORE_FUNCTIONS(TLS_DECLARE)
  TLS_SECURITY_FUNCTIONS(TLS_DECLARE)
  TLS_OPTIONAL_FUNCTIONS(TLS_DECLARE)
#undef TLS_DECLARE
#define TLS_DECLARE(name, type) type name = nullptr;
  TLS_CORE_CONSTANTS(TLS_DECLARE)
  TLS_SECURITY_CONSTANTS(TLS_DECLARE)
#undef TLS_DECLARE
#define TLS_DECLARE(name) const CfCallBacks* name = nullptr;
  TLS_CORE_CALL_BACKS(TLS_DECLARE)
#undef TLS_DECLARE
};

namespace constant {

constexpr int kServerSide = 0;  // SSLProtocolSide
constexpr int kClientSide = 1;
constexpr int kStreamType = 0;  // SSLConnectionType
constexpr int kTlsProtocol12 = 8;  // SSLProtocol

constexpr int kBreakOnServerAuth = 0;  // SSLSessionOption
constexpr int kBreakOnCertRequested = 1;
constexpr int kBreakOnClientAuth = 2;
constexpr int kFallback = 6;
constexpr int kAllowRenegotiation = 8;

constexpr int kNeverAuthenticate = 0;  // SSLAuthenticate
constexpr int kAlwaysAuthenticate = 1;
constexpr int kTryAuthenticate = 2;

constexpr uint32_t kTrustProceed = 1;  // SecTrustResultType
constexpr uint32_t kTrustUnspecified = 4;

constexpr uint32_t kUtf8 = 0x08000100;  // CFStringEncoding
constexpr uint32_t kAscii = 0x0600;

constexpr OSStatus kSuccess = 0;
constexpr OSStatus kAllocate = -108;          // errSecAllocate
constexpr OSStatus kFatalAlert = -9802;       // errSSLFatalAlert
constexpr OSStatus kWouldBlock = -9803;       // errSSLWouldBlock
constexpr OSStatus kClosedGraceful = -9805;   // errSSLClosedGraceful
constexpr OSStatus kClosedNoNotify = -9816;   // errSSLClosedNoNotify
constexpr OSStatus kPeerAuthCompleted = -9841;     // errSSLPeerAuthCompleted
constexpr OSStatus kClientCertRequested = -9842;   // errSSLClientCertRequested
constexpr OSStatus kClientHelloReceived = -9851;   // errSSLClientHelloReceived

// CFAbsoluteTime counts from 2001-01-01. This is that day in seconds since 1970.
constexpr double kReferenceDate = 978307200;

}  // namespace constant

// Finds a symbol of a library; null when it has none.
using Lookup = void* (*)(void* library, const char* name);

// Gives an empty text, or the symbol that is missing.
std::string FillFunctions(Lookup lookup, void* core, void* security, Functions* functions);

// Gives the table over the frameworks of this machine. On failure null; `tried` then says why. `library_path` is Security's, or empty.
const Functions* LoadFunctions(const std::string& library_path, std::string* loaded_path, std::vector<std::string>* tried);

// Gives the table that the whole process uses.
const Functions& F();
void SetFunctions(const Functions* functions);

}  // namespace tls::secure_transport
