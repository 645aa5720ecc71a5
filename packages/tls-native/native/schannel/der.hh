// A strict reader of DER (X.690 §10): definite lengths in the fewest octets, nothing left over.
#pragma once

#include <optional>

#include "../provider.hh"

namespace tls::schannel {

constexpr uint8_t kDerBoolean = 0x01;
constexpr uint8_t kDerInteger = 0x02;
constexpr uint8_t kDerBitString = 0x03;
constexpr uint8_t kDerOctetString = 0x04;
constexpr uint8_t kDerOid = 0x06;
constexpr uint8_t kDerUtcTime = 0x17;
constexpr uint8_t kDerGeneralizedTime = 0x18;
constexpr uint8_t kDerSequence = 0x30;
constexpr uint8_t kDerSet = 0x31;

struct DerElement {
  uint8_t tag = 0;
  View body{nullptr, 0};
  View whole{nullptr, 0};  // with tag and length
};

class DerReader {
 public:
  explicit DerReader(View input) : rest_(input) {}

  bool is_done() const { return rest_.size == 0; }
  std::optional<DerElement> Next();
  // Empty when the next one has another tag.
  std::optional<DerElement> Next(uint8_t tag);
  bool NextIs(uint8_t tag) const { return rest_.size > 0 && rest_.data[0] == tag; }

 private:
  View rest_;
};

inline bool Equal(View left, View right) {
  if (left.size != right.size) return false;
  for (size_t index = 0; index < left.size; ++index) {
    if (left.data[index] != right.data[index]) return false;
  }
  return true;
}

inline View ViewOf(const Bytes& bytes) { return View{bytes.data(), bytes.size()}; }
inline Bytes BytesOf(View view) { return Bytes(view.data, view.data + view.size); }

}  // namespace tls::schannel
