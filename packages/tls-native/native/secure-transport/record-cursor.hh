// Finds where the records of a stream end (RFC 5246 §6.2.1).
#pragma once

#include <algorithm>

#include "../provider.hh"

namespace tls::secure_transport {

class RecordCursor {
 public:
  // Calls `each` with the content type of every record that ends in these bytes.
  template <typename Each>
  void Advance(View bytes, Each each) {
    while (bytes.size > 0) {
      if (head_size_ < sizeof head_) {
        head_[head_size_++] = bytes.data[0];
        bytes = View{bytes.data + 1, bytes.size - 1};
        if (head_size_ < sizeof head_) continue;
        rest_ = static_cast<size_t>(head_[3]) << 8 | head_[4];
      }
      const size_t count = std::min(bytes.size, rest_);
      bytes = View{bytes.data + count, bytes.size - count};
      rest_ -= count;
      if (rest_ > 0) continue;
      head_size_ = 0;
      each(head_[0]);
    }
  }

 private:
  uint8_t head_[5] = {};
  size_t head_size_ = 0;
  size_t rest_ = 0;
};

}  // namespace tls::secure_transport
