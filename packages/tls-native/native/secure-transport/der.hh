// A strict walk over DER (X.690 §10.1): definite lengths in their shortest form, and nothing is read past the end.
#pragma once

#include <optional>

#include "../provider.hh"

namespace tls::secure_transport {

namespace der {

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

struct Element {
  uint8_t tag;
  View content;
  View whole;  // with tag and length
};

// Reads elements one after the other. Once something does not fit, nothing more does.
class Reader {
 public:
  explicit Reader(View input) : rest_(input) {}

  bool is_empty() const { return rest_.size == 0; }
  bool Next(Element* element);
  // The content of the next element, which must have this tag.
  std::optional<View> Take(uint8_t tag);
  // The content as a reader of its own; empty-handed where it does not fit.
  std::optional<Reader> Enter(uint8_t tag);

 private:
  View rest_;
};

bool IsSame(View left, View right);
// Octets of a BIT STRING without unused bits.
std::optional<View> WholeBits(View bit_string);

}  // namespace der
}  // namespace tls::secure_transport
