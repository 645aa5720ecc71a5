// Parameters of OpenSSL's, which it only reads.
#pragma once

#include <cstring>

#include "bytes.hh"
#include "functions.hh"

namespace tls::crypto {

inline OSSL_PARAM TextParameter(const char* key, const char* text) {
  return OSSL_PARAM{key, constant::kParamUtf8, const_cast<char*>(text), std::strlen(text), static_cast<size_t>(-1)};
}

inline OSSL_PARAM BytesParameter(const char* key, Input bytes) {
  return OSSL_PARAM{key, constant::kParamOctets, const_cast<uint8_t*>(bytes.data), bytes.size, static_cast<size_t>(-1)};
}

}  // namespace tls::crypto
