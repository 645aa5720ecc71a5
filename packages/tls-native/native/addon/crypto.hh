// The crypto provider, as functions for JavaScript. src/border/crypto-addon.ts describes them.
#pragma once

#include <napi.h>

namespace tls {

// loadCrypto(): gives the functions and what is known of the library, or { tried }.
Napi::Value LoadCrypto(const Napi::CallbackInfo& info);

}  // namespace tls
