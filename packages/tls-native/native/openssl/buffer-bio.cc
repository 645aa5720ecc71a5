#include "buffer-bio.hh"

#include <algorithm>
#include <cstring>

namespace tls::openssl {
namespace {

BufferBio* Of(BIO* bio) { return static_cast<BufferBio*>(F().BIO_get_data(bio)); }

int Read(BIO* bio, char* out, int length) {
  F().BIO_clear_flags(bio, constant::kBioFlagsRetry);
  View& input = Of(bio)->input;
  if (input.size == 0) {
    F().BIO_set_flags(bio, constant::kBioFlagRetryRead);
    return -1;
  }
  const size_t count = std::min(input.size, static_cast<size_t>(length));
  std::memcpy(out, input.data, count);
  input.data += count;
  input.size -= count;
  return static_cast<int>(count);
}

int Write(BIO* bio, const char* data, int length) {
  F().BIO_clear_flags(bio, constant::kBioFlagsRetry);
  BufferBio* buffers = Of(bio);
  const auto size = static_cast<size_t>(length);
  Bytes& output = buffers->output;
  if (output.empty() && buffers->lent.left() >= size) {
    std::memcpy(buffers->lent.next(), data, size);
    buffers->lent.used += size;
    return length;
  }
  const size_t at = output.size();
  output.resize(at + size);
  std::memcpy(output.data() + at, data, size);
  return length;
}

long Control(BIO*, int command, long, void*) { return command == constant::kBioFlush ? 1 : 0; }

BIO_METHOD* Method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = F().BIO_meth_new(constant::kBioSource | 0x7F, "buffers");
    if (made != nullptr) {
      F().BIO_meth_set_read(made, Read);
      F().BIO_meth_set_write(made, Write);
      F().BIO_meth_set_ctrl(made, Control);
    }
    return made;
  }();
  return method;
}

}  // namespace

BIO* BufferBio::Create() {
  BIO* bio = Method() == nullptr ? nullptr : F().BIO_new(Method());
  if (bio == nullptr) return nullptr;
  F().BIO_set_data(bio, this);
  F().BIO_set_init(bio, 1);
  return bio;
}

}  // namespace tls::openssl
