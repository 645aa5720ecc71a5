// What a function of the crypto provider gets from JavaScript. Node-API is called directly here: a call takes a fifth of a microsecond, and
// node-addon-api would double that.
//
// Small inputs and all results lie in a scratch that both languages know, since Node-API takes longer to find a small buffer of
// JavaScript's than OpenSSL takes to use it.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>

#include "../crypto/bytes.hh"
#include "../crypto/hashes.hh"
#include "../crypto/key-share.hh"
#include "alive.hh"

namespace tls::crypto {

// Every result fits in here; the longest is a signature of ML-DSA-87, with 4627 bytes (FIPS 204 §4).
inline constexpr size_t kResultSize = 5120;
inline constexpr size_t kInputSize = 3072;

// What one environment has.
struct Environment {
  // The scratch is a buffer of JavaScript's, which is kept as long as the environment lives.
  uint8_t* results = nullptr;
  uint8_t* inputs = nullptr;
  Hasher hasher;
  KeyMaker key_maker;
  Alive alive;
};

// A mistake of the caller's. It becomes a RangeError.
struct WrongArgument final : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

// The library has failed at what cannot fail. It becomes an Error.
struct LibraryFailure final : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void Require(bool holds, const char* expected) {
  if (!holds) throw WrongArgument(expected);
}

inline void Succeed(bool has_succeeded, const char* what) {
  if (!has_succeeded) throw LibraryFailure(what);
}

class Call {
 public:
  Call(napi_env env, napi_callback_info info);
  // What was put into the scratch may be secret. Only results remain in it, which are the caller's to wipe.
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  napi_env env() const { return env_; }
  napi_value operator[](size_t index) const { return arguments_[index]; }
  Environment& environment() const { return **environment_; }
  const std::shared_ptr<Environment>& shared_environment() const { return *environment_; }

  // Reads a whole number below `bound`.
  uint32_t Number(size_t index, uint32_t bound) const;
  // Gives nothing where the argument is no number at all.
  std::optional<uint32_t> MaybeNumber(size_t index, uint32_t bound) const;
  Hash HashAt(size_t index) const { return static_cast<Hash>(Number(index, kHashes)); }
  // Reads bytes: a Uint8Array, or the number of those that lie in the scratch, behind the ones that were read before.
  Input BytesAt(size_t index);
  // Reads a Uint8Array that is written to.
  Output TargetAt(size_t index) const;
  bool IsAbsent(size_t index) const;
  // Reads an Int32Array, as the bytes that it consists of.
  Input IntegersAt(size_t index) const;
  // Gives the place of the result, which no input overlaps.
  Output Result(size_t size) const;
  Output WholeResult() const { return Result(kResultSize); }

  napi_value Truth(bool value) const;
  napi_value Count(size_t value) const;

 private:
  static constexpr size_t kMostArguments = 8;

  Output ViewAt(size_t index, napi_typedarray_type expected, const char* expectation) const;

  napi_env env_;
  napi_value arguments_[kMostArguments];
  const std::shared_ptr<Environment>* environment_ = nullptr;
  size_t taken_ = 0;  // how much of the inputs in the scratch was read
};

// A function that JavaScript calls. No exception leaves it.
using Body = napi_value (*)(Call& call);

template <Body kBody>
napi_value Enter(napi_env env, napi_callback_info info) noexcept {
  try {
    Call call(env, info);
    return kBody(call);
  } catch (const WrongArgument& mistake) {
    napi_throw_range_error(env, nullptr, mistake.what());
  } catch (const std::exception& failure) {
    napi_throw_error(env, nullptr, failure.what());
  }
  return nullptr;
}

}  // namespace tls::crypto
