// Tests what a connection does after its handshake.
#include <type_traits>

#include "../openssl/functions.hh"
#include "openssl-pair.hh"

// The library's header has this type. Its manual page once had a narrower one, beside which three bytes are whatever was in memory before.
static_assert(std::is_same_v<decltype(OSSL_PARAM::data_type), unsigned int>);

using namespace pair;

TEST("three megabytes each way at once arrive as they were") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    const Bytes up = Noise(3'000'000, 2);
    const Bytes down = Noise(3'000'001, 3);
    joined.client.Send(up);
    joined.server.Send(down);
    joined.Run(100'003);
    CHECK(joined.server.plaintext == up && joined.client.plaintext == down);
  }
}

TEST("data of every size around a record's limit arrives") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    for (size_t size : {1, 2, 16383, 16384, 16385, 32768, 65536, 65537}) {
      joined.server.plaintext.clear();
      const Bytes sent = Noise(size, static_cast<uint32_t>(size));
      joined.client.Send(sent);
      joined.Run(977);
      CHECK(joined.server.plaintext == sent);
    }
  }
}

TEST("§4.6.3 keys are updated by either side, also many times, and data goes on") {
  Pair joined = Connect(kTls13);
  for (int round = 0; round < 20; ++round) {
    joined.client.Take(joined.client.engine->UpdateKeys());
    joined.server.Take(joined.server.engine->UpdateKeys());
    joined.client.Send(BytesOf("up"));
    joined.server.Send(BytesOf("down"));
    joined.Run(round % 2 == 0 ? 1 : SIZE_MAX);
  }
  CHECK(CodeOf(joined.client).empty() && CodeOf(joined.server).empty());
  CHECK(joined.server.plaintext.size() == 40 && joined.client.plaintext.size() == 80);
}

TEST("TLS 1.2 has no update of keys: it is refused, and nothing is lost") {
  Pair joined = Connect(kTls12);
  CHECK(joined.client.engine->UpdateKeys().fault.has_value());
}

TEST("both sides export the same keying material, by label, context and length") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    const Bytes context = BytesOf("context");
    for (size_t length : {1, 32, 8160}) {
      const auto ours = joined.client.engine->Export("EXPORTER-test", ViewOf(context), length);
      CHECK(ours.has_value() && ours->size() == length);
      CHECK(ours == joined.server.engine->Export("EXPORTER-test", ViewOf(context), length));
    }
    const auto without = joined.client.engine->Export("EXPORTER-test", std::nullopt, 32);
    CHECK(without == joined.server.engine->Export("EXPORTER-test", std::nullopt, 32));
    CHECK(without != joined.client.engine->Export("EXPORTER-test", ViewOf(context), 32));
    CHECK(without != joined.client.engine->Export("EXPORTER-other", std::nullopt, 32));
  }
}

TEST("nothing is exported before the handshake is done") {
  Pair joined = Join(kTls13);
  CHECK(!joined.client.engine->Export("EXPORTER-test", std::nullopt, 32).has_value());
  CHECK(!joined.server.engine->Export("EXPORTER-test", std::nullopt, 32).has_value());
}

TEST("facts and the chain can be asked for before the handshake is done") {
  Pair joined = Join(kTls13);
  CHECK(joined.client.engine->Facts().peer_chain.empty() && joined.server.engine->PeerChain().empty());
  Pair::Carry(joined.client, joined.server);
  CHECK(joined.server.engine->Facts().verified_path.empty());
}

TEST("either side closes, the other may still send, and both know") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    joined.client.Send(BytesOf("last"));
    joined.client.Take(joined.client.engine->Close());
    joined.Run();
    CHECK(joined.server.plaintext == BytesOf("last") && joined.server.is_closed && !joined.client.is_closed);
    joined.server.Send(BytesOf("answer"));
    joined.server.Take(joined.server.engine->Close());
    joined.Run();
    CHECK(joined.client.plaintext == BytesOf("answer") && joined.client.is_closed);
    CHECK(CodeOf(joined.client).empty() && CodeOf(joined.server).empty());
  }
}

TEST("what is sent behind close is a fault and no data") {
  Pair joined = Connect(kTls13);
  joined.client.Take(joined.client.engine->Close());
  joined.Run();
  const Bytes late = BytesOf("late");
  CHECK(joined.client.engine->Send(ViewOf(late)).fault.has_value());
  joined.Run();
  CHECK(joined.server.plaintext.empty());
}

TEST("what comes behind close_notify is left aside") {
  Pair joined = Connect(kTls13);
  joined.client.Take(joined.client.engine->Close());
  joined.client.outgoing.insert(joined.client.outgoing.end(), 1000, 0x17);
  joined.Run();
  CHECK(joined.server.is_closed && joined.server.plaintext.empty());
  const Bytes more(100, 0x16);
  joined.server.Receive(ViewOf(more));
  CHECK(joined.server.plaintext.empty());
}

TEST("an empty piece changes nothing") {
  Pair joined = Join(kTls13);
  for (int round = 0; round < 5; ++round) {
    joined.server.Take(joined.server.engine->Receive(View{nullptr, 0}));
    joined.client.Take(joined.client.engine->Receive(View{nullptr, 0}));
    Pair::Carry(joined.client, joined.server);
    Pair::Carry(joined.server, joined.client);
  }
  CHECK(joined.client.is_done && joined.server.is_done);
}

TEST("who cancels a handshake says so by user_canceled and close_notify, where it is not encrypted") {
  const Bytes canceled = {21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0};
  for (uint16_t version : kBothVersions) {
    for (const bool rests : {false, true}) {
      const auto server = ServerContext(Only(version, [rests](ContextOptions& options) { options.ask_client_hello = rests; }));
      Pair joined = Join(ClientContext(Only(version)), server);
      Bytes& flight = joined.client.outgoing;
      if (!rests) flight.resize(flight.size() - 1);
      joined.server.answer = nullptr;
      Pair::Carry(joined.client, joined.server);
      CHECK(joined.server.rests() == rests);
      Answer refusal;
      refusal.alert = 90;
      Engine& engine = *joined.server.engine;
      CHECK((rests ? engine.Resume(std::move(refusal)) : engine.Fail(90)).ciphertext == canceled);
    }
  }
}

TEST("what is open is closed and not cancelled by its owner") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    joined.client.Take(joined.client.engine->Fail(90));
    joined.Run();
    CHECK(joined.server.is_closed && !joined.server.fault.has_value());
  }
}

TEST("an alert that its owner chose takes the place of the library's where it is not encrypted") {
  Pair joined = Join(kTls12);
  Pair::Carry(joined.client, joined.server);
  CHECK(joined.server.engine->Fail(80).ciphertext == (Bytes{21, 3, 3, 0, 2, 2, 80}));
}

TEST("a connection that its owner gives up tells the peer by a fatal alert") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    joined.client.Take(joined.client.engine->Fail(80));
    CHECK(!joined.client.fault.has_value() && !joined.client.outgoing.empty());
    joined.Run();
    CHECK(CodeOf(joined.server) == "ERR_TLS_ALERT" && joined.server.fault->received_alert >= 0);
  }
}
