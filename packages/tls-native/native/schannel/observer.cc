#include "observer.hh"

namespace tls::schannel {
namespace {

constexpr size_t kMaxMessage = 65536;  // without its header
constexpr size_t kMessageHeader = 4;
constexpr uint8_t kClientHelloType = 1;
constexpr uint8_t kServerHelloType = 2;
constexpr uint8_t kServerKeyExchangeType = 12;
constexpr uint8_t kCertificateRequestType = 13;
constexpr uint8_t kCertificateVerifyType = 15;

constexpr uint16_t kExtendedMainSecretExtension = 23;
constexpr uint16_t kSupportedVersionsExtension = 43;
constexpr uint16_t kKeyShareExtension = 51;
constexpr uint8_t kNamedCurve = 3;  // RFC 8422 §5.4

// The random of a HelloRetryRequest (RFC 8446 §4.1.3).
constexpr uint8_t kRetryRandom[32] = {0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C,
                                      0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB,
                                      0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

}  // namespace

void Observer::See(View records, bool is_from_client) {
  Side& side = is_from_client ? client_ : server_;
  WireReader reader(records);
  while (reader.left() >= kRecordHeader && !side.is_protected) {
    const uint32_t type = reader.Number(1);
    reader.Number(2);
    const View fragment = reader.Vector(2);
    if (!reader.is_whole()) return;
    // A warning ends nothing, except for close_notify.
    const bool is_alert = type == kAlertRecord && fragment.size == 2;
    if (is_alert && (fragment.data[0] != kAlertWarning || fragment.data[1] == 0)) side.alert = fragment.data[1];
    // TLS 1.3 sends a change_cipher_spec only for middleboxes, and its protected records look like application data.
    if (type == kApplicationData || (type == kChangeCipherSpec && version_ != kTls13 && version_ != 0)) side.is_protected = true;
    if (type != kHandshakeRecord) {
      if (is_from_client) Refuse(Hello::kUnexpected);
      continue;
    }
    SeeFragment(fragment, is_from_client);
  }
}

// Takes a part of the handshake messages.
void Observer::SeeFragment(View fragment, bool is_from_client) {
  Side& side = is_from_client ? client_ : server_;
  side.handshake.insert(side.handshake.end(), fragment.data, fragment.data + fragment.size);
  size_t done = 0;
  for (WireReader messages(ViewOf(side.handshake)); messages.left() >= kMessageHeader;) {
    const auto type = static_cast<uint8_t>(messages.Number(1));
    const uint32_t size = messages.Number(3);
    if (size > kMaxMessage) {
      if (is_from_client) Refuse(type == kClientHelloType ? Hello::kTooLong : Hello::kUnexpected);
      side.is_protected = true;  // from here on nothing is kept
      side.handshake = Bytes();
      return;
    }
    const View body = messages.Take(size);
    if (!messages.is_whole()) break;
    SeeMessage(type, body, is_from_client);
    done += kMessageHeader + size;
  }
  side.handshake.erase(side.handshake.begin(), side.handshake.begin() + static_cast<std::ptrdiff_t>(done));
  if (is_from_client && !side.handshake.empty() && side.handshake[0] != kClientHelloType) Refuse(Hello::kUnexpected);
}

void Observer::SeeMessage(uint8_t type, View body, bool is_from_client) {
  if (is_from_client) {
    if (type == kClientHelloType) SeeClientHello(body);
    if (type != kClientHelloType) Refuse(Hello::kUnexpected);
    if (type == kCertificateVerifyType && version_ == kTls12) client_scheme_ = WireReader(body).Uint16();
    return;
  }
  if (type == kServerHelloType) SeeServerHello(body);
  if (type == kServerKeyExchangeType) SeeServerKeyExchange(body);
  if (type == kCertificateRequestType) SeeCertificateRequest(body);
}

void Observer::SeeClientHello(View body) {
  if (hello_state_ != Hello::kPart) return;  // this is a second one, after a HelloRetryRequest
  WireReader reader(body);
  client_hello_.legacy_version = reader.Uint16();
  reader.Take(32);
  reader.Vector(1);
  const View suites = reader.Vector(2);
  reader.Vector(1);
  const View extensions = reader.left() > 0 ? reader.Vector(2) : View{nullptr, 0};
  WireReader list(extensions);
  while (list.left() > 0 && list.is_whole()) {
    const uint16_t type = list.Uint16();
    const View value = list.Vector(2);
    // No extension may come twice (RFC 8446 §4.2).
    if (client_hello_.Extension(type) != nullptr) return Refuse(Hello::kMalformed);
    client_hello_.extensions.emplace_back(type, BytesOf(value));
  }
  if (!reader.is_done() || !list.is_done() || suites.size < 2 || suites.size % 2 != 0) return Refuse(Hello::kMalformed);
  client_hello_.cipher_suites = BytesOf(suites);
  hello_state_ = Hello::kWhole;
}

void Observer::SeeServerHello(View body) {
  WireReader reader(body);
  const uint16_t legacy_version = reader.Uint16();
  const View random = reader.Take(32);
  reader.Vector(1);
  const uint16_t suite = reader.Uint16();
  reader.Number(1);
  WireReader list(reader.left() > 0 ? reader.Vector(2) : View{nullptr, 0});
  if (!reader.is_done()) return;
  version_ = legacy_version;
  cipher_suite_ = suite;
  const bool is_retry = IsSame(random, View{kRetryRandom, sizeof kRetryRandom});
  is_retry_ = is_retry_ || is_retry;
  has_server_hello_ = has_server_hello_ || !is_retry;
  while (list.left() > 0 && list.is_whole()) {
    const uint16_t type = list.Uint16();
    const View value = list.Vector(2);
    if (type == kSupportedVersionsExtension && value.size == 2) version_ = WireReader(value).Uint16();
    if (type == kKeyShareExtension && value.size >= 2) group_ = WireReader(value).Uint16();
    if (type == kExtendedMainSecretExtension) has_extended_main_secret_ = true;
  }
}

void Observer::SeeServerKeyExchange(View body) {
  WireReader reader(body);
  if (reader.Number(1) != kNamedCurve) return;
  const uint16_t group = reader.Uint16();
  reader.Vector(1);
  const uint16_t scheme = reader.Uint16();
  reader.Vector(2);
  if (!reader.is_done()) return;
  group_ = group;
  server_scheme_ = scheme;
}

// Reads a CertificateRequest of TLS 1.2 (RFC 5246 §7.4.4); that of TLS 1.3 is protected.
void Observer::SeeCertificateRequest(View body) {
  was_asked_ = true;
  WireReader reader(body);
  reader.Vector(1);
  const View schemes = reader.Vector(2);
  WireReader names(reader.Vector(2));
  if (!reader.is_done()) return;
  asked_schemes_ = BytesOf(schemes);
  while (names.left() > 0 && names.is_whole()) {
    const View name = names.Vector(2);
    if (names.is_whole()) asked_authorities_.push_back(BytesOf(name));
  }
}

}  // namespace tls::schannel
