#include "crypto.hh"

#include "crypto-functions.hh"

namespace tls {
namespace {

using crypto::Environment;

// Frees what an environment has when it ends. No function can be called from then on; handles that are freed later hold their own share.
void Forget(void* data) { delete static_cast<std::shared_ptr<Environment>*>(data); }

// Makes the scratch, which never moves: it is a buffer of JavaScript's, to which we keep a reference.
Napi::ArrayBuffer MakeScratch(Napi::Env env, Environment* environment) {
  Napi::ArrayBuffer scratch = Napi::ArrayBuffer::New(env, crypto::kResultSize + crypto::kInputSize);
  napi_ref reference = nullptr;
  NAPI_THROW_IF_FAILED(env, napi_create_reference(env, scratch, 1, &reference), scratch);
  environment->results = static_cast<uint8_t*>(scratch.Data());
  environment->inputs = environment->results + crypto::kResultSize;
  return scratch;
}

Napi::Object Describe(Napi::Env env, const crypto::Library& library) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("source", library.source);
  object.Set("version", library.version);
  object.Set("path", library.path);
  object.Set("hasMlKem", library.has_ml_kem);
  object.Set("hasMlDsa", library.has_ml_dsa);
  return object;
}

}  // namespace

Napi::Value LoadCrypto(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object object = Napi::Object::New(env);
  std::vector<std::string> tried;
  const crypto::Library* library = crypto::LoadLibrary(&tried);
  if (library == nullptr) {
    Napi::Array list = Napi::Array::New(env, tried.size());
    for (uint32_t index = 0; index < tried.size(); ++index) list.Set(index, tried[index]);
    object.Set("tried", list);
    return object;
  }
  auto environment = std::make_unique<std::shared_ptr<Environment>>(std::make_shared<Environment>());
  const Napi::ArrayBuffer scratch = MakeScratch(env, environment->get());
  object.Set("results", Napi::Uint8Array::New(env, crypto::kResultSize, scratch, 0));
  object.Set("inputs", Napi::Uint8Array::New(env, crypto::kInputSize, scratch, crypto::kResultSize));
  object.Set("library", Describe(env, *library));
  for (const crypto::Entry& entry : crypto::Entries()) {
    napi_value function = nullptr;
    const napi_status status = napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.function, environment.get(), &function);
    NAPI_THROW_IF_FAILED(env, status, env.Undefined());
    object.Set(entry.name, Napi::Value(env, function));
  }
  NAPI_THROW_IF_FAILED(env, napi_add_env_cleanup_hook(env, Forget, environment.get()), env.Undefined());
  static_cast<void>(environment.release());  // the hook owns it
  return object;
}

}  // namespace tls
