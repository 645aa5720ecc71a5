#include "engine.hh"

namespace tls::openssl {
namespace {

// The longest content of a record, in bytes. If less of a buffer that grows were left, its last record would be read in two steps.
constexpr size_t kRecord = 16384;

}  // namespace

std::optional<size_t> OpenSslEngine::ReceiveInto(View ciphertext, Room room, Outcome* outcome) {
  const Lending lending(&lent_, room);
  Run(ciphertext, outcome);
  return lending.Settle(outcome, &Outcome::plaintext);
}

// Plaintext goes into the caller's room first, and what has no place there into the outcome.
void OpenSslEngine::Read(Outcome* outcome) {
  SSL* ssl = connection_.get();
  Bytes& plaintext = outcome->plaintext;
  size_t used = 0;
  while (!is_peer_closed_) {
    const bool is_lent = used == 0 && lent_.left() > 0;
    // There must be room for all that the input can hold, for a record that began before, and to see that there is no more.
    if (!is_lent && plaintext.size() - used < kRecord) plaintext.resize(used + buffers_.input.size + 2 * kRecord);
    size_t count = 0;
    const int result = is_lent ? F().SSL_read_ex(ssl, lent_.next(), lent_.left(), &count)
                               : F().SSL_read_ex(ssl, plaintext.data() + used, plaintext.size() - used, &count);
    if (result == 1) {
      (is_lent ? lent_.used : used) += count;
      if (buffers_.input.size == 0 && F().SSL_has_pending(ssl) == 0) break;
      continue;
    }
    const int error = F().SSL_get_error(ssl, result);
    // OpenSSL 3.5 reports a close_notify after user_canceled only here.
    const bool is_closed = (F().SSL_get_shutdown(ssl) & constant::kReceivedShutdown) != 0 && error != constant::kErrorSsl;
    if (error == constant::kErrorZeroReturn || is_closed) {
      is_peer_closed_ = true;
      outcome->is_peer_closed = true;
    } else if (error != constant::kErrorWantRead && error != constant::kErrorWantWrite) {
      outcome->fault = FaultOf();
    }
    break;
  }
  plaintext.resize(used);
}

}  // namespace tls::openssl
