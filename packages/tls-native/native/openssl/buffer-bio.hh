// A BIO over the caller's input and an output that grows: input is not copied, and nothing is kept between calls.
#pragma once

#include "memory.hh"

namespace tls::openssl {

struct BufferBio {
  View input{nullptr, 0};
  Bytes output;

  // Makes a BIO that reads and writes here. OpenSSL owns it, and this object must outlive it. Null when there is no memory.
  BIO* Create();
};

}  // namespace tls::openssl
