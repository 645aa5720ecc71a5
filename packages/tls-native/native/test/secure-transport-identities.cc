// Tests client certificates on both sides, and a server's choices.
#include "secure-transport-peer.hh"

using namespace peer;

namespace {

const Bytes kRequest = wire::CertificateRequest({4, 3, 4, 1, 2, 3}, {wire::Name("root")});

Flight AskingFlight() {
  Flight flight;
  flight.request = kRequest;
  return flight;
}

std::unique_ptr<Engine> AskedClient(fake::Scope* scope, const ContextOptions& options) {
  scope->script.handshake = ClientSteps(AskingFlight());
  scope->script.path = AskingFlight().chain;
  auto engine = Make(options, Trust({wire::Root()}));
  engine->Start();
  return engine;
}

ContextOptions ServerOptions(Verify verify = Verify::kNothing) {
  ContextOptions options = Options(true);
  options.verify = verify;
  options.credentials = {EcCredential()};
  return options;
}

// Gives what the library does as a server that asks for a certificate, up to its verdict on what came.
std::vector<fake::Step> ServerSteps(const Bytes& client_flight, bool asks) {
  std::vector<fake::Step> steps{{ClientHelloRecord().size(), OwnServerFlight(), 0}, {client_flight.size(), {}, 0}};
  if (asks) steps.push_back({0, {}, constant::kPeerAuthCompleted});
  steps.push_back({FinalFlight().size(), FinalFlight(), 0});
  return steps;
}

Outcome Serve(fake::Scope* scope, const ContextOptions& options, std::shared_ptr<TrustStore> trust, const Bytes& client_flight,
              ConnectionFacts* facts = nullptr) {
  scope->script.handshake = ServerSteps(client_flight, options.verify != Verify::kNothing);
  auto engine = Make(options, std::move(trust));
  CHECK(engine->Start().ciphertext.empty());
  CHECK(Give(engine.get(), ClientHelloRecord()).ciphertext == OwnServerFlight());
  Outcome outcome = Give(engine.get(), wire::Join({client_flight, FinalFlight()}));
  if (facts != nullptr) *facts = engine->Facts();
  return outcome;
}

}  // namespace

TEST("a client without an identity answers a request without one") {
  fake::Scope scope;
  auto engine = AskedClient(&scope, Options(false));
  CHECK(!Give(engine.get(), ServerFlight(AskingFlight())).fault.has_value());
  CHECK(Give(engine.get(), FinalFlight()).is_handshake_done);
  CHECK(scope.record.certificates.empty() && engine->Facts().was_asked);
}

TEST("a client with an identity gives it when it is asked, and not before") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.credentials = {EcCredential()};
  auto engine = AskedClient(&scope, options);
  CHECK(scope.record.certificates.empty());
  Give(engine.get(), ServerFlight(AskingFlight()));
  CHECK((scope.record.certificates == std::vector<Bytes>{wire::Hex(fixture::kP256Certificate)}));
  CHECK(Give(engine.get(), FinalFlight()).is_handshake_done);
}

TEST("of two identities, a client gives the one that the server can verify") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.credentials = {RsaCredential(), EcCredential()};
  Flight flight;
  flight.request = wire::CertificateRequest({5, 3}, {});
  scope.script.handshake = ClientSteps(flight);
  scope.script.path = flight.chain;
  auto engine = Make(options, Trust({wire::Root()}));
  engine->Start();
  Give(engine.get(), ServerFlight(flight));
  CHECK((scope.record.certificates == std::vector<Bytes>{wire::Hex(fixture::kP256Certificate)}));
}

TEST("an owner that wants to choose is asked, with the server's schemes and authorities") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.ask_certificate = true;
  auto engine = AskedClient(&scope, options);
  const Outcome asked = Give(engine.get(), wire::Join({ServerFlight(AskingFlight()), FinalFlight()}));
  CHECK(asked.question.has_value() && std::string(asked.question->kind) == "certificate");
  CHECK((Part(*asked.question, "version") == std::vector<Bytes>{{3, 3}}));
  CHECK((Part(*asked.question, "signatureSchemes") == std::vector<Bytes>{{4, 3, 4, 1, 2, 3}}));
  CHECK((Part(*asked.question, "authorities") == std::vector<Bytes>{wire::Name("root")}));
  Answer answer;
  answer.credential = EcCredential();
  const Outcome done = engine->Resume(answer);
  CHECK(done.is_handshake_done && scope.record.certificates.size() == 1);
}

TEST("the owner's choice may be none, or the end") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.ask_certificate = true;
  auto none = AskedClient(&scope, options);
  Give(none.get(), wire::Join({ServerFlight(AskingFlight()), FinalFlight()}));
  CHECK(none->Resume({}).is_handshake_done && scope.record.certificates.empty());
  auto refused = AskedClient(&scope, options);
  Give(refused.get(), ServerFlight(AskingFlight()));
  Answer answer;
  answer.alert = 80;
  const Outcome outcome = refused->Resume(answer);
  CHECK(outcome.fault.has_value() && outcome.ciphertext == wire::Alert(2, 80));
}

TEST("an identity that the library does not take ends the handshake") {
  fake::Scope scope;
  scope.script.failing["SSLSetCertificate"] = -9808;
  ContextOptions options = Options(false);
  options.credentials = {EcCredential()};
  auto engine = AskedClient(&scope, options);
  const Outcome outcome = Give(engine.get(), ServerFlight(AskingFlight()));
  CHECK(outcome.fault->code == "ERR_TLS_IDENTITY" && outcome.fault->os_code == -9808);
}

TEST("a server shakes hands, and tells the name that the client sent") {
  fake::Scope scope;
  ConnectionFacts facts;
  const Outcome outcome = Serve(&scope, ServerOptions(), nullptr, ClientFlight(nullptr), &facts);
  CHECK(outcome.is_handshake_done && !outcome.fault.has_value());
  CHECK(facts.server_name == "example.org" && facts.group == 24 && facts.own_signature_scheme == 0x0403);
  CHECK(facts.has_extended_main_secret && facts.peer_chain.empty());
  CHECK(scope.record.side == constant::kServerSide && scope.record.authenticate == constant::kNeverAuthenticate);
  CHECK(scope.live() == 0);
}

TEST("a server takes a ClientHello octet by octet, and asks the library nothing before it is whole") {
  fake::Scope scope;
  scope.script.handshake = ServerSteps(ClientFlight(nullptr), false);
  auto engine = Make(ServerOptions(), nullptr);
  const Bytes hello = ClientHelloRecord();
  CHECK(Trickle(engine.get(), Bytes(hello.begin(), hello.end() - 1)).ciphertext.empty());
  CHECK(!scope.record.Has("SSLHandshake"));
  const Bytes rest = wire::Join({Bytes(hello.end() - 1, hello.end()), ClientFlight(nullptr), FinalFlight()});
  CHECK(Trickle(engine.get(), rest).is_handshake_done);
}

TEST("a server takes a client's certificate that it trusts") {
  fake::Scope scope;
  const std::vector<Bytes> chain{wire::Leaf(), wire::Root()};
  scope.script.path = chain;
  ContextOptions options = ServerOptions(Verify::kRequire);
  options.authorities = {wire::Name("one"), wire::Name("two")};
  ConnectionFacts facts;
  const Outcome outcome = Serve(&scope, options, Trust({wire::Root()}), ClientFlight(&chain), &facts);
  CHECK(outcome.is_handshake_done && !outcome.fault.has_value());
  CHECK(facts.peer_chain == chain && facts.verified_path == chain && facts.peer_signature_scheme == 0x0403);
  CHECK(scope.record.authenticate == constant::kAlwaysAuthenticate && scope.record.options[constant::kBreakOnClientAuth]);
  CHECK((scope.record.distinguished_names == std::vector<Bytes>{wire::Name("one"), wire::Name("two")}));
  CHECK(!scope.record.is_server_policy && scope.record.policy_name.empty());
}

TEST("RFC 5246 §7.4.6: without a certificate that is required, the handshake fails") {
  fake::Scope scope;
  const std::vector<Bytes> none;
  const Outcome outcome = Serve(&scope, ServerOptions(Verify::kRequire), Trust({wire::Root()}), ClientFlight(&none));
  CHECK(outcome.fault->code == "ERR_TLS_CERTIFICATE_REQUIRED" && outcome.ciphertext == wire::Alert(2, 40));
  CHECK(!outcome.is_handshake_done);
}

TEST("without a certificate that is only asked for, the handshake goes on") {
  fake::Scope scope;
  const std::vector<Bytes> none;
  ContextOptions options = ServerOptions(Verify::kRequest);
  options.ask_verify = true;
  const Outcome outcome = Serve(&scope, options, Trust({wire::Root()}), ClientFlight(&none));
  CHECK(outcome.is_handshake_done && !outcome.question.has_value());
  CHECK(scope.record.authenticate == constant::kTryAuthenticate);
}

TEST("a client's certificate that is not trusted is refused, also where none is required") {
  fake::Scope scope;
  const std::vector<Bytes> chain{wire::Leaf()};
  scope.script.path = chain;
  const Outcome outcome = Serve(&scope, ServerOptions(Verify::kRequest), Trust({wire::Root()}), ClientFlight(&chain));
  CHECK(outcome.fault->code == "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER" && outcome.ciphertext == wire::Alert(2, 48));
}

TEST("a client that signs with SHA-1 gets no answer from the server's last flight") {
  fake::Scope scope;
  const std::vector<Bytes> chain{wire::Leaf(), wire::Root()};
  scope.script.path = chain;
  const Outcome outcome = Serve(&scope, ServerOptions(Verify::kRequire), Trust({wire::Root()}), ClientFlight(&chain, 0x0203));
  CHECK(outcome.fault->code == "ERR_TLS_NO_COMMON_PARAMETERS" && !outcome.is_handshake_done);
  CHECK(outcome.ciphertext == wire::Alert(2, 40));
}

TEST("a server asks its owner by the ClientHello, and staples what it is given") {
  fake::Scope scope;
  scope.script.handshake = ServerSteps(ClientFlight(nullptr), false);
  ContextOptions options = ServerOptions();
  options.ask_client_hello = true;
  options.credentials.clear();
  auto engine = Make(options, nullptr);
  const Outcome asked = Give(engine.get(), ClientHelloRecord());
  CHECK(asked.question.has_value() && std::string(asked.question->kind) == "clientHello" && !scope.record.Has("SSLHandshake"));
  CHECK((Part(*asked.question, "cipherSuites") == std::vector<Bytes>{{0xC0, 0x2B, 0xC0, 0x2F}}));
  CHECK(Part(*asked.question, "extensions").size() == 3);
  Answer answer;
  answer.credential = RsaCredential();
  answer.ocsp_response = wire::Text("stapled");
  CHECK(engine->Resume(answer).ciphertext == OwnServerFlight());
  CHECK((scope.record.certificates == std::vector<Bytes>{wire::Hex(fixture::kRsaCertificate)}));
  CHECK(scope.record.ocsp_response == wire::Text("stapled"));
}

TEST("a ClientHello that the owner refuses is answered by its alert alone") {
  fake::Scope scope;
  ContextOptions options = ServerOptions();
  options.ask_client_hello = true;
  auto engine = Make(options, nullptr);
  Give(engine.get(), ClientHelloRecord());
  Answer answer;
  answer.alert = 112;
  const Outcome outcome = engine->Resume(answer);
  CHECK(outcome.fault->code == "ERR_TLS_UNRECOGNIZED_NAME" && outcome.ciphertext == wire::Alert(2, 112));
  CHECK(!scope.record.Has("SSLHandshake"));
}

TEST("of two identities, a server takes the one that fits the client") {
  const auto chosen = [](const Bytes& schemes, const Bytes& suites) {
    fake::Scope scope;
    ContextOptions options = ServerOptions();
    options.credentials = {EcCredential(), RsaCredential()};
    auto engine = Make(options, nullptr);
    const Bytes hello = ClientHelloRecord("a.test", schemes, suites);
    scope.script.handshake = {{hello.size(), OwnServerFlight(), 0}, {1, {}, 0}};
    const Outcome outcome = Give(engine.get(), hello);
    if (outcome.fault.has_value()) return outcome.fault->code;
    return std::string(scope.record.certificates[0] == wire::Hex(fixture::kP256Certificate) ? "EC" : "RSA");
  };
  CHECK(chosen({4, 3, 4, 1}, {0xC0, 0x2B, 0xC0, 0x2F}) == "EC");
  CHECK(chosen({4, 1}, {0xC0, 0x2B, 0xC0, 0x2F}) == "RSA");
  CHECK(chosen({4, 3, 4, 1}, {0xC0, 0x2F}) == "RSA");
  CHECK(chosen({2, 3, 2, 1}, {0xC0, 0x2B, 0xC0, 0x2F}) == "ERR_TLS_NO_COMMON_PARAMETERS");
  CHECK(chosen({4, 3}, {0x00, 0x2F}) == "ERR_TLS_NO_COMMON_PARAMETERS");
}

TEST("where macOS cannot staple, a response is refused and not dropped") {
  fake::Scope scope({"SSLSetOCSPResponse"});
  EngineOptions connection = Connection();
  connection.ocsp_response = wire::Text("stapled");
  auto engine = Make(ServerOptions(), nullptr, connection);
  CHECK(Give(engine.get(), ClientHelloRecord()).fault->code == "ERR_TLS_UNSUPPORTED");
}

TEST("what is no ClientHello is the library's to refuse") {
  fake::Scope scope;
  const Bytes nonsense = wire::Text("GET / HTTP/1.1\r\n\r\n");
  scope.script.handshake = {{5, wire::Alert(2, 10), -9800}};
  auto engine = Make(ServerOptions(), nullptr);
  const Outcome outcome = Give(engine.get(), nonsense);
  CHECK(outcome.fault->code == "ERR_TLS_UNEXPECTED_MESSAGE" && outcome.ciphertext == wire::Alert(2, 10));
}

TEST("a server holds nothing back of alerts that come instead of a ClientHello") {
  fake::Scope scope;
  scope.script.handshake = {{7, {}, -9800}};
  auto engine = Make(ServerOptions(), nullptr);
  CHECK(Give(engine.get(), wire::Alert(1, 112)).fault.has_value() && scope.record.Has("SSLHandshake"));
}

TEST("a server that rests at a question and is destroyed leaves nothing behind") {
  fake::Scope scope;
  {
    ContextOptions options = ServerOptions();
    options.ask_client_hello = true;
    auto engine = Make(options, nullptr);
    CHECK(Give(engine.get(), ClientHelloRecord()).question.has_value());
  }
  CHECK(scope.live() == 0);
}
