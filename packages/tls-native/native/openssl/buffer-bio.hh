// A BIO over the caller's input and an output that grows: nothing is copied on the way in, and nothing is held between calls.
#pragma once

#include "memory.hh"

namespace tls::openssl {

struct BufferBio {
  View input{nullptr, 0};
  Bytes output;

  // A BIO that reads and writes here; OpenSSL owns it, and this must outlive it. Null when there is no memory.
  BIO* Create();
};

}  // namespace tls::openssl
