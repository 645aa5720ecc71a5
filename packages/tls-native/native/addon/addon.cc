// This is the only place that knows Node-API. TypeScript checks the arguments; they are checked once more here where a wrong one could harm
// a library. An exception ends at the border: node-addon-api makes it JavaScript's, or drops it when the worker is being terminated.
#include <napi.h>

#include <atomic>
#include <memory>

#include "../process/one-library.hh"
#include "../public-key-info.hh"
#include "arguments.hh"
#include "crypto.hh"
#include "handles.hh"
#include "outcomes.hh"
#include "results.hh"

namespace {

using namespace tls;

// How many octets fit behind a length of 16 bits in TLS.
constexpr size_t kLongestVector = 65535;
constexpr size_t kLongestName = 255;      // RFC 1035 §2.3.4
constexpr size_t kLongestLabel = 249;     // RFC 8446 §7.1: 255 octets, of which `tls13 ` takes six
constexpr int64_t kLongestExport = 255 * 32;  // RFC 5869 §2.3, with SHA-256
constexpr size_t kLongestPath = 4096;
constexpr int64_t kMostProvenChains = 65536;
constexpr size_t kRulesSize = 32;
constexpr size_t kDigestSize = 32;
constexpr size_t kLongestScope = 16;
constexpr size_t kTicketKeySize = 80;
constexpr int64_t kLatestTime = 8640000000000000;  // the latest time that a JavaScript date can hold

std::atomic<Provider*> provider{nullptr};  // the first `load` sets it, for every environment of the process

// load(path, origin): gives what is known of the library, or { tried }.
Napi::Value Load(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::vector<std::string> tried;
  const std::string path = TextOf(info[0], kLongestPath);
  static OneLibrary& process = *new OneLibrary(LibrariesOfSystem());  // threads may call it until the process has ended
  Provider* loaded = process.Load(path, &tried, static_cast<Origin>(IntegerOf(info[1], 0, static_cast<int>(Origin::kNode))));
  if (loaded == nullptr) {
    Napi::Object object = Napi::Object::New(env);
    Napi::Array list = Napi::Array::New(env, tried.size());
    for (uint32_t index = 0; index < tried.size(); ++index) list.Set(index, tried[index]);
    object.Set("tried", list);
    return object;
  }
  provider = loaded;
  return ToObject(env, *loaded);
}

Provider& LoadedProvider(const Napi::CallbackInfo& info) {
  Provider* loaded = provider.load();
  if (loaded == nullptr) throw Napi::Error::New(info.Env(), "no library was loaded");
  return *loaded;
}

// createTrustStore(certificates, addSystem): gives a handle or { fault }.
Napi::Value CreateTrustStore(const Napi::CallbackInfo& info) {
  std::optional<Fault> fault;
  const std::vector<Bytes> certificates = ListOf(info[0]);
  auto trust = LoadedProvider(info).CreateTrustStore(certificates, FlagOf(info[1]), &fault);
  if (fault.has_value()) return Failed(info.Env(), *fault);
  auto held = std::make_unique<TrustHandle>();
  held->trust = std::move(trust);
  return Wrap(info.Env(), std::move(held));
}

// createCredential(chain, privateKey, signatureSchemes | undefined): gives a handle or { fault }.
Napi::Value CreateCredential(const Napi::CallbackInfo& info) {
  std::optional<Fault> fault;
  const std::vector<Bytes> chain = ListOf(info[0]);
  std::optional<std::vector<uint16_t>> schemes;
  if (!info[2].IsUndefined()) schemes = NumbersOf(info[2]);
  Provider& library = LoadedProvider(info);
  auto held = std::make_unique<CredentialHandle>();
  Bytes private_key = BytesOf(info[1]);
  held->credential = schemes.has_value() ? library.CreateRestricted(chain, private_key, *schemes, &fault)
                                         : library.CreateCredential(chain, private_key, &fault);
  Wipe(&private_key);
  if (fault.has_value()) return Failed(info.Env(), *fault);
  return Wrap(info.Env(), std::move(held));
}

std::shared_ptr<Credential> CredentialOf(const Napi::Value& value) { return HeldBy<CredentialHandle>(value).credential; }

// describeCredential(credential): gives what is known of it.
Napi::Value DescribeCredential(const Napi::CallbackInfo& info) { return ToObject(info.Env(), *CredentialOf(info[0])); }

// forgetKeys(): no identity is usable from here on.
void ForgetKeys(const Napi::CallbackInfo& info) { LoadedProvider(info).ForgetKeys(); }

// subjectPublicKeyInfo(certificate): gives bytes or undefined.
Napi::Value SubjectPublicKeyInfo(const Napi::CallbackInfo& info) {
  const std::optional<View> key = SubjectPublicKeyInfoOf(ViewOf(info[0]));
  return key.has_value() ? ToBuffer(info.Env(), BytesOf(*key)) : info.Env().Undefined();
}

PreSharedKey PreSharedKeyOf(const Napi::Value& value) {
  Fields given(value, "PreSharedKey");
  PreSharedKey key;
  key.identity = BytesOf(given.Get("identity"), kLongestVector);
  key.key = BytesOf(given.Get("key"), kLongestVector);
  key.is_sha384 = given.Flag("isSha384");
  key.digest = BytesOf(given.Get("digest"), kDigestSize);
  given.End();
  return key;
}

// Only the addon uses `is_offloaded`: no provider knows of it.
ContextOptions ContextOptionsOf(const Napi::Value& value, bool* is_offloaded) {
  Fields given(value, "ContextOptions");
  ContextOptions options;
  *is_offloaded = given.Flag("offload");
  options.Read(&given);
  options.is_server = given.Flag("isServer");
  options.min_version = static_cast<uint16_t>(given.Integer("minVersion", kTls12, kTls13));
  options.max_version = static_cast<uint16_t>(given.Integer("maxVersion", kTls12, kTls13));
  options.algorithms.cipher_suites = NumbersOf(given.Get("cipherSuites"));
  options.algorithms.groups = NumbersOf(given.Get("groups"));
  options.algorithms.signature_schemes = NumbersOf(given.Get("signatureSchemes"));
  options.security_level = static_cast<int>(given.Integer("securityLevel", -1, 5));
  options.own_signature_schemes = NumbersOf(given.Get("ownSignatureSchemes"));
  options.alpn = BytesOf(given.Get("alpn"), kLongestVector);
  options.verify = static_cast<Verify>(given.Integer("verify", 0, 2));
  options.revocation.check = static_cast<RevocationCheck>(given.Integer("revocationCheck", 0, 2));
  options.revocation.is_of_leaf = given.Flag("revocationOfLeaf");
  options.revocation.accepts_unknown_status = given.Flag("acceptsUnknownStatus");
  options.resumes_by_system = given.Flag("resumesBySystem");
  options.accept_any = given.Flag("acceptAny");
  options.proven_chains = static_cast<uint32_t>(given.Integer("provenChains", 0, kMostProvenChains));
  options.ask_client_hello = given.Flag("askClientHello");
  options.ask_certificate = given.Flag("askCertificate");
  options.ask_verify = given.Flag("askVerify");
  options.has_ticket_keys = given.Flag("hasTicketKeys");
  options.ask_early_data = given.Flag("askEarlyData");
  options.request_ocsp = given.Flag("requestOcsp");
  options.tickets = static_cast<int>(given.Integer("tickets", 0, 255));
  options.session_lifetime = given.Integer("sessionLifetimeSeconds", 0, kLongestLifetime);
  options.session_rules = BytesOf(given.Get("sessionRules"));
  if (options.session_rules.size() != kRulesSize) throw Napi::RangeError::New(value.Env(), "sessionRules: expected 32 bytes");
  options.replay_scope = BytesOf(given.Get("replayScope"), kLongestScope);
  options.authorities = ListOf(given.Get("authorities"));
  for (const Napi::Value& credential : ElementsOf(given.Get("credentials"))) options.credentials.push_back(CredentialOf(credential));
  for (const Napi::Value& each : ElementsOf(given.Get("preSharedKeys"))) options.pre_shared_keys.push_back(PreSharedKeyOf(each));
  given.End();
  return options;
}

// createContext(options, trust | undefined): gives a handle or { fault }.
Napi::Value CreateContext(const Napi::CallbackInfo& info) {
  auto held = std::make_unique<ContextHandle>();
  const ContextOptions options = ContextOptionsOf(info[0], &held->is_offloaded);
  held->is_server = options.is_server;
  auto trust = info[1].IsUndefined() ? nullptr : HeldBy<TrustHandle>(info[1]).trust;
  std::optional<Fault> fault;
  held->context = LoadedProvider(info).CreateContext(options, std::move(trust), &fault);
  if (fault.has_value()) return Failed(info.Env(), *fault);
  return Wrap(info.Env(), std::move(held));
}

std::vector<Bytes> TicketKeysOf(const Napi::Value& value) {
  std::vector<Bytes> keys = ListOf(value);
  for (const Bytes& key : keys) {
    if (key.size() != kTicketKeySize) throw Napi::RangeError::New(value.Env(), "ticketKeys: expected 80 bytes each");
  }
  return keys;
}

EngineOptions EngineOptionsOf(const Napi::Value& value, bool is_server) {
  Fields given(value, "NativeEngineOptions");
  EngineOptions options;
  options.server_name = TextOf(given.Get("serverName"), kLongestName);
  if (!is_server && options.server_name.empty()) throw Napi::RangeError::New(value.Env(), "a client needs a name to verify");
  options.is_address = given.Flag("isAddress");
  options.now = given.Integer("now", -kLatestTime, kLatestTime);
  options.early_data = given.Flag("earlyData");
  options.session_age = given.Integer("sessionAge", 0, kLatestTime);
  if (const auto alpn = given.Maybe("alpn")) options.alpn = BytesOf(*alpn, kLongestVector);
  if (const auto session = given.Maybe("session")) options.session = BytesOf(*session);
  if (const auto response = given.Maybe("ocspResponse")) options.ocsp_response = BytesOf(*response);
  if (const auto keys = given.Maybe("ticketKeys")) options.ticket_keys = TicketKeysOf(*keys);
  given.End();
  return options;
}

// createEngine(context, options): gives a handle or { fault }.
Napi::Value CreateEngine(const Napi::CallbackInfo& info) {
  const auto& context = HeldBy<ContextHandle>(info[0]);
  EngineOptions options = EngineOptionsOf(info[1], context.is_server);
  std::optional<Fault> fault;
  std::unique_ptr<Engine> engine = context.context->CreateEngine(options, &fault);
  for (Bytes& key : options.ticket_keys) Wipe(&key);  // the engine has its own copy
  if (fault.has_value()) return Failed(info.Env(), *fault);
  auto guarded = std::make_unique<GuardedEngine>(std::move(engine));
  auto held = std::make_unique<EngineHandle>();
  if (context.is_offloaded) {
    held->worker = Worker::Next();
    held->engine = OnWorker(std::move(guarded), held->worker);
  } else {
    held->engine = std::move(guarded);
  }
  return Wrap(info.Env(), std::move(held));
}

// The engine lives as long as the call does, whatever a getter of an argument does meanwhile.
std::shared_ptr<GuardedEngine> EngineOf(const EngineHandle& held, Napi::Env env) {
  if (held.engine == nullptr) throw Napi::Error::New(env, "the engine was released");
  if (held.is_busy->load(std::memory_order_acquire)) throw Napi::Error::New(env, "a step of the engine is under way");
  return held.engine;
}

std::shared_ptr<GuardedEngine> EngineOf(const Napi::CallbackInfo& info) {
  return EngineOf(HeldBy<EngineHandle>(info[0]), info.Env());
}

// Gives the engine for a step of the handshake on the event loop. An engine that rests does so on a stack of its thread, and
// can go on only there.
std::shared_ptr<GuardedEngine> EngineHere(const Napi::CallbackInfo& info) {
  const auto& held = HeldBy<EngineHandle>(info[0]);
  auto engine = EngineOf(held, info.Env());
  if (held.worker != nullptr && !engine->is_open()) throw Napi::Error::New(info.Env(), "the handshake is a worker's");
  return engine;
}

Napi::Value Start(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineHere(info)->Start()); }
Napi::Value Receive(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), EngineHere(info)->Receive(ViewOf(info[1])));
}

Answer AnswerOf(const Napi::Value& value) {
  Fields given(value, "Answer");
  Answer answer;
  if (const auto alert = given.Maybe("alert")) answer.alert = static_cast<int>(IntegerOf(*alert, 0, UINT8_MAX));
  if (const auto credential = given.Maybe("credential")) answer.credential = CredentialOf(*credential);
  if (const auto signature = given.Maybe("signature")) answer.signature = BytesOf(*signature, kLongestVector);
  if (const auto declines = given.Maybe("declines")) answer.declines = FlagOf(*declines);
  if (const auto keys = given.Maybe("ticketKeys")) answer.ticket_keys = ListOf(*keys);
  if (const auto response = given.Maybe("ocspResponse")) answer.ocsp_response = BytesOf(*response);
  if (const auto path = given.Maybe("path")) answer.path = ListOf(*path);
  given.End();
  return answer;
}

// resume(engine, answer): gives an outcome.
Napi::Value Resume(const Napi::CallbackInfo& info) {
  Answer answer = AnswerOf(info[1]);
  return ToObject(info.Env(), EngineHere(info)->Resume(std::move(answer)));
}

// listen(listener): for each of the calls below, the listener is called with its number and an outcome.
void Listen(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsFunction()) throw Napi::TypeError::New(env, "expected a function");
  std::shared_ptr<Outcomes>& outcomes = env.GetInstanceData<Instance>()->outcomes;
  if (outcomes != nullptr) throw Napi::Error::New(env, "there is a listener already");
  outcomes = Outcomes::Create(env, info[0].As<Napi::Function>(),
                              [](Napi::Env to, const Outcome& outcome) -> Napi::Value { return ToObject(to, outcome); });
}

void Later(const Napi::CallbackInfo& info, std::function<Outcome(Engine&)> step) {
  const double number = static_cast<double>(IntegerOf(info[1], 0, kLatestTime));
  const auto& held = HeldBy<EngineHandle>(info[0]);
  auto engine = EngineOf(held, info.Env());
  if (held.worker == nullptr) throw Napi::Error::New(info.Env(), "the engine's context is not offloaded");
  const auto& outcomes = info.Env().GetInstanceData<Instance>()->outcomes;
  if (outcomes == nullptr) throw Napi::Error::New(info.Env(), "nobody listens");
  auto task = [engine = std::move(engine), number, is_busy = held.is_busy, step = std::move(step), outcomes] {
    Outcome outcome;
    try {
      outcome = step(*engine);
    } catch (const std::exception& failure) {  // there was no memory, or the step may not be made now
      outcome.fault = Fault{};
      outcome.fault->detail = failure.what();
    }
    is_busy->store(false, std::memory_order_release);
    outcomes->Deliver(number, std::move(outcome));
  };
  held.is_busy->store(true, std::memory_order_release);
  held.worker->Post(std::move(task));
}

// startLater(engine, number): the outcome comes to the listener.
void StartLater(const Napi::CallbackInfo& info) {
  Later(info, [](Engine& engine) { return engine.Start(); });
}
// receiveLater(engine, number, ciphertext): the outcome comes to the listener.
void ReceiveLater(const Napi::CallbackInfo& info) {
  EngineOf(info);
  Later(info, [bytes = BytesOf(info[2])](Engine& engine) { return engine.Receive(View{bytes.data(), bytes.size()}); });
}
// resumeLater(engine, number, answer): the outcome comes to the listener.
void ResumeLater(const Napi::CallbackInfo& info) {
  EngineOf(info);
  Later(info, [answer = AnswerOf(info[2])](Engine& engine) mutable { return engine.Resume(std::move(answer)); });
}
Room RoomOf(const Napi::Value& value) {
  const View view = ViewOf(value);
  return Room{const_cast<uint8_t*>(view.data), view.size};
}

Napi::Value CountOr(Napi::Env env, const std::optional<size_t>& count, const Outcome& outcome) {
  if (count.has_value()) return Napi::Number::New(env, static_cast<double>(*count));
  return ToObject(env, outcome);
}

// receiveInto(engine, ciphertext, plaintext): gives how many bytes of plaintext came where nothing else did, or an outcome.
Napi::Value ReceiveInto(const Napi::CallbackInfo& info) {
  const auto engine = EngineHere(info);
  Outcome outcome;
  const std::optional<size_t> count = engine->ReceiveInto(ViewOf(info[1]), RoomOf(info[2]), &outcome);
  return CountOr(info.Env(), count, outcome);
}

// sendInto(engine, plaintext, ciphertext): gives how many bytes of ciphertext that is where it is all, or an outcome.
Napi::Value SendInto(const Napi::CallbackInfo& info) {
  const auto engine = EngineOf(info);
  Outcome outcome;
  const std::optional<size_t> count = engine->SendInto(ViewOf(info[1]), RoomOf(info[2]), &outcome);
  return CountOr(info.Env(), count, outcome);
}

Napi::Value Send(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info)->Send(ViewOf(info[1]))); }
Napi::Value SendEarly(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), EngineOf(info)->SendEarly(ViewOf(info[1])));
}
Napi::Value Close(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info)->Close()); }
Napi::Value UpdateKeys(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info)->UpdateKeys()); }
// fail(engine, alert): gives an outcome.
Napi::Value Fail(const Napi::CallbackInfo& info) {
  const auto engine = EngineOf(info);
  return ToObject(info.Env(), engine->Fail(static_cast<int>(IntegerOf(info[1], 0, UINT8_MAX))));
}
Napi::Value PeerChain(const Napi::CallbackInfo& info) { return ToArray(info.Env(), EngineOf(info)->PeerChain()); }
Napi::Value Facts(const Napi::CallbackInfo& info) { return ToObject(info.Env(), EngineOf(info)->Facts()); }

// The secret is wiped here, so that the copy in JavaScript is the only one.
Napi::Value ToSecret(Napi::Env env, std::optional<Bytes> secret) {
  if (!secret.has_value()) return env.Undefined();
  const Napi::Value copy = ToBuffer(env, *secret);
  Wipe(&*secret);
  return copy;
}

// exportKeyingMaterial(engine, label, context | undefined, length): gives bytes or undefined.
Napi::Value Export(const Napi::CallbackInfo& info) {
  const auto engine = EngineOf(info);
  const std::string label = TextOf(info[1], kLongestLabel);
  const auto length = static_cast<size_t>(IntegerOf(info[3], 1, kLongestExport));
  std::optional<Bytes> context;
  if (!info[2].IsUndefined()) context = BytesOf(info[2], kLongestVector);
  std::optional<View> view;
  if (context.has_value()) view = View{context->data(), context->size()};
  return ToSecret(info.Env(), engine->Export(label, view, length));
}

// exportEarlyKeyingMaterial(engine, label, context, length): gives bytes or undefined.
Napi::Value ExportEarly(const Napi::CallbackInfo& info) {
  const auto engine = EngineOf(info);
  const std::string label = TextOf(info[1], kLongestLabel);
  const auto length = static_cast<size_t>(IntegerOf(info[3], 1, kLongestExport));
  const Bytes context = BytesOf(info[2], kLongestVector);
  return ToSecret(info.Env(), engine->ExportEarly(label, View{context.data(), context.size()}, length));
}

// Frees the engine at once, and only once. From here on, any other use of the handle is an error.
void Release(const Napi::CallbackInfo& info) {
  auto& held = HeldBy<EngineHandle>(info[0]);
  const int64_t size = held.OutsideSize();
  held.engine.reset();
  Adjust(info.Env(), -size);
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  env.SetInstanceData(std::make_unique<Instance>().release());
  exports.Set("load", Napi::Function::New(env, Load));
  exports.Set("loadCrypto", Napi::Function::New(env, LoadCrypto));
  exports.Set("createTrustStore", Napi::Function::New(env, CreateTrustStore));
  exports.Set("createCredential", Napi::Function::New(env, CreateCredential));
  exports.Set("describeCredential", Napi::Function::New(env, DescribeCredential));
  exports.Set("forgetKeys", Napi::Function::New(env, ForgetKeys));
  exports.Set("subjectPublicKeyInfo", Napi::Function::New(env, SubjectPublicKeyInfo));
  exports.Set("createContext", Napi::Function::New(env, CreateContext));
  exports.Set("createEngine", Napi::Function::New(env, CreateEngine));
  exports.Set("start", Napi::Function::New(env, Start));
  exports.Set("receive", Napi::Function::New(env, Receive));
  exports.Set("resume", Napi::Function::New(env, Resume));
  exports.Set("send", Napi::Function::New(env, Send));
  exports.Set("receiveInto", Napi::Function::New(env, ReceiveInto));
  exports.Set("sendInto", Napi::Function::New(env, SendInto));
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
