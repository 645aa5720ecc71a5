// Brings what workers have done back to the event loop of the environment that asked for it.
#pragma once

#include <napi.h>

#include <memory>
#include <mutex>

#include "../provider.hh"

namespace tls {

class Outcomes : public std::enable_shared_from_this<Outcomes> {
 public:
  using ToValue = Napi::Value (*)(Napi::Env env, const Outcome& outcome);

  // Makes one whose `listener` is called with a number and an outcome. It does not keep the event loop alive.
  static std::shared_ptr<Outcomes> Create(Napi::Env env, Napi::Function listener, ToValue to_value);

  // May be called from any thread. The outcome is dropped when the environment is gone.
  void Deliver(double number, Outcome outcome);

 private:
  explicit Outcomes(ToValue to_value) : to_value_(to_value) {}
  void Close();

  ToValue to_value_;
  std::mutex mutex_;
  bool is_open_ = true;
  Napi::ThreadSafeFunction function_;
};

}  // namespace tls
