// Random bytes by OpenSSL's generators.
#pragma once

#include "bytes.hh"

namespace tls::crypto {

// Fills the output from the generator for what may be seen. False when the generator fails.
bool FillRandom(Output output);

// Fills the output from the generator for what is secret.
bool FillSecret(Output output);

}  // namespace tls::crypto
