#include "engine.hh"

namespace tls::openssl {
namespace {

// The longest content of a record, in bytes.
constexpr size_t kRecord = 16384;

}  // namespace

// While half of a message after the handshake is there, a ticket for instance, the library sends nothing: it would first read the rest,
// which may not be there yet.
bool OpenSslEngine::IsWithinMessage() const { return is_done_ && F().SSL_in_init(connection_.get()) == 1; }

Outcome OpenSslEngine::Send(View plaintext) {
  Outcome outcome;
  SendWhenWhole(plaintext, &outcome);
  return outcome;
}

std::optional<size_t> OpenSslEngine::SendInto(View plaintext, Room room, Outcome* outcome) {
  const Lending lending(&buffers_.lent, room);
  SendWhenWhole(plaintext, outcome);
  return lending.Settle(outcome, &Outcome::ciphertext);
}

void OpenSslEngine::SendWhenWhole(View plaintext, Outcome* outcome) {
  ForgetErrors();
  if (IsWithinMessage()) {
    unsent_.insert(unsent_.end(), plaintext.data, plaintext.data + plaintext.size);
  } else {
    Write(plaintext, outcome);
  }
  Finish(outcome);
}

void OpenSslEngine::Write(View plaintext, Outcome* outcome) {
  // The buffer grows once instead of many times: a record takes 22 bytes more than its content, or 29 in TLS 1.2.
  const size_t size = plaintext.size + (plaintext.size / kRecord + 1) * 32;
  if (buffers_.lent.left() < size) buffers_.output.reserve(buffers_.output.size() + size);
  size_t written = 0;
  const int result = F().SSL_write_ex(connection_.get(), plaintext.data, plaintext.size, &written);
  if (result != 1 || written != plaintext.size) outcome->fault = FaultOf();
}

// Does what had to wait until the message is whole; close_notify comes last.
void OpenSslEngine::CatchUp(Outcome* outcome) {
  if (IsWithinMessage()) return;
  const Bytes unsent = std::move(unsent_);
  unsent_ = Bytes();
  if (!unsent.empty()) Write(View{unsent.data(), unsent.size()}, outcome);
  if (owes_key_update_ && !outcome->fault.has_value()) ChangeKeys(outcome);
  owes_key_update_ = false;
  if (owes_close_ && !outcome->fault.has_value()) SayClosed(outcome);
  owes_close_ = false;
}

Outcome OpenSslEngine::SendEarly(View plaintext) {
  ForgetErrors();
  Outcome outcome;
  size_t written = 0;
  const int result = F().SSL_write_early_data(connection_.get(), plaintext.data, plaintext.size, &written);
  if (result != 1 || written != plaintext.size) outcome.fault = FaultOf();
  Finish(&outcome);
  return outcome;
}

Outcome OpenSslEngine::Close() {
  ForgetErrors();
  Outcome outcome;
  owes_close_ = IsWithinMessage();
  if (!owes_close_) SayClosed(&outcome);
  Finish(&outcome);
  return outcome;
}

void OpenSslEngine::SayClosed(Outcome* outcome) {
  if (F().SSL_shutdown(connection_.get()) < 0) outcome->fault = FaultOf();
}

Outcome OpenSslEngine::UpdateKeys() {
  ForgetErrors();
  Outcome outcome;
  owes_key_update_ = IsWithinMessage();
  if (!owes_key_update_) ChangeKeys(&outcome);
  Finish(&outcome);
  return outcome;
}

void OpenSslEngine::ChangeKeys(Outcome* outcome) {
  int result = F().SSL_key_update(connection_.get(), constant::kKeyUpdateRequested);
  if (result == 1) result = F().SSL_do_handshake(connection_.get());
  if (result != 1) outcome->fault = FaultOf();
}

}  // namespace tls::openssl
