#include "client-hello.hh"

#include <algorithm>
#include <string>

#include "../ip-address.hh"

namespace tls::openssl {
namespace {

constexpr unsigned kServerName = 0;
constexpr unsigned kSupportedVersions = 43;
constexpr uint8_t kHostNameType = 0;
constexpr unsigned kFallbackSignal = 0x5600;  // TLS_FALLBACK_SCSV (RFC 7507)
constexpr size_t kMaxNameLength = 253;
constexpr size_t kMaxLabelLength = 63;

unsigned Uint16At(View bytes, size_t at) { return static_cast<unsigned>(bytes.data[at]) << 8 | bytes.data[at + 1]; }

std::optional<View> Extension(SSL* connection, unsigned type) {
  const unsigned char* body = nullptr;
  size_t length = 0;
  if (F().SSL_client_hello_get0_ext(connection, type, &body, &length) != 1) return std::nullopt;
  return View{body, length};
}

// Where supported_versions is there, it alone decides (RFC 8446 §4.2.1). Values of other protocols and reserved ones (RFC 8701)
// are ignored.
unsigned HighestVersion(SSL* connection) {
  const std::optional<View> versions = Extension(connection, kSupportedVersions);
  if (!versions.has_value()) return F().SSL_client_hello_get0_legacy_version(connection);
  unsigned highest = 0;
  for (size_t at = 1; at + 1 < versions->size; at += 2) {
    if (versions->data[at] == 3) highest = std::max(highest, Uint16At(*versions, at));
  }
  return highest;
}

bool SignalsFallback(SSL* connection) {
  const unsigned char* suites = nullptr;
  const size_t length = F().SSL_client_hello_get0_ciphers(connection, &suites);
  for (size_t at = 0; at + 1 < length; at += 2) {
    if (Uint16At(View{suites, length}, at) == kFallbackSignal) return true;
  }
  return false;
}

// Checks server_name (RFC 6066 §3). Gives the alert to refuse it with, or -1.
int RefusalOfServerName(View body) {
  if (body.size < 3 || Uint16At(body, 0) != body.size - 2) return alert::kDecodeError;
  size_t names = 0;
  bool is_odd = false;
  for (size_t at = 2; at < body.size;) {
    if (body.size - at < 3) return alert::kDecodeError;
    const uint8_t type = body.data[at];
    const size_t length = Uint16At(body, at + 1);
    at += 3;
    if (length == 0 || length > body.size - at) return alert::kDecodeError;
    const View name{body.data + at, length};
    at += length;
    if (type != kHostNameType) continue;
    ++names;
    is_odd = is_odd || (!IsHostName(name) && !IsAddress(name));
  }
  return is_odd || names > 1 ? alert::kIllegalParameter : -1;
}

bool IsDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
bool IsAlphanumeric(uint8_t byte) { return IsDigit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'); }
bool IsHexadecimal(uint8_t byte) { return IsDigit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f'); }

bool IsLabel(View label) {
  if (label.size == 0 || label.size > kMaxLabelLength) return false;
  if (!IsAlphanumeric(label.data[0]) || !IsAlphanumeric(label.data[label.size - 1])) return false;
  return std::all_of(label.data, label.data + label.size,
                     [](uint8_t byte) { return IsAlphanumeric(byte) || byte == '-' || byte == '_'; });
}

// Tells whether a label is one that other software would read as a part of an address.
bool IsNumber(View label) {
  const uint8_t* end = label.data + label.size;
  if (std::all_of(label.data, end, IsDigit)) return true;
  return label.size >= 2 && label.data[0] == '0' && (label.data[1] | 0x20) == 'x' && std::all_of(label.data + 2, end, IsHexadecimal);
}

}  // namespace

bool IsHostName(View name) {
  if (name.size > kMaxNameLength) return false;
  const uint8_t* end = name.data + name.size;
  const uint8_t* begin = name.data;
  for (;;) {
    const uint8_t* dot = std::find(begin, end, static_cast<uint8_t>('.'));
    const View label{begin, static_cast<size_t>(dot - begin)};
    if (!IsLabel(label)) return false;
    if (dot == end) return !IsNumber(label);
    begin = dot + 1;
  }
}

bool IsAddress(View name) {
  return !ParseAddress(std::string(reinterpret_cast<const char*>(name.data), name.size)).empty();
}

int RefusalOfClientHello(SSL* connection, uint16_t max_version) {
  // The signal is looked at before the version (RFC 7507 §3).
  if (SignalsFallback(connection) && HighestVersion(connection) < max_version) return alert::kInappropriateFallback;
  const std::optional<View> server_name = Extension(connection, kServerName);
  return server_name.has_value() ? RefusalOfServerName(*server_name) : -1;
}

}  // namespace tls::openssl
