#include "client-hello.hh"

#include <algorithm>

#include "../protocol.hh"
#include "registry.hh"

namespace tls::schannel {
namespace {

constexpr uint16_t kServerNameExtension = 0;
constexpr uint16_t kSignatureAlgorithmsExtension = 13;
constexpr uint16_t kAlpnExtension = 16;
constexpr uint16_t kEarlyDataExtension = 42;
constexpr uint16_t kSupportedVersionsExtension = 43;

constexpr uint32_t kHostNameType = 0;
constexpr uint16_t kFallbackSignal = 0x5600;  // TLS_FALLBACK_SCSV (RFC 7507)

// Gives the code of what is wrong with a server_name (RFC 6066 §3), or null.
const char* FaultOfNames(View body) {
  WireReader outer(body);
  WireReader list(outer.Vector(2));
  size_t hosts = 0;
  if (!outer.is_done() || list.left() == 0) return "ERR_TLS_DECODE";
  while (list.left() > 0 && list.is_whole()) {
    if (list.Number(1) == kHostNameType) ++hosts;
    if (list.Vector(2).size == 0) return "ERR_TLS_DECODE";
  }
  if (!list.is_done()) return "ERR_TLS_DECODE";
  return hosts > 1 ? "ERR_TLS_ILLEGAL_PARAMETER" : nullptr;
}

// Tells whether it is a list of protocol names, none of them empty (RFC 7301 §3.1).
bool IsProtocolList(View body) {
  WireReader outer(body);
  WireReader list(outer.Vector(2));
  if (!outer.is_done() || list.left() == 0) return false;
  while (list.left() > 0 && list.is_whole()) {
    if (list.Vector(1).size == 0) return false;
  }
  return list.is_done();
}

// Tells whether it is a list of versions (RFC 8446 §4.2.1).
bool IsVersionList(View body) {
  WireReader outer(body);
  const View list = outer.Vector(1);
  return outer.is_done() && list.size >= 2 && list.size % 2 == 0;
}

// Where supported_versions is there, it alone decides (RFC 8446 §4.2.1). Values of other protocols and reserved ones (RFC 8701) are
// ignored.
uint16_t HighestVersion(const ClientHello& hello) {
  const Bytes* body = hello.Extension(kSupportedVersionsExtension);
  if (body == nullptr) return std::min(hello.legacy_version, kTls12);
  uint16_t highest = 0;
  for (const uint16_t version : Numbers(WireReader(ViewOf(*body)).Vector(1))) {
    if (version >> 8 == 3) highest = std::max(highest, version);
  }
  return highest;
}

bool SignalsFallback(const ClientHello& hello) {
  const std::vector<uint16_t> suites = Numbers(ViewOf(hello.cipher_suites));
  return std::find(suites.begin(), suites.end(), kFallbackSignal) != suites.end();
}

}  // namespace

const Bytes* ClientHello::Extension(uint16_t type) const {
  for (const auto& [number, body] : extensions) {
    if (number == type) return &body;
  }
  return nullptr;
}

std::optional<std::string> ClientHello::ServerName() const {
  const Bytes* body = Extension(kServerNameExtension);
  if (body == nullptr) return std::nullopt;
  WireReader outer(ViewOf(*body));
  for (WireReader list(outer.Vector(2)); list.left() > 0 && list.is_whole();) {
    const uint32_t type = list.Number(1);
    const View name = list.Vector(2);
    if (type == 0 && list.is_whole() && name.size > 0) {
      return std::string(reinterpret_cast<const char*>(name.data), name.size);
    }
  }
  return std::nullopt;
}

View ClientHello::Alpn() const {
  const Bytes* body = Extension(kAlpnExtension);
  if (body == nullptr) return View{nullptr, 0};
  WireReader outer(ViewOf(*body));
  const View names = outer.Vector(2);
  return outer.is_done() ? names : View{nullptr, 0};
}

std::vector<uint16_t> ClientHello::SignatureSchemes() const {
  const Bytes* body = Extension(kSignatureAlgorithmsExtension);
  if (body == nullptr) return {};
  return Numbers(WireReader(ViewOf(*body)).Vector(2));
}

bool ClientHello::OffersEarlyData() const { return Extension(kEarlyDataExtension) != nullptr; }

std::optional<Fault> FaultOfClientHello(const ClientHello& hello, uint16_t min_version, uint16_t max_version) {
  const Bytes* versions = hello.Extension(kSupportedVersionsExtension);
  if (versions != nullptr && !IsVersionList(ViewOf(*versions))) return FaultOf("ERR_TLS_DECODE", "supported_versions cannot be read");
  const uint16_t highest = HighestVersion(hello);
  // The signal is looked at before the version (RFC 7507 §3).
  if (highest < max_version && SignalsFallback(hello)) {
    return FaultOf("ERR_TLS_INAPPROPRIATE_FALLBACK", "the client has fallen back from a version that is spoken here");
  }
  if (highest < min_version) return FaultOf("ERR_TLS_PROTOCOL_VERSION", "the client speaks no version that is allowed here");
  const Bytes* names = hello.Extension(kServerNameExtension);
  if (const char* code = names == nullptr ? nullptr : FaultOfNames(ViewOf(*names))) {
    return FaultOf(code, "server_name is not a list with one host name");
  }
  const Bytes* protocols = hello.Extension(kAlpnExtension);
  if (protocols != nullptr && !IsProtocolList(ViewOf(*protocols))) {
    return FaultOf("ERR_TLS_DECODE", "the list of application protocols cannot be read");
  }
  return std::nullopt;
}

}  // namespace tls::schannel
