#include "handshake-watch.hh"

#include <algorithm>

namespace tls::secure_transport {
namespace {

constexpr uint8_t kChangeCipherSpec = 20;  // RFC 5246 §6.2.1
constexpr uint8_t kAlert = 21;
constexpr uint8_t kHandshake = 22;
constexpr size_t kRecordHead = 5;
constexpr size_t kLongestRecord = 16384;
constexpr size_t kMessageHead = 4;
constexpr size_t kLongestMessage = 65536;

constexpr uint16_t kServerName = 0;
constexpr uint16_t kAlpn = 16;
constexpr uint16_t kExtendedMainSecret = 23;
constexpr uint8_t kNamedCurve = 3;  // RFC 8422 §5.4
constexpr uint8_t kOcsp = 1;        // RFC 6066 §8

// Reads the presentation language of RFC 5246 §4. After the first thing that does not fit, it reads nothing more.
class Reader {
 public:
  explicit Reader(View rest) : rest_(rest) {}
  bool is_empty() const { return is_right_ && rest_.size == 0; }
  bool is_right() const { return is_right_; }

  View Take(size_t count) {
    if (!is_right_ || rest_.size < count) {
      is_right_ = false;
      return View{nullptr, 0};
    }
    const View taken{rest_.data, count};
    rest_ = View{rest_.data + count, rest_.size - count};
    return taken;
  }
  size_t Number(size_t octets) {
    const View taken = Take(octets);
    size_t number = 0;
    for (size_t index = 0; index < taken.size; ++index) number = number << 8 | taken.data[index];
    return number;
  }
  View Vector(size_t octets) { return Take(Number(octets)); }

 private:
  View rest_;
  bool is_right_ = true;
};

Bytes Copy(View bytes) { return Bytes(bytes.data, bytes.data + bytes.size); }

// Reads opaque values, each with a length before it.
bool ReadList(View list, size_t octets, std::vector<Bytes>* values) {
  Reader reader(list);
  while (reader.is_right() && !reader.is_empty()) values->push_back(Copy(reader.Vector(octets)));
  return reader.is_right();
}

template <typename Each>
bool ReadExtensions(Reader* reader, Each each) {
  if (reader->is_empty()) return true;  // a hello without extensions ends here
  Reader extensions(reader->Vector(2));
  while (reader->is_right() && extensions.is_right() && !extensions.is_empty()) {
    const auto type = static_cast<uint16_t>(extensions.Number(2));
    const View body = extensions.Vector(2);
    if (extensions.is_right() && !each(type, body)) return false;
  }
  return extensions.is_right() && reader->is_empty();
}

bool ReadClientHello(View body, ClientHello* hello) {
  Reader reader(body);
  reader.Take(2 + 32);
  reader.Vector(1);
  hello->cipher_suites = Copy(reader.Vector(2));
  reader.Vector(1);
  return ReadExtensions(&reader, [hello](uint16_t type, View content) {
    Bytes extension{static_cast<uint8_t>(type >> 8), static_cast<uint8_t>(type)};
    extension.insert(extension.end(), content.data, content.data + content.size);
    hello->extensions.push_back(std::move(extension));
    return true;
  });
}

}  // namespace

std::optional<View> ClientHello::Find(uint16_t type) const {
  for (const Bytes& extension : extensions) {
    if ((extension[0] << 8 | extension[1]) == type) return View{extension.data() + 2, extension.size() - 2};
  }
  return std::nullopt;
}

std::optional<std::string> ClientHello::ServerName() const {
  const std::optional<View> body = Find(kServerName);
  if (!body.has_value()) return std::nullopt;
  Reader outer(*body);
  Reader list(outer.Vector(2));
  const size_t type = list.Number(1);
  const View name = list.Vector(2);
  if (!outer.is_empty() || !list.is_empty() || type != 0 || name.size == 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(name.data), name.size);
}

std::vector<uint16_t> ClientHello::Numbers(uint16_t type) const {
  std::vector<uint16_t> numbers;
  const std::optional<View> body = Find(type);
  if (!body.has_value()) return numbers;
  Reader outer(*body);
  Reader list(outer.Vector(2));
  while (list.is_right() && !list.is_empty()) numbers.push_back(static_cast<uint16_t>(list.Number(2)));
  return numbers;
}

void HandshakeWatch::Feed(View bytes) {
  while (bytes.size > 0 && !is_lost_ && !has_changed_cipher_) {
    const size_t whole =
        record_.size() < kRecordHead ? kRecordHead : kRecordHead + (record_[3] << 8 | record_[4]);
    const size_t count = std::min(bytes.size, whole - record_.size());
    record_.insert(record_.end(), bytes.data, bytes.data + count);
    bytes = View{bytes.data + count, bytes.size - count};
    is_lost_ = !TakeRecord();
  }
  if (!is_lost_ && !has_changed_cipher_) return;
  record_ = Bytes();
  messages_ = Bytes();
}

bool HandshakeWatch::TakeRecord() {
  if (record_.size() < kRecordHead) return true;
  const size_t length = record_[3] << 8 | record_[4];
  const uint8_t type = record_[0];
  const bool is_handshake = type >= kChangeCipherSpec && type <= kHandshake && record_[1] == 3;
  if (!is_handshake || length > kLongestRecord || length == 0) return false;
  if (record_.size() < kRecordHead + length) return true;
  const Bytes record = std::move(record_);
  record_ = Bytes();
  if (type == kChangeCipherSpec) has_changed_cipher_ = true;
  if (type == kAlert) has_alert_ = true;
  if (type == kAlert && length == 2 && (record[5] == 2 || record[6] == 0)) alert = record[6];
  if (type != kHandshake) return true;
  messages_.insert(messages_.end(), record.begin() + kRecordHead, record.end());
  return TakeMessages();
}

bool HandshakeWatch::TakeMessages() {
  size_t at = 0;
  while (messages_.size() - at >= kMessageHead) {
    const uint8_t* head = messages_.data() + at;
    const size_t length = static_cast<size_t>(head[1]) << 16 | head[2] << 8 | head[3];
    if (length > kLongestMessage) return false;
    if (messages_.size() - at - kMessageHead < length) break;
    if (!Read(head[0], View{head + kMessageHead, length})) return false;
    at += kMessageHead + length;
  }
  messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

// Reads a message (RFC 5246 §7.4, RFC 8422 §5.4, RFC 6066 §8). The library judges unknown ones.
bool HandshakeWatch::Read(uint8_t type, View body) {
  Reader reader(body);
  switch (type) {
    case 1: {
      ClientHello hello;
      if (client_hello.has_value() || !ReadClientHello(body, &hello)) return false;
      client_hello = std::move(hello);
      return true;
    }
    case 2:
      reader.Take(2 + 32);
      reader.Vector(1);
      reader.Take(2 + 1);
      return ReadExtensions(&reader, [this](uint16_t extension, View content) {
        if (extension == kExtendedMainSecret) has_extended_main_secret = true;
        if (extension != kAlpn) return true;
        // There must be exactly one protocol (RFC 7301 §3.1).
        Reader outer(content);
        Reader list(outer.Vector(2));
        const View protocol = list.Vector(1);
        if (!outer.is_empty() || !list.is_empty() || protocol.size == 0) return false;
        alpn = Copy(protocol);
        return true;
      });
    case 11: {
      const View list = reader.Vector(3);
      return chain.empty() && reader.is_empty() && ReadList(list, 3, &chain);
    }
    case 12:
      if (reader.Number(1) != kNamedCurve) return false;
      group = static_cast<uint16_t>(reader.Number(2));
      reader.Vector(1);
      scheme = static_cast<uint16_t>(reader.Number(2));
      reader.Vector(2);
      return reader.is_empty();
    case 13: {
      reader.Vector(1);
      requested_schemes = Copy(reader.Vector(2));
      const View names = reader.Vector(2);
      has_certificate_request = reader.is_empty();
      return has_certificate_request && requested_schemes.size() % 2 == 0 && ReadList(names, 2, &authorities);
    }
    case 15:
      scheme = static_cast<uint16_t>(reader.Number(2));
      reader.Vector(2);
      return reader.is_empty();
    case 22: {
      const bool is_ocsp = reader.Number(1) == kOcsp;
      const View response = reader.Vector(3);
      if (is_ocsp && reader.is_empty()) ocsp_response = Copy(response);
      return is_ocsp && reader.is_empty();
    }
    default: return true;
  }
}

}  // namespace tls::secure_transport
