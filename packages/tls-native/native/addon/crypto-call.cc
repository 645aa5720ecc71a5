#include "crypto-call.hh"

namespace tls::crypto {

Call::Call(napi_env env, napi_callback_info info) : env_(env) {
  size_t count = kMostArguments;  // those that are absent are undefined
  void* data = nullptr;
  Succeed(napi_get_cb_info(env, info, &count, arguments_, nullptr, &data) == napi_ok, "napi_get_cb_info failed");
  environment_ = static_cast<const std::shared_ptr<Environment>*>(data);
}

Call::~Call() {
  if (taken_ > 0) F().OPENSSL_cleanse(environment().inputs, taken_);
}

uint32_t Call::Number(size_t index, uint32_t bound) const {
  const std::optional<uint32_t> number = MaybeNumber(index, bound);
  Require(number.has_value(), "expected a number");
  return *number;
}

std::optional<uint32_t> Call::MaybeNumber(size_t index, uint32_t bound) const {
  double number = 0;
  if (napi_get_value_double(env_, arguments_[index], &number) != napi_ok) return std::nullopt;
  // This condition is false for NaN.
  Require(number >= 0 && number < bound, "expected a number in its range");
  const auto whole = static_cast<uint32_t>(number);
  Require(static_cast<double>(whole) == number, "expected a whole number");
  return whole;
}

Input Call::BytesAt(size_t index) {
  const std::optional<uint32_t> size = MaybeNumber(index, static_cast<uint32_t>(kInputSize - taken_ + 1));
  if (size.has_value()) {
    const Input input{environment().inputs + taken_, *size};
    taken_ += *size;
    return input;
  }
  const Output view = TargetAt(index);
  return Input{view.data, view.size};
}

Output Call::TargetAt(size_t index) const { return ViewAt(index, napi_uint8_array, "expected a Uint8Array"); }

Input Call::IntegersAt(size_t index) const {
  const Output view = ViewAt(index, napi_int32_array, "expected an Int32Array");
  return Input{view.data, view.size * sizeof(int32_t)};
}

bool Call::IsAbsent(size_t index) const {
  napi_valuetype type = napi_undefined;
  return napi_typeof(env_, arguments_[index], &type) == napi_ok && type == napi_undefined;
}

Output Call::ViewAt(size_t index, napi_typedarray_type expected, const char* expectation) const {
  napi_typedarray_type type = expected;
  Output view;
  void* data = nullptr;
  const napi_status status = napi_get_typedarray_info(env_, arguments_[index], &type, &view.size, &data, nullptr, nullptr);
  Require(status == napi_ok && type == expected, expectation);
  view.data = static_cast<uint8_t*>(data);
  return view;
}

Output Call::Result(size_t size) const {
  Require(size <= kResultSize, "expected a result that fits in the scratch");
  return Output{environment().results, size};
}

napi_value Call::Truth(bool value) const {
  napi_value result = nullptr;
  Succeed(napi_get_boolean(env_, value, &result) == napi_ok, "napi_get_boolean failed");
  return result;
}

napi_value Call::Count(size_t value) const {
  napi_value result = nullptr;
  Succeed(napi_create_uint32(env_, static_cast<uint32_t>(value), &result) == napi_ok, "napi_create_uint32 failed");
  return result;
}

}  // namespace tls::crypto
