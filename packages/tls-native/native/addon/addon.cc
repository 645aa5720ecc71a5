// The one place that knows Node-API. Arguments are checked in TypeScript; an exception ends at the border:
// node-addon-api makes it JavaScript's, or drops it when the worker is being terminated.
#include <napi.h>

#include <atomic>
#include <memory>

#include "../provider.hh"
#include "outcomes.hh"
#include "workers.hh"

namespace {

using tls::Bytes;
using tls::Fault;
using tls::View;

// What JavaScript holds of ours: one type for all, so that one of another kind is refused and not misread.
struct Held {
  virtual ~Held() = default;
  // What it holds outside of JavaScript's heap, told to the collector so that it knows what it may free.
  virtual int64_t OutsideSize() const { return 0; }
};
struct TrustHandle final : Held {
  static constexpr const char* kKind = "trust";
  std::shared_ptr<tls::TrustStore> trust;
};
struct CredentialHandle final : Held {
  static constexpr const char* kKind = "credential";
  std::shared_ptr<tls::Credential> credential;
};
struct ContextHandle final : Held {
  static constexpr const char* kKind = "context";
  std::shared_ptr<tls::Context> context;
  bool is_offloaded = false;
};
struct EngineHandle final : Held {
  static constexpr const char* kKind = "engine";
  int64_t OutsideSize() const override { return engine == nullptr ? 0 : 64 * 1024; }  // in its handshake
  std::shared_ptr<tls::Engine> engine;  // null once released; a worker may have it longer
  tls::Worker* worker = nullptr;        // null: all is done on the event loop
};

void Adjust(Napi::Env env, int64_t change) {
  if (change != 0) Napi::MemoryManagement::AdjustExternalMemory(env, change);
}

Napi::Value Wrap(Napi::Env env, std::unique_ptr<Held> held) {
  const auto handle = Napi::External<Held>::New(env, held.get(), [](Napi::Env env, Held* held) {
    const int64_t size = held->OutsideSize();
    delete held;
    Adjust(env, -size);
  });
  Adjust(env, held.release()->OutsideSize());  // from here on the collector's
  return handle;
}

template <typename T>
T& HeldBy(const Napi::Value& value) {
  T* held = dynamic_cast<T*>(value.As<Napi::External<Held>>().Data());
  if (held == nullptr) throw Napi::TypeError::New(value.Env(), std::string("expected a handle of: ") + T::kKind);
  return *held;
}

View ViewOf(const Napi::Value& value) {
  const auto array = value.As<Napi::Uint8Array>();
  return View{array.Data(), array.ByteLength()};
}

Bytes BytesOf(const Napi::Value& value) {
  const View view = ViewOf(value);
  return Bytes(view.data, view.data + view.size);
}

std::vector<Bytes> ListOf(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<Bytes> list;
  for (uint32_t index = 0; index < array.Length(); ++index) list.push_back(BytesOf(array.Get(index)));
  return list;
}

// A copy: a buffer that changes hands needs a finalizer on another turn of the loop and fresh memory each time, which cost more.
Napi::Value ToBuffer(Napi::Env env, const Bytes& bytes) {
  return Napi::Buffer<uint8_t>::Copy(env, bytes.data(), bytes.size());
}

Napi::Array ToArray(Napi::Env env, const std::vector<uint16_t>& list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (uint32_t index = 0; index < list.size(); ++index) array.Set(index, static_cast<double>(list[index]));
  return array;
}

std::vector<uint16_t> NumbersOf(const Napi::Value& value) {
  const auto array = value.As<Napi::Array>();
  std::vector<uint16_t> list;
  for (uint32_t index = 0; index < array.Length(); ++index) {
    list.push_back(static_cast<uint16_t>(array.Get(index).As<Napi::Number>().Uint32Value()));
  }
  return list;
}

Napi::Array ToArray(Napi::Env env, const std::vector<Bytes>& list) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (uint32_t index = 0; index < list.size(); ++index) array.Set(index, ToBuffer(env, list[index]));
  return array;
}

Napi::Object ToObject(Napi::Env env, const Fault& fault) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("code", fault.code);
  object.Set("detail", fault.detail);
  object.Set("osCode", static_cast<double>(fault.os_code));
  if (!fault.node_code.empty()) object.Set("nodeCode", fault.node_code);
  if (fault.sent_alert >= 0) object.Set("sentAlert", fault.sent_alert);
  if (fault.received_alert >= 0) object.Set("receivedAlert", fault.received_alert);
  return object;
}

Napi::Object ToObject(Napi::Env env, const tls::Policy& policy) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("file", policy.file);
  object.Set("minVersion", static_cast<double>(policy.min_version));
  object.Set("maxVersion", static_cast<double>(policy.max_version));
  object.Set("securityLevel", policy.security_level);
  object.Set("cipherSuites", ToArray(env, policy.cipher_suites));
  return object;
}

Napi::Object Failed(Napi::Env env, const Fault& fault) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("fault", ToObject(env, fault));
  return object;
}

Napi::Object ToObject(Napi::Env env, const tls::Outcome& outcome) {
  Napi::Object object = Napi::Object::New(env);
  if (!outcome.ciphertext.empty()) object.Set("ciphertext", ToBuffer(env, outcome.ciphertext));
  if (!outcome.early_data.empty()) object.Set("earlyData", ToBuffer(env, outcome.early_data));
  if (!outcome.plaintext.empty()) object.Set("plaintext", ToBuffer(env, outcome.plaintext));
  if (outcome.is_handshake_done) object.Set("isHandshakeDone", true);
  if (outcome.is_peer_closed) object.Set("isPeerClosed", true);
  if (!outcome.key_log.empty()) {
    Napi::Array lines = Napi::Array::New(env, outcome.key_log.size());
    for (uint32_t index = 0; index < outcome.key_log.size(); ++index) lines.Set(index, outcome.key_log[index]);
    object.Set("keyLog", lines);
  }
  if (!outcome.sessions.empty()) {
    Napi::Array sessions = Napi::Array::New(env, outcome.sessions.size());
    for (uint32_t index = 0; index < outcome.sessions.size(); ++index) {
      const tls::Session& session = outcome.sessions[index];
      Napi::Object made = Napi::Object::New(env);
      made.Set("state", ToBuffer(env, session.state));
      made.Set("lifetime", static_cast<double>(session.lifetime));
      made.Set("maxEarlyData", static_cast<double>(session.max_early_data));
      sessions.Set(index, made);
    }
    object.Set("sessions", sessions);
  }
  if (outcome.question.has_value()) {
    Napi::Object question = Napi::Object::New(env);
    question.Set("kind", outcome.question->kind);
    for (const auto& [name, values] : outcome.question->parts) question.Set(name, ToArray(env, values));
    object.Set("question", question);
  }
  if (outcome.fault.has_value()) object.Set("fault", ToObject(env, *outcome.fault));
  return object;
}

std::atomic<tls::Provider*> provider{nullptr};  // set by the first `load`, the same for every environment of the process

// load(path): { name, version, path, cipherSuites, groups, signatureSchemes, policy? } or { tried }
Napi::Value Load(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<std::string> tried;
  tls::Provider* loaded = tls::LoadProvider(info[0].As<Napi::String>().Utf8Value(), &tried);
  Napi::Object object = Napi::Object::New(env);
  if (loaded == nullptr) {
    Napi::Array list = Napi::Array::New(env, tried.size());
    for (uint32_t index = 0; index < tried.size(); ++index) list.Set(index, tried[index]);
    object.Set("tried", list);
    return object;
  }
  provider = loaded;
  object.Set("name", loaded->Name());
  object.Set("version", loaded->Version());
  object.Set("path", loaded->Path());
  const tls::Algorithms supported = loaded->Supported();
  object.Set("cipherSuites", ToArray(env, supported.cipher_suites));
  object.Set("groups", ToArray(env, supported.groups));
  object.Set("signatureSchemes", ToArray(env, supported.signature_schemes));
  const std::optional<tls::Policy> policy = loaded->SystemPolicy();
  if (policy.has_value()) object.Set("policy", ToObject(env, *policy));
  return object;
}

tls::Provider& LoadedProvider(const Napi::CallbackInfo& info) {
  tls::Provider* loaded = provider.load();
  if (loaded == nullptr) throw Napi::Error::New(info.Env(), "no library was loaded");
  return *loaded;
}

// createTrustStore(certificates, addSystem): handle or { fault }
Napi::Value CreateTrustStore(const Napi::CallbackInfo& info) {
  std::optional<Fault> fault;
  auto trust = LoadedProvider(info).CreateTrustStore(ListOf(info[0]), info[1].As<Napi::Boolean>().Value(), &fault);
  if (fault.has_value()) return Failed(info.Env(), *fault);
  auto held = std::make_unique<TrustHandle>();
  held->trust = std::move(trust);
  return Wrap(info.Env(), std::move(held));
}

// createCredential(chain, privateKey, signatureSchemes | undefined): handle or { fault }
Napi::Value CreateCredential(const Napi::CallbackInfo& info) {
  std::optional<Fault> fault;
  const std::vector<Bytes> chain = ListOf(info[0]);
  std::optional<std::vector<uint16_t>> schemes;
  if (!info[2].IsUndefined()) schemes = NumbersOf(info[2]);
  Bytes private_key = BytesOf(info[1]);
  auto held = std::make_unique<CredentialHandle>();
  tls::Provider& library = LoadedProvider(info);
  held->credential = schemes.has_value() ? library.CreateRestricted(chain, private_key, *schemes, &fault)
                                         : library.CreateCredential(chain, private_key, &fault);
  tls::Wipe(&private_key);
  if (fault.has_value()) return Failed(info.Env(), *fault);
  return Wrap(info.Env(), std::move(held));
}

std::shared_ptr<tls::Credential> CredentialOf(const Napi::Value& value) {
  return HeldBy<CredentialHandle>(value).credential;
}

// describeCredential(credential): { issuers: names, DER; signatureSchemes; maxSignatureLength }
Napi::Value DescribeCredential(const Napi::CallbackInfo& info) {
  const auto credential = CredentialOf(info[0]);
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("issuers", ToArray(info.Env(), credential->Issuers()));
  object.Set("signatureSchemes", ToArray(info.Env(), credential->SignatureSchemes()));
  object.Set("maxSignatureLength", static_cast<double>(credential->MaxSignatureLength()));
  return object;
}

std::string TextOf(const Napi::Object& options, const char* name) {
  return options.Get(name).As<Napi::String>().Utf8Value();
}
bool FlagOf(const Napi::Object& options, const char* name) { return options.Get(name).As<Napi::Boolean>().Value(); }
int64_t NumberOf(const Napi::Object& options, const char* name) { return options.Get(name).As<Napi::Number>().Int64Value(); }

// createContext(options, trust | undefined): handle or { fault }
Napi::Value CreateContext(const Napi::CallbackInfo& info) {
  const auto given = info[0].As<Napi::Object>();
  tls::ContextOptions options;
  options.is_server = FlagOf(given, "isServer");
  options.min_version = static_cast<uint16_t>(NumberOf(given, "minVersion"));
  options.max_version = static_cast<uint16_t>(NumberOf(given, "maxVersion"));
  options.algorithms.cipher_suites = NumbersOf(given.Get("cipherSuites"));
  options.algorithms.groups = NumbersOf(given.Get("groups"));
  options.algorithms.signature_schemes = NumbersOf(given.Get("signatureSchemes"));
  options.security_level = static_cast<int>(NumberOf(given, "securityLevel"));
  options.own_signature_schemes = NumbersOf(given.Get("ownSignatureSchemes"));
  options.alpn = BytesOf(given.Get("alpn"));
  options.key_log = FlagOf(given, "keyLog");
  options.verify = static_cast<tls::Verify>(NumberOf(given, "verify"));
  options.accept_any = FlagOf(given, "acceptAny");
  options.ask_client_hello = FlagOf(given, "askClientHello");
  options.ask_certificate = FlagOf(given, "askCertificate");
  options.ask_verify = FlagOf(given, "askVerify");
  options.ask_ticket_keys = FlagOf(given, "askTicketKeys");
  options.ask_early_data = FlagOf(given, "askEarlyData");
  options.is_fallback = FlagOf(given, "isFallback");
  options.allows_legacy_renegotiation = FlagOf(given, "allowsLegacyRenegotiation");
  options.retries_for_post_quantum = FlagOf(given, "retriesForPostQuantum");
  options.requires_psk = FlagOf(given, "requiresPsk");
  options.max_early_data = static_cast<uint32_t>(NumberOf(given, "maxEarlyData"));
  options.request_ocsp = FlagOf(given, "requestOcsp");
  options.tickets = static_cast<int>(NumberOf(given, "tickets"));
  options.session_lifetime = NumberOf(given, "sessionLifetimeSeconds");
  options.session_rules = BytesOf(given.Get("sessionRules"));
  options.authorities = ListOf(given.Get("authorities"));
  const auto credentials = given.Get("credentials").As<Napi::Array>();
  for (uint32_t index = 0; index < credentials.Length(); ++index) options.credentials.push_back(CredentialOf(credentials.Get(index)));
  const auto keys = given.Get("preSharedKeys").As<Napi::Array>();
  for (uint32_t index = 0; index < keys.Length(); ++index) {
    const auto key = keys.Get(index).As<Napi::Object>();
    options.pre_shared_keys.push_back({BytesOf(key.Get("identity")), BytesOf(key.Get("key")), FlagOf(key, "isSha384")});
  }
  auto trust = info[1].IsUndefined() ? nullptr : HeldBy<TrustHandle>(info[1]).trust;
  std::optional<Fault> fault;
  auto held = std::make_unique<ContextHandle>();
  held->context = LoadedProvider(info).CreateContext(options, std::move(trust), &fault);
  held->is_offloaded = FlagOf(given, "offload");
  if (fault.has_value()) return Failed(info.Env(), *fault);
  return Wrap(info.Env(), std::move(held));
}

// createEngine(context, options): handle or { fault }
Napi::Value CreateEngine(const Napi::CallbackInfo& info) {
  const auto given = info[1].As<Napi::Object>();
  tls::EngineOptions options;
  options.server_name = TextOf(given, "serverName");
  options.is_address = FlagOf(given, "isAddress");
  options.now = NumberOf(given, "now");
  options.early_data = FlagOf(given, "earlyData");
  options.session_age = NumberOf(given, "sessionAge");
  if (!given.Get("alpn").IsUndefined()) options.alpn = BytesOf(given.Get("alpn"));
  if (!given.Get("session").IsUndefined()) options.session = BytesOf(given.Get("session"));
  if (!given.Get("ocspResponse").IsUndefined()) options.ocsp_response = BytesOf(given.Get("ocspResponse"));
  std::optional<Fault> fault;
  auto held = std::make_unique<EngineHandle>();
  const auto& context = HeldBy<ContextHandle>(info[0]);
  std::unique_ptr<tls::Engine> engine = context.context->CreateEngine(options, &fault);
  if (fault.has_value()) return Failed(info.Env(), *fault);
  if (context.is_offloaded) held->worker = tls::Worker::Next();
  held->engine = context.is_offloaded ? tls::OnWorker(std::move(engine), held->worker) : std::move(engine);
  return Wrap(info.Env(), std::move(held));
}

tls::Engine& EngineOf(const Napi::CallbackInfo& info) {
  const std::shared_ptr<tls::Engine>& engine = HeldBy<EngineHandle>(info[0]).engine;
  if (engine == nullptr) throw Napi::Error::New(info.Env(), "the engine was released");
  return *engine;
}

Napi::Value Start(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info).Start()); }
Napi::Value Receive(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info).Receive(ViewOf(info[1]))); }
// resume(engine, { alert?, credential?, signature?, declines?, ticketKeys?, ocspResponse?, path? }): outcome
tls::Answer AnswerOf(const Napi::Value& value) {
  const auto given = value.As<Napi::Object>();
  tls::Answer answer;
  if (!given.Get("alert").IsUndefined()) answer.alert = static_cast<int>(NumberOf(given, "alert"));
  if (!given.Get("credential").IsUndefined()) answer.credential = CredentialOf(given.Get("credential"));
  if (!given.Get("signature").IsUndefined()) answer.signature = BytesOf(given.Get("signature"));
  if (!given.Get("declines").IsUndefined()) answer.declines = FlagOf(given, "declines");
  if (!given.Get("ticketKeys").IsUndefined()) answer.ticket_keys = ListOf(given.Get("ticketKeys"));
  if (!given.Get("ocspResponse").IsUndefined()) answer.ocsp_response = BytesOf(given.Get("ocspResponse"));
  if (!given.Get("path").IsUndefined()) answer.path = ListOf(given.Get("path"));
  return answer;
}
Napi::Value Resume(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), EngineOf(info).Resume(AnswerOf(info[1])));
}

// Each environment's way back from the workers.
struct Instance {
  std::shared_ptr<tls::Outcomes> outcomes;
};

// listen(listener): called with a number and an outcome for each of the calls below
void Listen(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto instance = std::make_unique<Instance>();
  instance->outcomes = tls::Outcomes::Create(
      env, info[0].As<Napi::Function>(),
      [](Napi::Env to, const tls::Outcome& outcome) -> Napi::Value { return ToObject(to, outcome); });
  env.SetInstanceData(instance.release());
}

void Later(const Napi::CallbackInfo& info, std::function<tls::Outcome(tls::Engine&)> step) {
  EngineOf(info);  // refuses what is none, or was released
  const auto& held = HeldBy<EngineHandle>(info[0]);
  if (held.worker == nullptr) throw Napi::Error::New(info.Env(), "the engine's context is not offloaded");
  const auto* instance = info.Env().GetInstanceData<Instance>();
  if (instance == nullptr) throw Napi::Error::New(info.Env(), "nobody listens");
  const double number = info[1].As<Napi::Number>().DoubleValue();
  held.worker->Post([engine = held.engine, number, step = std::move(step),
                     outcomes = instance->outcomes] {
    tls::Outcome outcome;
    try {
      outcome = step(*engine);
    } catch (const std::exception& failure) {  // no memory
      outcome.fault = Fault{};
      outcome.fault->detail = failure.what();
    }
    outcomes->Deliver(number, std::move(outcome));
  });
}

// startLater(engine, number)
void StartLater(const Napi::CallbackInfo& info) {
  Later(info, [](tls::Engine& engine) { return engine.Start(); });
}
// receiveLater(engine, number, ciphertext)
void ReceiveLater(const Napi::CallbackInfo& info) {
  EngineOf(info);
  Later(info, [bytes = BytesOf(info[2])](tls::Engine& engine) { return engine.Receive(View{bytes.data(), bytes.size()}); });
}
// resumeLater(engine, number, answer)
void ResumeLater(const Napi::CallbackInfo& info) {
  EngineOf(info);
  Later(info, [answer = AnswerOf(info[2])](tls::Engine& engine) mutable { return engine.Resume(std::move(answer)); });
}
Napi::Value Send(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info).Send(ViewOf(info[1]))); }
Napi::Value SendEarly(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), EngineOf(info).SendEarly(ViewOf(info[1])));
}
Napi::Value Close(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info).Close()); }
Napi::Value UpdateKeys(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info).UpdateKeys()); }
// fail(engine, alert): outcome
Napi::Value Fail(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), EngineOf(info).Fail(info[1].As<Napi::Number>().Int32Value()));
}
Napi::Value PeerChain(const Napi::CallbackInfo& info) { return ToArray(info.Env(), EngineOf(info).PeerChain()); }

// The copy that JavaScript gets is the only one that is left.
Napi::Value ToSecret(Napi::Env env, std::optional<Bytes> secret) {
  if (!secret.has_value()) return env.Undefined();
  const Napi::Value copy = ToBuffer(env, *secret);
  tls::Wipe(&*secret);
  return copy;
}

// exportKeyingMaterial(engine, label, context | undefined, length): bytes or undefined
Napi::Value Export(const Napi::CallbackInfo& info) {
  std::optional<View> context;
  if (!info[2].IsUndefined()) context = ViewOf(info[2]);
  return ToSecret(info.Env(), EngineOf(info).Export(info[1].As<Napi::String>().Utf8Value(), context,
                                                    info[3].As<Napi::Number>().Uint32Value()));
}

// exportEarlyKeyingMaterial(engine, label, context, length): bytes or undefined
Napi::Value ExportEarly(const Napi::CallbackInfo& info) {
  return ToSecret(info.Env(), EngineOf(info).ExportEarly(info[1].As<Napi::String>().Utf8Value(), ViewOf(info[2]),
                                                         info[3].As<Napi::Number>().Uint32Value()));
}

Napi::Value Facts(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  tls::ConnectionFacts facts = EngineOf(info).Facts();
  Napi::Object object = Napi::Object::New(env);
  object.Set("version", static_cast<double>(facts.version));
  object.Set("cipherSuite", static_cast<double>(facts.cipher_suite));
  object.Set("group", static_cast<double>(facts.group));
  object.Set("ownSignatureScheme", static_cast<double>(facts.own_signature_scheme));
  object.Set("peerSignatureScheme", static_cast<double>(facts.peer_signature_scheme));
  if (facts.alpn.has_value()) object.Set("alpn", ToBuffer(env, *facts.alpn));
  if (facts.server_name.has_value()) object.Set("serverName", *facts.server_name);
  object.Set("isRetry", facts.is_retry);
  object.Set("isResumed", facts.is_resumed);
  static constexpr const char* kEarlyData[] = {"none", "rejected", "accepted"};
  object.Set("earlyData", kEarlyData[static_cast<int>(facts.early_data)]);
  if (facts.pre_shared_key.has_value()) object.Set("preSharedKey", ToBuffer(env, *facts.pre_shared_key));
  object.Set("wasAsked", facts.was_asked);
  object.Set("hasExtendedMainSecret", facts.has_extended_main_secret);
  if (facts.ocsp_response.has_value()) object.Set("ocspResponse", ToBuffer(env, *facts.ocsp_response));
  object.Set("peerChain", ToArray(env, facts.peer_chain));
  object.Set("verifiedPath", ToArray(env, facts.verified_path));
  return object;
}

// Frees the engine at once, and once; any other use of the handle is an error from here on.
void Release(const Napi::CallbackInfo& info) {
  auto& held = HeldBy<EngineHandle>(info[0]);
  const int64_t size = held.OutsideSize();
  held.engine.reset();
  Adjust(info.Env(), -size);
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("load", Napi::Function::New(env, Load));
  exports.Set("createTrustStore", Napi::Function::New(env, CreateTrustStore));
  exports.Set("createCredential", Napi::Function::New(env, CreateCredential));
  exports.Set("describeCredential", Napi::Function::New(env, DescribeCredential));
  exports.Set("createContext", Napi::Function::New(env, CreateContext));
  exports.Set("createEngine", Napi::Function::New(env, CreateEngine));
  exports.Set("start", Napi::Function::New(env, Start));
  exports.Set("receive", Napi::Function::New(env, Receive));
  exports.Set("resume", Napi::Function::New(env, Resume));
  exports.Set("send", Napi::Function::New(env, Send));
  exports.Set("sendEarly", Napi::Function::New(env, SendEarly));
  exports.Set("exportEarlyKeyingMaterial", Napi::Function::New(env, ExportEarly));
  exports.Set("close", Napi::Function::New(env, Close));
  exports.Set("updateKeys", Napi::Function::New(env, UpdateKeys));
  exports.Set("fail", Napi::Function::New(env, Fail));
  exports.Set("exportKeyingMaterial", Napi::Function::New(env, Export));
  exports.Set("facts", Napi::Function::New(env, Facts));
  exports.Set("peerChain", Napi::Function::New(env, PeerChain));
  exports.Set("listen", Napi::Function::New(env, Listen));
  exports.Set("startLater", Napi::Function::New(env, StartLater));
  exports.Set("receiveLater", Napi::Function::New(env, ReceiveLater));
  exports.Set("resumeLater", Napi::Function::New(env, ResumeLater));
  exports.Set("release", Napi::Function::New(env, Release));
  return exports;
}

}  // namespace

NODE_API_MODULE(tls_native, Init)
