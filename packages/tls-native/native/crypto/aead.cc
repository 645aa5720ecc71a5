#include "aead.hh"

namespace tls::crypto {
namespace {

constexpr size_t kKeySizes[kCiphers] = {16, 32, 32};
constexpr int kEncrypt = 1;
constexpr int kDecrypt = 0;

bool Begin(EVP_CIPHER_CTX* context, const uint8_t* nonce, int direction) {
  return F().EVP_CipherInit_ex2(context, nullptr, nullptr, nonce, direction, nullptr) == 1;
}

// Without an output, the input is additional data.
bool Add(EVP_CIPHER_CTX* context, Input input, uint8_t* output) {
  int written = 0;
  return input.size == 0 || F().EVP_CipherUpdate(context, output, &written, input.data, static_cast<int>(input.size)) == 1;
}

}  // namespace

std::unique_ptr<Aead> Aead::Create(Cipher cipher, Input key) {
  const auto index = static_cast<uint32_t>(cipher);
  if (key.size != kKeySizes[index]) return nullptr;
  auto aead = std::make_unique<Aead>();
  aead->context_.reset(F().EVP_CIPHER_CTX_new());
  const bool is_ready =
      aead->context_ != nullptr &&
      F().EVP_CipherInit_ex2(aead->context_.get(), L().ciphers[index], key.data, nullptr, kEncrypt, nullptr) == 1;
  return Quietly(is_ready) ? std::move(aead) : nullptr;
}

bool Aead::Seal(const uint8_t* nonce, Input additional_data, Input plaintext, uint8_t* output) {
  EVP_CIPHER_CTX* context = context_.get();
  uint8_t* tag = output + plaintext.size;
  int written = 0;
  return Quietly(Begin(context, nonce, kEncrypt) && Add(context, additional_data, nullptr) && Add(context, plaintext, output) &&
                 F().EVP_CipherFinal_ex(context, tag, &written) == 1 &&
                 F().EVP_CIPHER_CTX_ctrl(context, constant::kCtrlGetTag, kTagSize, tag) == 1);
}

bool Aead::Open(const uint8_t* nonce, Input additional_data, Input ciphertext, uint8_t* output) {
  if (ciphertext.size < kTagSize) return false;
  const size_t size = ciphertext.size - kTagSize;
  if (Decrypt(nonce, additional_data, ciphertext, output)) return true;
  F().OPENSSL_cleanse(output, size);
  return Quietly(false);
}

bool Aead::Decrypt(const uint8_t* nonce, Input additional_data, Input ciphertext, uint8_t* output) {
  EVP_CIPHER_CTX* context = context_.get();
  const size_t size = ciphertext.size - kTagSize;
  auto* tag = const_cast<uint8_t*>(ciphertext.data + size);  // OpenSSL reads it only
  int written = 0;
  return Begin(context, nonce, kDecrypt) && F().EVP_CIPHER_CTX_ctrl(context, constant::kCtrlSetTag, kTagSize, tag) == 1 &&
         Add(context, additional_data, nullptr) && Add(context, {ciphertext.data, size}, output) &&
         F().EVP_CipherFinal_ex(context, output + size, &written) == 1;
}

bool Aead::SealRecords(const Span& span, const Places& places) {
  for (size_t index = 0; index < span.count; ++index) {
    const Place& place = places[index];
    const Input data{span.additional_data.data + place.data_offset, static_cast<size_t>(place.data_size)};
    const Input plaintext{span.input.data + place.input_offset, static_cast<size_t>(place.input_size)};
    if (!Seal(span.nonces.data + index * kNonceSize, data, plaintext, span.output.data + place.output_offset)) return false;
  }
  return true;
}

size_t Aead::OpenRecords(const Span& span, const Places& places) {
  for (size_t index = 0; index < span.count; ++index) {
    const Place& place = places[index];
    const Input data{span.additional_data.data + place.data_offset, static_cast<size_t>(place.data_size)};
    const Input ciphertext{span.input.data + place.input_offset, static_cast<size_t>(place.input_size)};
    uint8_t* output = span.output.data + place.output_offset;
    if (!Open(span.nonces.data + index * kNonceSize, data, ciphertext, output)) return index;
    const size_t size = ciphertext.size - kTagSize;
    span.last_bytes.data[index] = size == 0 ? 0 : output[size - 1];
  }
  return span.count;
}

}  // namespace tls::crypto
