#include "secure-transport-peer.hh"

using namespace peer;

namespace {

// Gives the outcome of the server's flight.
Outcome Meet(fake::Scope* scope, const Flight& flight, std::shared_ptr<TrustStore> trust,
             const ContextOptions& options = Options(false)) {
  scope->script.handshake = ClientSteps(flight);
  if (scope->script.path.empty()) scope->script.path = flight.chain;
  auto engine = Make(options, std::move(trust));
  engine->Start();
  return Give(engine.get(), ServerFlight(flight));
}

Outcome MeetLeaf(fake::Scope* scope, const Bytes& extensions) {
  Flight flight;
  flight.chain = {wire::MakeCertificate({"leaf", "root", extensions, "200101000000Z", {1}}), wire::Root()};
  return Meet(scope, flight, Trust({wire::Root()}));
}

bool IsRefused(const Outcome& outcome, const char* code, const char* node_code, uint8_t alert) {
  return outcome.fault.has_value() && outcome.fault->code == code && outcome.fault->node_code == node_code &&
         outcome.fault->sent_alert == alert && outcome.ciphertext == wire::Alert(2, alert) && !outcome.is_handshake_done;
}

constexpr const char* kUnknownIssuer = "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER";

}  // namespace

TEST("a chain is judged by our roots and clock, for this name, without the network") {
  fake::Scope scope;
  CHECK(!Meet(&scope, {}, Trust({wire::Root()})).fault.has_value());
  CHECK(scope.record.evaluations == 1 && !scope.record.allows_network);
  CHECK(scope.record.is_exclusive && (scope.record.anchors == std::vector<Bytes>{wire::Root()}));
  CHECK(scope.record.verify_date == static_cast<double>(kNow) - 978307200);
  CHECK(scope.record.is_server_policy && scope.record.policy_name == "localhost");
  CHECK(scope.live() == 0);
}

TEST("roots of one's own are exclusive: the system's do not count") {
  fake::Scope scope;
  scope.script.is_system_trusted = true;
  const Outcome outcome = Meet(&scope, {}, Trust({wire::Hex(fixture::kRsaCertificate)}));
  CHECK(IsRefused(outcome, kUnknownIssuer, "SELF_SIGNED_CERT_IN_CHAIN", 48));
  CHECK(outcome.fault->os_code == -67843 && outcome.fault->detail == "the certificate was not trusted.");
  CHECK(scope.live() == 0);
}

TEST("with the system's roots, they count beside one's own") {
  fake::Scope scope;
  scope.script.is_system_trusted = true;
  CHECK(!Meet(&scope, {}, Trust({}, true)).fault.has_value());
  CHECK(!scope.record.is_exclusive);
}

TEST("no roots at all trust nobody, and the library is not even asked") {
  fake::Scope scope;
  CHECK(IsRefused(Meet(&scope, {}, Trust({})), kUnknownIssuer, "SELF_SIGNED_CERT_IN_CHAIN", 48));
  CHECK(scope.record.evaluations == 0);
}

TEST("a missing issuer has Node's name by what came") {
  const auto node_code = [](const std::vector<Bytes>& chain) {
    fake::Scope scope;
    Flight flight;
    flight.chain = chain;
    const Outcome outcome = Meet(&scope, flight, Trust({wire::Hex(fixture::kRsaCertificate)}));
    CHECK(outcome.fault->code == kUnknownIssuer);
    return outcome.fault->node_code;
  };
  const Bytes middle = wire::MakeCertificate({"middle", "root", wire::Authority(), "200101000000Z", {3}});
  CHECK(node_code({wire::Leaf()}) == "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  CHECK(node_code({wire::Root()}) == "DEPTH_ZERO_SELF_SIGNED_CERT");
  CHECK(node_code({wire::Leaf(), middle}) == "UNABLE_TO_GET_ISSUER_CERT_LOCALLY");
  CHECK(node_code({wire::Leaf(), wire::Root()}) == "SELF_SIGNED_CERT_IN_CHAIN");
}

TEST("a certificate for another name is refused, whatever the library says") {
  fake::Scope scope;
  const Outcome outcome = MeetLeaf(&scope, wire::AlternativeNames(wire::DnsName("other.test")));
  CHECK(IsRefused(outcome, "ERR_TLS_CERTIFICATE_NAME", "ERR_TLS_CERT_ALTNAME_INVALID", 42));
  fake::Scope bare;
  CHECK(MeetLeaf(&bare, wire::KeyUsage(0x80)).fault->code == "ERR_TLS_CERTIFICATE_NAME");
}

TEST("a leaf whose key must not sign, or that is a CA's, is refused for its purpose") {
  const Bytes names = wire::AlternativeNames(wire::DnsName("localhost"));
  fake::Scope scope;
  const Outcome outcome = MeetLeaf(&scope, wire::Join({names, wire::KeyUsage(0x20)}));
  CHECK(IsRefused(outcome, "ERR_TLS_CERTIFICATE_PURPOSE", "INVALID_PURPOSE", 43));
  fake::Scope authority;
  CHECK(MeetLeaf(&authority, wire::Join({names, wire::Authority()})).fault->code == "ERR_TLS_CERTIFICATE_PURPOSE");
}

TEST("the exact certificate in trust is trusted itself, a CA's as well") {
  const Bytes names = wire::AlternativeNames(wire::DnsName("localhost"));
  const Bytes self = wire::MakeCertificate({"leaf", "leaf", wire::Join({names, wire::Authority()}), "200101000000Z", {1}});
  fake::Scope scope;
  Flight flight;
  flight.chain = {self};
  CHECK(!Meet(&scope, flight, Trust({self})).fault.has_value());
}

TEST("a path that does not begin with the peer's certificate is refused") {
  fake::Scope scope;
  scope.script.path = {wire::Root()};
  CHECK(Meet(&scope, {}, Trust({wire::Root()})).fault->code == kUnknownIssuer);
  fake::Scope empty;
  empty.script.is_system_trusted = true;
  Flight flight;
  empty.script.handshake = ClientSteps(flight);
  auto engine = Make(Options(false), Trust({}, true));
  engine->Start();
  CHECK(Give(engine.get(), ServerFlight(flight)).fault->code == kUnknownIssuer);
}

TEST("what the evaluation ends with is told in the interface's terms and Node's") {
  struct Row {
    long status;
    const char* code;
    const char* node_code;
    uint8_t alert;
  };
  const Row rows[] = {{-67818, "ERR_TLS_CERTIFICATE_EXPIRED", "CERT_HAS_EXPIRED", 45},
                      {-67820, "ERR_TLS_CERTIFICATE_REVOKED", "CERT_REVOKED", 44},
                      {-67602, "ERR_TLS_CERTIFICATE_NAME", "ERR_TLS_CERT_ALTNAME_INVALID", 42},
                      {-67609, "ERR_TLS_CERTIFICATE_PURPOSE", "INVALID_PURPOSE", 43},
                      {-67815, "ERR_TLS_CERTIFICATE_UNSUPPORTED", "UNSPECIFIED", 43},
                      {-67735, "ERR_TLS_CERTIFICATE_UNSUPPORTED", "UNSPECIFIED", 43},
                      {-67654, "ERR_TLS_CERTIFICATE_REJECTED", "CERT_REJECTED", 46},
                      {-67611, "ERR_TLS_CERTIFICATE_BAD", "PATH_LENGTH_EXCEEDED", 42},
                      {-67603, "ERR_TLS_CERTIFICATE_UNSUPPORTED", "UNSPECIFIED", 43},
                      {-67901, "ERR_TLS_CERTIFICATE_BAD", "UNSPECIFIED", 42},
                      {-25318, kUnknownIssuer, "SELF_SIGNED_CERT_IN_CHAIN", 48}};
  for (const Row& row : rows) {
    fake::Scope scope;
    scope.script.refusal = row.status;
    const Outcome outcome = Meet(&scope, {}, Trust({wire::Root()}));
    CHECK(IsRefused(outcome, row.code, row.node_code, row.alert) && outcome.fault->os_code == row.status);
  }
}

TEST("a certificate that is not yet valid is told from one that has expired, which the library does not") {
  fake::Scope scope;
  scope.script.refusal = -67818;
  Flight flight;
  const Bytes names = wire::AlternativeNames(wire::DnsName("localhost"));
  flight.chain = {wire::MakeCertificate({"leaf", "root", names, "300101000000Z", {1}}), wire::Root()};
  const Outcome outcome = Meet(&scope, flight, Trust({wire::Root()}));
  CHECK(IsRefused(outcome, "ERR_TLS_CERTIFICATE_NOT_YET_VALID", "CERT_NOT_YET_VALID", 45));
}

TEST("an older macOS evaluates by the older functions") {
  fake::Scope scope({"SecTrustEvaluateWithError", "SecTrustCopyCertificateChain"});
  CHECK(!Meet(&scope, {}, Trust({wire::Root()})).fault.has_value());
  scope.script.trust_result = 1;
  CHECK(!Meet(&scope, {}, Trust({wire::Root()})).fault.has_value());
  for (const uint32_t result : {0u, 3u, 5u, 6u, 7u}) {
    scope.script.trust_result = result;
    CHECK(Meet(&scope, {}, Trust({wire::Root()})).fault->code == kUnknownIssuer);
  }
  CHECK(scope.live() == 0);
}

TEST("where the evaluation cannot be set up, nobody is trusted") {
  for (const char* call : {"SSLCopyPeerTrust", "SecTrustSetPolicies", "SecTrustSetAnchorCertificates",
                           "SecTrustSetAnchorCertificatesOnly", "SecTrustSetVerifyDate", "SecTrustSetNetworkFetchAllowed"}) {
    fake::Scope scope;
    scope.script.failing[call] = -50;
    const Outcome outcome = Meet(&scope, {}, Trust({wire::Root()}));
    CHECK(outcome.fault.has_value() && outcome.fault->os_code == -50 && !outcome.is_handshake_done);
    CHECK(scope.record.evaluations == 0 && scope.live() == 0);
  }
}

TEST("whoever accepts any chain has none evaluated") {
  fake::Scope scope;
  ContextOptions options = Options(false);
  options.accept_any = true;
  CHECK(!Meet(&scope, {}, nullptr, options).fault.has_value());
  CHECK(scope.record.evaluations == 0);
}

TEST("a trusted certificate that cannot be read is the configuration's fault") {
  fake::Scope scope;
  std::optional<Fault> fault;
  CHECK(SecureTransportTrust::Create({wire::Root(), {1, 2, 3}}, false, &fault) == nullptr);
  CHECK(fault->code == "ERR_TLS_CONFIG" && scope.live() == 0);
}

TEST("the owner is asked about an accepted chain, and the handshake rests until it answers") {
  fake::Scope scope;
  Flight flight;
  flight.ocsp_response = "stapled";
  scope.script.handshake = ClientSteps(flight);
  scope.script.path = flight.chain;
  ContextOptions options = Options(false);
  options.ask_verify = true;
  options.request_ocsp = true;
  auto engine = Make(options, Trust({wire::Root()}));
  engine->Start();
  const Outcome asked = Give(engine.get(), wire::Join({ServerFlight(flight), FinalFlight()}));
  CHECK(asked.question.has_value() && std::string(asked.question->kind) == "verify" && asked.ciphertext.empty());
  CHECK(Part(*asked.question, "chain") == flight.chain && Part(*asked.question, "path") == flight.chain);
  CHECK((Part(*asked.question, "ocspResponse") == std::vector<Bytes>{wire::Text("stapled")}));
  Answer answer;
  answer.path = std::vector<Bytes>{wire::Leaf()};
  const Outcome done = engine->Resume(answer);
  CHECK(done.is_handshake_done && !done.ciphertext.empty() && !done.fault.has_value());
  CHECK((engine->Facts().verified_path == std::vector<Bytes>{wire::Leaf()}));
  CHECK(engine->Facts().ocsp_response == wire::Text("stapled"));
}

TEST("a refusal by the owner goes out as its alert, before any secret is used") {
  fake::Scope scope;
  scope.script.handshake = ClientSteps({});
  scope.script.path = {wire::Leaf(), wire::Root()};
  ContextOptions options = Options(false);
  options.ask_verify = true;
  auto engine = Make(options, Trust({wire::Root()}));
  engine->Start();
  Give(engine.get(), ServerFlight({}));
  Answer answer;
  answer.alert = 46;
  CHECK(IsRefused(engine->Resume(answer), "ERR_TLS_CERTIFICATE_REJECTED", "CERT_REJECTED", 46));
  CHECK(Give(engine.get(), FinalFlight()).fault.has_value());
}

TEST("a library that asks for a second verdict renegotiates, and is refused") {
  fake::Scope scope;
  scope.script.handshake = ClientSteps({});
  scope.script.handshake.insert(scope.script.handshake.begin() + 3, {0, {}, constant::kPeerAuthCompleted});
  scope.script.path = {wire::Leaf(), wire::Root()};
  auto engine = Make(Options(false), Trust({wire::Root()}));
  engine->Start();
  const Outcome outcome = Give(engine.get(), ServerFlight({}));
  CHECK(outcome.fault.has_value() && outcome.fault->code == "ERR_TLS_NO_RENEGOTIATION");
}
