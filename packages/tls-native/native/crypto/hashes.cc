#include "hashes.hh"

#include "secret.hh"

namespace tls::crypto {
namespace {

constexpr size_t kLongestBlock = 128;
// RFC 2104 §2 calls them ipad and opad.
constexpr uint8_t kInnerPad = 0x36;
constexpr uint8_t kOuterPad = 0x5c;

size_t BlockSize(Hash hash) { return hash == Hash::kSha384 || hash == Hash::kSha512 ? kLongestBlock : 64; }

bool Start(EVP_MD_CTX* context, Hash hash) {
  return F().EVP_DigestInit_ex2(context, L().digests[static_cast<uint32_t>(hash)], nullptr) == 1;
}

bool Add(EVP_MD_CTX* context, Input input) { return F().EVP_DigestUpdate(context, input.data, input.size) == 1; }

bool Finish(EVP_MD_CTX* context, uint8_t* digest) { return F().EVP_DigestFinal_ex(context, digest, nullptr) == 1; }

// Writes the digest and begins anew, which overwrites what the context holds.
bool Restart(EVP_MD_CTX* context, Hash hash, uint8_t* digest) { return Finish(context, digest) && Start(context, hash); }

}  // namespace

// A context rests where it has hashed nothing: one that has finished still holds the digest, which may be a secret.
EVP_MD_CTX* Hasher::FreshContext(Hash hash) {
  DigestContext& context = contexts_[static_cast<uint32_t>(hash)];
  if (context == nullptr) {
    context.reset(F().EVP_MD_CTX_new());
    if (context != nullptr && !Start(context.get(), hash)) context.reset();
  }
  return context.get();
}

bool Hasher::Digest(Hash hash, Input input, Output output) {
  EVP_MD_CTX* context = FreshContext(hash);
  if (context == nullptr || output.size != DigestSize(hash)) return false;
  if (Add(context, input) && Restart(context, hash, output.data)) return true;
  contexts_[static_cast<uint32_t>(hash)].reset();
  return false;
}

bool Hasher::Hmac(Hash hash, Input key, Input input, Output output) {
  EVP_MD_CTX* context = FreshContext(hash);
  if (context == nullptr || output.size != DigestSize(hash)) return false;
  if (Compute(context, hash, key, input, output.data)) return true;
  contexts_[static_cast<uint32_t>(hash)].reset();
  return false;
}

bool Hasher::Compute(EVP_MD_CTX* context, Hash hash, Input key, Input input, uint8_t* output) {
  const size_t block = BlockSize(hash);
  const size_t size = DigestSize(hash);
  Secret<kLongestBlock> padded;
  Secret<kLongestDigest> inner;
  if (key.size > block) {
    if (!Add(context, key) || !Restart(context, hash, padded.bytes)) return false;
  } else if (key.size > 0) {
    std::memcpy(padded.bytes, key.data, key.size);
  }
  for (size_t index = 0; index < block; ++index) padded.bytes[index] ^= kInnerPad;
  if (!Add(context, {padded.bytes, block}) || !Add(context, input) || !Restart(context, hash, inner.bytes)) return false;
  for (size_t index = 0; index < block; ++index) padded.bytes[index] ^= kInnerPad ^ kOuterPad;
  return Add(context, {padded.bytes, block}) && Add(context, {inner.bytes, size}) && Restart(context, hash, output);
}

std::unique_ptr<RunningHash> RunningHash::Create(Hash hash) {
  std::unique_ptr<RunningHash> running(new RunningHash(hash));
  running->running_.reset(F().EVP_MD_CTX_new());
  const bool is_ready = running->running_ != nullptr && Start(running->running_.get(), hash);
  return is_ready ? std::move(running) : nullptr;
}

bool RunningHash::Update(Input input) { return Add(running_.get(), input); }

bool RunningHash::Snapshot(Input extra, Output output) {
  if (copy_ == nullptr) copy_.reset(F().EVP_MD_CTX_new());
  return copy_ != nullptr && output.size == DigestSize(hash_) && F().EVP_MD_CTX_copy_ex(copy_.get(), running_.get()) == 1 &&
         Add(copy_.get(), extra) && Finish(copy_.get(), output.data);
}

}  // namespace tls::crypto
