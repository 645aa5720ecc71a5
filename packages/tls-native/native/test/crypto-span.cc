// Where the records of a span may lie: no places lead out of the buffers, whatever numbers they are. AddressSanitizer looks at the rest.
#include <algorithm>
#include <cstring>
#include <memory>
#include <random>

#include "../crypto/aead.hh"
#include "check.hh"

using namespace tls::crypto;

namespace {

const Library& Loaded() {
  std::vector<std::string> tried;
  const Library* library = LoadLibrary(&tried);
  CHECK(library != nullptr);
  return *library;
}

std::unique_ptr<Aead> NewAead(Cipher cipher = Cipher::kAes128Gcm) {
  Loaded();
  const Bytes key(cipher == Cipher::kAes128Gcm ? 16 : 32, 7);
  auto aead = Aead::Create(cipher, {key.data(), key.size()});
  CHECK(aead != nullptr);
  return aead;
}

// Buffers of exactly their sizes, so that a byte beside them is found.
struct Buffers {
  explicit Buffers(size_t size, size_t count) : nonces(count * kNonceSize), data(size), input(size), output(size), last_bytes(count) {}

  Span SpanOf(size_t count) {
    Span span;
    span.count = count;
    span.nonces = {nonces.data(), nonces.size()};
    span.additional_data = {data.data(), data.size()};
    span.input = {input.data(), input.size()};
    span.output = {output.data(), output.size()};
    span.last_bytes = {last_bytes.data(), last_bytes.size()};
    return span;
  }

  Bytes nonces, data, input, output, last_bytes;
};

Input AsBytes(const std::vector<Place>& places) {
  return {reinterpret_cast<const uint8_t*>(places.data()), places.size() * sizeof(Place)};
}

bool LiesWithin(Buffers& buffers, const std::vector<Place>& list, Direction direction) {
  auto places = std::make_unique<Places>();
  return places->Copy(AsBytes(list), list.size()) && places->LieWithin(buffers.SpanOf(list.size()), direction);
}

// A reference that is written another way: it goes through the bytes.
bool IsInside(int64_t offset, int64_t size, size_t buffer) {
  if (offset < 0 || size < 0) return false;
  if (offset > static_cast<int64_t>(buffer)) return false;
  return static_cast<int64_t>(buffer) - offset >= size;
}

}  // namespace

TEST("places at the very ends of the buffers are allowed, and one byte further none is") {
  Buffers buffers(100, 1);
  const Place sealed{95, 5, 16, 84, 0};
  CHECK(LiesWithin(buffers, {sealed}, Direction::kSeal));
  for (size_t field = 0; field < kPlaceLength; ++field) {
    Place longer = sealed;
    int32_t numbers[kPlaceLength];
    std::memcpy(numbers, &longer, sizeof longer);
    numbers[field] += 1;
    std::memcpy(&longer, numbers, sizeof longer);
    CHECK(!LiesWithin(buffers, {longer}, Direction::kSeal));
  }
  CHECK(LiesWithin(buffers, {{0, 100, 0, 16, 100}}, Direction::kOpen));
  CHECK(LiesWithin(buffers, {{100, 0, 84, 16, 100}}, Direction::kOpen));
  CHECK(!LiesWithin(buffers, {{0, 0, 0, 15, 0}}, Direction::kOpen));
  CHECK(!LiesWithin(buffers, {{0, 0, 0, 33, 84}}, Direction::kOpen));
}

TEST("negative numbers and those whose sum overflows are refused") {
  Buffers buffers(100, 1);
  const int32_t most = INT32_MAX;
  const int32_t least = INT32_MIN;
  for (const int32_t wrong : {-1, least, most, most - 16, most - 15, 101}) {
    CHECK(!LiesWithin(buffers, {{wrong, 5, 0, 20, 0}}, Direction::kSeal));
    CHECK(!LiesWithin(buffers, {{0, wrong, 0, 20, 0}}, Direction::kSeal));
    CHECK(!LiesWithin(buffers, {{0, 5, wrong, 20, 0}}, Direction::kSeal));
    CHECK(!LiesWithin(buffers, {{0, 5, 0, wrong, 0}}, Direction::kSeal));
    CHECK(!LiesWithin(buffers, {{0, 5, 0, 20, wrong}}, Direction::kSeal));
    CHECK(!LiesWithin(buffers, {{0, 5, 0, wrong, 0}}, Direction::kOpen));
  }
  CHECK(!LiesWithin(buffers, {{most, most, most, most, most}}, Direction::kSeal));
  CHECK(!LiesWithin(buffers, {{least, least, least, least, least}}, Direction::kOpen));
}

TEST("a span has 1 to 256 records, and as many nonces, places and last bytes") {
  auto places = std::make_unique<Places>();
  const std::vector<Place> list(300, Place{0, 0, 0, 16, 0});
  for (const size_t count : {size_t{0}, size_t{257}, size_t{300}, SIZE_MAX}) CHECK(!places->Copy(AsBytes(list), count));
  CHECK(places->Copy(AsBytes(list), kMostRecords));
  const Input short_list{AsBytes(list).data, 3 * sizeof(Place) - 1};
  CHECK(!places->Copy(short_list, 3));
  CHECK(places->Copy(short_list, 2));
  Buffers buffers(100, 2);
  Span span = buffers.SpanOf(2);
  CHECK(places->LieWithin(span, Direction::kOpen));
  span.nonces.size -= 1;
  CHECK(!places->LieWithin(span, Direction::kOpen));
  span = buffers.SpanOf(2);
  span.last_bytes.size -= 1;
  CHECK(!places->LieWithin(span, Direction::kOpen));
  CHECK(places->LieWithin(span, Direction::kSeal));
}

TEST("an output lies apart from its input or begins where that does") {
  Bytes memory(200);
  const auto part = [&](size_t offset, size_t size) { return Input{memory.data() + offset, size}; };
  const auto target = [&](size_t offset, size_t size) { return Output{memory.data() + offset, size}; };
  CHECK(IsApartOrInPlace(part(50, 20), target(50, 36)));
  CHECK(IsApartOrInPlace(part(50, 20), target(70, 36)));
  CHECK(IsApartOrInPlace(part(50, 20), target(14, 36)));
  CHECK(!IsApartOrInPlace(part(50, 20), target(15, 36)));
  CHECK(!IsApartOrInPlace(part(50, 20), target(69, 36)));
  CHECK(!IsApartOrInPlace(part(50, 20), target(49, 36)));
  CHECK(!IsApartOrInPlace(part(50, 20), target(51, 36)));
  CHECK(IsApartOrInPlace(part(50, 0), target(45, 16)));
}

TEST("any numbers as places either are refused or stay within the buffers") {
  std::mt19937 random(20261129);
  const auto below = [&](uint32_t bound) { return static_cast<int32_t>(random() % bound); };
  const auto number = [&]() -> int32_t {
    switch (below(24)) {
      case 0: return static_cast<int32_t>(random());
      case 1: return -below(40);
      case 2: return INT32_MAX - below(40);
      default: return below(50);
    }
  };
  const auto aead = NewAead();
  size_t taken = 0;
  for (int round = 0; round < 20000; ++round) {
    const auto count = static_cast<size_t>(1 + below(4));
    const auto direction = below(2) == 0 ? Direction::kSeal : Direction::kOpen;
    Buffers buffers(static_cast<size_t>(40 + below(120)), count);
    std::vector<Place> list(count);
    bool expected = true;
    for (Place& place : list) {
      place = {number(), number(), number(), number(), number()};
      const int64_t output = int64_t{place.input_size} + (direction == Direction::kSeal ? 16 : -16);
      expected = expected && IsInside(place.data_offset, place.data_size, buffers.data.size()) &&
                 IsInside(place.input_offset, place.input_size, buffers.input.size()) &&
                 IsInside(place.output_offset, output, buffers.output.size());
    }
    auto places = std::make_unique<Places>();
    const Span span = buffers.SpanOf(count);
    CHECK(places->Copy(AsBytes(list), count));
    CHECK(places->LieWithin(span, direction) == expected);
    if (!expected) continue;
    ++taken;
    if (direction == Direction::kSeal) {
      CHECK(aead->SealRecords(span, *places));
    } else {
      CHECK(aead->OpenRecords(span, *places) == 0);
    }
  }
  CHECK(taken > 500);
}

TEST("records that were sealed in one call open in one, up to the first that was changed") {
  for (const Cipher cipher : {Cipher::kAes128Gcm, Cipher::kAes256Gcm, Cipher::kChaCha20Poly1305}) {
    const auto aead = NewAead(cipher);
    constexpr size_t kCount = 5;
    Buffers buffers(kCount * 40, kCount);
    for (size_t index = 0; index < buffers.input.size(); ++index) buffers.input[index] = static_cast<uint8_t>(index);
    for (size_t index = 0; index < kCount; ++index) buffers.nonces[index * kNonceSize] = static_cast<uint8_t>(index);
    std::vector<Place> sealing, opening;
    for (int32_t index = 0; index < static_cast<int32_t>(kCount); ++index) {
      sealing.push_back({index, 5, index * 20, 20, index * 36});
      opening.push_back({index, 5, index * 36, 36, index * 19});  // each output begins on the last byte of the one before
    }
    auto places = std::make_unique<Places>();
    CHECK(places->Copy(AsBytes(sealing), kCount) && places->LieWithin(buffers.SpanOf(kCount), Direction::kSeal));
    CHECK(aead->SealRecords(buffers.SpanOf(kCount), *places));
    Buffers back(kCount * 40, kCount);
    back.input = buffers.output;
    back.nonces = buffers.nonces;
    const Bytes changed = [&] {
      Bytes copy = back.input;
      copy[3 * 36 + 1] ^= 1;
      return copy;
    }();
    CHECK(places->Copy(AsBytes(opening), kCount) && places->LieWithin(back.SpanOf(kCount), Direction::kOpen));
    CHECK(aead->OpenRecords(back.SpanOf(kCount), *places) == kCount);
    for (size_t index = 0; index < kCount; ++index) CHECK(back.last_bytes[index] == buffers.input[index * 20 + 19]);
    CHECK(std::equal(back.output.begin(), back.output.begin() + 19, buffers.input.begin()));
    back.input = changed;
    std::fill(back.output.begin(), back.output.end(), 0xee);
    CHECK(aead->OpenRecords(back.SpanOf(kCount), *places) == 3);
    CHECK(std::all_of(back.output.begin() + 3 * 19, back.output.begin() + 3 * 19 + 20, [](uint8_t byte) { return byte == 0; }));
    CHECK(std::all_of(back.output.begin() + 3 * 19 + 20, back.output.end(), [](uint8_t byte) { return byte == 0xee; }));
  }
}
