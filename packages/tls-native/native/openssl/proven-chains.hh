// Remembers which chains the library has proven in one context, so that a peer that is known costs two hashes. The rules are those of ProvenChains
// in @org/x509: docs/decisions/0041-proven-chains.md has them.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "memory.hh"

namespace tls::openssl {

// What is presented in one handshake. What else a verdict depends on is the context's, but for the time.
struct PresentedChain {
  std::string peer;  // the digest of its certificate, and the name that it must have
  Bytes digest;      // of the whole chain
};

class ProvenChains {
 public:
  // The least recently used of more than `most` is forgotten. With 0 nothing is remembered.
  explicit ProvenChains(size_t most) : most_(most) {}

  // Reads what is to be verified. None where nothing is remembered, and where it is too long to be hashed each time.
  std::optional<PresentedChain> Read(X509_STORE_CTX* verification, const std::string& name) const;

  // Gives the verification its path where these were proven before, and the proof still holds. `now` is in milliseconds since the epoch. It may be
  // called by several threads.
  bool Recall(const PresentedChain& presented, X509_STORE_CTX* verification, int64_t now);

  // Remembers what the library has accepted. It may be called by several threads.
  void Remember(PresentedChain presented, X509_STORE_CTX* verification, int64_t now);

 private:
  // A certificate of a path: where it stands in the chain as it was sent, or one of the store, which holds it anyway.
  struct Place {
    int index = -1;
    X509Owner trusted;
  };

  struct Entry {
    std::string peer;
    Bytes digest;
    int64_t from = 0;
    int64_t until = 0;  // that instant does not belong to it
    std::vector<Place> places;
  };

  const size_t most_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the one that was used last comes first
  std::unordered_map<std::string, std::list<Entry>::iterator> places_;
};

}  // namespace tls::openssl
