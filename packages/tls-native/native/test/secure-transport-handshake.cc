#include "secure-transport-peer.hh"

using namespace peer;

namespace {

Fault ConfigFault(const ContextOptions& options, std::shared_ptr<TrustStore> trust) {
  std::optional<Fault> fault;
  const bool is_made = SecureTransportContext::Create(options, std::move(trust), &fault) != nullptr;
  CHECK(!is_made && fault.has_value());
  return *fault;
}

}  // namespace

TEST("a client shakes hands, and each flight is one batch") {
  fake::Scope scope;
  scope.script.handshake = ClientSteps({});
  scope.script.path = {wire::Leaf(), wire::Root()};
  {
    auto engine = Make(Options(false), Trust({wire::Root()}));
    CHECK(engine->Start().ciphertext == Hello());
    const Outcome flight = Give(engine.get(), ServerFlight({}));
    CHECK(!flight.fault.has_value() && !flight.is_handshake_done && flight.ciphertext.size() > FinalFlight().size());
    const Outcome done = Give(engine.get(), FinalFlight());
    CHECK(done.is_handshake_done && !done.fault.has_value());
    const ConnectionFacts facts = engine->Facts();
    CHECK(facts.version == 0x0303 && facts.cipher_suite == 0xC02B && facts.group == 23);
    CHECK(facts.peer_signature_scheme == 0x0403 && !facts.has_extended_main_secret && !facts.is_resumed && !facts.was_asked);
    CHECK((facts.peer_chain == std::vector<Bytes>{wire::Leaf(), wire::Root()}) && facts.verified_path == facts.peer_chain);
  }
  CHECK(scope.live() == 0);
}

TEST("a client is set up for TLS 1.2, its name, its suites, and to be asked for a verdict") {
  fake::Scope scope;
  EngineOptions connection = Connection();
  connection.server_name = "localhost.";
  Make(Options(false), Trust({}), connection);
  CHECK(scope.record.side == constant::kClientSide);
  CHECK(scope.record.min_version == constant::kTlsProtocol12 && scope.record.max_version == constant::kTlsProtocol12);
  CHECK((scope.record.suites == std::vector<uint16_t>{0xC02B, 0xC02F, 0xC02C, 0xC030}));
  CHECK(scope.record.options[constant::kBreakOnServerAuth] && scope.record.options[constant::kBreakOnCertRequested]);
  CHECK(!scope.record.options[constant::kAllowRenegotiation] && scope.record.options.count(constant::kFallback) == 0);
  CHECK(scope.record.peer_name == "localhost");
}

TEST("an address is not sent as a server name") {
  fake::Scope scope;
  EngineOptions connection = Connection();
  connection.server_name = "127.0.0.1";
  connection.is_address = true;
  Make(Options(false), Trust({}), connection);
  CHECK(!scope.record.Has("SSLSetPeerDomainName"));
}

TEST("RFC 7507: a client that falls back says so") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.is_fallback = true;
  Make(options, Trust({}));
  CHECK(scope.record.options[constant::kFallback]);
}

TEST("a handshake that comes octet by octet would block at each and goes on") {
  fake::Scope scope;
  scope.script.handshake = ClientSteps({});
  scope.script.path = {wire::Leaf(), wire::Root()};
  auto engine = Make(Options(false), Trust({wire::Root()}));
  engine->Start();
  const Outcome outcome = Trickle(engine.get(), wire::Join({ServerFlight({}), FinalFlight()}));
  CHECK(outcome.is_handshake_done && !outcome.fault.has_value() && !outcome.ciphertext.empty());
}

TEST("data behind the last flight is read in the same call") {
  fake::Scope scope;
  scope.script.handshake = ClientSteps({});
  scope.script.path = {wire::Leaf(), wire::Root()};
  scope.script.readings = {{wire::Encrypted(23).size(), "hello", 0}};
  auto engine = Make(Options(false), Trust({wire::Root()}));
  engine->Start();
  Give(engine.get(), ServerFlight({}));
  const Outcome done = Give(engine.get(), wire::Join({FinalFlight(), wire::Encrypted(23)}));
  CHECK(done.is_handshake_done && done.plaintext == wire::Text("hello"));
}

TEST("a connection that is destroyed in the middle of its handshake leaves nothing behind") {
  const Bytes stream = wire::Join({ServerFlight({}), FinalFlight()});
  for (size_t size = 0; size < stream.size(); size += 7) {
    fake::Scope scope;
    scope.script.handshake = ClientSteps({});
    scope.script.path = {wire::Leaf(), wire::Root()};
    {
      auto engine = Make(Options(false), Trust({wire::Root()}));
      engine->Start();
      engine->Receive(View{stream.data(), size});
    }
    CHECK(scope.live() == 0);
  }
}

TEST("RFC 7301 §3.1: protocols are offered as they are, and the server's choice is told") {
  fake::Scope scope;
  Flight flight;
  flight.hello_extensions = wire::Alpn("h2");
  scope.script.handshake = ClientSteps(flight);
  scope.script.path = flight.chain;
  ContextOptions options = Options(false);
  options.alpn = wire::Join({wire::Vector(1, wire::Text("h2")), wire::Vector(1, wire::Text("http/1.1"))});
  auto engine = Make(options, Trust({wire::Root()}));
  CHECK((scope.record.alpn == std::vector<std::string>{"h2", "http/1.1"}));
  engine->Start();
  Give(engine.get(), ServerFlight(flight));
  CHECK(Give(engine.get(), FinalFlight()).is_handshake_done);
  CHECK(engine->Facts().alpn == wire::Text("h2"));
}

TEST("RFC 7301 §3.2: a protocol that was not offered is an illegal parameter") {
  fake::Scope scope;
  Flight flight;
  flight.hello_extensions = wire::Alpn("h3");
  scope.script.handshake = ClientSteps(flight);
  ContextOptions options = Options(false);
  options.alpn = wire::Vector(1, wire::Text("h2"));
  auto engine = Make(options, Trust({wire::Root()}));
  engine->Start();
  const Outcome outcome = Give(engine.get(), ServerFlight(flight));
  CHECK(outcome.fault.has_value() && outcome.fault->code == "ERR_TLS_ILLEGAL_PARAMETER" && outcome.fault->sent_alert == 47);
  CHECK(outcome.ciphertext == wire::Alert(2, 47) && scope.record.evaluations == 0);
}

TEST("protocols that the library would drop without a word are refused") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.alpn = wire::Vector(1, Bytes(32, 'a'));
  CHECK(ConfigFault(options, Trust({})).code == "ERR_TLS_UNSUPPORTED");
  options.alpn = wire::Vector(1, {0xC3, 0xA4});
  CHECK(ConfigFault(options, Trust({})).detail.find("ASCII") != std::string::npos);
  options.alpn = Bytes();
  for (int count = 0; count < 9; ++count) options.alpn = wire::Join({options.alpn, wire::Vector(1, Bytes(30, 'a'))});
  CHECK(ConfigFault(options, Trust({})).detail.find("255") != std::string::npos);
}

TEST("where macOS has no ALPN, protocols are refused, by the context and by the connection") {
  fake::Scope scope({"SSLSetALPNProtocols"});
  ContextOptions options = Options(false);
  EngineOptions connection = Connection();
  connection.alpn = wire::Vector(1, wire::Text("h2"));
  std::optional<Fault> fault;
  CHECK(SecureTransportContext::Create(options, Trust({}), &fault)->CreateEngine(connection, &fault) == nullptr);
  CHECK(fault->code == "ERR_TLS_UNSUPPORTED");
  options.alpn = *connection.alpn;
  CHECK(ConfigFault(options, Trust({})).detail.find("10.13") != std::string::npos);
}

TEST("what the library cannot do is refused, by the option's name") {
  fake::Scope scope;
  const auto refused = [](bool is_server, void (*change)(ContextOptions*)) {
    ContextOptions options = Options(is_server);
    change(&options);
    const Fault fault = ConfigFault(options, Trust({}));
    CHECK(fault.code == "ERR_TLS_UNSUPPORTED");
    return fault.detail.substr(0, fault.detail.find(':'));
  };
  CHECK(refused(false, [](ContextOptions* o) { o->max_version = 0x0304; }) == "maxVersion");
  CHECK(refused(false, [](ContextOptions* o) { o->min_version = 0x0304; }) == "minVersion");
  CHECK(refused(false, [](ContextOptions* o) { o->key_log = true; }) == "keyLog");
  CHECK(refused(true, [](ContextOptions* o) { o->has_ticket_keys = true; }) == "ticketKeys");
  CHECK(refused(true, [](ContextOptions* o) { o->alpn = {2, 'h', '2'}; }) == "alpnProtocols");
  CHECK(refused(false, [](ContextOptions* o) { o->algorithms.groups = {23}; }) == "groups");
  CHECK(refused(false, [](ContextOptions* o) { o->algorithms.signature_schemes = {0x0403}; }) == "signatureSchemes");
  CHECK(refused(false, [](ContextOptions* o) { o->security_level = 2; }) == "securityLevel");
  CHECK(refused(true, [](ContextOptions* o) { o->own_signature_schemes = {0x0403}; }) == "identity.signatureSchemes");
  CHECK(refused(false, [](ContextOptions* o) { o->pre_shared_keys.emplace_back(); }) == "preSharedKeys");
  CHECK(refused(true, [](ContextOptions* o) { o->max_early_data = 1; }) == "earlyData");
  ContextOptions options = Options(false);
  CHECK(ConfigFault(options, nullptr).code == "ERR_TLS_CONFIG");
  options.algorithms.cipher_suites.clear();
  CHECK(ConfigFault(options, Trust({})).code == "ERR_TLS_CONFIG");
}

TEST("a setting that the library refuses is a fault, and the connection is let go") {
  for (const char* call : {"SSLSetIOFuncs", "SSLSetConnection", "SSLSetProtocolVersionMin", "SSLSetProtocolVersionMax",
                           "SSLSetEnabledCiphers", "SSLSetPeerDomainName", "SSLSetALPNProtocols"}) {
    fake::Scope scope;
    scope.script.failing[call] = -50;
    ContextOptions options = Options(false);
    options.alpn = {2, 'h', '2'};
    std::optional<Fault> fault;
    {
      auto context = SecureTransportContext::Create(options, Trust({}), &fault);
      CHECK(context->CreateEngine(Connection(), &fault) == nullptr);
    }
    CHECK(fault->code == "ERR_TLS_CONFIG" && fault->os_code == -50 && scope.live() == 0);
  }
}

TEST("SHA-1, which the library offers without being asked, is not accepted") {
  fake::Scope scope;
  Flight flight;
  flight.scheme = 0x0203;
  scope.script.handshake = ClientSteps(flight);
  auto engine = Make(Options(false), Trust({wire::Root()}));
  engine->Start();
  const Outcome outcome = Give(engine.get(), ServerFlight(flight));
  CHECK(outcome.fault->code == "ERR_TLS_NO_COMMON_PARAMETERS" && outcome.ciphertext == wire::Alert(2, 40));
  CHECK(scope.record.evaluations == 0);
}

TEST("a library that finishes without asking for a verdict is not believed") {
  fake::Scope scope;
  scope.script.handshake = {{0, Hello(), 0}, {ServerFlight({}).size(), FinalFlight(), 0}, {FinalFlight().size(), {}, 0}};
  auto engine = Make(Options(false), Trust({wire::Root()}));
  engine->Start();
  Give(engine.get(), ServerFlight({}));
  const Outcome outcome = Give(engine.get(), FinalFlight());
  CHECK(!outcome.is_handshake_done && outcome.fault.has_value() && outcome.fault->code == "ERR_TLS_BACKEND");
}

TEST("an alert of the peer is told as what it is") {
  fake::Scope scope;
  const Bytes alert = wire::Alert(2, 110);
  scope.script.handshake = {{0, Hello(), 0}, {alert.size(), {}, -9802}};
  auto engine = Make(Options(false), Trust({}));
  engine->Start();
  const Outcome outcome = Give(engine.get(), alert);
  CHECK(outcome.fault->code == "ERR_TLS_ALERT" && outcome.fault->received_alert == 110 && outcome.fault->os_code == -9802);
  // The fault is final: the library is not called any more.
  scope.record.calls.clear();
  CHECK(Give(engine.get(), alert).fault->code == "ERR_TLS_ALERT");
  CHECK(engine->Send(View{alert.data(), alert.size()}).fault.has_value() && engine->Close().fault.has_value());
  CHECK(scope.record.calls.empty());
}

TEST("an alert that the library sends is told, and goes out") {
  fake::Scope scope;
  scope.script.handshake = {{0, Hello(), 0}, {7, wire::Alert(2, 50), -9800}};
  auto engine = Make(Options(false), Trust({}));
  engine->Start();
  const Outcome outcome = Give(engine.get(), wire::Record(22, {9, 9}));
  CHECK(outcome.fault->code == "ERR_TLS_DECODE" && outcome.fault->sent_alert == 50 && outcome.fault->received_alert == -1);
  CHECK(outcome.ciphertext == wire::Alert(2, 50));
}

TEST("close_notify in the middle of a handshake ends it") {
  fake::Scope scope;
  scope.script.handshake = {{0, Hello(), 0}, {7, wire::Alert(1, 0), constant::kClosedGraceful}};
  auto engine = Make(Options(false), Trust({}));
  engine->Start();
  const Outcome outcome = Give(engine.get(), wire::Alert(1, 0));
  CHECK(outcome.fault->code == "ERR_TLS_ALERT" && outcome.fault->received_alert == 0 && !outcome.is_peer_closed);
}

TEST("an owner who gives up before encryption has its alert sent") {
  fake::Scope scope;
  scope.script.handshake = ClientSteps({});
  auto engine = Make(Options(false), Trust({}));
  engine->Start();
  const Outcome outcome = engine->Fail(90);
  // This is a warning with close_notify after it.
  Bytes canceled = wire::Alert(1, 90);
  const Bytes end = wire::Alert(1, 0);
  canceled.insert(canceled.end(), end.begin(), end.end());
  CHECK(outcome.ciphertext == canceled && !outcome.fault.has_value());
  CHECK(engine->Fail(90).ciphertext.empty());
}
