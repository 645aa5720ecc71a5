// Tests garbage and damaged flights: every handshake ends, none with an access out of bounds, and no damage goes unnoticed.
#include "openssl-pair.hh"

using namespace pair;

namespace {

// The sides of a handshake that has all messages: a client's certificate, a staple, tickets.
struct Sides {
  std::shared_ptr<Context> client;
  std::shared_ptr<Context> server;

  explicit Sides(uint16_t version, bool asks)
      : client(ClientContext(Only(version, [=](ContextOptions& options) {
          options.credentials = {Identity("client")};
          options.request_ocsp = true;
          options.ask_verify = asks;
          options.ask_certificate = asks;
          options.alpn = {2, 'h', '2'};
        }))),
        server(ServerContext(Only(version, [=](ContextOptions& options) {
          options.verify = Verify::kRequest;
          options.ask_client_hello = asks;
          options.ask_verify = asks;
          options.alpn = {2, 'h', '2'};
        }))) {}
};

void Damage(Bytes* flight, std::mt19937* random) {
  std::mt19937& next = *random;
  if (flight->empty()) return;
  const auto at = static_cast<ptrdiff_t>(next() % flight->size());
  switch (next() % 6) {
    case 0: (*flight)[static_cast<size_t>(at)] ^= static_cast<uint8_t>(1U << (next() % 8)); break;
    case 1: (*flight)[static_cast<size_t>(at)] = static_cast<uint8_t>(next()); break;
    case 2: flight->erase(flight->begin() + at, flight->begin() + at + static_cast<ptrdiff_t>(std::min<size_t>(1 + next() % 4, flight->size() - static_cast<size_t>(at)))); break;
    case 3: flight->insert(flight->begin() + at, 1 + next() % 4, static_cast<uint8_t>(next())); break;
    case 4: {  // a length or a type at the beginning, where most of them are
      (*flight)[next() % std::min<size_t>(flight->size(), 64)] = static_cast<uint8_t>(next() % 2 == 0 ? 0xFF : next());
      break;
    }
    default: flight->resize(static_cast<size_t>(at)); break;
  }
}

// Runs a handshake in which one flight is damaged: the n-th of those that are carried.
void Attack(const Sides& sides, size_t turn, uint32_t seed) {
  std::mt19937 random(seed);
  Pair joined = Join(sides.client, sides.server);
  for (size_t count = 0; count < 12; ++count) {
    Side& from = count % 2 == 0 ? joined.client : joined.server;
    Side& to = count % 2 == 0 ? joined.server : joined.client;
    if (count == turn) {
      const int times = 1 + static_cast<int>(random() % 3);
      for (int time = 0; time < times; ++time) Damage(&from.outgoing, &random);
    }
    Pair::Carry(from, to, random() % 4 == 0 ? 1 + random() % 50 : SIZE_MAX);
  }
  // Sides that are done have the same keys: nothing that was protected has been changed.
  if (!joined.client.is_done || !joined.server.is_done || joined.client.fault.has_value() || joined.server.fault.has_value()) return;
  CHECK(joined.client.engine->Export("EXPORTER-test", std::nullopt, 32) == joined.server.engine->Export("EXPORTER-test", std::nullopt, 32));
}

// Runs `rounds` damaged handshakes for each of the flights.
void AttackAll(uint16_t version, bool asks, uint32_t rounds) {
  const Sides sides(version, asks);
  for (size_t turn = 0; turn < 4; ++turn) {
    for (uint32_t round = 0; round < rounds; ++round) Attack(sides, turn, static_cast<uint32_t>(turn) * 1'000'003 + round);
  }
}

}  // namespace

TEST("garbage as the first bytes is a fault for either side") {
  const Sides sides(kTls13, false);
  for (uint32_t seed = 0; seed < 300; ++seed) {
    Pair joined = Join(sides.client, sides.server);
    Bytes noise = Noise(1 + seed * 7 % 2000, seed);
    if (seed % 2 == 0 && noise.size() > 5) {
      // The noise is sent as a handshake record, so that it is read further.
      const Bytes header{22, 3, 3, 0, static_cast<uint8_t>(std::min<size_t>(noise.size() - 5, 255))};
      std::copy(header.begin(), header.end(), noise.begin());
    }
    joined.server.Receive(ViewOf(noise));
    joined.client.Receive(ViewOf(noise));
    CHECK(!joined.client.is_done && !joined.server.is_done);
  }
}

TEST("600 damaged handshakes of TLS 1.3 end") { AttackAll(kTls13, false, 150); }
TEST("600 damaged handshakes of TLS 1.3 with questions end") { AttackAll(kTls13, true, 150); }
TEST("600 damaged handshakes of TLS 1.2 end") { AttackAll(kTls12, false, 150); }
TEST("600 damaged handshakes of TLS 1.2 with questions end") { AttackAll(kTls12, true, 150); }

TEST("a protected record with any bit changed ends the connection, and nothing of it is handed on") {
  for (uint16_t version : kBothVersions) {
    for (uint32_t seed = 0; seed < 100; ++seed) {
      Pair joined = Connect(version);
      joined.client.Send(Noise(100, seed));
      Bytes& record = joined.client.outgoing;
      record[5 + Noise(4, seed)[0] % (record.size() - 5)] ^= static_cast<uint8_t>(1U << (seed % 8));
      joined.Run();
      CHECK(joined.server.fault.has_value() && joined.server.plaintext.empty());
      CHECK(joined.server.fault->code == "ERR_TLS_BAD_RECORD_MAC");
      CHECK(joined.client.fault.has_value() && joined.client.fault->received_alert == 20);
    }
  }
}

TEST("a record that comes twice, or before its turn, ends the connection") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    joined.client.Send(BytesOf("once"));
    const Bytes record = joined.client.outgoing;
    joined.client.outgoing.insert(joined.client.outgoing.end(), record.begin(), record.end());
    joined.Run();
    CHECK(joined.server.plaintext == BytesOf("once") && joined.server.fault.has_value());
  }
}

TEST("an engine may be destroyed at every step of a handshake, by whole flights and by bytes") {
  for (uint16_t version : kBothVersions) {
    for (bool asks : {false, true}) {
      const Sides sides(version, asks);
      for (size_t steps = 0; steps < 8; ++steps) {
        Pair joined = Join(sides.client, sides.server);
        for (size_t step = 0; step < steps; ++step) {
          if (step % 2 == 0) Pair::Carry(joined.client, joined.server);
          else Pair::Carry(joined.server, joined.client);
        }
      }
      for (size_t length = 0; length < 3000; length += 97) {
        Pair joined = Join(sides.client, sides.server);
        Bytes& flight = joined.client.outgoing;
        flight.resize(std::min(flight.size(), length));
        Pair::Carry(joined.client, joined.server, 1);
        Bytes& answer = joined.server.outgoing;
        answer.resize(std::min(answer.size(), length));
        Pair::Carry(joined.server, joined.client, 1);
      }
    }
  }
}

TEST("a failed engine stays failed, whatever is called, and can be destroyed") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Join(ClientContext(Only(version), Trust({"stranger.der"})), ServerContext(Only(version)));
    joined.Run();
    for (Side* side : {&joined.client, &joined.server}) {
      CHECK(side->fault.has_value());
      Engine& engine = *side->engine;
      const Bytes more = Noise(200, 3);
      CHECK(engine.Receive(ViewOf(more)).plaintext.empty());
      CHECK(engine.Send(ViewOf(more)).fault.has_value());
      CHECK(engine.UpdateKeys().fault.has_value());
      engine.Close();
      engine.Fail(80);
      engine.Export("EXPORTER-test", std::nullopt, 32);
      engine.Facts();
      engine.PeerChain();
      CHECK(!engine.Receive(ViewOf(more)).is_handshake_done);
    }
  }
}
