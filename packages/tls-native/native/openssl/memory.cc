#include "memory.hh"

#include <algorithm>
#include <limits>

namespace tls::openssl {
namespace {
const Functions* table = nullptr;
constexpr unsigned long kReasonMask = 0x7FFFFF;
constexpr unsigned long kAlertReasonBase = 1000;
constexpr unsigned long kLibrarySsl = 20;
}  // namespace

const Functions& F() { return *table; }
void SetFunctions(const Functions* functions) { table = functions; }

void ForgetErrors() {
  if (F().ERR_peek_error() != 0) F().ERR_clear_error();
}

Fault TakeFault(const char* code, int64_t* last) {
  Fault fault;
  fault.code = code;
  const unsigned long number = F().ERR_get_error();
  fault.os_code = static_cast<int64_t>(number);
  for (unsigned long next = number; last != nullptr && next != 0; next = F().ERR_get_error()) *last = static_cast<int64_t>(next);
  const char* words = number == 0 ? nullptr : F().ERR_reason_error_string(number);
  fault.detail = words == nullptr ? "no reason given" : words;
  const unsigned long library = (number >> 23) & 0xFF;
  const unsigned long reason = number & kReasonMask;
  if (library == kLibrarySsl && reason >= kAlertReasonBase && reason < kAlertReasonBase + 256) {
    fault.received_alert = static_cast<int>(reason - kAlertReasonBase);
    fault.code = "ERR_TLS_ALERT";
  }
  ForgetErrors();
  return fault;
}

X509Owner ParseCertificate(const Bytes& der) {
  const unsigned char* at = der.data();
  X509Owner certificate(F().d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate != nullptr && at != der.data() + der.size()) certificate.reset();
  return certificate;
}

KeyOwner ParsePrivateKey(const Bytes& der) {
  const unsigned char* at = der.data();
  return KeyOwner(F().d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
}

namespace {

template <typename T>
Bytes EncodeWith(int (*encode)(const T*, unsigned char**), const T* value) {
  const int length = encode(value, nullptr);
  if (length <= 0) return {};
  Bytes der(static_cast<size_t>(length));
  unsigned char* at = der.data();
  encode(value, &at);
  return der;
}

}  // namespace

Bytes Encode(const X509* certificate) { return EncodeWith(F().i2d_X509, certificate); }
Bytes Encode(const X509_NAME* name) { return EncodeWith(F().i2d_X509_NAME, name); }
Bytes Encode(const SSL_SESSION* session) { return EncodeWith(F().i2d_SSL_SESSION, session); }

void SetTime(SSL_SESSION* session, int64_t seconds) {
  if (F().SSL_SESSION_set_time_ex != nullptr) {
    F().SSL_SESSION_set_time_ex(session, seconds);
  } else {
    // A long of Windows has 32 bits.
    F().SSL_SESSION_set_time(session, static_cast<long>(std::clamp<int64_t>(seconds, 0, std::numeric_limits<long>::max())));
  }
}

std::vector<Bytes> EncodeAll(const OPENSSL_STACK* certificates) {
  std::vector<Bytes> all;
  const int count = certificates == nullptr ? 0 : F().OPENSSL_sk_num(certificates);
  for (int index = 0; index < count; ++index) {
    all.push_back(Encode(static_cast<const X509*>(F().OPENSSL_sk_value(certificates, index))));
  }
  return all;
}

}  // namespace tls::openssl
