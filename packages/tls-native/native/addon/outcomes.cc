#include "outcomes.hh"

namespace tls {
namespace {

struct Delivery {
  double number;
  Outcome outcome;
  Outcomes::ToValue to_value;
};

void Hand(Napi::Env env, Napi::Function listener, Delivery* delivery) {
  const std::unique_ptr<Delivery> owned(delivery);
  if (env == nullptr) return;  // the environment is being torn down
  listener.Call({Napi::Number::New(env, owned->number), owned->to_value(env, owned->outcome)});
}

}  // namespace

std::shared_ptr<Outcomes> Outcomes::Create(Napi::Env env, Napi::Function listener, ToValue to_value) {
  std::shared_ptr<Outcomes> outcomes(new Outcomes(to_value));
  outcomes->function_ = Napi::ThreadSafeFunction::New(env, listener, "tls handshakes", 0, 1);
  outcomes->function_.Unref(env);
  // This hook runs before the one of the function, which was added first. From then on no worker touches the function.
  env.AddCleanupHook([outcomes] { outcomes->Close(); });
  return outcomes;
}

void Outcomes::Deliver(double number, Outcome outcome) {
  auto* delivery = new Delivery{number, std::move(outcome), to_value_};
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!is_open_ || function_.NonBlockingCall(delivery, Hand) != napi_ok) delete delivery;
}

void Outcomes::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  is_open_ = false;
}

}  // namespace tls
