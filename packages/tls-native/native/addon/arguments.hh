// What JavaScript gives, read once and checked: a wrong type or length is an exception there, and never a crash here.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "../provider.hh"

namespace tls {

// The bytes stay JavaScript's: nothing that may run JavaScript comes between this and their use.
View ViewOf(const Napi::Value& value);
Bytes BytesOf(const Napi::Value& value);
// Throws a RangeError when there are more.
Bytes BytesOf(const Napi::Value& value, size_t most);
std::vector<Bytes> ListOf(const Napi::Value& value);
// Numbers as registered by IANA.
std::vector<uint16_t> NumbersOf(const Napi::Value& value);
// The elements, at most as many as any list here may have.
std::vector<Napi::Value> ElementsOf(const Napi::Value& value);
// A whole number from `least` to `most`.
int64_t IntegerOf(const Napi::Value& value, int64_t least, int64_t most);
bool FlagOf(const Napi::Value& value);
std::string TextOf(const Napi::Value& value, size_t most);
// An object, and what a key of it holds.
Napi::Object ObjectOf(const Napi::Value& value);
std::optional<Napi::Value> Given(const Napi::Object& options, const char* name);

}  // namespace tls
