// Tests what the system may resume, over a fake whose cache is as Microsoft documents it.
#include "schannel-fake.hh"

using namespace fake;

namespace {

constexpr uint16_t kTls12 = 0x0303;
constexpr uint16_t kTls13 = 0x0304;
constexpr uint16_t kVersions[] = {kTls12, kTls13};
const Bytes kTicket = Protected("a session ticket");

tls::ContextOptions Resuming(tls::ContextOptions options) {
  options.resumes_by_system = true;
  return options;
}

std::shared_ptr<tls::Context> Make(const tls::ContextOptions& options, std::shared_ptr<tls::TrustStore> trust = nullptr) {
  std::optional<tls::Fault> fault;
  auto context = Schannel().CreateContext(options, std::move(trust), &fault);
  CHECK(context != nullptr && !fault.has_value());
  return context;
}

std::shared_ptr<tls::Context> Client(const tls::ContextOptions& options = Resuming(ClientOptions())) {
  return Make(options, Trust({Root()}));
}

std::unique_ptr<tls::Engine> EngineOf(tls::Context& context, const std::string& name) {
  tls::EngineOptions options;
  options.server_name = name;
  options.is_address = name.find_first_not_of("0123456789.:") == std::string::npos;
  options.now = kNow;
  std::optional<tls::Fault> fault;
  return context.CreateEngine(options, &fault);
}

void Speak(uint16_t version) {
  Sys().version = version;
  Sys().cipher_suite = version == kTls13 ? 0x1302 : 0xC02F;
}

struct Connection {
  std::unique_ptr<tls::Engine> engine;
  tls::Outcome outcome;  // of the last flight

  bool is_resumed() const { return outcome.is_handshake_done && engine->Facts().is_resumed; }
  bool is_full() const { return outcome.is_handshake_done && !engine->Facts().is_resumed; }
};

// Goes on with the server's flight, and with a ticket where the version has one.
void Finish(Connection* client) {
  const bool is_tls13 = Sys().version == kTls13;
  Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
  client->outcome = Receive(*client->engine, is_tls13 ? ServerFlight13() : ServerFlight12(false));
  if (!is_tls13 || !client->outcome.is_handshake_done) return;
  Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}};
  Sys().steps = {{abi::kOk, {}, 0, true}};
  CHECK(!Receive(*client->engine, kTicket).fault.has_value());
}

Connection Begin(tls::Context& context, const std::string& name = "host.test") {
  Connection client = {EngineOf(context, name), {}};
  Sys().shows_peer = false;
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  CHECK(!client.engine->Start().fault.has_value());
  return client;
}

Connection Connect(tls::Context& context, const std::string& name = "host.test") {
  Connection client = Begin(context, name);
  Finish(&client);
  return client;
}

// Begins a connection to a server, whose client wants to resume a session; 0 for none.
Connection Accept(tls::Context& context, size_t session, const std::shared_ptr<tls::Credential>& answer = nullptr) {
  Connection server = {EngineOf(context, ""), {}};
  server.engine->Start();
  Sys().shown_session = session;
  Sys().shows_peer = false;
  Sys().steps = {{abi::kContinueNeeded, Sys().version == kTls13 ? ServerFlight13() : ServerFlight12(true), 0, false}};
  const bool is_asked = Receive(*server.engine, ClientHello()).question.has_value();
  CHECK(is_asked == (answer != nullptr));
  if (is_asked) {
    tls::Answer given;
    given.credential = answer;
    server.engine->Resume(std::move(given));
  }
  Sys().steps = {{abi::kOk, Protected("finished or tickets"), 0, true}};
  server.outcome = Receive(*server.engine, Protected("client finished"));
  return server;
}

size_t LastSession() { return Sys().sessions.empty() ? 0 : Sys().sessions.rbegin()->first; }

tls::ContextOptions Judging(std::shared_ptr<tls::Credential> credential, tls::Verify verify = tls::Verify::kRequire) {
  tls::ContextOptions options = Resuming(ServerOptions(std::move(credential)));
  options.verify = verify;
  return options;
}

// The tokens about sessions that SChannel got.
std::vector<uint32_t> Flags(uint32_t flag, size_t count) { return std::vector<uint32_t>(count, flag); }

void RefusePeer() { Sys().chain[1].errors = Sys().chain_errors = abi::kTrustNotTimeValid; }

}  // namespace

TEST("a client resumes what its own context made with the same server, and says so") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    TrustPeer(ServerLeaf());
    auto context = Client();
    CHECK(Connect(*context).is_full());
    // Nothing is shown any more, and the peer is who it was.
    Sys().peer.clear();
    for (int round = 0; round < 2; ++round) {
      const Connection again = Connect(*context);
      CHECK(again.is_resumed() && again.engine->Facts().peer_chain.size() == 2);
      CHECK(again.engine->Facts().peer_chain[0] == ServerLeaf());
    }
    CHECK(Sys().reconnects.empty());
  }
}

TEST("a client does not resume with another context, under another name, or a server without a name") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    CertificateSpec both;
    both.dns_names = {"host.test", "www.host.test"};
    both.addresses = {{192, 0, 2, 1}};
    TrustPeer(MakeCertificate(both));
    auto context = Client();
    auto other = Client();
    Connect(*context);
    CHECK(Connect(*other).is_full() && Connect(*context, "www.host.test").is_full());
    for (int round = 0; round < 2; ++round) {
      CHECK(Connect(*context, "192.0.2.1").is_full() && Sys().acquisitions.back().lifespan == 0);
    }
    CHECK(Connect(*context).is_resumed());
  }
}

TEST("a session ends after two hours, whatever Windows would keep it for") {
  Reset();
  Speak(kTls12);
  TrustPeer(ServerLeaf());
  auto context = Client();
  Connect(*context);
  Sys().now = 7'199'999;
  CHECK(Connect(*context).is_resumed());
  Sys().now = 7'200'000;
  CHECK(Connect(*context).is_full());
}

TEST("without the option nothing is resumed, also in TLS 1.3, where Windows has no other way to forbid it than new credentials") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    TrustPeer(ServerLeaf());
    auto context = Client(ClientOptions());
    for (int round = 0; round < 3; ++round) CHECK(Connect(*context).is_full());
    RefusePeer();
    CHECK(Connect(*context).outcome.fault.has_value());
    CHECK(Sys().reconnects == Flags(abi::kSessionDisableReconnects, 3));
    Sys().chain_errors = 0;
    auto server = Make(ServerOptions(EcCredential({ServerLeaf()})));
    Accept(*server, 0);
    CHECK(Sys().acquisitions.back().lifespan == 0 && (Sys().acquisitions.back().flags & abi::kCredDisableReconnects) != 0);
    CHECK(Accept(*server, LastSession()).is_full());
  }
}

TEST("who is resumed is judged anew, and is not resumed again once it is refused") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    TrustPeer(ServerLeaf());
    auto context = Client();
    Connect(*context);
    RefusePeer();
    const Connection refused = Connect(*context);
    CHECK(refused.outcome.fault->code == "ERR_TLS_CERTIFICATE_EXPIRED" && refused.engine->Facts().is_resumed);
    TrustPeer(ServerLeaf());
    Sys().chain_errors = 0;
    CHECK(Connect(*context).is_full() && Connect(*context).is_resumed());
  }
}

TEST("a hook is asked about who is resumed, and its refusal ends the session") {
  Reset();
  Speak(kTls12);
  TrustPeer(ServerLeaf());
  tls::ContextOptions options = Resuming(ClientOptions());
  options.ask_verify = true;
  auto context = Client(options);
  for (const int alert : {-1, 46, -1}) {
    Connection client = Connect(*context);
    CHECK(client.outcome.question.has_value() && client.engine->Facts().is_resumed == (alert == 46));
    tls::Answer answer;
    answer.alert = alert;
    CHECK(client.engine->Resume(std::move(answer)).fault.has_value() == (alert == 46));
  }
}

TEST("a server that is refused is not resumed, whenever SChannel shows who it is") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    TrustPeer(ServerLeaf());
    RefusePeer();
    auto context = Client();
    CHECK(Connect(*context).outcome.fault.has_value());
    TrustPeer(ServerLeaf());
    Sys().chain_errors = 0;
    CHECK(Connect(*context).is_full() && Connect(*context).is_resumed());
  }
}

TEST("a connection that fails later takes its session with it, and leaves what came in its place") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    TrustPeer(ServerLeaf());
    auto context = Client();
    Connection first = Connect(*context);
    Connection second = Connect(*context);
    CHECK(second.is_resumed());
    Sys().decryptions = {{abi::kErrorMessageAltered, "", 0}};
    CHECK(Receive(*first.engine, Protected("x")).fault.has_value());
    CHECK(Connect(*context).is_full() && Connect(*context).is_resumed());
    // This one is of the credentials of before.
    CHECK(second.engine->Fail(80).fault.has_value());
    CHECK(Connect(*context).is_resumed());
  }
}

TEST("a server that ends the handshake by an alert or a close is not asked to resume again") {
  for (const int alert : {0, 40}) {
    Reset();
    Speak(kTls12);
    TrustPeer(ServerLeaf());
    auto context = Client();
    Connect(*context);
    Connection ended = Begin(*context);
    Sys().steps = {{alert == 0 ? abi::kContextExpired : abi::kErrorIllegalMessage, {}, 0, false}};
    CHECK(Receive(*ended.engine, Alert(alert == 0 ? 1 : 2, alert)).fault->received_alert == alert);
    CHECK(Connect(*context).is_full());
  }
}

TEST("a client that has something to show does not resume: with which certificate a session was made cannot be seen") {
  for (const bool asks : {true, false}) {
    Reset();
    Speak(kTls12);
    TrustPeer(ServerLeaf());
    tls::ContextOptions options = Resuming(ClientOptions());
    options.ask_certificate = asks;
    if (!asks) options.credentials = {EcCredential({ClientLeaf()})};
    auto context = Client(options);
    for (int round = 0; round < 2; ++round) CHECK(Connect(*context).is_full());
    CHECK(Sys().reconnects == Flags(abi::kSessionDisableReconnects, 2));
  }
}

TEST("what is agreed on anew is checked anew: the application protocol of each connection") {
  Reset();
  Speak(kTls12);
  TrustPeer(ServerLeaf());
  auto context = Client();
  Connect(*context);
  Sys().alpn = "spdy";
  const Connection resumed = Connect(*context);
  CHECK(resumed.outcome.fault->code == "ERR_TLS_ILLEGAL_PARAMETER");
}

TEST("a server that judges no clients lets them resume in its own context alone, though another one has the same identity") {
  for (const uint16_t version : kVersions) {
    Reset();
    Speak(version);
    auto identity = EcCredential({ServerLeaf()});
    auto context = Make(Resuming(ServerOptions(identity)));
    auto other = Make(Resuming(ServerOptions(identity)));
    CHECK((Sys().acquisitions.back().flags & abi::kCredDisableReconnects) == 0);
    CHECK(Sys().acquisitions.back().lifespan == 7'200'000);
    CHECK(Accept(*context, 0).is_full());
    const size_t session = LastSession();
    CHECK(Accept(*other, session).is_full());
    CHECK(Accept(*context, session).is_resumed() && Sys().reconnects.empty());
  }
}

TEST("a server that judges clients allows a session once the client is accepted, and not before") {
  for (const bool is_good : {true, false}) {
    Reset();
    Speak(kTls12);
    TrustPeer(ClientLeaf());
    if (!is_good) RefusePeer();
    auto context = Make(Judging(EcCredential({ServerLeaf()})), Trust({Root()}));
    CHECK((Sys().acquisitions.back().flags & abi::kCredDisableReconnects) != 0);
    CHECK(Accept(*context, 0).outcome.is_handshake_done == is_good);
    CHECK(Sys().reconnects == Flags(is_good ? abi::kSessionEnableReconnects : abi::kSessionDisableReconnects, 1));
    TrustPeer(ClientLeaf());
    Sys().chain_errors = 0;
    CHECK(Accept(*context, LastSession()).is_resumed() == is_good);
  }
}

TEST("a server judges a client anew that resumes, and refuses it once and for all") {
  Reset();
  Speak(kTls12);
  TrustPeer(ClientLeaf());
  auto context = Make(Judging(EcCredential({ServerLeaf()})), Trust({Root()}));
  CHECK(Accept(*context, 0).outcome.is_handshake_done);
  const size_t session = LastSession();
  RefusePeer();
  const Connection refused = Accept(*context, session);
  CHECK(refused.outcome.fault->code == "ERR_TLS_CERTIFICATE_EXPIRED" && refused.engine->Facts().is_resumed);
  TrustPeer(ClientLeaf());
  Sys().chain_errors = 0;
  CHECK(Accept(*context, session).is_full());
}

TEST("in TLS 1.3 a server that judges clients resumes none, as nothing can be allowed later there") {
  Reset();
  Speak(kTls13);
  TrustPeer(ClientLeaf());
  auto context = Make(Judging(EcCredential({ServerLeaf()}), tls::Verify::kRequest), Trust({Root()}));
  CHECK(Accept(*context, 0).outcome.is_handshake_done);
  CHECK(Accept(*context, LastSession()).is_full());
}

TEST("an identity that a hook gives resumes as one of the configuration does, and its credentials go with it") {
  Reset();
  Speak(kTls12);
  tls::ContextOptions options = Resuming(ServerOptions(nullptr));
  options.ask_client_hello = true;
  options.credentials.clear();
  auto context = Make(options);
  auto one = EcCredential({ServerLeaf()});
  auto two = EcCredential({ServerLeaf(), Root()});
  Accept(*context, 0, one);
  const size_t session = LastSession();
  CHECK(Accept(*context, session, two).is_full() && Accept(*context, session, one).is_resumed());
  CHECK(Sys().live["credentials"].size() == 2);
  one = two = nullptr;
  Accept(*context, 0, EcCredential({ServerLeaf()}));
  CHECK(Sys().live["credentials"].size() == 1);
}

TEST("a context that is gone leaves no credentials, and the identity stays") {
  Reset();
  auto identity = EcCredential({ServerLeaf()});
  auto server = Make(Resuming(ServerOptions(identity)));
  auto client = Client();
  CHECK(Sys().live["credentials"].size() == 2);
  server = client = nullptr;
  CHECK(Sys().live["credentials"].empty());
}

TEST("a client whose new credentials are refused says so, and sends nothing") {
  Reset();
  TrustPeer(ServerLeaf());
  auto context = Client();
  RefusePeer();
  CHECK(Connect(*context).outcome.fault.has_value());
  Sys().knows_new_credentials = false;
  auto engine = EngineOf(*context, "host.test");
  const tls::Outcome outcome = engine->Start();
  CHECK(outcome.fault.has_value() && outcome.ciphertext.empty());
  CHECK(engine->Close().fault.has_value() && Receive(*engine, Alert(2, 80)).fault.has_value());
}
