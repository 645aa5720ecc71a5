#include "../crypto/aead.hh"

#include "crypto-functions.hh"
#include "crypto-handles.hh"

namespace tls::crypto {
namespace {

// createAead(cipher, key): gives a handle.
napi_value CreateAead(Call& call) {
  const auto cipher = static_cast<Cipher>(call.Number(0, kCiphers));
  auto aead = Aead::Create(cipher, call.BytesAt(1));
  Require(aead != nullptr, "expected a key of the cipher's length");
  return MakeHandle(call, std::move(aead));
}

// What seal and open are given. The output is the result where no buffer is given.
struct Message {
  Message(Call& call, Direction direction) {
    const Input given_nonce = call.BytesAt(1);
    Require(given_nonce.size == kNonceSize, "expected a nonce of 12 bytes");
    nonce = given_nonce.data;
    additional_data = call.BytesAt(2);
    input = call.BytesAt(3);
    Require(additional_data.size <= kLongestMessage && input.size <= kLongestMessage, "expected fewer bytes");
    Require(direction == Direction::kSeal || input.size >= kTagSize, "expected a tag at least");
    const size_t size = direction == Direction::kSeal ? input.size + kTagSize : input.size - kTagSize;
    output = call.IsAbsent(4) ? call.Result(size) : call.TargetAt(4);
    Require(output.size == size, "expected an output that differs by the tag from the input");
    Require(IsApartOrInPlace(input, output), "expected an output apart from the input, or at its beginning");
  }

  const uint8_t* nonce = nullptr;
  Input additional_data;
  Input input;
  Output output;
};

// seal(aead, nonce, additionalData, plaintext, out | undefined)
napi_value Seal(Call& call) {
  auto& aead = ObjectAt<Aead>(call, 0);
  const Message message(call, Direction::kSeal);
  Succeed(aead.Seal(message.nonce, message.additional_data, message.input, message.output.data), "sealing failed");
  return nullptr;
}

// open(aead, nonce, additionalData, ciphertext, out | undefined): tells whether the tag is right.
napi_value Open(Call& call) {
  auto& aead = ObjectAt<Aead>(call, 0);
  const Message message(call, Direction::kOpen);
  return call.Truth(aead.Open(message.nonce, message.additional_data, message.input, message.output.data));
}

// Bounds of places: OpenSSL counts in int.
constexpr uint32_t kEndOfPlaces = 0x7fffffff;

int32_t PlaceAt(const Call& call, size_t index) { return static_cast<int32_t>(call.Number(index, kEndOfPlaces)); }

// A span of one record, whose nonce lies in the scratch and whose places are numbers: most spans are, and Node-API takes longer to find the
// buffers of a span than to read five numbers.
struct GivenRecord {
  GivenRecord(Call& call, Direction direction) {
    span.count = 1;
    span.nonces = call.BytesAt(1);
    const Place place{PlaceAt(call, 2), PlaceAt(call, 3), PlaceAt(call, 4), PlaceAt(call, 5), PlaceAt(call, 6)};
    span.output = call.TargetAt(7);
    span.input = call.IsAbsent(8) ? Input{span.output.data, span.output.size} : call.ViewedAt(8);
    span.additional_data = call.IsAbsent(9) ? span.input : call.ViewedAt(9);
    if (direction == Direction::kOpen) span.last_bytes = call.Result(1);
    Require(span.input.size <= kLongestMessage && span.additional_data.size <= kLongestMessage, "expected fewer bytes");
    places.Set(place);
    Require(places.LieWithin(span, direction), "expected places within the buffers");
  }

  Span span;
  Places places;
};

// sealRecord(aead, nonce, five places, output, input | undefined, additionalData | undefined)
napi_value SealRecord(Call& call) {
  auto& aead = ObjectAt<Aead>(call, 0);
  const GivenRecord given(call, Direction::kSeal);
  Succeed(aead.SealRecords(given.span, given.places), "sealing failed");
  return nullptr;
}

// openRecord(aead, nonce, five places, output, input, additionalData | undefined): tells whether the tag is right; the result is the last
// byte.
napi_value OpenRecord(Call& call) {
  auto& aead = ObjectAt<Aead>(call, 0);
  const GivenRecord given(call, Direction::kOpen);
  return call.Truth(aead.OpenRecords(given.span, given.places) == 1);
}

// What both functions for spans are given. What lies in the same memory as another buffer is absent: the input is in the output, and the
// additional data is in the input.
struct GivenSpan {
  GivenSpan(const Call& call, Direction direction) {
    span.count = call.Number(1, kMostRecords + 1);
    span.nonces = call.ViewedAt(2);
    span.output = call.TargetAt(4);
    span.input = call.IsAbsent(5) ? Input{span.output.data, span.output.size} : call.ViewedAt(5);
    span.additional_data = call.IsAbsent(6) ? span.input : call.ViewedAt(6);
    if (direction == Direction::kOpen) span.last_bytes = call.TargetAt(7);
    Require(span.input.size <= kLongestMessage && span.additional_data.size <= kLongestMessage, "expected fewer bytes");
    Require(places.Copy(call.IntegersAt(3), span.count), "expected five numbers for each of 1 to 256 records");
    Require(places.LieWithin(span, direction), "expected places within the buffers");
  }

  Span span;
  Places places;
};

// sealRecords(aead, count, nonces, places, output, input | undefined, additionalData | undefined)
napi_value SealRecords(Call& call) {
  auto& aead = ObjectAt<Aead>(call, 0);
  const GivenSpan given(call, Direction::kSeal);
  Succeed(aead.SealRecords(given.span, given.places), "sealing failed");
  return nullptr;
}

// openRecords(aead, count, nonces, places, output, input, additionalData | undefined, lastBytes): tells how many were opened.
napi_value OpenRecords(Call& call) {
  auto& aead = ObjectAt<Aead>(call, 0);
  const GivenSpan given(call, Direction::kOpen);
  return call.Count(aead.OpenRecords(given.span, given.places));
}

}  // namespace

std::vector<Entry> AeadEntries() {
  return {
      {"createAead", Enter<CreateAead>},   {"seal", Enter<Seal>},
      {"open", Enter<Open>},               {"sealRecords", Enter<SealRecords>},
      {"openRecords", Enter<OpenRecords>}, {"sealRecord", Enter<SealRecord>},
      {"openRecord", Enter<OpenRecord>},
  };
}

}  // namespace tls::crypto
