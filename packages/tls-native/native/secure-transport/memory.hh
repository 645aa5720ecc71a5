// Owners of objects whose references macOS counts.
#pragma once

#include "../provider.hh"
#include "functions.hh"

namespace tls::secure_transport {

// Holds one reference. Functions named Create and Copy give one; what functions named Get give must be retained.
template <typename Ref>
class Owner {
 public:
  Owner() = default;
  explicit Owner(Ref held) : held_(held) {}
  Owner(Owner&& other) noexcept : held_(other.held_) { other.held_ = nullptr; }
  Owner& operator=(Owner&& other) noexcept {
    if (this != &other) {
      Reset();
      held_ = other.held_;
      other.held_ = nullptr;
    }
    return *this;
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  ~Owner() { Reset(); }

  Ref get() const { return held_; }
  explicit operator bool() const { return held_ != nullptr; }
  // For a function that gives a reference through a parameter.
  Ref* Receive() {
    Reset();
    return &held_;
  }
  void Reset() {
    if (held_ != nullptr) F().CFRelease(held_);
    held_ = nullptr;
  }

 private:
  Ref held_ = nullptr;
};

template <typename Ref>
Owner<Ref> Retain(Ref shared) {
  if (shared != nullptr) F().CFRetain(shared);
  return Owner<Ref>(shared);
}

// Bytes that are overwritten with zeros when they are no longer needed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(Bytes held) : bytes(std::move(held)) {}
  Secret(Secret&&) = default;
  Secret& operator=(Secret&& other) noexcept {
    Wipe(&bytes);
    bytes = std::move(other.bytes);
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { Wipe(&bytes); }

  Bytes bytes;
};

Owner<CFDataRef> ToData(View bytes);
// The bytes remain the caller's and must outlive the result: no copy is left behind in memory.
Owner<CFDataRef> ToBorrowedData(View bytes);
Bytes ToBytes(CFDataRef data);
// Null when the text is not of that encoding.
Owner<CFStringRef> ToString(View text, uint32_t encoding);
// Gives an empty text where there is none.
std::string ToText(CFStringRef text);
Owner<CFArrayRef> ToArray(const std::vector<const void*>& items);
// Null when it is no certificate.
Owner<SecCertificateRef> ToCertificate(View der);

}  // namespace tls::secure_transport
