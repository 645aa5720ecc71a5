// Bytes that a caller owns: what is read, and what is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tls::crypto {

struct Input {
  const uint8_t* data = nullptr;
  size_t size = 0;
};

struct Output {
  uint8_t* data = nullptr;
  size_t size = 0;
};

using Bytes = std::vector<uint8_t>;

}  // namespace tls::crypto
