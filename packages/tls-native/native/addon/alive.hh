// The handles of an environment that are alive. Both the calls of TLS and those of the crypto provider look theirs up.
#pragma once

#include <unordered_map>

namespace tls {

// Each handle has the tag of its kind. A pointer that is not among them is not followed.
using Alive = std::unordered_map<const void*, const void*>;

// Each kind has a tag of its own.
template <typename T>
const void* TagOf() {
  static const char tag = 0;
  return &tag;
}

}  // namespace tls
