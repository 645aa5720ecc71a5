// Tests the questions that only the owner of a connection can answer: they are asked during a handshake, and answered at once,
// later, or never.
#include "openssl-pair.hh"

using namespace pair;

namespace {

const tls::Bytes& Part(const Question& question, const std::string& name, size_t index = 0) {
  for (const auto& [part, values] : question.parts) {
    if (name == part) return values.at(index);
  }
  throw check::Failure("no part " + name);
}

// Makes a client and a server that ask all questions.
Pair Asking(uint16_t version, bool answers) {
  const auto server = ServerContext(Only(version, [](ContextOptions& options) {
    options.ask_client_hello = true;
    options.has_ticket_keys = true;
    options.ask_verify = true;
    options.verify = Verify::kRequire;
    options.credentials.clear();
  }));
  const auto client = ClientContext(Only(version, [](ContextOptions& options) {
    options.ask_certificate = true;
    options.ask_verify = true;
    options.request_ocsp = true;
  }));
  Pair joined = Join(client, server);
  joined.server.answer = [](const Question& question) {
    Answer answer;
    if (question.kind != std::string("clientHello")) return answer;
    answer.credential = Identity("server");
    answer.ticket_keys = std::vector<Bytes>{Noise(80, 5)};
    answer.ocsp_response = Noise(100, 6);
    return answer;
  };
  joined.client.answer = [](const Question& question) {
    Answer answer;
    if (question.kind == std::string("certificate")) answer.credential = Identity("client");
    return answer;
  };
  if (!answers) {
    joined.client.answer = nullptr;
    joined.server.answer = nullptr;
  }
  return joined;
}

// Brings a side to the question of this kind, answers all before it, and leaves it there.
Pair RestingIn(uint16_t version, bool is_server, const std::string& kind) {
  Pair joined = Asking(version, true);
  Side& side = is_server ? joined.server : joined.client;
  const auto answer = side.answer;
  side.answer = nullptr;
  for (int turn = 0; turn < 20; ++turn) {
    joined.Run();
    if (!side.rests() || side.question->kind == kind) break;
    side.Take(side.engine->Resume(answer(*side.question)));
  }
  CHECK(side.rests() && side.question->kind == kind);
  return joined;
}

struct Place {
  bool is_server;
  const char* kind;
};
constexpr Place kPlaces[] = {{true, "clientHello"}, {true, "verify"}, {false, "certificate"}, {false, "verify"}};

}  // namespace

TEST("every question is asked, and the handshake goes on with the answers") {
  for (uint16_t version : kBothVersions) {
    for (size_t piece : {size_t{1}, SIZE_MAX}) {
      Pair joined = Asking(version, true);
      joined.Run(piece);
      CHECK(joined.client.is_done && joined.server.is_done);
      CHECK((joined.server.asked == std::vector<std::string>{"clientHello", "verify"}));
      CHECK((joined.client.asked == std::vector<std::string>{"verify", "certificate"}) ||
            (joined.client.asked == std::vector<std::string>{"certificate", "verify"}));
      CHECK(joined.client.engine->Facts().ocsp_response == std::optional<Bytes>(Noise(100, 6)));
      CHECK(joined.server.engine->Facts().peer_chain.at(0) == File("client.der"));
      joined.client.Send(BytesOf("data"));
      joined.Run();
      CHECK(joined.server.plaintext == BytesOf("data"));
    }
  }
}

TEST("questions hold what the peer has sent") {
  Pair joined = RestingIn(kTls13, true, "clientHello");
  CHECK(Part(*joined.server.question, "cipherSuites").size() >= 6);
  CHECK(Part(*joined.server.question, "extensions").size() >= 2);
  Pair asked = RestingIn(kTls13, false, "certificate");
  CHECK(Part(*asked.client.question, "signatureSchemes").size() >= 8);
  for (uint16_t version : kBothVersions) {
    Pair judged = RestingIn(version, false, "verify");
    CHECK(Part(*judged.client.question, "chain") == File("server.der"));
    CHECK(Part(*judged.client.question, "path", 2) == File("root.der"));
    // In TLS 1.2 the library judges before the response comes, which is in a message of its own (RFC 6066 §8).
    if (version == kTls13) CHECK(Part(*judged.client.question, "ocspResponse") == Noise(100, 6));
  }
}

TEST("an answer with an alert ends the handshake on both sides") {
  for (uint16_t version : kBothVersions) {
    for (const Place& place : kPlaces) {
      Pair joined = RestingIn(version, place.is_server, place.kind);
      Side& refusing = place.is_server ? joined.server : joined.client;
      Side& refused = place.is_server ? joined.client : joined.server;
      Answer answer;
      answer.alert = 42;
      refusing.Take(refusing.engine->Resume(std::move(answer)));
      CHECK(refusing.fault.has_value() && !refusing.rests() && !refusing.is_done);
      Pair::Carry(refusing, refused);
      CHECK(CodeOf(refused) == "ERR_TLS_ALERT" && refused.fault->received_alert >= 0);
      // The fault is the same afterwards.
      const Bytes more = Noise(50, 9);
      CHECK(!refusing.engine->Receive(ViewOf(more)).is_handshake_done);
    }
  }
}

TEST("what comes behind a ClientHello that is being asked about is kept") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Asking(version, true);
    const auto answer = std::exchange(joined.server.answer, nullptr);
    Pair::Carry(joined.client, joined.server);
    CHECK(joined.server.rests());
    joined.server.Take(joined.server.engine->Resume(answer(*joined.server.question)));
    joined.server.answer = answer;
    joined.Run();
    CHECK(joined.client.is_done && joined.server.is_done);
  }
}

TEST("a whole flight of a client is kept while its certificate is judged") {
  // Certificate, CertificateVerify and Finished come in one piece, with data behind them.
  for (uint16_t version : kBothVersions) {
    Pair joined = RestingIn(version, true, "verify");
    joined.server.Take(joined.server.engine->Resume(Answer{}));
    joined.Run();
    CHECK(joined.server.is_done && joined.client.is_done);
  }
}

TEST("an engine may be destroyed while it rests in any question") {
  for (uint16_t version : kBothVersions) {
    for (const Place& place : kPlaces) {
      for (int round = 0; round < 3; ++round) {
        Pair joined = RestingIn(version, place.is_server, place.kind);
        (place.is_server ? joined.server : joined.client).engine.reset();
      }
    }
  }
}

TEST("many engines rest at once, and each goes on by itself, in any order") {
  const size_t count = 50;
  std::vector<Pair> pairs;
  for (size_t index = 0; index < count; ++index) pairs.push_back(RestingIn(kTls13, true, "clientHello"));
  std::mt19937 random(7);
  std::shuffle(pairs.begin(), pairs.end(), random);
  for (size_t index = 0; index < count; index += 2) {
    Pair& joined = pairs[index];
    Answer answer;
    answer.credential = Identity("server");
    joined.server.Take(joined.server.engine->Resume(std::move(answer)));
    joined.server.answer = [](const Question&) { return Answer{}; };
    joined.Run();
    CHECK(joined.client.is_done && joined.server.is_done);
  }
  // The other pairs are left resting.
}

TEST("an engine that gives up while it rests says nothing and can be destroyed") {
  for (const Place& place : kPlaces) {
    Pair joined = RestingIn(kTls13, place.is_server, place.kind);
    Side& side = place.is_server ? joined.server : joined.client;
    side.Take(side.engine->Fail(80));
    CHECK(!side.is_done);
  }
}

TEST("a credential that does not fit the suites is a fault, and no crash") {
  for (uint16_t version : kBothVersions) {
    const auto server = ServerContext(Only(version, [](ContextOptions& options) {
      options.ask_client_hello = true;
      options.credentials.clear();
    }));
    Pair joined = Join(ClientContext(Only(version)), server);
    joined.Run();  // the answer is that there is none
    CHECK(joined.server.fault.has_value() && joined.client.fault.has_value());
  }
}

TEST("a question of a context outlives the owner's hold of it") {
  Pair joined;
  {
    const auto server = ServerContext([](ContextOptions& options) { options.ask_client_hello = true; });
    joined = Join(ClientContext(), server);
    joined.server.answer = nullptr;
    joined.Run();
  }
  CHECK(joined.server.rests());
  joined.server.Take(joined.server.engine->Resume(Answer{}));
  joined.Run();
  CHECK(joined.client.is_done && joined.server.is_done);
}
