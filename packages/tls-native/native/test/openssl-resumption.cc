// Tests sessions, the tickets that carry them, and the keys that seal those.
#include "openssl-pair.hh"

using namespace pair;

namespace {

Bytes Key(uint32_t seed) { return Noise(80, seed); }

// A server that is given the keys for its tickets with each ClientHello.
struct TicketServer {
  uint16_t version;
  std::vector<Bytes> keys;
  std::shared_ptr<Context> context = ServerContext(Only(version, [](ContextOptions& options) {
    options.ask_client_hello = true;
    options.has_ticket_keys = true;
  }));

  Pair Join(const std::shared_ptr<Context>& client, const EngineOptions& options) const {
    Pair joined = pair::Join(client, context, options);
    joined.server.answer = [given = keys](const Question&) {
      Answer answer;
      answer.ticket_keys = given;
      return answer;
    };
    joined.Run();
    return joined;
  }
};

EngineOptions With(const Bytes& session) {
  EngineOptions options = ClientOptions();
  options.session = session;
  return options;
}

void CheckResumed(Pair& joined, bool is_resumed) {
  CHECK(joined.client.is_done && joined.server.is_done);
  CHECK(joined.client.engine->Facts().is_resumed == is_resumed && joined.server.engine->Facts().is_resumed == is_resumed);
}

}  // namespace

TEST("a session of the library's own tickets is resumed") {
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version));
    const auto server = ServerContext(Only(version));
    Pair first = Join(client, server);
    first.Run();
    CheckResumed(first, false);
    CHECK(first.client.sessions.size() == (version == kTls13 ? 2U : 1U));
    for (const tls::Session& session : first.client.sessions) {
      CHECK(session.lifetime > 0 && session.lifetime <= 7200);
      Pair second = Join(client, server, With(session.state));
      second.Run(version == kTls13 ? 1 : SIZE_MAX);
      CheckResumed(second, true);
    }
  }
}

TEST("tickets are opened by another context with the same keys, and by none without them") {
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version));
    Pair first = TicketServer{version, {Key(1)}}.Join(client, ClientOptions());
    CheckResumed(first, false);
    CHECK(!first.client.sessions.empty());
    const Bytes session = first.client.sessions.at(0).state;
    Pair same = TicketServer{version, {Key(1)}}.Join(client, With(session));
    CheckResumed(same, true);
    Pair older = TicketServer{version, {Key(2), Key(1)}}.Join(client, With(session));
    CheckResumed(older, true);
    Pair stranger = TicketServer{version, {Key(2)}}.Join(client, With(session));
    CheckResumed(stranger, false);
    Pair none = TicketServer{version, {}}.Join(client, With(session));
    CheckResumed(none, false);
    CHECK(none.client.sessions.empty());
  }
}

TEST("a client's certificate is known again when its session is resumed") {
  for (uint16_t version : kBothVersions) {
    const auto server = ServerContext(Only(version, [](ContextOptions& options) { options.verify = Verify::kRequire; }));
    const auto client = ClientContext(Only(version, [](ContextOptions& options) { options.credentials = {Identity("client")}; }));
    Pair first = Join(client, server);
    first.Run();
    Pair second = Join(client, server, With(first.client.sessions.at(0).state));
    second.Run();
    CheckResumed(second, true);
    const tls::ConnectionFacts facts = second.server.engine->Facts();
    CHECK(facts.peer_chain.at(0) == File("client.der") && facts.verified_path.size() == 3);
    CHECK(facts.peer_signature_scheme == 0x0403);
  }
}

TEST("a session ends with its lifetime, also through sessions that come of it") {
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version));
    const auto server = ServerContext(Only(version, [](ContextOptions& options) { options.session_lifetime = 100; }));
    Pair first = Join(client, server);
    first.Run();
    const Bytes session = first.client.sessions.at(0).state;
    EngineOptions later = With(session);
    later.now += 101'000;
    Pair second = Join(client, server, later);
    second.Run();
    CheckResumed(second, false);
  }
}

TEST("a session that cannot be read makes a full handshake") {
  const auto client = ClientContext();
  const auto server = ServerContext();
  Pair first = Join(client, server);
  first.Run();
  const Bytes whole = first.client.sessions.at(0).state;
  for (size_t length = 0; length < whole.size(); length += 41) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length));
    Pair second = Join(client, server, With(part));
    second.Run();
    CheckResumed(second, false);
  }
  Pair third = Join(client, server, With(Noise(300, 4)));
  third.Run();
  CheckResumed(third, false);
}

TEST("a session with any byte changed is refused, ends the handshake or makes it a full one") {
  std::mt19937 random(11);
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version));
    const auto server = ServerContext(Only(version));
    Pair first = Join(client, server);
    first.Run();
    const Bytes whole = first.client.sessions.at(0).state;
    for (int round = 0; round < 150; ++round) {
      Bytes damaged = whole;
      damaged[random() % damaged.size()] ^= static_cast<uint8_t>(1 + random() % 255);
      std::optional<Fault> fault;
      auto engine = client->CreateEngine(With(damaged), &fault);
      if (fault.has_value()) continue;
      Pair second;
      second.client.engine = std::move(engine);
      second.server.engine = Open(server, EngineOptions{});
      second.server.Take(second.server.engine->Start());
      second.client.Take(second.client.engine->Start());
      second.Run();
      CHECK(second.client.is_done == second.server.is_done || second.client.fault.has_value() || second.server.fault.has_value());
    }
  }
}

TEST("a server that gives no tickets gives no sessions") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Join(ClientContext(Only(version)), ServerContext(Only(version, [](ContextOptions& options) { options.tickets = 0; })));
    joined.Run();
    CheckResumed(joined, false);
    CHECK(joined.client.sessions.empty());
  }
}

TEST("as many tickets come as are asked for") {
  for (int tickets : {1, 2, 5}) {
    Pair joined = Join(ClientContext(Only(kTls13)), ServerContext(Only(kTls13, [=](ContextOptions& options) { options.tickets = tickets; })));
    joined.Run();
    CHECK(joined.client.sessions.size() == static_cast<size_t>(tickets));
  }
}

TEST("a session of other rules is not resumed by the server") {
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version));
    Pair first = TicketServer{version, {Key(1)}}.Join(client, ClientOptions());
    TicketServer other{version, {Key(1)}, ServerContext(Only(version, [](ContextOptions& options) {
                                                          options.ask_client_hello = true;
                                                          options.has_ticket_keys = true;
                                                          options.session_rules = Bytes(32, 8);
                                                        }))};
    Pair second = other.Join(client, With(first.client.sessions.at(0).state));
    CHECK(!second.server.engine->Facts().is_resumed);
  }
}
