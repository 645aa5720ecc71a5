// Makes JavaScript values of C++ results. The names of fields are those of src/border/addon.ts; a test compares them.
#pragma once

#include <napi.h>

#include <vector>

#include "../provider.hh"

namespace tls {

Napi::Value ToBuffer(Napi::Env env, const Bytes& bytes);
Napi::Array ToArray(Napi::Env env, const std::vector<uint16_t>& list);
Napi::Array ToArray(Napi::Env env, const std::vector<Bytes>& list);
Napi::Object ToObject(Napi::Env env, const Fault& fault);
Napi::Object ToObject(Napi::Env env, const Provider& library);
Napi::Object ToObject(Napi::Env env, const Credential& credential);
Napi::Object ToObject(Napi::Env env, const Outcome& outcome);
Napi::Object ToObject(Napi::Env env, const ConnectionFacts& facts);
// Makes { fault }.
Napi::Object Failed(Napi::Env env, const Fault& fault);

}  // namespace tls
