// Reads what JavaScript gives, once, and checks it: a wrong type or length is an exception in JavaScript, and never a crash here.
#pragma once

#include <napi.h>

#include <optional>
#include <string>
#include <vector>

#include "../provider.hh"

namespace tls {

// The bytes remain JavaScript's: nothing that may run JavaScript can come between this call and their use.
View ViewOf(const Napi::Value& value);
Bytes BytesOf(const Napi::Value& value);
// Copies the bytes. Throws a RangeError when there are more than `most`.
Bytes BytesOf(const Napi::Value& value, size_t most);
std::vector<Bytes> ListOf(const Napi::Value& value);
// Reads numbers that are registered by IANA.
std::vector<uint16_t> NumbersOf(const Napi::Value& value);
// Gives the elements of a list. Throws a RangeError when there are more than any list here may have.
std::vector<Napi::Value> ElementsOf(const Napi::Value& value);
// Reads a whole number from `least` to `most`.
int64_t IntegerOf(const Napi::Value& value, int64_t least, int64_t most);
bool FlagOf(const Napi::Value& value);
std::string TextOf(const Napi::Value& value, size_t most);

// Reads an object of a type in src/border/addon.ts, field by field. A field that is missing is an exception that names it, and so is a
// field that the object has and nobody reads: neither language can rename a field alone.
class Fields {
 public:
  Fields(const Napi::Value& value, const char* type);

  Napi::Value Get(const char* name);
  // Reads a field that the type marks as optional.
  std::optional<Napi::Value> Maybe(const char* name);
  bool Flag(const char* name) { return FlagOf(Get(name)); }
  int64_t Integer(const char* name, int64_t least, int64_t most) { return IntegerOf(Get(name), least, most); }
  // Must be called when all fields have been read.
  void End();

 private:
  Napi::Object object_;
  const char* type_;
  std::vector<const char*> read_;
};

}  // namespace tls
