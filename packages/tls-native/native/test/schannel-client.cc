// Tests a client's handshake over the fake system.
#include "schannel-fake.hh"

using namespace fake;

namespace {

// Makes a client that has sent its ClientHello, to a server for which the root vouches.
std::unique_ptr<tls::Engine> Started(const tls::ContextOptions& options, const std::string& name = "host.test") {
  TrustPeer(ServerLeaf());
  auto client = MakeEngine(options, Trust({Root()}), name);
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  const tls::Outcome outcome = client->Start();
  CHECK(outcome.ciphertext == ClientHello() && !outcome.fault.has_value());
  return client;
}

}  // namespace

TEST("a client of TLS 1.3 sends its last flight once the server is accepted, and is then done") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().alpn = "h2";
  Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
  const tls::Outcome outcome = Receive(*client, ServerFlight13());
  CHECK(outcome.is_handshake_done && outcome.ciphertext == Protected("finished"));
  const tls::ConnectionFacts facts = client->Facts();
  CHECK(facts.version == 0x0304 && facts.cipher_suite == 0x1302 && facts.group == 29);
  CHECK(facts.alpn == Text("h2"));
  CHECK(facts.peer_chain.size() == 2 && facts.peer_chain[0] == ServerLeaf() && facts.verified_path.size() == 2);
  CHECK(!facts.was_asked && !facts.is_retry && facts.has_extended_main_secret);
}

TEST("a client asks for exactly what it was told: the name, the protocols and its own judgement") {
  Reset();
  auto client = Started(ClientOptions());
  const StepCall& call = Sys().step_calls[0];
  CHECK(call.is_first && call.target == u"host.test" && call.input.empty());
  const Bytes expected = Join({{18, 0, 0, 0, 2, 0, 0, 0, 12, 0}, AlpnList({"h2", "http/1.1"})});
  CHECK(call.alpn == expected);
  CHECK((call.requirements & abi::kClientReqManualValidation) != 0);
  CHECK((call.requirements & abi::kReqUseSuppliedCredentials) == 0);
  const Acquisition& acquired = Sys().acquisitions[0];
  CHECK(acquired.version == 5 && acquired.flags == (0x8 | 0x10 | 0x80 | 0x400000));
  CHECK(acquired.protocols == ~uint32_t{0x2800} && acquired.disabled_crypto == 3 && acquired.sent.empty());
}

TEST("a client sends no name for an address, and a name without the dot at its end") {
  Reset();
  Started(ClientOptions(), "192.0.2.1");
  CHECK(Sys().step_calls.back().target.empty());
  Started(ClientOptions(), "host.test.");
  CHECK(Sys().step_calls.back().target == u"host.test");
}

TEST("a server's flight may come byte by byte, and SChannel is only asked when a record is whole") {
  Reset();
  auto client = Started(ClientOptions());
  const Bytes flight = ServerFlight13();
  // The first two records are not enough for it.
  Sys().steps = {{abi::kErrorIncompleteMessage, {}, 0, false},
                 {abi::kErrorIncompleteMessage, {}, 0, false},
                 {abi::kOk, Protected("finished"), 0, true}};
  for (size_t index = 0; index < flight.size(); ++index) {
    const tls::Outcome outcome = Receive(*client, {flight[index]});
    CHECK(outcome.is_handshake_done == (index + 1 == flight.size()));
  }
  CHECK(Sys().step_calls.size() == 4 && Sys().step_calls[3].input == flight);
}

TEST("what is left over of a flight is shown again while the handshake goes on, and decrypted once it is done") {
  const Bytes data = Protected("early words");
  for (size_t left = 0; left <= data.size(); ++left) {
    Reset();
    auto client = Started(ClientOptions());
    const Bytes first = Record(22, ServerHello(0x0304, 0x1302));
    const Bytes second = Protected("certificate and finished");
    // Only the beginning of the data is there yet, and SChannel leaves it where it is.
    const Bytes part(data.begin(), data.end() - static_cast<std::ptrdiff_t>(left));
    Sys().steps = {{abi::kContinueNeeded, {}, second.size() + (left == 0 ? data.size() : 0), false},
                   {abi::kOk, Protected("finished"), left == 0 ? data.size() : 0, true}};
    const tls::Outcome outcome = Receive(*client, Join({first, second, part}));
    CHECK(outcome.is_handshake_done && Sys().step_calls.size() == 3);
    CHECK(TextOf(outcome.plaintext) == (left == 0 ? "early words" : ""));
    const tls::Outcome rest = Receive(*client, Bytes(data.end() - static_cast<std::ptrdiff_t>(left), data.end()));
    CHECK(TextOf(rest.plaintext) == (left == 0 ? "" : "early words"));
  }
}

TEST("a HelloRetryRequest is answered before there is a certificate to judge") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}, {abi::kOk, Protected("finished"), 0, true}};
  const tls::Outcome retried = Receive(*client, RetryRequest());
  CHECK(retried.ciphertext == ClientHello() && !retried.fault.has_value());
  CHECK(Receive(*client, ServerFlight13()).is_handshake_done);
  CHECK(client->Facts().is_retry && client->Facts().group == 29);
}

TEST("a client of TLS 1.2 judges before its Finished where SChannel shows the certificate, and at the end where it does not") {
  for (const bool shows_early : {true, false}) {
    Reset();
    auto client = Started(ClientOptions());
    Sys().version = 0x0303;
    Sys().cipher_suite = 0xC02F;
    Sys().steps = {{abi::kContinueNeeded, Protected("key exchange and finished"), 0, shows_early}, {abi::kOk, {}, 0, true}};
    const tls::Outcome outcome = Receive(*client, ServerFlight12(false));
    CHECK(outcome.ciphertext == Protected("key exchange and finished") && !outcome.is_handshake_done);
    CHECK(Sys().chain_flags.size() == (shows_early ? 1 : 0));
    CHECK(Receive(*client, Record(22, Text("server finished"))).is_handshake_done);
    CHECK(Sys().chain_flags.size() == 1);
    const tls::ConnectionFacts facts = client->Facts();
    CHECK(facts.version == 0x0303 && facts.cipher_suite == 0xC02F && facts.group == 29);
    CHECK(facts.peer_signature_scheme == 0x0804);
    CHECK(facts.has_extended_main_secret);
  }
}

TEST("a server that is refused gets a plain alert, and not the flight that was ready") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().chain[1].errors = Sys().chain_errors = abi::kTrustNotTimeValid;
  Sys().steps = {{abi::kOk, Protected("certificate of the client and finished"), 0, true}};
  const tls::Outcome outcome = Receive(*client, ServerFlight13());
  CHECK(outcome.fault.has_value() && outcome.fault->code == "ERR_TLS_CERTIFICATE_EXPIRED");
  CHECK(outcome.fault->sent_alert == 45);
  CHECK(outcome.ciphertext == Alert(2, 45) && !outcome.is_handshake_done);
  // Every later call gets the same fault.
  CHECK(client->Send(ViewOf(Text("x"))).fault->code == "ERR_TLS_CERTIFICATE_EXPIRED");
  CHECK(Receive(*client, Protected("x")).fault->code == "ERR_TLS_CERTIFICATE_EXPIRED");
}

TEST("a change_cipher_spec by itself is not yet the Finished") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().chain[1].errors = Sys().chain_errors = abi::kTrustNotTimeValid;
  const tls::Bytes change = Record(20, {1});
  Sys().steps = {{abi::kContinueNeeded, change, 0, false}, {abi::kOk, Protected("finished"), 0, true}};
  CHECK(Receive(*client, Record(22, ServerHello(0x0304, 0x1302))).ciphertext == change);
  CHECK(Receive(*client, Protected("certificate and finished")).ciphertext == Alert(2, 45));
}

TEST("one that is refused after the Finished gets the alert under protection") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().version = 0x0303;
  Sys().cipher_suite = 0xC02F;
  Sys().chain_errors = abi::kTrustUntrustedRoot;
  Sys().steps = {{abi::kContinueNeeded, Protected("finished"), 0, false}, {abi::kOk, {}, 0, true}};
  Receive(*client, ServerFlight12(false));
  const tls::Outcome outcome = Receive(*client, Record(22, Text("server finished")));
  CHECK(outcome.fault->code == "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER" && outcome.fault->sent_alert == 48);
  CHECK(Sys().alerts == std::vector<uint32_t>{48} && outcome.ciphertext == Protected("alert 48"));
}

TEST("the verify question is asked with the judged path, and the flight waits for its answer") {
  for (const int alert : {-1, 46}) {
    Reset();
    tls::ContextOptions options = ClientOptions();
    options.ask_verify = true;
    auto client = Started(options);
    Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
    const tls::Outcome asked = Receive(*client, Join({ServerFlight13(), {23, 3}}));
    CHECK(asked.question.has_value() && std::string(asked.question->kind) == "verify" && asked.ciphertext.empty());
    CHECK(asked.question->parts[0].second.size() == 2 && asked.question->parts[1].second.size() == 2);
    tls::Answer answer;
    answer.alert = alert;
    const tls::Outcome outcome = client->Resume(std::move(answer));
    CHECK(outcome.is_handshake_done == (alert < 0));
    CHECK(outcome.ciphertext == (alert < 0 ? Protected("finished") : Alert(2, 46)));
    if (alert >= 0) CHECK(outcome.fault->code == "ERR_TLS_CERTIFICATE_REJECTED" && outcome.fault->sent_alert == 46);
  }
}

TEST("whoever is asked may answer with a path of its own") {
  Reset();
  tls::ContextOptions options = ClientOptions();
  options.ask_verify = true;
  auto client = Started(options);
  Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
  Receive(*client, ServerFlight13());
  tls::Answer answer;
  answer.path = std::vector<Bytes>{ServerLeaf()};
  CHECK(client->Resume(std::move(answer)).is_handshake_done);
  CHECK(client->Facts().verified_path == std::vector<Bytes>{ServerLeaf()});
}

TEST("a connection that its owner gives up ends in the alert that it was told, plain or protected") {
  Reset();
  auto client = Started(ClientOptions());
  const tls::Outcome early = client->Fail(90);
  CHECK(early.ciphertext == Join({Alert(1, 90), Alert(1, 0)}) && early.fault->code == "ERR_TLS_ABORTED" && early.fault->sent_alert == 90);
  client = nullptr;
  Reset();
  client = OpenClient();
  CHECK(client->Fail(80).ciphertext == Protected("alert 80") && client->Close().fault.has_value());
}

TEST("asked for a certificate, a client without one goes on and says that there is none") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().steps = {{abi::kIncompleteCredentials, {}, 0, true}, {abi::kOk, Protected("finished"), 0, true}};
  const tls::Outcome outcome = Receive(*client, ServerFlight13());
  CHECK(outcome.is_handshake_done && client->Facts().was_asked);
  CHECK(Sys().step_calls[1].input == ServerFlight13() && Sys().step_calls[2].input == ServerFlight13());
  CHECK((Sys().step_calls[2].requirements & abi::kReqUseSuppliedCredentials) != 0 && !Sys().step_calls[2].has_certificate);
}

TEST("asked for a certificate, a client asks which, and shows it only to a server that it accepts") {
  for (const bool is_good : {true, false}) {
    Reset();
    tls::ContextOptions options = ClientOptions();
    options.ask_certificate = true;
    auto client = Started(options);
    Sys().signatures = {0x0408, 0x0304};
    Sys().issuers = {Name("root")};
    if (!is_good) Sys().chain_errors = abi::kTrustUntrustedRoot;
    Sys().steps = {{abi::kIncompleteCredentials, {}, 0, true}, {abi::kOk, Protected("certificate and finished"), 0, true}};
    const tls::Outcome asked = Receive(*client, ServerFlight13());
    if (!is_good) {
      CHECK(!asked.question.has_value() && asked.fault->sent_alert == 48 && asked.ciphertext == Alert(2, 48));
      continue;
    }
    CHECK(std::string(asked.question->kind) == "certificate");
    CHECK((asked.question->parts[0].second == std::vector<Bytes>{{3, 4}}));
    CHECK((asked.question->parts[1].second == std::vector<Bytes>{{0x08, 0x04, 0x04, 0x03}}));
    CHECK(asked.question->parts[2].second == std::vector<Bytes>{Name("root")});
    tls::Answer answer;
    answer.credential = EcCredential({ClientLeaf(), Root()});
    const tls::Outcome outcome = client->Resume(std::move(answer));
    CHECK(outcome.is_handshake_done && Sys().step_calls[2].has_certificate);
    CHECK((Sys().acquisitions.back().sent == std::vector<Bytes>{ClientLeaf(), Root()}));
    CHECK((Sys().acquisitions.back().flags & abi::kCredMemoryStore) != 0);
  }
}

TEST("in TLS 1.2 the questions come one after the other: who the server is, then what to show it") {
  Reset();
  tls::ContextOptions options = ClientOptions();
  options.ask_certificate = options.ask_verify = true;
  auto client = Started(options);
  Sys().version = 0x0303;
  Sys().cipher_suite = 0xC02F;
  Sys().steps = {{abi::kIncompleteCredentials, {}, 0, true},
                 {abi::kIncompleteCredentials, {}, 0, true},
                 {abi::kContinueNeeded, Protected("no certificate and finished"), 0, true},
                 {abi::kOk, {}, 0, true}};
  CHECK(std::string(Receive(*client, ServerFlight12(true)).question->kind) == "verify");
  const tls::Outcome second = client->Resume({});
  CHECK(std::string(second.question->kind) == "certificate");
  CHECK((second.question->parts[0].second == std::vector<Bytes>{{3, 3}}));
  CHECK((second.question->parts[1].second == std::vector<Bytes>{{0x08, 0x04, 0x04, 0x03}}));
  CHECK(second.question->parts[2].second.size() == 1);
  CHECK(client->Resume({}).ciphertext == Protected("no certificate and finished"));
  CHECK(Receive(*client, Record(22, Text("server finished"))).is_handshake_done && client->Facts().was_asked);
}

TEST("a system that asks for a certificate again and again is not asked forever") {
  Reset();
  auto client = Started(ClientOptions());
  Sys().steps = {{abi::kIncompleteCredentials, {}, 0, true}, {abi::kIncompleteCredentials, {}, 0, true}};
  CHECK(Receive(*client, ServerFlight13()).fault->code == "ERR_TLS_BACKEND");
}

TEST("what was agreed on is checked even where the system did not heed what it was told") {
  struct Case {
    uint16_t version, suite;
    const char* alpn;
    const char* code;
  };
  for (const Case& each : {
         Case{0x0302, 0xC02F, "", "ERR_TLS_PROTOCOL_VERSION"},
         Case{0x0303, 0xC02F, "", "ERR_TLS_PROTOCOL_VERSION"},
         Case{0x0304, 0x1304, "", "ERR_TLS_NO_COMMON_PARAMETERS"},
         Case{0x0304, 0x1301, "spdy", "ERR_TLS_ILLEGAL_PARAMETER"}}) {
    Reset();
    tls::ContextOptions options = ClientOptions();
    options.min_version = 0x0304;
    auto client = Started(options);
    Sys().version = each.version;
    Sys().cipher_suite = each.suite;
    Sys().has_cipher_info = each.version != 0x0302;
    Sys().alpn = each.alpn;
    Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
    const tls::Outcome outcome = Receive(*client, each.version == 0x0304 ? ServerFlight13() : ServerFlight12(false));
    CHECK(outcome.fault.has_value() && outcome.fault->code == each.code && !outcome.is_handshake_done);
  }
}
