// What the parts of the scripted library share: objects with references, and the script that is played.
#pragma once

#include "secure-transport-fake.hh"

namespace fake {

namespace st = tls::secure_transport;

struct Object {
  std::string kind;
  int references = 1;
  bool is_constant = false;
  Bytes bytes;
  const uint8_t* borrowed = nullptr;
  size_t borrowed_size = 0;
  std::string text;
  std::vector<Object*> items;
  double number = 0;
  long code = 0;
  // These belong to a connection.
  st::SSLReadFunc read = nullptr;
  st::SSLWriteFunc write = nullptr;
  st::SSLConnectionRef owner = nullptr;
  size_t step = 0;
  size_t progress = 0;
  size_t reading = 0;
  std::string unread;
  bool is_closed = false;
};

// Gives the object; where it no longer exists, gives null and notes a problem.
Object* Known(const void* reference);
Object* Make(const char* kind);
void NoteProblem(const std::string& problem);
Script& S();
Record& R();
// Notes the call, and gives the status that the script has for it.
OSStatus Told(const char* call);

template <typename Ref>
Object* Of(Ref reference) {
  return Known(static_cast<const void*>(reference));
}
template <typename Ref>
Ref As(Object* object) {
  return reinterpret_cast<Ref>(object);
}
inline Object* Shared(Object* object) {
  ++object->references;
  return object;
}
inline View BytesOf(const Object* data) {
  return data->borrowed != nullptr ? View{data->borrowed, data->borrowed_size} : View{data->bytes.data(), data->bytes.size()};
}
st::CFDataRef MakeData(View bytes);
st::CFStringRef MakeString(const std::string& text);
st::CFErrorRef MakeError(long code, const std::string& text);

template <typename Function>
void* Pointer(Function* function) {
  return reinterpret_cast<void*>(function);
}
using Symbols = std::map<std::string, void*>;
// The first adds CoreFoundation and the SSL functions, the second those of certificates, keys and trust.
void AddConnectionSymbols(Symbols* symbols);
void AddTrustSymbols(Symbols* symbols);

}  // namespace fake
