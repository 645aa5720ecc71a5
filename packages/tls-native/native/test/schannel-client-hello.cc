// Tests what is found wrong with a ClientHello before SChannel is shown it.
#include "../schannel/client-hello.hh"

#include "schannel-fake.hh"

using namespace fake;
using tls::schannel::FaultOfClientHello;

namespace {

constexpr uint16_t kFallbackSignal = 0x5600;

Bytes HostName(const std::string& name) { return Join({{0}, Vector(2, Text(name))}); }

tls::schannel::ClientHello With(uint16_t type, const Bytes& body) {
  tls::schannel::ClientHello hello;
  hello.legacy_version = 0x0303;
  hello.cipher_suites = {0x13, 0x02};
  hello.extensions = {{type, body}};
  return hello;
}

std::string CodeOf(const tls::schannel::ClientHello& hello, uint16_t min_version = 0x0303, uint16_t max_version = 0x0304) {
  const auto fault = FaultOfClientHello(hello, min_version, max_version);
  return fault.has_value() ? fault->code : "";
}

}  // namespace

TEST("RFC 6066 §3 a server_name is a list with one host name, and with names of other kinds perhaps") {
  const Bytes strange = Join({{9}, Vector(2, Text("x"))});
  for (const Bytes& list : {HostName("a"), Join({strange, HostName("a")}), strange}) CHECK(CodeOf(With(0, Vector(2, list))).empty());
  CHECK(CodeOf(With(0, Vector(2, Join({HostName("a"), HostName("b")})))) == "ERR_TLS_ILLEGAL_PARAMETER");
  const Bytes whole = Vector(2, HostName("a"));
  const Bytes part(whole.begin(), whole.end() - 1);
  for (const Bytes& body : {Bytes{}, Vector(2, {}), Vector(2, HostName("")), part, Join({whole, {0}}), Vector(2, {0, 0})}) {
    CHECK(CodeOf(With(0, body)) == "ERR_TLS_DECODE");
  }
}

TEST("RFC 7301 §3.1 a list of protocols has one at least, and none is empty") {
  CHECK(CodeOf(With(16, Vector(2, AlpnList({"h2", "http/1.1"})))).empty());
  const Bytes whole = Vector(2, AlpnList({"h2"}));
  const Bytes part(whole.begin(), whole.end() - 1);
  for (const Bytes& body : {Bytes{}, Vector(2, {}), Vector(2, AlpnList({"h2", ""})), part, Join({whole, {0}}), Vector(2, {9, 1})}) {
    CHECK(CodeOf(With(16, body)) == "ERR_TLS_DECODE");
  }
}

TEST("RFC 8446 §4.2.1 a list of versions alone decides, reserved ones do not count, and what is too old is refused") {
  CHECK(CodeOf(With(43, {4, 3, 4, 3, 3}), 0x0304).empty());
  CHECK(CodeOf(With(43, {4, 0x5A, 0x5A, 3, 3}), 0x0304) == "ERR_TLS_PROTOCOL_VERSION");
  CHECK(CodeOf(With(43, {4, 0x5A, 0x5A, 3, 2})) == "ERR_TLS_PROTOCOL_VERSION");
  CHECK(CodeOf(With(23, {})).empty() && CodeOf(With(23, {}), 0x0304) == "ERR_TLS_PROTOCOL_VERSION");
  tls::schannel::ClientHello old = With(23, {});
  old.legacy_version = 0x0302;
  CHECK(CodeOf(old) == "ERR_TLS_PROTOCOL_VERSION");
  old.legacy_version = 0x0304;
  CHECK(CodeOf(old, 0x0304) == "ERR_TLS_PROTOCOL_VERSION");
  for (const Bytes& body : {Bytes{}, Bytes{0}, Bytes{1, 3}, Bytes{3, 3, 4, 3}, Bytes{2, 3}, Bytes{2, 3, 4, 0}}) {
    CHECK(CodeOf(With(43, body)) == "ERR_TLS_DECODE");
  }
}

TEST("RFC 7507 §3 a client that has fallen back below what is spoken here is refused, before its version is") {
  tls::schannel::ClientHello hello = With(23, {});
  hello.cipher_suites = Join({{0xC0, 0x2F}, Number(kFallbackSignal, 2)});
  CHECK(CodeOf(hello, 0x0303, 0x0304) == "ERR_TLS_INAPPROPRIATE_FALLBACK");
  CHECK(CodeOf(hello, 0x0304, 0x0304) == "ERR_TLS_INAPPROPRIATE_FALLBACK");
  CHECK(CodeOf(hello, 0x0303, 0x0303).empty());
  hello.extensions = {{43, {2, 3, 4}}};
  CHECK(CodeOf(hello).empty());
}

TEST("a ClientHello that breaks a rule of ours is refused with its alert, and SChannel is shown nothing") {
  Reset();
  tls::ContextOptions options = ServerOptions(EcCredential({ServerLeaf()}));
  options.ask_client_hello = true;
  auto server = MakeEngine(options, nullptr);
  server->Start();
  const tls::Outcome outcome = Receive(*server, Record(22, Message(1, ClientHelloBody(Extension(16, {})))));
  CHECK(outcome.fault.has_value() && outcome.fault->code == "ERR_TLS_DECODE" && !outcome.question.has_value());
  CHECK(outcome.ciphertext == Alert(2, 50) && Sys().step_calls.empty());
}

TEST("a ClientHello of 64 KiB may come in any records, and a longer one is refused at its header") {
  const size_t others = ClientHelloBody(Extension(21, {})).size();
  const Bytes longest = Message(1, ClientHelloBody(Extension(21, Bytes(65536 - others, 0))));
  Reset();
  auto server = MakeEngine(ServerOptions(EcCredential({ServerLeaf()})), nullptr);
  server->Start();
  Sys().steps = {{tls::schannel::abi::kContinueNeeded, ServerFlight13(), 0, false}};
  tls::Outcome outcome;
  for (size_t at = 0; at < longest.size(); at += 16000) {
    outcome = Receive(*server, Record(22, Bytes(longest.begin() + at, longest.begin() + std::min(at + 16000, longest.size()))));
  }
  CHECK(outcome.ciphertext == ServerFlight13());
  server = nullptr;
  Reset();
  server = MakeEngine(ServerOptions(EcCredential({ServerLeaf()})), nullptr);
  server->Start();
  outcome = Receive(*server, Record(22, {1, 1, 0, 1}));
  CHECK(outcome.fault.has_value() && outcome.fault->code == "ERR_TLS_LIMIT" && outcome.ciphertext == Alert(2, 10));
}
