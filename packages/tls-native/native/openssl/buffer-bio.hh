// A BIO over the caller's input and output: input is not copied, output goes into the room that the caller lends as long as that is large
// enough, and nothing is kept between calls.
#pragma once

#include "../lent.hh"
#include "memory.hh"

namespace tls::openssl {

struct BufferBio {
  View input{nullptr, 0};
  Bytes output;
  Lent lent;  // it is filled first, and comes before the output

  // Makes a BIO that reads and writes here. OpenSSL owns it, and this object must outlive it. Null when there is no memory.
  BIO* Create();
};

}  // namespace tls::openssl
