// Makes any call in any order, as JavaScript could: the guard answers with an exception or an outcome, and the library is never lost.
#include "../guarded-engine.hh"
#include "openssl-pair.hh"

using namespace pair;

namespace {

using tls::GuardedEngine;
using tls::Misuse;

template <typename Call>
bool IsMisuse(Call call) {
  try {
    call();
  } catch (const Misuse&) {
    return true;
  }
  return false;
}

std::unique_ptr<GuardedEngine> Guarded(const std::shared_ptr<Context>& context, const EngineOptions& options) {
  return std::make_unique<GuardedEngine>(Open(context, options));
}

using IntoCall = std::optional<size_t> (Engine::*)(View, Room, Outcome*);

// Both sides of a connection, and what waits for each.
struct Ends {
  std::unique_ptr<GuardedEngine> engines[2];
  Bytes waiting[2];
  bool asked[2] = {false, false};
  bool started[2] = {false, false};
};

class Monkey {
 public:
  explicit Monkey(uint32_t seed) : random_(seed) {}

  size_t Below(size_t bound) { return random_() % bound; }
  bool In(size_t percent) { return Below(100) < percent; }

  void Connection() {
    const uint16_t version = kBothVersions[Below(2)];
    const bool is_asking = In(50);
    const auto server = ServerContext(Only(version, [&](ContextOptions& options) {
      options.ask_client_hello = is_asking && In(60);
      options.has_ticket_keys = options.ask_client_hello && In(50);
      options.max_early_data = In(50) ? 16384 : 0;
      options.ask_early_data = options.max_early_data > 0 && In(50);
    }));
    const auto client = ClientContext(Only(version, [&](ContextOptions& options) { options.ask_verify = is_asking && In(60); }));
    EngineOptions options = ClientOptions();
    if (session_.has_value() && In(60)) {
      options.session = session_;
      options.early_data = In(60);
    }
    EngineOptions server_options;
    server_options.now = options.now;
    Ends ends;
    ends.engines[0] = Guarded(client, options);
    ends.engines[1] = Guarded(server, server_options);
    for (int call = 0; call < 60; ++call) {
      const size_t side = Below(2);
      try {
        Take(&ends, side, In(75) ? Next(&ends, side) : Any(&ends, side));
      } catch (const Misuse&) {
        ++misuses;
      }
    }
  }

  size_t misuses = 0;
  size_t done = 0;
  size_t asked = 0;

 private:
  Bytes Waiting(Ends* ends, size_t side) {
    Bytes& waiting = ends->waiting[side];
    const size_t size = In(20) ? Below(waiting.size() + 1) : waiting.size();
    Bytes piece(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(size));
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<ptrdiff_t>(size));
    if (In(1) && !piece.empty()) piece[Below(piece.size())] ^= 1;
    return piece;
  }

  Answer Reply() {
    Answer answer;
    if (In(10)) answer.alert = static_cast<int>(Below(256));
    if (In(30)) answer.credential = Identity("server");
    if (In(10)) answer.signature = Noise(Below(600), 1);
    if (In(20)) answer.declines = true;
    if (In(50)) answer.ticket_keys = std::vector<Bytes>{Noise(In(90) ? 80 : 79, 2)};
    if (In(20)) answer.path = std::vector<Bytes>{Noise(40, 3)};
    return answer;
  }

  // Makes the call that brings a connection further.
  Outcome Next(Ends* ends, size_t side) {
    GuardedEngine& engine = *ends->engines[side];
    if (!std::exchange(ends->started[side], true)) return engine.Start();
    if (ends->asked[side]) return engine.Resume(Reply());
    const Bytes piece = Waiting(ends, side);
    return In(50) ? engine.Receive(ViewOf(piece)) : Into(&engine, &Engine::ReceiveInto, ViewOf(piece));
  }

  // What goes into the room is lost, as it is where it is not sent on.
  Outcome Into(Engine* engine, IntoCall call, View input) {
    Bytes room(Below(300));
    Outcome outcome;
    const std::optional<size_t> count = (engine->*call)(input, Room{room.data(), room.size()}, &outcome);
    CHECK(!count.has_value() || (*count <= room.size() && outcome.IsEmpty()));
    return outcome;
  }

  Outcome Any(Ends* ends, size_t side) {
    GuardedEngine& engine = *ends->engines[side];
    const Bytes noise = Noise(Below(200), 4);
    switch (Below(15)) {
      case 0: return engine.Start();
      case 1: return engine.Receive(ViewOf(noise));
      case 2: return engine.Resume(Reply());
      case 3: return engine.Send(ViewOf(noise));
      case 4: return engine.SendEarly(ViewOf(noise));
      case 5: return In(20) ? engine.Close() : Outcome{};
      case 6: return engine.UpdateKeys();
      case 7: return In(20) ? engine.Fail(In(50) ? 80 : 90) : Outcome{};
      case 8: engine.Export("EXPORTER-test", std::nullopt, 1 + Below(300)); return {};
      case 9: engine.ExportEarly("EXPORTER-test", ViewOf(noise), 1 + Below(300)); return {};
      case 10: engine.Facts(); return {};
      case 11: engine.PeerChain(); return {};
      case 12: return Into(&engine, &Engine::SendInto, ViewOf(noise));
      case 13: return Into(&engine, &Engine::ReceiveInto, ViewOf(noise));
      default: return engine.Receive(View{nullptr, 0});
    }
  }

  void Take(Ends* ends, size_t side, Outcome outcome) {
    Bytes& to = ends->waiting[1 - side];
    to.insert(to.end(), outcome.ciphertext.begin(), outcome.ciphertext.end());
    if (outcome.is_handshake_done) ++done;
    if (outcome.question.has_value()) ++asked;
    ends->asked[side] = outcome.question.has_value();
    for (tls::Session& session : outcome.sessions) session_ = std::move(session.state);
  }

  std::mt19937 random_;
  std::optional<Bytes> session_;
};

}  // namespace

TEST("what may not be called now is misuse, in each state of a connection") {
  for (uint16_t version : kBothVersions) {
    const auto server_context = ServerContext(Only(version, [](ContextOptions& options) { options.ask_client_hello = true; }));
    auto engine = Guarded(server_context, EngineOptions());
    const Bytes bytes = Noise(10, 1);
    Outcome outcome;
    const auto not_before_start = [&] {
      return IsMisuse([&] { engine->Receive(ViewOf(bytes)); }) && IsMisuse([&] { engine->PeerChain(); }) &&
             IsMisuse([&] { engine->ReceiveInto(ViewOf(bytes), Room{nullptr, 0}, &outcome); }) &&
             IsMisuse([&] { engine->SendEarly(ViewOf(bytes)); }) && IsMisuse([&] { engine->Fail(80); }) &&
             IsMisuse([&] { engine->ExportEarly("label", ViewOf(bytes), 32); });
    };
    const auto not_before_open = [&] {
      return IsMisuse([&] { engine->Send(ViewOf(bytes)); }) && IsMisuse([&] { engine->Close(); }) &&
             IsMisuse([&] { engine->SendInto(ViewOf(bytes), Room{nullptr, 0}, &outcome); }) &&
             IsMisuse([&] { engine->UpdateKeys(); }) && IsMisuse([&] { engine->Facts(); }) &&
             IsMisuse([&] { engine->Export("label", std::nullopt, 32); }) && IsMisuse([&] { engine->Resume(Answer()); });
    };
    CHECK(not_before_start() && not_before_open());
    engine->Start();
    CHECK(IsMisuse([&] { engine->Start(); }) && not_before_open());
    auto client = Open(ClientContext(Only(version)), ClientOptions());
    const Bytes hello = client->Start().ciphertext;
    CHECK(engine->Receive(ViewOf(hello)).question.has_value());
    CHECK(not_before_start());
    CHECK(IsMisuse([&] { engine->Facts(); }) && IsMisuse([&] { engine->Send(ViewOf(bytes)); }));
    Answer keys;
    keys.ticket_keys = std::vector<Bytes>{Noise(79, 1)};
    CHECK(IsMisuse([&] { engine->Resume(std::move(keys)); }));
    CHECK(!engine->Resume(Answer()).fault.has_value());
  }
}

TEST("behind its end an engine gives the fault that ended it, and the library is not called") {
  auto engine = Guarded(ServerContext(), EngineOptions());
  engine->Start();
  const Bytes noise = Noise(100, 1);
  const std::optional<Fault> fault = engine->Receive(ViewOf(noise)).fault;
  CHECK(fault.has_value());
  CHECK(engine->Receive(ViewOf(noise)).fault->code == fault->code && engine->Fail(80).ciphertext.empty());
  Outcome again;
  CHECK(!engine->ReceiveInto(ViewOf(noise), Room{nullptr, 0}, &again).has_value() && again.fault->code == fault->code);
  auto given_up = Guarded(ServerContext(), EngineOptions());
  given_up->Start();
  given_up->Fail(80);
  CHECK(given_up->Receive(ViewOf(noise)).fault->code == "ERR_TLS_ABORTED");
}

TEST("an engine that has no early secret exports none, whatever it was called before") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Join(version);
    const Bytes context = Noise(3, 1);
    do {
      for (Side* side : {&joined.client, &joined.server}) CHECK(!side->engine->ExportEarly("EXPORTER-test", ViewOf(context), 32));
    } while (Pair::Carry(joined.client, joined.server) || Pair::Carry(joined.server, joined.client));
    CHECK(joined.client.is_done);
  }
}

TEST("calls in random order end in an exception or an outcome") {
  const size_t rounds = check::Arguments().size() > 1 ? std::stoul(check::Arguments()[1]) : 150;
  Monkey monkey(20261129);
  for (size_t round = 0; round < rounds; ++round) monkey.Connection();
  CHECK(monkey.misuses > 0 && monkey.done > 0 && monkey.asked > 0);
}
