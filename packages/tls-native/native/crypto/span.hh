// Many records that are sealed or opened in one call, and the check of where they lie.
#pragma once

#include "bytes.hh"

namespace tls::crypto {

inline constexpr size_t kNonceSize = 12;
inline constexpr size_t kTagSize = 16;
inline constexpr size_t kMostRecords = 256;
inline constexpr size_t kPlaceLength = 5;

// Where a record lies: offset and length of its additional data, offset and length of its input (with the tag, where it is opened), and the
// offset of its output.
struct Place {
  int32_t data_offset;
  int32_t data_size;
  int32_t input_offset;
  int32_t input_size;
  int32_t output_offset;
};
static_assert(sizeof(Place) == kPlaceLength * sizeof(int32_t));

enum class Direction { kSeal, kOpen };

struct Span {
  size_t count = 0;
  Input nonces;
  Input additional_data;
  Input input;
  Output output;
  Output last_bytes;  // where records are opened
};

// The places of a span, copied: JavaScript's other threads cannot change them between the check and the use.
class Places {
 public:
  // Copies the first `count` places. False unless there are so many, and no more than a span may have.
  bool Copy(Input places, size_t count);
  // True when all that the places name lies within the span's buffers, and no output lies over a part of its own input.
  bool LieWithin(const Span& span, Direction direction) const;

  const Place& operator[](size_t index) const { return places_[index]; }

 private:
  Place places_[kMostRecords];
};

// True unless the output begins behind the input's beginning and before its end, or the other way round: in place is fine.
bool IsApartOrInPlace(Input input, Output output);

}  // namespace tls::crypto
