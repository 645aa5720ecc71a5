// A strict reader of DER (X.690 §10.1): lengths must be definite and in the fewest octets, and nothing is read past the end.
#pragma once

#include <optional>

#include "provider.hh"

namespace tls::der {

constexpr uint8_t kBoolean = 0x01;
constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kBitString = 0x03;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kOid = 0x06;
constexpr uint8_t kUtcTime = 0x17;
constexpr uint8_t kGeneralizedTime = 0x18;
constexpr uint8_t kSequence = 0x30;
constexpr uint8_t Context(unsigned number) { return static_cast<uint8_t>(0x80 | number); }
constexpr uint8_t Constructed(unsigned number) { return static_cast<uint8_t>(0xA0 | number); }

// The most octets of a length. No certificate or key needs more, and a 32-bit size_t can hold no more.
constexpr size_t kMostLengthOctets = 4;

struct Element {
  uint8_t tag = 0;
  View content{nullptr, 0};
  View whole{nullptr, 0};  // with its tag and length
};

// Reads elements one after the other. After the first thing that does not fit, it reads nothing more.
class Reader {
 public:
  explicit Reader(View input) : rest_(input) {}

  bool is_done() const { return rest_.size == 0; }
  bool NextIs(uint8_t tag) const { return rest_.size > 0 && rest_.data[0] == tag; }

  std::optional<Element> Next() {
    const uint8_t* const begin = rest_.data;
    // No tag that is read here needs more than one octet.
    if (rest_.size < 2 || (begin[0] & 0x1F) == 0x1F) return std::nullopt;
    size_t head = 2;
    size_t length = begin[1];
    if (length >= 0x80) {
      const size_t octets = length & 0x7F;
      if (octets == 0 || octets > kMostLengthOctets || rest_.size < 2 + octets || begin[2] == 0) return std::nullopt;
      length = 0;
      for (size_t index = 0; index < octets; ++index) length = length << 8 | begin[2 + index];
      if (length < 0x80) return std::nullopt;
      head += octets;
    }
    if (rest_.size - head < length) return std::nullopt;
    const Element element{begin[0], View{begin + head, length}, View{begin, head + length}};
    rest_ = View{begin + head + length, rest_.size - head - length};
    return element;
  }

  // Gives the next element, which must have this tag.
  std::optional<Element> Next(uint8_t tag) { return NextIs(tag) ? Next() : std::nullopt; }

  // Gives the content of the next element, which must have this tag.
  std::optional<View> Take(uint8_t tag) {
    const std::optional<Element> element = Next(tag);
    if (!element.has_value()) return std::nullopt;
    return element->content;
  }

  // Gives the content of the next element as a reader of its own.
  std::optional<Reader> Enter(uint8_t tag) {
    const std::optional<View> content = Take(tag);
    if (!content.has_value()) return std::nullopt;
    return Reader(*content);
  }

 private:
  View rest_;
};

// Gives the octets of a BIT STRING, which must have no unused bits.
inline std::optional<View> WholeBits(View bit_string) {
  if (bit_string.size == 0 || bit_string.data[0] != 0) return std::nullopt;
  return View{bit_string.data + 1, bit_string.size - 1};
}

}  // namespace tls::der
