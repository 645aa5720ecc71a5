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

// What both functions for spans are given. What lies in the same memory as another buffer is absent: the input is in the output, and the
// additional data is in the input.
struct GivenSpan {
  GivenSpan(const Call& call, Direction direction) {
    span.count = call.Number(1, kMostRecords + 1);
    span.nonces = ReadAt(call, 2);
    span.output = call.TargetAt(4);
    span.input = call.IsAbsent(5) ? Input{span.output.data, span.output.size} : ReadAt(call, 5);
    span.additional_data = call.IsAbsent(6) ? span.input : ReadAt(call, 6);
    if (direction == Direction::kOpen) span.last_bytes = call.TargetAt(7);
    Require(span.input.size <= kLongestMessage && span.additional_data.size <= kLongestMessage, "expected fewer bytes");
    Require(places.Copy(call.IntegersAt(3), span.count), "expected five numbers for each of 1 to 256 records");
    Require(places.LieWithin(span, direction), "expected places within the buffers");
  }

  Span span;
  Places places;

 private:
  static Input ReadAt(const Call& call, size_t index) {
    const Output view = call.TargetAt(index);
    return Input{view.data, view.size};
  }
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
      {"openRecords", Enter<OpenRecords>},
  };
}

}  // namespace tls::crypto
