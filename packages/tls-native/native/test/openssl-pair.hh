// A client and a server over the system's OpenSSL, joined in memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "../provider.hh"
#include "check.hh"

namespace pair {

using tls::Answer;
using tls::Bytes;
using tls::Context;
using tls::ContextOptions;
using tls::Credential;
using tls::Engine;
using tls::EngineOptions;
using tls::Fault;
using tls::Outcome;
using tls::Provider;
using tls::Question;
using tls::Room;
using tls::TrustStore;
using tls::Verify;
using tls::View;
using tls::ViewOf;
using tls::kTls12;
using tls::kTls13;

constexpr uint16_t kBothVersions[] = {kTls12, kTls13};

// A time within the certificates' validity: they are valid from an hour ago for 30 days.
inline int64_t Now() { return static_cast<int64_t>(std::time(nullptr)) * 1000; }

inline Bytes File(const std::string& name) {
  std::ifstream in(check::Arguments().at(0) + "/" + name, std::ios::binary);
  if (!in) throw check::Failure("no file " + name);
  return Bytes(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

inline Bytes BytesOf(const std::string& text) { return Bytes(text.begin(), text.end()); }

inline Provider& Library() {
  static Provider* const provider = [] {
    std::vector<std::string> tried;
    Provider* loaded = tls::LoadOpenSsl("", &tried);
    if (loaded == nullptr) throw check::Failure(tried.empty() ? "no library" : tried[0]);
    return loaded;
  }();
  return *provider;
}

inline std::shared_ptr<TrustStore> Trust(const std::vector<std::string>& names = {"root.der"}) {
  std::vector<Bytes> certificates;
  for (const std::string& name : names) certificates.push_back(File(name));
  std::optional<Fault> fault;
  auto trust = Library().CreateTrustStore(certificates, false, &fault);
  CHECK(!fault.has_value() && trust != nullptr);
  return trust;
}

// Loads an identity of `<name>.der`, the issuing CA, and `<name>.key`.
inline std::shared_ptr<Credential> Identity(const std::string& name) {
  std::optional<Fault> fault;
  auto credential = Library().CreateCredential({File(name + ".der"), File("intermediate.der")}, File(name + ".key"), &fault);
  CHECK(!fault.has_value() && credential != nullptr);
  return credential;
}

inline ContextOptions Options(bool is_server) {
  ContextOptions options;
  options.is_server = is_server;
  options.algorithms = Library().Supported();
  options.own_signature_schemes = options.algorithms.signature_schemes;
  options.session_rules = Bytes(32, 7);
  options.verify = is_server ? Verify::kNothing : Verify::kRequire;
  if (is_server) options.credentials = {Identity("server")};
  return options;
}

using Change = std::function<void(ContextOptions&)>;

inline std::shared_ptr<Context> Make(ContextOptions options, std::shared_ptr<TrustStore> trust) {
  std::optional<Fault> fault;
  auto context = Library().CreateContext(options, std::move(trust), &fault);
  if (fault.has_value()) throw check::Failure("no context: " + fault->detail);
  CHECK(context != nullptr);
  return context;
}

inline std::shared_ptr<Context> ServerContext(const Change& change = nullptr) {
  ContextOptions options = Options(true);
  if (change) change(options);
  return Make(options, Trust());
}

inline std::shared_ptr<Context> ClientContext(const Change& change = nullptr, std::shared_ptr<TrustStore> trust = Trust()) {
  ContextOptions options = Options(false);
  if (change) change(options);
  return Make(options, std::move(trust));
}

inline Change Only(uint16_t version, const Change& more = nullptr) {
  return [=](ContextOptions& options) {
    options.min_version = version;
    options.max_version = version;
    if (more) more(options);
  };
}

// One engine with all that it has given.
struct Side {
  std::unique_ptr<Engine> engine;
  Bytes outgoing;
  Bytes plaintext;
  bool is_done = false;
  bool is_closed = false;
  std::vector<std::string> key_log;
  std::vector<tls::Session> sessions;
  std::optional<Question> question;
  std::vector<std::string> asked;  // the kinds of all questions
  std::optional<Fault> fault;
  std::function<Answer(const Question&)> answer = [](const Question&) { return Answer{}; };

  void Take(Outcome outcome) {
    outgoing.insert(outgoing.end(), outcome.ciphertext.begin(), outcome.ciphertext.end());
    plaintext.insert(plaintext.end(), outcome.plaintext.begin(), outcome.plaintext.end());
    is_done = is_done || outcome.is_handshake_done;
    is_closed = is_closed || outcome.is_peer_closed;
    for (std::string& line : outcome.key_log) key_log.push_back(std::move(line));
    for (tls::Session& session : outcome.sessions) sessions.push_back(std::move(session));
    if (outcome.fault.has_value() && !fault.has_value()) fault = std::move(outcome.fault);
    question = std::move(outcome.question);
    if (question.has_value()) asked.emplace_back(question->kind);
  }

  // Answers all questions, when there is somebody to ask.
  void Settle() {
    while (question.has_value() && answer) Take(engine->Resume(answer(*question)));
  }

  void Receive(View bytes) {
    Take(engine->Receive(bytes));
    Settle();
  }

  bool rests() const { return question.has_value(); }
  void Send(const Bytes& bytes) { Take(engine->Send(ViewOf(bytes))); }
};

struct Pair {
  Side client;
  Side server;

  // Carries bytes, in pieces of at most `piece` bytes, until none come any more, or until a side fails or rests.
  void Run(size_t piece = SIZE_MAX) {
    while (Carry(client, server, piece) || Carry(server, client, piece)) continue;
  }

  // Carries only as long as the handshake takes; what is not read yet waits in `outgoing`.
  static bool Carry(Side& from, Side& to, size_t piece = SIZE_MAX) {
    if (to.rests() || to.fault.has_value() || from.outgoing.empty() || to.engine == nullptr) return false;
    const Bytes flight = std::exchange(from.outgoing, Bytes());
    for (size_t at = 0; at < flight.size();) {
      const size_t count = std::min(piece, flight.size() - at);
      const Bytes exact(flight.begin() + static_cast<ptrdiff_t>(at), flight.begin() + static_cast<ptrdiff_t>(at + count));
      at += count;
      to.Receive(ViewOf(exact));  // of its exact size, so that reading too far is noticed
      if (!to.fault.has_value() && !to.rests()) continue;
      from.outgoing.assign(flight.begin() + static_cast<ptrdiff_t>(at), flight.end());
      break;
    }
    return true;
  }
};

inline EngineOptions ClientOptions(const std::string& server_name = "localhost") {
  EngineOptions options;
  options.server_name = server_name;
  options.now = Now();
  return options;
}

inline std::unique_ptr<Engine> Open(const std::shared_ptr<Context>& context, const EngineOptions& options) {
  std::optional<Fault> fault;
  auto engine = context->CreateEngine(options, &fault);
  if (fault.has_value()) throw check::Failure("no engine: " + fault->detail);
  CHECK(engine != nullptr);
  return engine;
}

// Starts both sides; the client's first flight is then in its `outgoing`.
inline Pair Join(const std::shared_ptr<Context>& client, const std::shared_ptr<Context>& server,
                 const EngineOptions& client_options = ClientOptions()) {
  Pair joined;
  EngineOptions server_options;
  server_options.now = client_options.now;
  joined.client.engine = Open(client, client_options);
  joined.server.engine = Open(server, server_options);
  joined.server.Take(joined.server.engine->Start());
  joined.client.Take(joined.client.engine->Start());
  return joined;
}

inline Pair Join(uint16_t version) { return Join(ClientContext(Only(version)), ServerContext(Only(version))); }

// Makes a pair whose handshake is done.
inline Pair Connect(uint16_t version) {
  Pair joined = Join(version);
  joined.Run();
  CHECK(joined.client.is_done && joined.server.is_done);
  CHECK(!joined.client.fault.has_value() && !joined.server.fault.has_value());
  return joined;
}

// Gives the code of a side's fault; empty when there is none.
inline std::string CodeOf(const Side& side) { return side.fault.has_value() ? side.fault->code : ""; }

// Gives bytes that look random and are the same in every run.
inline Bytes Noise(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  Bytes bytes(size);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

}  // namespace pair
