// Tests what SChannel calls a renegotiation: in TLS 1.3 it is a session ticket or a key update.
#include "schannel-fake.hh"

using namespace fake;

namespace {
const Bytes kTicket = Protected("a session ticket");
}

TEST("a post-handshake message is shown to SChannel as it was left over, and the connection goes on") {
  for (const bool is_client : {true, false}) {
    Reset();
    auto engine = is_client ? OpenClient() : OpenServer();
    const size_t calls = Sys().step_calls.size();
    Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}, {abi::kOk, "words", 0}};
    Sys().steps = {{abi::kOk, {}, 0, true}};
    const tls::Outcome outcome = Receive(*engine, Join({kTicket, Protected("words")}));
    CHECK(!outcome.fault.has_value() && TextOf(outcome.plaintext) == "words" && !outcome.is_handshake_done);
    CHECK(outcome.ciphertext.empty());
    CHECK(Sys().step_calls.size() == calls + 1 && Sys().step_calls.back().input == kTicket);
    CHECK(!Sys().step_calls.back().is_first);
    CHECK(Sys().step_calls.back().is_server == !is_client);
  }
}

TEST("data that was decrypted before and with such a message is not lost") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kOk, "one ", 0}, {abi::kRenegotiate, "two ", 6}, {abi::kOk, "three", 0}};
  Sys().steps = {{abi::kOk, {}, 0, true}};
  const tls::Outcome outcome = Receive(*client, Join({Protected("one"), kTicket, Protected("three")}));
  CHECK(TextOf(outcome.plaintext) == "one two three");
  CHECK(Sys().step_calls.back().input == Bytes(kTicket.end() - 6, kTicket.end()));
}

TEST("several such messages in one receive are taken one after the other, and what SChannel has to say to them is sent") {
  Reset();
  auto client = OpenClient();
  const Bytes update = Protected("a key update");
  Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}, {abi::kRenegotiate, "", update.size()}, {abi::kOk, "x", 0}};
  Sys().steps = {{abi::kOk, {}, 0, true}, {abi::kOk, Protected("our key update"), 0, true}};
  const tls::Outcome outcome = Receive(*client, Join({kTicket, update, Protected("x")}));
  CHECK(outcome.ciphertext == Protected("our key update") && TextOf(outcome.plaintext) == "x");
  CHECK(client->Send(ViewOf(Text("y"))).ciphertext.size() == 5 + 1 + 3);
}

TEST("what SChannel leaves of the message when it is done is decrypted next") {
  Reset();
  auto client = OpenClient();
  const Bytes both = Join({Protected("message"), Protected("data")});
  // It was given two records at once, of which it takes one.
  Sys().decryptions = {{abi::kErrorIncompleteMessage, "", 0}, {abi::kRenegotiate, "", both.size()}, {abi::kOk, "data", 0}};
  Sys().steps = {{abi::kOk, {}, Protected("data").size(), true}};
  CHECK(TextOf(Receive(*client, both).plaintext) == "data");
  CHECK(Sys().decrypted.back() == Protected("data"));
}

TEST("while SChannel waits for more of the message, data to send is queued in order, and goes out when it is done") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}};
  Sys().steps = {{abi::kContinueNeeded, Protected("half"), 0, true}};
  CHECK(Receive(*client, kTicket).ciphertext == Protected("half"));
  CHECK(client->Send(ViewOf(Text("first "))).ciphertext.empty() && client->Send(ViewOf(Text("second"))).ciphertext.empty());
  Sys().encrypted.clear();
  Sys().steps = {{abi::kErrorIncompleteMessage, {}, 0, true}, {abi::kOk, Protected("other half"), 0, true}};
  const Bytes rest = Join({Protected("more"), Protected("end")});
  Bytes sent;
  for (const uint8_t byte : rest) sent = Join({sent, Receive(*client, {byte}).ciphertext});
  CHECK(Sys().encrypted == std::vector<size_t>{12});
  CHECK(Bytes(sent.begin(), sent.begin() + 15) == Protected("other half") && TextOf(sent).find("first second") == 20);
  CHECK(Sys().step_calls.back().input == rest);
}

TEST("a close that is asked for meanwhile goes out behind what was queued") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}};
  Sys().steps = {{abi::kContinueNeeded, {}, 0, true}};
  Receive(*client, kTicket);
  client->Send(ViewOf(Text("last words")));
  CHECK(client->Close().ciphertext.empty() && Sys().controls.size() == 1);
  Sys().steps = {{abi::kOk, {}, 0, true}};
  const std::string sent = TextOf(Receive(*client, Protected("end")).ciphertext);
  CHECK(sent.find("last words") != std::string::npos && sent.find("close_notify") > sent.find("last words"));
}

TEST("a message of which nothing was left over is answered with nothing in hand") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kRenegotiate, "", 0}, {abi::kOk, "x", 0}};
  Sys().steps = {{abi::kOk, Protected("answer"), 0, true}};
  const tls::Outcome outcome = Receive(*client, Join({kTicket, Protected("x")}));
  CHECK(outcome.ciphertext == Protected("answer") && TextOf(outcome.plaintext) == "x");
  CHECK(Sys().step_calls.back().input.empty());
}

TEST("asked for a certificate after the handshake, a client says that it has none") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}};
  Sys().steps = {{abi::kIncompleteCredentials, {}, 0, true}, {abi::kOk, Protected("no certificate"), 0, true}};
  CHECK(Receive(*client, kTicket).ciphertext == Protected("no certificate"));
  CHECK(Sys().step_calls.back().input == kTicket);
  CHECK((Sys().step_calls.back().requirements & abi::kReqUseSuppliedCredentials) != 0);
}

TEST("a message that SChannel refuses ends the connection, and its alert goes out before the fault") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}};
  Sys().steps = {{abi::kErrorIllegalMessage, Protected("alert"), 0, true}};
  const tls::Outcome outcome = Receive(*client, kTicket);
  CHECK(outcome.ciphertext == Protected("alert") && outcome.fault->code == "ERR_TLS_ILLEGAL_PARAMETER");
  CHECK(outcome.fault->os_code == 0x80090326);
}

TEST("a peer that sends nothing but such messages is given up") {
  Reset();
  auto client = OpenClient();
  std::string code;
  for (int count = 0; count < 40 && code.empty(); ++count) {
    Sys().decryptions = {{abi::kRenegotiate, "", kTicket.size()}};
    Sys().steps = {{abi::kOk, {}, 0, true}};
    const tls::Outcome outcome = Receive(*client, kTicket);
    if (outcome.fault.has_value()) code = outcome.fault->code;
    CHECK(count < 32 || !code.empty());
  }
  CHECK(code == "ERR_TLS_LIMIT");
}

TEST("RFC 5746 a renegotiation of TLS 1.2 is refused on either side") {
  for (const bool is_client : {true, false}) {
    Reset();
    auto engine = is_client ? OpenClient(0x0303) : OpenServer(0x0303);
    const size_t calls = Sys().step_calls.size();
    Sys().decryptions = {{abi::kRenegotiate, "", 0}};
    const tls::Outcome outcome = Receive(*engine, Record(22, Text("hello request")));
    CHECK(outcome.fault->code == "ERR_TLS_NO_RENEGOTIATION" && outcome.fault->sent_alert == 100);
    CHECK(outcome.ciphertext == Protected("alert 100") && Sys().step_calls.size() == calls + 1);
    CHECK(engine->Send(ViewOf(Text("x"))).fault->code == "ERR_TLS_NO_RENEGOTIATION");
  }
}
