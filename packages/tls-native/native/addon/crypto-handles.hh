// The objects of the crypto provider that JavaScript holds.
#pragma once

#include "crypto-call.hh"

namespace tls::crypto {

template <typename T>
struct Held {
  std::unique_ptr<T> object;
  std::shared_ptr<Environment> environment;
};

template <typename T>
void Finalize(napi_env env, void* data, void*) {
  const std::unique_ptr<Held<T>> held(static_cast<Held<T>*>(data));
  held->environment->alive.erase(held.get());
  int64_t total = 0;
  napi_adjust_external_memory(env, -T::kOutsideSize, &total);  // if it fails, there is nobody to tell
}

// Makes a handle, with which the object is freed. The garbage collector is told how many bytes it holds outside of JavaScript's heap.
template <typename T>
napi_value MakeHandle(const Call& call, std::unique_ptr<T> object) {
  auto held = std::make_unique<Held<T>>();
  held->object = std::move(object);
  held->environment = call.shared_environment();
  auto& alive = call.environment().alive;
  alive.emplace(held.get(), TagOf<T>());
  napi_value handle = nullptr;
  if (napi_create_external(call.env(), held.get(), Finalize<T>, nullptr, &handle) != napi_ok) {
    alive.erase(held.get());
    throw LibraryFailure("napi_create_external failed");
  }
  static_cast<void>(held.release());  // from here on the garbage collector owns it
  int64_t total = 0;
  napi_adjust_external_memory(call.env(), T::kOutsideSize, &total);
  return handle;
}

// Gives the object of a handle. Throws where the value is no handle, or one of another type or environment.
template <typename T>
T& ObjectAt(const Call& call, size_t index) {
  void* data = nullptr;
  Require(napi_get_value_external(call.env(), call[index], &data) == napi_ok, "expected a handle");
  const auto& alive = call.environment().alive;
  const auto found = alive.find(data);
  Require(found != alive.end() && found->second == TagOf<T>(), "expected a handle of another type, made here");
  return *static_cast<Held<T>*>(data)->object;
}

}  // namespace tls::crypto
