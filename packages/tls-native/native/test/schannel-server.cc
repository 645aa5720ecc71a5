// Tests a server's handshake over the fake system.
#include "schannel-fake.hh"

using namespace fake;

namespace {

std::unique_ptr<tls::Engine> Waiting(tls::ContextOptions options, std::shared_ptr<tls::TrustStore> trust = nullptr) {
  auto server = MakeEngine(options, std::move(trust));
  CHECK(server->Start().ciphertext.empty());
  return server;
}

// Goes on to the client's Finished, which the last step answers.
tls::Outcome Finish(tls::Engine& server, uint16_t version, const Step& last) {
  Sys().version = version;
  Sys().cipher_suite = version == 0x0304 ? 0x1302 : 0xC02F;
  Sys().steps = {{abi::kContinueNeeded, version == 0x0304 ? ServerFlight13() : ServerFlight12(true), 0, false}};
  CHECK(!Receive(server, ClientHello()).fault.has_value());
  Sys().steps = {last};
  return Receive(server, Protected("client finished"));
}

tls::ContextOptions AskingOptions(tls::Verify verify) {
  tls::ContextOptions options = ServerOptions(EcCredential({ServerLeaf()}));
  options.verify = verify;
  return options;
}

}  // namespace

TEST("a server is told the name, speaks our first protocol that is offered, and is done with the client's Finished") {
  Reset();
  tls::ContextOptions options = ServerOptions(EcCredential({ServerLeaf(), Root()}));
  options.alpn = AlpnList({"spdy", "http/1.1", "h2"});
  auto server = Waiting(options);
  Sys().alpn = "http/1.1";
  const tls::Outcome outcome = Finish(*server, 0x0304, {abi::kOk, Protected("tickets"), 0, false});
  CHECK(outcome.is_handshake_done && outcome.ciphertext == Protected("tickets"));
  const StepCall& call = Sys().step_calls[0];
  CHECK(call.is_server && call.input == ClientHello() && call.has_certificate);
  CHECK(call.alpn == Join({{15, 0, 0, 0, 2, 0, 0, 0, 9, 0}, AlpnList({"http/1.1"})}));
  CHECK((call.requirements & abi::kReqMutualAuth) == 0 && Sys().step_calls[1].alpn.empty());
  const tls::ConnectionFacts facts = server->Facts();
  CHECK(facts.server_name == "host.test" && facts.alpn == Text("http/1.1") && facts.version == 0x0304);
  CHECK((Sys().acquisitions[0].sent == std::vector<Bytes>{ServerLeaf(), Root()}) && Sys().acquisitions[0].use == 1);
}

TEST("a ClientHello may come byte by byte and in several records, and is shown whole") {
  Reset();
  auto server = Waiting(ServerOptions(EcCredential({ServerLeaf()})));
  const Bytes hello = Message(1, ClientHelloBody(UsualExtensions()));
  const Bytes records = Join({Record(22, Bytes(hello.begin(), hello.begin() + 3)), Record(22, Bytes(hello.begin() + 3, hello.end()))});
  Sys().steps = {{abi::kContinueNeeded, ServerFlight13(), 0, false}};
  Bytes sent;
  for (const uint8_t byte : records) sent = Join({sent, Receive(*server, {byte}).ciphertext});
  CHECK(sent == ServerFlight13() && Sys().step_calls.size() == 1 && Sys().step_calls[0].input == records);
}

TEST("no protocol in common is refused before SChannel is asked") {
  Reset();
  tls::ContextOptions options = ServerOptions(EcCredential({ServerLeaf()}));
  options.alpn = AlpnList({"spdy"});
  auto server = Waiting(options);
  const tls::Outcome outcome = Receive(*server, ClientHello());
  CHECK(outcome.fault->code == "ERR_TLS_NO_APPLICATION_PROTOCOL" && outcome.ciphertext == Alert(2, 120));
  CHECK(Sys().step_calls.empty());
}

TEST("the clientHello question has the suites and extensions, and its answer is the identity that is shown") {
  Reset();
  tls::ContextOptions options = ServerOptions(EcCredential({ServerLeaf()}));
  options.ask_client_hello = true;
  options.credentials.clear();
  auto server = Waiting(options);
  const tls::Outcome asked = Receive(*server, ClientHello());
  CHECK(std::string(asked.question->kind) == "clientHello" && Sys().step_calls.empty());
  CHECK((asked.question->parts[0].second == std::vector<Bytes>{{0x13, 0x02, 0xC0, 0x2F}}));
  CHECK(asked.question->parts[1].second.size() == 3);
  CHECK((asked.question->parts[1].second[1] == Bytes{0, 13, 0, 4, 8, 4, 4, 3}));
  Sys().steps = {{abi::kContinueNeeded, ServerFlight13(), 0, false}};
  tls::Answer answer;
  answer.credential = EcCredential({ServerLeaf(), Root()});
  CHECK(server->Resume(std::move(answer)).ciphertext == ServerFlight13());
  CHECK(Sys().acquisitions.back().sent.size() == 2);
}

TEST("the clientHello question can be answered with an alert, or without any identity") {
  for (const int alert : {112, -1}) {
    Reset();
    tls::ContextOptions options = ServerOptions(nullptr);
    options.ask_client_hello = true;
    options.credentials.clear();
    auto server = Waiting(options);
    Receive(*server, ClientHello());
    tls::Answer answer;
    answer.alert = alert;
    const tls::Outcome outcome = server->Resume(std::move(answer));
    CHECK(outcome.fault->code == (alert == 112 ? "ERR_TLS_UNRECOGNIZED_NAME" : "ERR_TLS_NO_COMMON_PARAMETERS"));
    CHECK(outcome.ciphertext == Alert(2, alert == 112 ? 112 : 40) && Sys().step_calls.empty());
  }
}

TEST("of several identities the one is shown whose key signs with what the client offers") {
  Reset();
  CertificateSpec rsa;
  rsa.dns_names = {"host.test"};
  rsa.key = RsaPublicKey();
  std::optional<tls::Fault> fault;
  tls::ContextOptions options = ServerOptions(Schannel().CreateCredential({MakeCertificate(rsa)}, RsaPkcs1(), &fault));
  options.credentials.push_back(EcCredential({ServerLeaf()}));
  auto server = Waiting(options);
  const Bytes only_ecdsa = Extension(13, Vector(2, {0x04, 0x03}));
  Sys().steps = {{abi::kContinueNeeded, ServerFlight13(), 0, false}};
  Receive(*server, Record(22, Message(1, ClientHelloBody(only_ecdsa))));
  CHECK(Sys().acquisitions.size() == 2 && Sys().acquisitions[1].sent[0] == ServerLeaf());
  CHECK(Sys().step_calls[0].has_certificate);
  CHECK(Sys().live["credentials"].count(reinterpret_cast<void*>(Sys().step_calls[0].credentials)) == 1);
}

TEST("what is no ClientHello is refused as what it is") {
  struct Case {
    Bytes bytes;
    const char* code;
    int alert;
  };
  Bytes long_record = Record(22, {});
  long_record[3] = 0x60;
  const Bytes twice = Join({Extension(23, {}), Extension(23, {})});
  for (const Case& each : {
         Case{Text("GET / HTTP/1.1\r\n\r\n"), "ERR_TLS_NOT_TLS", 10},
         Case{long_record, "ERR_TLS_RECORD_OVERFLOW", 22},
         Case{Record(22, Message(2, {1})), "ERR_TLS_UNEXPECTED_MESSAGE", 10},
         Case{Record(22, Message(1, {3, 3})), "ERR_TLS_DECODE", 50},
         Case{Record(22, Message(1, ClientHelloBody(twice))), "ERR_TLS_DECODE", 50},
         Case{Protected("x"), "ERR_TLS_UNEXPECTED_MESSAGE", 10}}) {
    Reset();
    auto server = Waiting(ServerOptions(EcCredential({ServerLeaf()})));
    const tls::Outcome outcome = Receive(*server, each.bytes);
    CHECK(outcome.fault.has_value() && outcome.fault->code == each.code && outcome.fault->sent_alert == each.alert);
    CHECK(outcome.ciphertext == Alert(2, static_cast<uint8_t>(each.alert)) && Sys().step_calls.empty());
  }
}

TEST("a ClientHello that never ends is given up") {
  Reset();
  auto server = Waiting(ServerOptions(EcCredential({ServerLeaf()})));
  Receive(*server, Record(22, {1, 0xFF, 0xFF, 0xFF}));
  std::string code;
  for (int count = 0; count < 20 && code.empty(); ++count) {
    const tls::Outcome outcome = Receive(*server, Record(22, Bytes(16000, 0)));
    if (outcome.fault.has_value()) code = outcome.fault->code;
  }
  CHECK(code == "ERR_TLS_LIMIT");
}

TEST("a client that SChannel refuses is told so, by the package or by us") {
  struct Case {
    uint16_t version;
    Bytes output;
    Bytes sent;
    int alert;
  };
  for (const Case& each : {Case{0, {}, Alert(2, 80), 80}, Case{0, Alert(2, 71), Alert(2, 71), 71},
                           Case{0x0303, {}, Alert(2, 80), 80}, Case{0x0304, {}, Protected("alert 80"), 80},
                           Case{0x0303, Record(20, {1}), Join({Record(20, {1}), Alert(2, 80)}), 80},
                           Case{0x0304, Protected("its own"), Protected("its own"), -1}}) {
    Reset();
    auto server = Waiting(ServerOptions(EcCredential({ServerLeaf()})));
    const Step refusal = {abi::kErrorInternal, each.output, 0, false};
    tls::Outcome outcome;
    if (each.version == 0) {
      Sys().steps = {refusal};
      outcome = Receive(*server, ClientHello());
    } else {
      outcome = Finish(*server, each.version, refusal);
    }
    CHECK(outcome.fault.has_value() && outcome.fault->sent_alert == each.alert && outcome.ciphertext == each.sent);
  }
}

TEST("early data that a client of TLS 1.3 offers is rejected") {
  Reset();
  auto server = Waiting(ServerOptions(EcCredential({ServerLeaf()})));
  Sys().steps = {{abi::kContinueNeeded, ServerFlight13(), 0, false}};
  Receive(*server, Record(22, Message(1, ClientHelloBody(Join({UsualExtensions(), Extension(42, {})})))));
  Sys().steps = {{abi::kOk, Protected("tickets"), 0, false}};
  CHECK(Receive(*server, Protected("client finished")).is_handshake_done);
  CHECK(server->Facts().early_data == tls::EarlyData::kRejected && OpenServer()->Facts().early_data == tls::EarlyData::kNone);
}

TEST("an alert in the place of a ClientHello is told") {
  Reset();
  auto server = Waiting(ServerOptions(EcCredential({ServerLeaf()})));
  const tls::Outcome outcome = Receive(*server, Alert(2, 48));
  CHECK(outcome.fault->code == "ERR_TLS_ALERT" && outcome.fault->received_alert == 48 && outcome.ciphertext.empty());
}

TEST("a client's certificate is judged before the last flight of TLS 1.2, which is not sent to one that is refused") {
  for (const bool is_good : {true, false}) {
    Reset();
    Sys().peer = {ClientLeaf()};
    Sys().chain = {{ClientLeaf(), 0, 0}, {Root(), 0, 8}};
    if (!is_good) Sys().chain_errors = Sys().chain[1].errors = abi::kTrustRevoked;
    auto server = Waiting(AskingOptions(tls::Verify::kRequire), Trust({Root()}));
    const tls::Outcome outcome = Finish(*server, 0x0303, {abi::kOk, Protected("finished"), 0, true});
    CHECK((Sys().step_calls[0].requirements & abi::kReqMutualAuth) != 0 && Sys().chain_purposes[0] == "1.3.6.1.5.5.7.3.2");
    CHECK(outcome.is_handshake_done == is_good);
    CHECK(outcome.ciphertext == (is_good ? Protected("finished") : Alert(2, 44)));
    if (!is_good) CHECK(outcome.fault->node_code == "CERT_REVOKED");
  }
}

TEST("in TLS 1.3 the alert for a client's certificate goes out protected, behind what SChannel had ready") {
  Reset();
  Sys().peer = {ClientLeaf()};
  Sys().chain = {{ClientLeaf(), 0, 0}};
  Sys().chain_errors = abi::kTrustPartialChain;
  auto server = Waiting(AskingOptions(tls::Verify::kRequire), Trust({Root()}));
  const tls::Outcome outcome = Finish(*server, 0x0304, {abi::kOk, Protected("tickets"), 0, true});
  CHECK(outcome.ciphertext == Join({Protected("tickets"), Protected("alert 48")}) && outcome.fault->sent_alert == 48);
}

TEST("a client without a certificate is refused where one is required, and let in where one is only asked for") {
  for (const uint16_t version : {0x0303, 0x0304}) {
    for (const tls::Verify verify : {tls::Verify::kRequire, tls::Verify::kRequest}) {
      Reset();
      auto server = Waiting(AskingOptions(verify), Trust({Root()}));
      const tls::Outcome outcome = Finish(*server, version, {abi::kOk, Protected("last"), 0, true});
      CHECK(outcome.is_handshake_done == (verify == tls::Verify::kRequest) && server->Facts().peer_chain.empty());
      if (outcome.is_handshake_done) continue;
      // RFC 5246 has no alert certificate_required.
      CHECK(outcome.fault->code == "ERR_TLS_CERTIFICATE_REQUIRED");
      CHECK(outcome.fault->sent_alert == (version == 0x0304 ? 116 : 40));
    }
  }
}

TEST("whatever SChannel cannot do is refused when the context is made") {
  Reset();
  std::vector<tls::ContextOptions> all(9, ServerOptions(EcCredential({ServerLeaf()})));
  all[0].key_log = true;
  all[1].has_ticket_keys = true;
  all[2].authorities = {Name("root")};
  all[3].min_version = 0x0304;
  all[3].max_version = 0x0303;
  all[4].min_version = all[4].max_version = 0x0302;
  all[5].pre_shared_keys.resize(1);
  all[6].max_early_data = 1;
  all[7].is_fallback = true;
  all[8].security_level = 1;
  for (const tls::ContextOptions& options : all) {
    std::optional<tls::Fault> fault;
    CHECK(Schannel().CreateContext(options, nullptr, &fault) == nullptr && fault->code == "ERR_TLS_UNSUPPORTED");
  }
  std::optional<tls::Fault> fault;
  CHECK(Schannel().CreateContext(ClientOptions(), nullptr, &fault) == nullptr && fault->code == "ERR_TLS_CONFIG");
}
