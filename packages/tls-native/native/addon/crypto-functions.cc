#include "crypto-functions.hh"

namespace tls::crypto {

std::vector<Entry> Entries() {
  std::vector<Entry> entries;
  for (const auto& list : {HashEntries(), AeadEntries(), KeyExchangeEntries(), SignatureEntries()}) entries.insert(entries.end(), list.begin(), list.end());
  return entries;
}

}  // namespace tls::crypto
