// The objects of ours that JavaScript holds, and how they are recognised.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>

#include "../guarded-engine.hh"
#include "alive.hh"
#include "outcomes.hh"
#include "workers.hh"

namespace tls {

// What each environment has for itself.
struct Instance {
  std::shared_ptr<Alive> alive = std::make_shared<Alive>();
  std::shared_ptr<Outcomes> outcomes;  // the way back from the workers, once somebody listens
};

struct Held {
  virtual ~Held() = default;
  // How many bytes it holds outside of JavaScript's heap. The garbage collector is told, so that it knows what it can free.
  virtual int64_t OutsideSize() const { return 0; }

  std::shared_ptr<Alive> alive;  // of the environment in which it was made: a handle cannot be used in another
};
struct TrustHandle final : Held {
  static constexpr const char* kKind = "trust";
  std::shared_ptr<TrustStore> trust;
};
struct CredentialHandle final : Held {
  static constexpr const char* kKind = "credential";
  std::shared_ptr<Credential> credential;
};
struct ContextHandle final : Held {
  static constexpr const char* kKind = "context";
  std::shared_ptr<Context> context;
  bool is_server = false;
  bool is_offloaded = false;
};
struct EngineHandle final : Held {
  static constexpr const char* kKind = "engine";
  int64_t OutsideSize() const override { return engine == nullptr ? 0 : 64 * 1024; }  // what an engine holds in its handshake

  std::shared_ptr<GuardedEngine> engine;  // null once it was released; a worker may hold it longer
  Worker* worker = nullptr;               // null where all is done on the event loop
  // True while a step is under way on the worker: the engine then belongs to the worker.
  std::shared_ptr<std::atomic<bool>> is_busy = std::make_shared<std::atomic<bool>>(false);
};

inline void Adjust(Napi::Env env, int64_t change) {
  if (change != 0) Napi::MemoryManagement::AdjustExternalMemory(env, change);
}

inline void Finalize(napi_env env, void* data, void*) {
  const std::unique_ptr<Held> held(static_cast<Held*>(data));
  held->alive->erase(held.get());
  int64_t left = 0;
  napi_adjust_external_memory(env, -held->OutsideSize(), &left);  // if it fails, there is nobody to tell
}

// Makes a handle, with which the object is freed. It is an external value and no wrapped object with a type tag: it is asked for at every
// record, and to read a tag takes Node longer than to look up a pointer.
template <typename T>
Napi::Value Wrap(Napi::Env env, std::unique_ptr<T> held) {
  held->alive = env.GetInstanceData<Instance>()->alive;
  Held* const object = held.get();
  held->alive->emplace(object, TagOf<T>());
  napi_value handle = nullptr;
  const napi_status status = napi_create_external(env, object, Finalize, nullptr, &handle);
  if (status != napi_ok) held->alive->erase(object);
  NAPI_THROW_IF_FAILED(env, status, env.Undefined());
  const int64_t size = held->OutsideSize();
  static_cast<void>(held.release());  // from here on the garbage collector owns it
  Adjust(env, size);
  return Napi::Value(env, handle);
}

// Gives the object of a handle. Throws where the value is no handle, or one of another kind or environment.
template <typename T>
T& HeldBy(const Napi::Value& value) {
  void* data = nullptr;
  if (napi_get_value_external(value.Env(), value, &data) == napi_ok) {
    const Alive& alive = *value.Env().GetInstanceData<Instance>()->alive;
    const auto found = alive.find(data);
    if (found != alive.end() && found->second == TagOf<T>()) return *static_cast<T*>(static_cast<Held*>(data));
  }
  throw Napi::TypeError::New(value.Env(), std::string("expected a handle of: ") + T::kKind);
}

}  // namespace tls
