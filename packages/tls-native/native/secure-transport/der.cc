#include "der.hh"

#include <cstring>

namespace tls::secure_transport::der {

bool Reader::Next(Element* element) {
  const uint8_t* const begin = rest_.data;
  const size_t size = rest_.size;
  // tags of more than one octet are in nothing that is read here
  if (size < 2 || (begin[0] & 0x1F) == 0x1F) return false;
  size_t head = 2;
  size_t length = begin[1];
  if (length >= 0x80) {
    const size_t octets = length & 0x7F;
    if (octets == 0 || octets > 3 || size < 2 + octets || begin[2] == 0) return false;
    length = 0;
    for (size_t index = 0; index < octets; ++index) length = length << 8 | begin[2 + index];
    if (length < 0x80) return false;
    head += octets;
  }
  if (size - head < length) return false;
  *element = Element{begin[0], View{begin + head, length}, View{begin, head + length}};
  rest_ = View{begin + head + length, size - head - length};
  return true;
}

std::optional<View> Reader::Take(uint8_t tag) {
  if (rest_.size == 0 || rest_.data[0] != tag) return std::nullopt;
  Element element;
  if (!Next(&element)) return std::nullopt;
  return element.content;
}

std::optional<Reader> Reader::Enter(uint8_t tag) {
  const std::optional<View> content = Take(tag);
  if (!content.has_value()) return std::nullopt;
  return Reader(*content);
}

bool IsSame(View left, View right) {
  return left.size == right.size && (left.size == 0 || std::memcmp(left.data, right.data, left.size) == 0);
}

std::optional<View> WholeBits(View bit_string) {
  if (bit_string.size == 0 || bit_string.data[0] != 0) return std::nullopt;
  return View{bit_string.data + 1, bit_string.size - 1};
}

}  // namespace tls::secure_transport::der
