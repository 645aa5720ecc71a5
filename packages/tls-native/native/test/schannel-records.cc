// Tests data, its end, and alerts.
#include "schannel-fake.hh"

using namespace fake;

TEST("a large send is cut at SChannel's longest message, and goes out in one piece") {
  Reset();
  auto client = OpenClient();
  Sys().sizes.maximum_message = 0;  // it is read once, at the end of the handshake
  const Bytes data(16384 * 2 + 10, 'd');
  const tls::Outcome outcome = client->Send(ViewOf(data));
  CHECK((Sys().encrypted == std::vector<size_t>{16384, 16384, 10}));
  Bytes expected;
  for (const size_t size : Sys().encrypted) expected = Join({expected, Record(23, Join({Bytes(size, 'd'), Bytes(3, 'T')}))});
  CHECK(outcome.ciphertext == expected && !outcome.fault.has_value());
}

TEST("nothing to send makes no record") {
  Reset();
  auto client = OpenClient();
  CHECK(client->Send({nullptr, 0}).ciphertext.empty() && Sys().encrypted.empty());
}

TEST("a failed encryption sends nothing of its record, and is told from then on") {
  Reset();
  auto client = OpenClient();
  Sys().encrypt_status = abi::kErrorContextExpired;
  const tls::Outcome outcome = client->Send(ViewOf(Text("x")));
  CHECK(outcome.ciphertext.empty() && outcome.fault->code == "ERR_TLS_BACKEND" && outcome.fault->os_code == 0x80090317);
  CHECK(client->Send(ViewOf(Text("x"))).fault.has_value());
}

TEST("data cannot be sent before the handshake is done, nor after the close") {
  Reset();
  auto client = MakeEngine(ClientOptions(), Trust({Root()}));
  CHECK(client->Send(ViewOf(Text("x"))).fault->code == "ERR_TLS_API_MISUSE");
  client = OpenClient();
  client->Close();
  CHECK(client->Send(ViewOf(Text("x"))).fault->code == "ERR_TLS_API_MISUSE");
}

TEST("records may be split anyhow, and several may come in one receive") {
  const Bytes all = Join({Protected("one "), Protected("two "), Protected("three")});
  for (size_t cut = 0; cut <= all.size(); ++cut) {
    Reset();
    auto client = OpenClient();
    std::string got = TextOf(Receive(*client, Bytes(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(cut))).plaintext);
    got += TextOf(Receive(*client, Bytes(all.begin() + static_cast<std::ptrdiff_t>(cut), all.end())).plaintext);
    CHECK(got == "one two three" && Sys().decrypted.size() == 3);
  }
  Reset();
  auto client = OpenClient();
  std::string got;
  for (const uint8_t byte : all) got += TextOf(Receive(*client, {byte}).plaintext);
  CHECK(got == "one two three" && Sys().decrypted.size() == 3);
}

TEST("where one record is not enough for SChannel, it is given all that there are, and asked again only when there are more") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kErrorIncompleteMessage, "", 0}, {abi::kOk, "both", 0}};
  CHECK(Receive(*client, Protected("a")).plaintext.empty());
  CHECK(Receive(*client, {23, 3}).plaintext.empty() && Sys().decrypted.size() == 1);
  CHECK(TextOf(Receive(*client, {3, 0, 1, 'b'}).plaintext) == "both" && Sys().decrypted.size() == 2);
}

TEST("what SChannel leaves of two records is decrypted next") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kErrorIncompleteMessage, "", 0}, {abi::kOk, "1", Protected("b").size()}, {abi::kOk, "2", 0}};
  CHECK(TextOf(Receive(*client, Join({Protected("a"), Protected("b")})).plaintext) == "12");
}

TEST("a close_notify ends what is received, and not what is sent") {
  Reset();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kOk, "last", 0}, {abi::kContextExpired, "", 0}};
  const tls::Outcome outcome = Receive(*client, Join({Protected("last"), Protected("close_notify"), Protected("too late")}));
  CHECK(outcome.is_peer_closed && TextOf(outcome.plaintext) == "last" && !outcome.fault.has_value());
  CHECK(Sys().decrypted.size() == 2 && Receive(*client, Protected("later")).plaintext.empty());
  CHECK(!client->Send(ViewOf(Text("still"))).ciphertext.empty());
  CHECK(client->Close().ciphertext == Protected("close_notify"));
}

TEST("a close_notify that decrypts to nothing, as Wine has it, is one too, and a session ticket is none") {
  Reset();
  BeWine();
  auto client = OpenClient();
  Sys().decryptions = {{abi::kOk, "", 0}, {abi::kOk, "", 0}};
  CHECK(!Receive(*client, Record(23, Bytes(2 + 4 + 17, 0))).is_peer_closed);
  CHECK(Receive(*client, Record(23, Bytes(2 + 17, 0))).is_peer_closed);
  client = nullptr;
  Reset();
  BeWine();
  auto old = OpenClient(0x0303);
  Sys().decryptions = {{abi::kOk, "", 0}};
  CHECK(Receive(*old, Record(21, Bytes(26, 0))).is_peer_closed);
}

TEST("on Windows a warning is no close_notify, nor is an empty record of the same size, and both end nothing") {
  for (const uint16_t version : {0x0303, 0x0304}) {
    Reset();
    auto client = OpenClient(version);
    const Bytes record = version == 0x0303 ? Record(21, Bytes(26, 0)) : Record(23, Bytes(2 + 17, 0));
    Sys().decryptions = {{abi::kOk, "", 0}, {abi::kOk, "after it", 0}, {abi::kContextExpired, "", 0}};
    const tls::Outcome outcome = Receive(*client, Join({record, Protected("after it")}));
    CHECK(!outcome.is_peer_closed && TextOf(outcome.plaintext) == "after it" && !outcome.fault.has_value());
    CHECK(Receive(*client, record).is_peer_closed);
  }
}

TEST("warnings without an end are too many at some time") {
  Reset();
  auto client = OpenClient(0x0303);
  Bytes all;
  for (int count = 0; count < 100; ++count) all = Join({all, Record(21, Bytes(26, 0))});
  Sys().decryptions = std::deque<Decryption>(100, {abi::kOk, "", 0});
  CHECK(Receive(*client, all).fault->code == "ERR_TLS_LIMIT" && Sys().decrypted.size() < 40);
}

TEST("an alert that has a status of its own is told by its number, whatever its record looks like") {
  struct Case {
    abi::Status status;
    int alert;
  };
  for (const Case& each : {
         Case{abi::kErrorRevoked, 44}, Case{abi::kErrorCertExpired, 45}, Case{abi::kErrorCertUnknown, 46}, Case{abi::kErrorUntrustedRoot, 48},
         Case{abi::kErrorLogonDenied, 49}, Case{abi::kErrorUnfinishedContextDeleted, 90}}) {
    Reset();
    auto client = OpenClient();
    Sys().decryptions = {{each.status, "", 0}};
    const tls::Outcome outcome = Receive(*client, Protected("alert"));
    CHECK(outcome.fault->code == "ERR_TLS_ALERT" && outcome.fault->received_alert == each.alert && outcome.fault->sent_alert == -1);
    CHECK(!outcome.is_peer_closed && outcome.ciphertext.empty());
  }
}

TEST("a close in the middle of the handshake is an alert that was received") {
  Reset();
  auto client = MakeEngine(ClientOptions(), Trust({Root()}));
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  client->Start();
  Sys().steps = {{abi::kContextExpired, {}, 0, false}};
  const tls::Outcome outcome = Receive(*client, Alert(1, 0));
  CHECK(outcome.fault->code == "ERR_TLS_ALERT" && outcome.fault->received_alert == 0);
}

TEST("a record that cannot be decrypted is answered with an alert") {
  for (const abi::Status status : {abi::kErrorDecryptFailure, abi::kErrorMessageAltered, abi::kErrorOutOfSequence}) {
    Reset();
    auto client = OpenClient();
    Sys().decryptions = {{abi::kOk, "good", 0}, {status, "", 0}};
    const tls::Outcome outcome = Receive(*client, Join({Protected("good"), Protected("bad")}));
    CHECK(TextOf(outcome.plaintext) == "good" && outcome.fault->code == "ERR_TLS_BAD_RECORD_MAC");
    CHECK(outcome.fault->os_code == static_cast<uint32_t>(status) && outcome.ciphertext == Protected("alert 20"));
  }
}

TEST("what is no record, or too long for one, ends the connection with an alert") {
  Reset();
  auto client = OpenClient();
  CHECK(Receive(*client, Text("HTTP/1.1 400")).fault->code == "ERR_TLS_NOT_TLS");
  client = nullptr;
  Reset();
  client = OpenClient();
  const tls::Outcome outcome = Receive(*client, {23, 3, 3, 0x48, 1});
  CHECK(outcome.fault->code == "ERR_TLS_RECORD_OVERFLOW" && outcome.ciphertext == Protected("alert 22"));
}

TEST("records without data in a row are not taken forever") {
  Reset();
  auto client = OpenClient();
  std::string code;
  for (int count = 0; count < 40 && code.empty(); ++count) {
    const tls::Outcome outcome = Receive(*client, Protected(""));
    if (outcome.fault.has_value()) code = outcome.fault->code;
  }
  CHECK(code == "ERR_TLS_LIMIT");
}

TEST("an alert of the peer is told: unprotected by its number, protected by what SChannel makes of it") {
  Reset();
  auto client = MakeEngine(ClientOptions(), Trust({Root()}));
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  client->Start();
  Sys().steps = {{abi::kErrorInternal, {}, 0, false}};
  const tls::Outcome plain = Receive(*client, Alert(2, 40));
  CHECK(plain.fault->code == "ERR_TLS_ALERT" && plain.fault->received_alert == 40 && plain.fault->os_code == 0x80090304);
  client = nullptr;
  Reset();
  client = OpenClient();
  Sys().decryptions = {{abi::kErrorCertUnknown, "", 0}};
  const tls::Outcome known = Receive(*client, Protected("alert"));
  CHECK(known.fault->code == "ERR_TLS_ALERT" && known.fault->received_alert == 46 && known.ciphertext.empty());
  client = nullptr;
  Reset();
  client = OpenClient(0x0303);
  Sys().decryptions = {{abi::kErrorIllegalMessage, "", 0}};
  const tls::Outcome unknown = Receive(*client, Record(21, Bytes(26, 0)));
  CHECK(unknown.fault->code == "ERR_TLS_ALERT" && unknown.fault->received_alert == -1);
  CHECK(unknown.fault->os_code == 0x80090326);
}

TEST("a warning is not taken for the reason why a connection failed later") {
  Reset();
  auto client = MakeEngine(ClientOptions(), Trust({Root()}));
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  client->Start();
  Sys().steps = {{abi::kContinueNeeded, {}, 0, false}, {abi::kErrorIllegalMessage, {}, 0, false}};
  CHECK(!Receive(*client, Alert(1, 112)).fault.has_value());
  CHECK(Receive(*client, Record(22, Text("odd"))).fault->code == "ERR_TLS_ILLEGAL_PARAMETER");
}

TEST("the alert that SChannel makes of a fault goes out, and names the fault; where it makes none, ours goes out") {
  struct Case {
    abi::Status status;
    Bytes output;
    const char* code;
    int alert;
  };
  for (const Case& each : {
         Case{abi::kErrorIllegalMessage, Alert(2, 50), "ERR_TLS_DECODE", 50},
         Case{abi::kErrorAlgorithmMismatch, Alert(2, 40), "ERR_TLS_NO_COMMON_PARAMETERS", 40},
         Case{abi::kErrorUnsupportedFunction, Alert(2, 70), "ERR_TLS_PROTOCOL_VERSION", 70},
         Case{abi::kErrorAlgorithmMismatch, {}, "ERR_TLS_NO_COMMON_PARAMETERS", 40},
         Case{abi::Failure(0x80090399), {}, "ERR_TLS_BACKEND", 80}}) {
    Reset();
    auto client = MakeEngine(ClientOptions(), Trust({Root()}));
    Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
    client->Start();
    Sys().steps = {{each.status, each.output, 0, false}};
    const tls::Outcome outcome = Receive(*client, Record(22, ServerHello(0x0303, 0xC02F)));
    CHECK(outcome.ciphertext == Alert(2, each.alert) && outcome.fault->code == each.code && outcome.fault->sent_alert == each.alert);
    CHECK(outcome.fault->os_code == static_cast<uint32_t>(each.status));
  }
}

TEST("keying material is exported under the label that was asked for, and where SChannel has none there is none") {
  Reset();
  auto client = OpenClient();
  CHECK(TextOf(*client->Export("EXPORTER-x", std::nullopt, 16)) == "0123456789abcdef");
  CHECK(Sys().exported_label == std::string("EXPORTER-x\0", 11));
  CHECK(!client->Export("EXPORTER-x", std::nullopt, 17).has_value());
  Sys().has_exporter = false;
  CHECK(!client->Export("EXPORTER-x", std::nullopt, 16).has_value());
  client = nullptr;
  Reset();
  client = OpenClient(0x0303);
  // An empty context is not the same as none (RFC 5705 §4).
  CHECK(!client->Export("EXPORTER-x", tls::View{nullptr, 0}, 16).has_value());
  CHECK(client->Export("EXPORTER-x", std::nullopt, 16).has_value());
}

TEST("keys are not updated on demand, and a client says that its session is not for another time") {
  Reset();
  auto client = OpenClient();
  CHECK(client->UpdateKeys().fault->code == "ERR_TLS_UNSUPPORTED");
  CHECK(Sys().controls == std::vector<uint32_t>{abi::kControlSession});
}
