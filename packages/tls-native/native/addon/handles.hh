// The objects of ours that JavaScript holds, and how they are recognised.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>

#include "../guarded-engine.hh"
#include "workers.hh"

namespace tls {

struct Held {
  virtual ~Held() = default;
  // How many bytes it holds outside of JavaScript's heap. The garbage collector is told, so that it knows what it can free.
  virtual int64_t OutsideSize() const { return 0; }

  napi_env home = nullptr;  // the environment in which it was made: a handle cannot be used in another
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

// Each kind has a tag of its own, which only an object that was made here can carry. Another copy of the addon has other tags, since its
// handles may have another layout.
template <typename T>
napi_type_tag TagOf() {
  static const char anchor = 0;
  return {0x746c732d6e617469, reinterpret_cast<uintptr_t>(&anchor)};
}

inline void Adjust(Napi::Env env, int64_t change) {
  if (change != 0) Napi::MemoryManagement::AdjustExternalMemory(env, change);
}

inline void Finalize(napi_env env, void* data, void*) {
  const std::unique_ptr<Held> held(static_cast<Held*>(data));
  int64_t left = 0;
  napi_adjust_external_memory(env, -held->OutsideSize(), &left);  // if it fails, there is nobody to tell
}

template <typename T>
Napi::Value Wrap(Napi::Env env, std::unique_ptr<T> held) {
  const Napi::Object handle = Napi::Object::New(env);
  held->home = env;
  NAPI_THROW_IF_FAILED(env, napi_wrap(env, handle, static_cast<Held*>(held.get()), Finalize, nullptr, nullptr), env.Undefined());
  const int64_t size = held->OutsideSize();
  static_cast<void>(held.release());  // from here on the garbage collector owns it
  Adjust(env, size);
  const napi_type_tag tag = TagOf<T>();
  handle.TypeTag(&tag);
  return handle;
}

template <typename T>
T& HeldBy(const Napi::Value& value) {
  const napi_type_tag tag = TagOf<T>();
  void* data = nullptr;
  const bool is_ours = value.IsObject() && value.As<Napi::Object>().CheckTypeTag(&tag) &&
                       napi_unwrap(value.Env(), value, &data) == napi_ok && data != nullptr;
  if (!is_ours) throw Napi::TypeError::New(value.Env(), std::string("expected a handle of: ") + T::kKind);
  T& held = *static_cast<T*>(static_cast<Held*>(data));
  if (held.home != static_cast<napi_env>(value.Env())) throw Napi::TypeError::New(value.Env(), "the handle is another environment's");
  return held;
}

}  // namespace tls
