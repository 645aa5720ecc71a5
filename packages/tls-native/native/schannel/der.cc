#include "der.hh"

namespace tls::schannel {

std::optional<DerElement> DerReader::Next() {
  if (rest_.size < 2) return std::nullopt;
  DerElement element;
  element.tag = rest_.data[0];
  if ((element.tag & 0x1F) == 0x1F) return std::nullopt;  // no tag that we know needs more octets
  size_t header = 2;
  size_t length = rest_.data[1];
  if (length >= 0x80) {
    const size_t octets = length & 0x7F;
    if (octets == 0 || octets > 4 || rest_.size < 2 + octets) return std::nullopt;
    length = 0;
    for (size_t index = 0; index < octets; ++index) length = length << 8 | rest_.data[2 + index];
    header += octets;
    const bool is_shortest = length >= 0x80 && (octets == 1 || length >> (8 * (octets - 1)) != 0);
    if (!is_shortest) return std::nullopt;
  }
  if (rest_.size - header < length) return std::nullopt;
  element.body = View{rest_.data + header, length};
  element.whole = View{rest_.data, header + length};
  rest_ = View{rest_.data + header + length, rest_.size - header - length};
  return element;
}

std::optional<DerElement> DerReader::Next(uint8_t tag) {
  if (!NextIs(tag)) return std::nullopt;
  return Next();
}

}  // namespace tls::schannel
