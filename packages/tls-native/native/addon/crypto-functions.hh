// All functions of the crypto provider.
#pragma once

#include <vector>

#include "crypto-call.hh"

namespace tls::crypto {

struct Entry {
  const char* name;
  napi_callback function;
};

std::vector<Entry> Entries();

// Each file of functions lists its own.
std::vector<Entry> HashEntries();
std::vector<Entry> AeadEntries();
std::vector<Entry> KeyExchangeEntries();
std::vector<Entry> SignatureEntries();

}  // namespace tls::crypto
