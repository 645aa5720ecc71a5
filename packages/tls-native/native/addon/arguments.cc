#include "arguments.hh"

#include <algorithm>
#include <cmath>

namespace tls {
namespace {

// The most elements of a list. No list that is made of a configuration has more, and 16 bits can number no more.
constexpr uint32_t kLongestList = 65536;

[[noreturn]] void Refuse(const Napi::Value& value, const char* expected) {
  throw Napi::TypeError::New(value.Env(), std::string("expected ") + expected);
}

}  // namespace

View ViewOf(const Napi::Value& value) {
  // node-addon-api would ask four times, and this is done for every record.
  napi_typedarray_type type = napi_uint8_array;
  void* data = nullptr;
  size_t size = 0;
  const napi_status status = napi_get_typedarray_info(value.Env(), value, &type, &size, &data, nullptr, nullptr);
  if (status != napi_ok || type != napi_uint8_array) Refuse(value, "a Uint8Array");
  return View{static_cast<const uint8_t*>(data), size};
}

Bytes BytesOf(const Napi::Value& value) {
  const View view = ViewOf(value);
  return Bytes(view.data, view.data + view.size);
}

Bytes BytesOf(const Napi::Value& value, size_t most) {
  const View view = ViewOf(value);
  if (view.size > most) throw Napi::RangeError::New(value.Env(), "expected at most " + std::to_string(most) + " bytes");
  return Bytes(view.data, view.data + view.size);
}

std::vector<Napi::Value> ElementsOf(const Napi::Value& value) {
  if (!value.IsArray()) Refuse(value, "a list");
  const auto array = value.As<Napi::Array>();
  const uint32_t length = array.Length();
  if (length > kLongestList) throw Napi::RangeError::New(value.Env(), "the list is too long");
  std::vector<Napi::Value> elements;
  for (uint32_t index = 0; index < length; ++index) elements.push_back(array.Get(index));
  return elements;
}

std::vector<Bytes> ListOf(const Napi::Value& value) {
  std::vector<Bytes> list;
  for (const Napi::Value& element : ElementsOf(value)) list.push_back(BytesOf(element));
  return list;
}

std::vector<uint16_t> NumbersOf(const Napi::Value& value) {
  std::vector<uint16_t> list;
  for (const Napi::Value& element : ElementsOf(value)) list.push_back(static_cast<uint16_t>(IntegerOf(element, 0, UINT16_MAX)));
  return list;
}

int64_t IntegerOf(const Napi::Value& value, int64_t least, int64_t most) {
  if (!value.IsNumber()) Refuse(value, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  // This condition is also true for NaN.
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) || number != std::floor(number)) {
    throw Napi::RangeError::New(value.Env(), "expected a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int64_t>(number);
}

bool FlagOf(const Napi::Value& value) {
  if (!value.IsBoolean()) Refuse(value, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

std::string TextOf(const Napi::Value& value, size_t most) {
  if (!value.IsString()) Refuse(value, "a text");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.size() > most) throw Napi::RangeError::New(value.Env(), "the text is too long");
  // The libraries take a zero for the end of a text.
  if (text.find('\0') != std::string::npos) throw Napi::RangeError::New(value.Env(), "the text holds a zero");
  return text;
}

Fields::Fields(const Napi::Value& value, const char* type) : type_(type) {
  if (!value.IsObject()) Refuse(value, "an object");
  object_ = value.As<Napi::Object>();
}

Napi::Value Fields::Get(const char* name) {
  const std::optional<Napi::Value> value = Maybe(name);
  if (!value.has_value()) throw Napi::TypeError::New(object_.Env(), std::string(type_) + ": the field " + name + " is missing");
  return *value;
}

std::optional<Napi::Value> Fields::Maybe(const char* name) {
  read_.push_back(name);
  const Napi::Value value = object_.Get(name);
  if (value.IsUndefined()) return std::nullopt;
  return value;
}

void Fields::End() {
  const Napi::Env env = object_.Env();
  napi_value names = nullptr;
  const napi_status status = napi_get_all_property_names(env, object_, napi_key_own_only, napi_key_skip_symbols,
                                                         napi_key_numbers_to_strings, &names);
  if (status != napi_ok) throw Napi::Error::New(env);
  for (const Napi::Value& name : ElementsOf(Napi::Value(env, names))) {
    const std::string text = name.As<Napi::String>().Utf8Value();
    if (std::find(read_.begin(), read_.end(), text) != read_.end()) continue;
    throw Napi::TypeError::New(env, std::string(type_) + ": the field " + text + " is unknown");
  }
}

}  // namespace tls
