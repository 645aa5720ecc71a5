// Memory for secrets, and other small things that several files need.
#pragma once

#include <algorithm>
#include <cstring>

#include "library.hh"

namespace tls::crypto {

// Memory that is wiped when it goes out of scope.
template <size_t kSize>
struct Secret {
  uint8_t bytes[kSize] = {};

  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { F().OPENSSL_cleanse(bytes, kSize); }
};

}  // namespace tls::crypto
