// A bounds-checked reader of TLS's presentation language (RFC 8446 §3).
#pragma once

#include "../der.hh"

namespace tls::schannel {

class WireReader {
 public:
  explicit WireReader(View input) : rest_(input) {}

  size_t left() const { return rest_.size; }
  // False once something was asked for that is not there.
  bool is_whole() const { return is_whole_; }
  bool is_done() const { return is_whole_ && rest_.size == 0; }

  uint32_t Number(int octets) {
    uint32_t number = 0;
    const View bytes = Take(static_cast<size_t>(octets));
    for (size_t index = 0; index < bytes.size; ++index) number = number << 8 | bytes.data[index];
    return number;
  }
  uint16_t Uint16() { return static_cast<uint16_t>(Number(2)); }
  // Reads a vector: its length takes so many octets, and its content follows.
  View Vector(int octets) { return Take(Number(octets)); }
  View Take(size_t size) {
    if (size > rest_.size) {
      is_whole_ = false;
      size = 0;
    }
    const View taken{rest_.data, size};
    rest_ = View{rest_.data + size, rest_.size - size};
    return taken;
  }

 private:
  View rest_;
  bool is_whole_ = true;
};

inline void AppendUint16(Bytes* out, unsigned number) {
  out->push_back(static_cast<uint8_t>(number >> 8));
  out->push_back(static_cast<uint8_t>(number));
}

inline std::vector<uint16_t> Numbers(View list) {
  std::vector<uint16_t> numbers;
  for (WireReader reader(list); reader.left() >= 2;) numbers.push_back(reader.Uint16());
  return numbers;
}

}  // namespace tls::schannel
