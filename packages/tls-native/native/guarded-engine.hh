// Guards the order of calls: an engine can rely on it, whatever calls come in.
#pragma once

#include <stdexcept>

#include "provider.hh"

namespace tls {

// Says that a call may not be made now, or an argument may not be given. Nothing has happened then.
class Misuse final : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Passes on to the engine below only the calls that its state allows. A call out of order throws `Misuse`. After the end of the connection,
// a call gets the fault that ended it once more, and the library is not called.
class GuardedEngine final : public Engine {
 public:
  explicit GuardedEngine(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

  bool is_open() const { return is_open_; }

  Outcome Start() override {
    if (is_started_) throw Misuse("the engine was started already");
    is_started_ = true;
    return Call([&] { return engine_->Start(); });
  }

  Outcome Receive(View ciphertext) override {
    RequireRunning();
    return fault_.has_value() ? Again() : Call([&] { return engine_->Receive(ciphertext); });
  }

  Outcome Resume(Answer answer) override {
    if (!is_asked_) throw Misuse("nothing was asked");
    for (const Bytes& key : answer.ticket_keys.value_or(std::vector<Bytes>())) {
      if (key.size() != kTicketKeySize) throw Misuse("a ticket key is 80 bytes");
    }
    is_asked_ = false;
    return Call([&] { return engine_->Resume(std::move(answer)); });
  }

  Outcome Send(View plaintext) override {
    RequireOpen();
    if (is_closed_) throw Misuse("the engine was closed");
    return fault_.has_value() ? Again() : Call([&] { return engine_->Send(plaintext); });
  }

  std::optional<size_t> ReceiveInto(View ciphertext, Room room, Outcome* outcome) override {
    RequireRunning();
    if (fault_.has_value()) {
      *outcome = Again();
      return std::nullopt;
    }
    return CallInto(outcome, [&](Outcome* made) { return engine_->ReceiveInto(ciphertext, room, made); });
  }

  std::optional<size_t> SendInto(View plaintext, Room room, Outcome* outcome) override {
    RequireOpen();
    if (is_closed_) throw Misuse("the engine was closed");
    if (fault_.has_value()) {
      *outcome = Again();
      return std::nullopt;
    }
    return CallInto(outcome, [&](Outcome* made) { return engine_->SendInto(plaintext, room, made); });
  }

  Outcome SendEarly(View plaintext) override {
    RequireRunning();
    if (is_open_) throw Misuse("the handshake is done");
    return fault_.has_value() ? Again() : Call([&] { return engine_->SendEarly(plaintext); });
  }

  // Closing once more does nothing.
  Outcome Close() override {
    RequireOpen();
    if (fault_.has_value()) return Again();
    if (is_closed_) return {};
    is_closed_ = true;
    return Call([&] { return engine_->Close(); });
  }

  Outcome UpdateKeys() override {
    RequireOpen();
    if (is_closed_) throw Misuse("the engine was closed");
    return fault_.has_value() ? Again() : Call([&] { return engine_->UpdateKeys(); });
  }

  Outcome Fail(int alert) override {
    RequireRunning();
    if (fault_.has_value()) return Again();
    Outcome outcome = engine_->Fail(alert);
    fault_ = Fault{};
    fault_->code = "ERR_TLS_ABORTED";
    fault_->detail = "the owner has given it up";
    return outcome;
  }

  std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) override {
    RequireOpen();
    return engine_->Export(label, context, length);
  }

  std::optional<Bytes> ExportEarly(const std::string& label, View context, size_t length) override {
    RequireRunning();
    return engine_->ExportEarly(label, context, length);
  }

  ConnectionFacts Facts() override {
    RequireOpen();
    return engine_->Facts();
  }

  std::vector<Bytes> PeerChain() override {
    RequireRunning();
    return engine_->PeerChain();
  }

 private:
  static constexpr size_t kTicketKeySize = 80;

  // Requires that the engine was started and that no question is open: a library that rests is in the middle of a call.
  void RequireRunning() const {
    if (!is_started_) throw Misuse("the engine was not started");
    if (is_asked_) throw Misuse("a question is open");
  }

  void RequireOpen() const {
    RequireRunning();
    if (!is_open_) throw Misuse("the handshake is not done");
  }

  // Makes a step. If it throws in the middle, for want of memory, the connection cannot go on, and this fault ends it.
  template <typename Step>
  auto Guard(Step step) {
    try {
      return step();
    } catch (const std::exception& failure) {
      fault_ = Fault{};
      fault_->detail = failure.what();
      throw;
    }
  }

  template <typename Step>
  Outcome Call(Step step) {
    return Guard([&] {
      Outcome outcome = step();
      Note(&outcome);
      return outcome;
    });
  }

  // The same where bytes in the caller's room may be all that comes of the step. The outcome is then empty, and there is nothing to note.
  template <typename Step>
  std::optional<size_t> CallInto(Outcome* outcome, Step step) {
    return Guard([&] {
      const std::optional<size_t> count = step(outcome);
      if (!count.has_value()) Note(outcome);
      return count;
    });
  }

  void Note(Outcome* outcome) {
    is_open_ = is_open_ || outcome->is_handshake_done;
    if (outcome->fault.has_value()) {
      fault_ = outcome->fault;
      outcome->question.reset();
    }
    is_asked_ = outcome->question.has_value();
  }

  Outcome Again() const {
    Outcome outcome;
    outcome.fault = fault_;
    return outcome;
  }

  std::unique_ptr<Engine> engine_;
  std::optional<Fault> fault_;
  bool is_started_ = false;
  bool is_open_ = false;
  bool is_asked_ = false;
  bool is_closed_ = false;
};

}  // namespace tls
