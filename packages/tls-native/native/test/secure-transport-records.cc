// Tests data, and how a connection ends.
#include "secure-transport-peer.hh"

using namespace peer;

namespace {

Bytes Records(size_t count) {
  Bytes all;
  for (size_t index = 0; index < count; ++index) all = wire::Join({all, wire::Encrypted(23)});
  return all;
}

const size_t kLength = wire::Encrypted(23).size();

}  // namespace

TEST("several records that come at once are read in one call") {
  fake::Scope scope;
  scope.script.readings = {{kLength, "one ", 0}, {kLength, "", 0}, {kLength, "two ", 0}, {kLength, "three", 0}};
  auto engine = ConnectedClient(&scope);
  const Outcome outcome = Give(engine.get(), Records(4));
  CHECK(outcome.plaintext == wire::Text("one two three") && !outcome.fault.has_value() && !outcome.is_peer_closed);
}

TEST("records that come octet by octet are read when they are whole") {
  fake::Scope scope;
  scope.script.readings = {{kLength, "one ", 0}, {kLength, "two", 0}};
  auto engine = ConnectedClient(&scope);
  const Outcome outcome = Trickle(engine.get(), Records(2));
  CHECK(outcome.plaintext == wire::Text("one two") && !outcome.fault.has_value());
}

TEST("a long batch of full records is read whole") {
  fake::Scope scope;
  const std::string full(16384, 'x');
  for (int index = 0; index < 70; ++index) scope.script.readings.push_back({kLength, full, 0});
  auto engine = ConnectedClient(&scope);
  CHECK(Give(engine.get(), Records(70)).plaintext.size() == 70 * full.size());
}

TEST("close_notify ends the peer's data, behind what came before it") {
  fake::Scope scope;
  scope.script.readings = {{kLength, "last", 0}, {kLength, "", constant::kClosedGraceful}};
  auto engine = ConnectedClient(&scope);
  const Outcome outcome = Give(engine.get(), wire::Join({wire::Encrypted(23), wire::Encrypted(21)}));
  CHECK(outcome.plaintext == wire::Text("last") && outcome.is_peer_closed && !outcome.fault.has_value());
  CHECK(!Give(engine.get(), Records(1)).is_peer_closed);
}

TEST("an end that is none is a fault: aborted, without notice, by an alert") {
  const auto ending = [](OSStatus status) {
    fake::Scope scope;
    scope.script.readings = {{kLength, "data", 0}, {kLength, "", status}};
    auto engine = ConnectedClient(&scope);
    const Outcome outcome = Give(engine.get(), wire::Join({wire::Encrypted(23), wire::Encrypted(21)}));
    CHECK(outcome.plaintext == wire::Text("data") && outcome.fault.has_value() && !outcome.is_peer_closed);
    CHECK(Give(engine.get(), Records(1)).fault->code == outcome.fault->code);
    return *outcome.fault;
  };
  CHECK(ending(-9806).code == "ERR_TLS_DECODE");
  CHECK(ending(-9816).code == "ERR_TLS_TRUNCATED");
  CHECK(ending(-9846).code == "ERR_TLS_BAD_RECORD_MAC");
  CHECK(ending(-9847).code == "ERR_TLS_RECORD_OVERFLOW");
  const Fault alert = ending(-9829);
  CHECK(alert.code == "ERR_TLS_ALERT" && alert.received_alert == 46);
}

TEST("a peer that begins another handshake is refused") {
  for (const OSStatus status : {constant::kPeerAuthCompleted, constant::kClientCertRequested, constant::kClientHelloReceived}) {
    fake::Scope scope;
    scope.script.readings = {{kLength, "", status}};
    auto engine = ConnectedClient(&scope);
    const Outcome outcome = Give(engine.get(), wire::Encrypted(22));
    CHECK(outcome.fault->code == "ERR_TLS_NO_RENEGOTIATION" && outcome.ciphertext.empty());
  }
}

TEST("data is sent in one batch") {
  fake::Scope scope;
  auto engine = ConnectedClient(&scope);
  const Bytes data = wire::Text("hello");
  const Outcome outcome = engine->Send(ViewOf(data));
  CHECK(outcome.ciphertext == wire::Record(23, data) && !outcome.fault.has_value());
}

TEST("a write that takes a part and would block goes on with the rest") {
  fake::Scope scope;
  scope.script.longest_write = 3;
  auto engine = ConnectedClient(&scope);
  const Bytes data = wire::Text("hello!!");
  const Outcome outcome = engine->Send(ViewOf(data));
  CHECK(!outcome.fault.has_value());
  CHECK(outcome.ciphertext == wire::Join({wire::Record(23, wire::Text("hel")), wire::Record(23, wire::Text("lo!")),
                                          wire::Record(23, wire::Text("!"))}));
}

TEST("a write that took all and would block is flushed, and none of it is sent twice") {
  fake::Scope scope;
  scope.script.blocked_flushes = 1;
  auto engine = ConnectedClient(&scope);
  const Bytes data = wire::Text("hello");
  const Outcome outcome = engine->Send(ViewOf(data));
  CHECK(!outcome.fault.has_value() && outcome.ciphertext == wire::Record(23, data));
}

TEST("a library that takes nothing, or never flushes, is a fault and not a loop") {
  fake::Scope scope;
  scope.script.longest_write = 0;
  auto stuck = ConnectedClient(&scope);
  const Bytes data = wire::Text("hello");
  CHECK(stuck->Send(ViewOf(data)).fault->code == "ERR_TLS_BACKEND");
  scope.script.longest_write = 100;
  scope.script.blocked_flushes = 1000;
  auto unflushed = ConnectedClient(&scope);
  CHECK(unflushed->Send(ViewOf(data)).fault->code == "ERR_TLS_BACKEND");
}

TEST("behind the peer's close_notify nothing can be sent in TLS 1.2") {
  fake::Scope scope;
  scope.script.write_status = constant::kClosedGraceful;
  auto engine = ConnectedClient(&scope);
  const Bytes data = wire::Text("late");
  CHECK(engine->Send(ViewOf(data)).fault->code == "ERR_TLS_TRANSPORT");
}

TEST("close sends close_notify once") {
  fake::Scope scope;
  auto engine = ConnectedClient(&scope);
  CHECK(engine->Close().ciphertext == wire::Alert(1, 0));
  CHECK(engine->Close().ciphertext.empty());
}

TEST("behind our close_notify the peer's is taken, and the library is not taken at its word") {
  fake::Scope scope;
  auto engine = ConnectedClient(&scope);
  engine->Close();
  scope.record.calls.clear();
  CHECK(!Give(engine.get(), {21, 3, 3, 0}).is_peer_closed);
  const Outcome outcome = Give(engine.get(), wire::Join({{24}, Bytes(24, 0xEE)}));
  CHECK(outcome.is_peer_closed && !outcome.fault.has_value() && scope.record.calls.empty());
}

TEST("data behind our close_notify, which the library cannot read, is not lost in silence") {
  fake::Scope scope;
  auto engine = ConnectedClient(&scope);
  // This record began before.
  CHECK(Give(engine.get(), {23, 3, 3, 0, 24}).plaintext.empty());
  engine->Close();
  const Outcome outcome = Give(engine.get(), wire::Join({Bytes(24, 0xEE), wire::Encrypted(21)}));
  CHECK(outcome.fault->code == "ERR_TLS_TRUNCATED" && !outcome.is_peer_closed);
}

TEST("TLS 1.2 over this library has no key update and exports nothing") {
  fake::Scope scope;
  auto engine = ConnectedClient(&scope);
  CHECK(engine->UpdateKeys().fault->code == "ERR_TLS_UNSUPPORTED");
  CHECK(!engine->Export("label", std::nullopt, 32).has_value());
}

TEST("an owner who gives up behind the handshake sends nothing that looks like a clean end") {
  fake::Scope scope;
  auto engine = ConnectedClient(&scope);
  const Outcome outcome = engine->Fail(80);
  CHECK(outcome.ciphertext.empty() && !outcome.fault.has_value());
}

TEST("a library that leaves bytes unread is a fault") {
  fake::Scope scope;
  scope.script.readings = {{kLength, "", constant::kWouldBlock}};
  auto engine = ConnectedClient(&scope);
  CHECK(Give(engine.get(), Records(2)).fault->code == "ERR_TLS_BACKEND");
}

TEST("connections that ended in any way leave nothing behind") {
  fake::Scope scope;
  scope.script.readings = {{kLength, "data", 0}};
  {
    auto closed = ConnectedClient(&scope);
    closed->Close();
    auto failed = ConnectedClient(&scope);
    failed->Fail(80);
    auto idle = ConnectedClient(&scope);
    Give(idle.get(), Records(1));
  }
  CHECK(scope.live() == 0);
}
