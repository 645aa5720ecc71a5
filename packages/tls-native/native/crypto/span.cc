#include "span.hh"

#include <cstring>

namespace tls::crypto {
namespace {

// Whether the bytes from an offset on lie within a buffer. No number overflows: both come from 32 bits.
bool Holds(size_t buffer_size, int32_t offset, int64_t size) {
  return offset >= 0 && size >= 0 && int64_t{offset} + size <= static_cast<int64_t>(buffer_size);
}

int64_t OutputSize(const Place& place, Direction direction) {
  constexpr int64_t kTag = kTagSize;
  return direction == Direction::kSeal ? place.input_size + kTag : place.input_size - kTag;
}

}  // namespace

bool IsApartOrInPlace(Input input, Output output) {
  const auto in = reinterpret_cast<uintptr_t>(input.data);
  const auto out = reinterpret_cast<uintptr_t>(output.data);
  return in == out || input.size == 0 || output.size == 0 || in + input.size <= out || out + output.size <= in;
}

bool Places::Copy(Input places, size_t count) {
  if (count == 0 || count > kMostRecords || places.size < count * sizeof(Place)) return false;
  std::memcpy(places_, places.data, count * sizeof(Place));
  return true;
}

bool Places::LieWithin(const Span& span, Direction direction) const {
  if (span.nonces.size < span.count * kNonceSize) return false;
  if (direction == Direction::kOpen && span.last_bytes.size < span.count) return false;
  for (size_t index = 0; index < span.count; ++index) {
    const Place& place = places_[index];
    const int64_t output_size = OutputSize(place, direction);
    const bool lies_within = Holds(span.additional_data.size, place.data_offset, place.data_size) &&
                             Holds(span.input.size, place.input_offset, place.input_size) &&
                             Holds(span.output.size, place.output_offset, output_size);
    if (!lies_within) return false;
    const Input input{span.input.data + place.input_offset, static_cast<size_t>(place.input_size)};
    const Output output{span.output.data + place.output_offset, static_cast<size_t>(output_size)};
    if (!IsApartOrInPlace(input, output)) return false;
  }
  return true;
}

}  // namespace tls::crypto
