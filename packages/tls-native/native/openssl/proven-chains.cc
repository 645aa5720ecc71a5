#include "proven-chains.hh"

#include "certificates-end.hh"

namespace tls::openssl {
namespace {

// The longest chain that is remembered, in bytes.
constexpr size_t kMaxPresented = 65536;
constexpr size_t kDigestSize = 32;

// Gives SHA-256, or nothing where the library has failed.
Bytes Digest(const Bytes& bytes) {
  Bytes digest(kDigestSize);
  const int is_made = F().EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, F().EVP_sha256(), nullptr);
  return is_made == 1 ? digest : Bytes();
}

// Appends a certificate behind its length. False where it cannot be encoded.
bool Append(const X509* certificate, Bytes* all) {
  const Bytes der = Encode(certificate);
  for (int shift = 24; shift >= 0; shift -= 8) all->push_back(static_cast<uint8_t>(der.size() >> shift));
  all->insert(all->end(), der.begin(), der.end());
  return !der.empty() && all->size() <= kMaxPresented;
}

X509* At(const OPENSSL_STACK* chain, int index) { return static_cast<X509*>(F().OPENSSL_sk_value(chain, index)); }

X509Owner Share(X509* certificate) {
  F().X509_up_ref(certificate);
  return X509Owner(certificate);
}

// A path whose certificates are freed with it.
struct PathDeleter {
  void operator()(OPENSSL_STACK* path) const {
    F().OPENSSL_sk_pop_free(path, [](void* certificate) { F().X509_free(static_cast<X509*>(certificate)); });
  }
};
using PathOwner = std::unique_ptr<OPENSSL_STACK, PathDeleter>;

// Gives the place at which a certificate was sent, or -1. A path holds the very objects that were sent, or the store's.
int IndexIn(const OPENSSL_STACK* sent, const X509* certificate) {
  const int count = F().OPENSSL_sk_num(sent);
  for (int index = 0; index < count; ++index) {
    if (At(sent, index) == certificate) return index;
  }
  return -1;
}

}  // namespace

std::optional<PresentedChain> ProvenChains::Read(X509_STORE_CTX* verification, const std::string& name) const {
  if (most_ == 0) return std::nullopt;
  const OPENSSL_STACK* sent = F().X509_STORE_CTX_get0_untrusted(verification);
  const int count = F().OPENSSL_sk_num(sent);
  // The library verifies the first certificate that was sent.
  if (count < 1 || At(sent, 0) != F().X509_STORE_CTX_get0_cert(verification)) return std::nullopt;
  Bytes all;
  Bytes leaf;
  for (int index = 0; index < count; ++index) {
    if (!Append(At(sent, index), &all)) return std::nullopt;
    if (index == 0) leaf = Digest(all);
  }
  Bytes digest = Digest(all);
  if (leaf.empty() || digest.empty()) return std::nullopt;
  return PresentedChain{std::string(leaf.begin(), leaf.end()) + name, std::move(digest)};
}

bool ProvenChains::Recall(const PresentedChain& presented, X509_STORE_CTX* verification, int64_t now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = places_.find(presented.peer);
  if (found == places_.end()) return false;
  const Entry& entry = *found->second;
  if (entry.digest != presented.digest || now < entry.from || now >= entry.until) return false;
  const OPENSSL_STACK* sent = F().X509_STORE_CTX_get0_untrusted(verification);
  PathOwner path(F().OPENSSL_sk_new_null());
  for (const Place& place : entry.places) {
    X509Owner certificate = Share(place.trusted != nullptr ? place.trusted.get() : At(sent, place.index));
    if (path == nullptr || F().OPENSSL_sk_push(path.get(), certificate.get()) < 1) return false;
    certificate.release();  // the path holds it
  }
  F().X509_STORE_CTX_set0_verified_chain(verification, path.release());
  F().X509_STORE_CTX_set_error(verification, 0);
  entries_.splice(entries_.begin(), entries_, found->second);
  return true;
}

void ProvenChains::Remember(PresentedChain presented, X509_STORE_CTX* verification, int64_t now) {
  const OPENSSL_STACK* sent = F().X509_STORE_CTX_get0_untrusted(verification);
  const OPENSSL_STACK* path = F().X509_STORE_CTX_get0_chain(verification);
  Entry entry{presented.peer, std::move(presented.digest), now, EndOfProof(path, now), {}};
  const int length = F().OPENSSL_sk_num(path);
  if (length < 1) return;  // the library has accepted nothing without a path
  for (int at = 0; at < length; ++at) {
    Place place;
    place.index = IndexIn(sent, At(path, at));
    if (place.index < 0) place.trusted = Share(At(path, at));
    entry.places.push_back(std::move(place));
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = places_.find(presented.peer);
  if (known != places_.end()) entries_.erase(known->second);
  entries_.push_front(std::move(entry));
  places_[presented.peer] = entries_.begin();
  if (entries_.size() <= most_) return;
  places_.erase(entries_.back().peer);
  entries_.pop_back();
}

}  // namespace tls::openssl
