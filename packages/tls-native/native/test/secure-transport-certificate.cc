#include "../secure-transport/certificate.hh"

#include "../ip-address.hh"
#include "../secure-transport/handshake-watch.hh"
#include "../secure-transport/record-cursor.hh"
#include "check.hh"
#include "secure-transport-fixtures.hh"
#include "secure-transport-wire.hh"

using namespace tls;
using namespace tls::secure_transport;

namespace {

bool Fits(const Bytes& names, const std::string& name, bool is_address = false) {
  const Bytes der = wire::MakeCertificate({"localhost", "root", wire::AlternativeNames(names), "200101000000Z", {1}});
  const std::optional<Certificate> certificate = ReadCertificate(ViewOf(der));
  CHECK(certificate.has_value());
  return IsFor(*certificate, name, is_address);
}

bool IsElement(const Bytes& der) {
  return der::Reader(ViewOf(der)).Next().has_value();
}

HandshakeWatch Watch(const Bytes& bytes) {
  HandshakeWatch watch;
  watch.Feed(ViewOf(bytes));
  return watch;
}

HandshakeWatch WatchMessage(const Bytes& message) { return Watch(wire::Record(22, message)); }

}  // namespace

TEST("X.690 §10.1: a length that is indefinite, too long or not in its shortest form is refused") {
  CHECK(IsElement({0x04, 0x01, 0xAA}));
  CHECK(!IsElement({0x04, 0x80, 0x00, 0x00}));
  CHECK(!IsElement({0x04, 0x81, 0x01, 0xAA}));
  CHECK(!IsElement({0x04, 0x82, 0x00, 0x80}));
  CHECK(!IsElement({0x04, 0x02, 0xAA}));
  CHECK(!IsElement({0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}));
  CHECK(!IsElement({0x1F, 0x01, 0x00}));
  CHECK(!IsElement({0x04}));
  CHECK(!IsElement({}));
}

TEST("a certificate is for the names of its subjectAltName") {
  CHECK(Fits(wire::DnsName("example.org"), "example.org"));
  CHECK(Fits(wire::DnsName("Example.ORG"), "eXample.org"));
  CHECK(Fits(wire::Join({wire::DnsName("a.test"), wire::DnsName("b.test")}), "b.test"));
  CHECK(!Fits(wire::DnsName("example.org"), "www.example.org"));
  CHECK(!Fits(wire::DnsName("example.org"), "example.orgx"));
}

TEST("a common name is no name") {
  CHECK(!Fits(wire::DnsName("other"), "localhost"));
  CHECK(!Fits({}, "localhost"));
  const Bytes bare = wire::MakeCertificate({"localhost", "root", wire::KeyUsage(0x80), "200101000000Z", {1}});
  CHECK(!IsFor(*ReadCertificate(ViewOf(bare)), "localhost", false));
}

TEST("RFC 9525 §6.3: a wildcard is the whole left-most label and stands for one") {
  CHECK(Fits(wire::DnsName("*.example.org"), "www.example.org"));
  CHECK(!Fits(wire::DnsName("*.example.org"), "example.org"));
  CHECK(!Fits(wire::DnsName("*.example.org"), "a.b.example.org"));
  CHECK(!Fits(wire::DnsName("*.example.org"), ".example.org"));
  CHECK(!Fits(wire::DnsName("w*.example.org"), "www.example.org"));
  CHECK(!Fits(wire::DnsName("*.org"), "example.org"));
  CHECK(!Fits(wire::DnsName("*"), "localhost"));
}

TEST("a name with a NUL in it is another name") {
  Bytes name = wire::Text("example.org");
  name.push_back(0);
  CHECK(!Fits(wire::Der(0x82, name), "example.org"));
}

TEST("an address is compared as octets, and with addresses alone") {
  CHECK(Fits(wire::Der(0x87, {127, 0, 0, 1}), "127.0.0.1", true));
  CHECK(!Fits(wire::DnsName("127.0.0.1"), "127.0.0.1", true));
  CHECK(!Fits(wire::Der(0x87, {127, 0, 0, 2}), "127.0.0.1", true));
  Bytes loopback(16, 0);
  loopback[15] = 1;
  CHECK(Fits(wire::Der(0x87, loopback), "::1", true));
  CHECK(!Fits(wire::Der(0x87, {}), "nonsense", true));
  CHECK(ParseAddress("1.2.3.04.5").empty() && ParseAddress("1.2.3").empty() && ParseAddress("::g").empty());
}

TEST("of a certificate: issuer, subject, validity, key usage and basic constraints") {
  const Bytes leaf = wire::MakeCertificate({"leaf", "root", wire::KeyUsage(0x20), "491231235959Z", {1}});
  const std::optional<Certificate> read = ReadCertificate(ViewOf(leaf));
  CHECK(read.has_value() && read->may_sign == false && !read->is_ca);
  CHECK(read->not_before == 2524607999);
  CHECK(Bytes(read->issuer.data, read->issuer.data + read->issuer.size) == wire::Name("root"));
  CHECK(Bytes(read->subject.data, read->subject.data + read->subject.size) == wire::Name("leaf"));
  CHECK(read->public_key.size == 65 && read->public_key.data[0] == 4);
  const Bytes root = wire::Root();
  CHECK(ReadCertificate(ViewOf(root))->is_ca && !ReadCertificate(ViewOf(root))->may_sign.has_value());
  const Bytes old = wire::MakeCertificate({"leaf", "root", wire::KeyUsage(0x80), "500101000000Z", {1}});
  CHECK(ReadCertificate(ViewOf(old))->not_before == -631152000);
  CHECK(ReadCertificate(ViewOf(old))->may_sign == true);
}

TEST("a certificate that is cut anywhere or goes on behind its end is refused") {
  const Bytes whole = wire::Leaf();
  for (size_t size = 0; size < whole.size(); ++size) CHECK(!ReadCertificate(View{whole.data(), size}).has_value());
  Bytes longer = whole;
  longer.push_back(0);
  CHECK(!ReadCertificate(ViewOf(longer)).has_value());
  for (size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 0xFF;
    ReadCertificate(ViewOf(changed));  // read or refused, and never read past its end
  }
}

TEST("a handshake is read along with however it is cut") {
  const Bytes messages = wire::Join({wire::ServerHello(wire::Join({wire::Alpn("h2"), wire::Extension(23, {})})),
                                     wire::Certificate({wire::Leaf(), wire::Root()}), wire::CertificateStatus("ocsp"),
                                     wire::ServerKeyExchange(24, 0x0503),
                                     wire::CertificateRequest({4, 3, 5, 3}, {wire::Name("root")}), wire::ServerHelloDone()});
  const Bytes half(messages.begin(), messages.begin() + 100);
  const Bytes rest(messages.begin() + 100, messages.end());
  const Bytes stream = wire::Join({wire::Record(22, half), wire::Record(22, rest), wire::ChangeCipherSpec(), wire::Encrypted(22)});
  for (size_t piece = 1; piece < 400; piece = piece * 3 + 1) {
    HandshakeWatch watch;
    for (size_t at = 0; at < stream.size(); at += piece) {
      watch.Feed(View{stream.data() + at, std::min(piece, stream.size() - at)});
    }
    CHECK(!watch.is_lost() && watch.has_changed_cipher() && watch.has_extended_main_secret);
    CHECK(watch.alpn == wire::Text("h2") && watch.group == 24 && watch.scheme == 0x0503);
    CHECK((watch.chain == std::vector<Bytes>{wire::Leaf(), wire::Root()}));
    CHECK(watch.ocsp_response == wire::Text("ocsp"));
    CHECK(watch.has_certificate_request && watch.requested_schemes == (Bytes{4, 3, 5, 3}));
    CHECK((watch.authorities == std::vector<Bytes>{wire::Name("root")}));
  }
}

TEST("a handshake between OpenSSL's own is read along with") {
  const HandshakeWatch client = Watch(wire::Hex(fixture::kClientFlights));
  const HandshakeWatch server = Watch(wire::Hex(fixture::kServerFlights));
  CHECK(!client.is_lost() && client.has_changed_cipher() && !server.is_lost() && server.has_changed_cipher());
  CHECK(client.client_hello.has_value() && client.client_hello->ServerName() == "localhost");
  CHECK((client.chain == std::vector<Bytes>{wire::Hex(fixture::kP256Certificate)}) && client.scheme == 0x0403);
  CHECK((server.chain == std::vector<Bytes>{wire::Hex(fixture::kP384Certificate)}) && server.scheme == 0x0403);
  CHECK(server.alpn == wire::Text("h2") && server.has_extended_main_secret && server.group != 0);
  CHECK(server.has_certificate_request && !server.requested_schemes.empty());
}

TEST("of a ClientHello: suites, extensions and server name") {
  const Bytes extensions =
      wire::Join({wire::ServerName("example.org"), wire::Numbers(13, {4, 3, 8, 4}), wire::Numbers(10, {0, 29, 0, 23})});
  const HandshakeWatch watch = WatchMessage(wire::ClientHello({0xC0, 0x2B}, extensions));
  CHECK(watch.client_hello.has_value());
  const ClientHello& hello = *watch.client_hello;
  CHECK(hello.cipher_suites == (Bytes{0xC0, 0x2B}) && hello.extensions.size() == 3);
  CHECK(hello.ServerName() == "example.org");
  CHECK((hello.Numbers(kSignatureAlgorithms) == std::vector<uint16_t>{0x0403, 0x0804}));
  CHECK((hello.Numbers(kSupportedGroups) == std::vector<uint16_t>{29, 23}));
  CHECK(!WatchMessage(wire::ClientHello({0xC0, 0x2B}, {})).client_hello->ServerName().has_value());
}

TEST("what is no TLS 1.2 handshake is given up, and read no further") {
  CHECK(Watch(wire::Text("GET / HTTP/1.1\r\n")).is_lost());
  CHECK(Watch({22, 3, 1, 0xFF, 0xFF}).is_lost());
  CHECK(Watch({22, 3, 1, 0, 0}).is_lost());
  CHECK(Watch({23, 3, 3, 0, 1, 0}).is_lost());
  CHECK(WatchMessage({11, 2, 0, 0}).is_lost());  // a message of 128 KiB
  CHECK(WatchMessage(wire::Message(12, {1, 2, 3})).is_lost());
  CHECK(WatchMessage(wire::Message(11, {0, 0, 5, 0, 0, 9, 1, 1})).is_lost());
  CHECK(WatchMessage(wire::Message(13, {1, 1, 0, 1, 4, 0, 0})).is_lost());
  CHECK(WatchMessage(wire::Message(22, {2, 0, 0, 0})).is_lost());
  CHECK(WatchMessage(wire::ServerHello(wire::Extension(16, {0, 0}))).is_lost());
  CHECK(WatchMessage(wire::Join({wire::Certificate({wire::Leaf()}), wire::Certificate({wire::Root()})})).is_lost());
}

TEST("every message that is cut or changed anywhere is survived") {
  const std::vector<Bytes> all{wire::ClientHello({0xC0, 0x2B}, wire::ServerName("a")), wire::ServerHello(wire::Alpn("h2")),
                               wire::Certificate({wire::Leaf()}), wire::ServerKeyExchange(), wire::CertificateStatus("o"),
                               wire::CertificateRequest({4, 3}, {wire::Name("root")}), wire::CertificateVerify(0x0403)};
  for (const Bytes& message : all) {
    CHECK(!WatchMessage(message).is_lost());
    for (size_t size = 0; size + 4 < message.size(); ++size) {
      const Bytes body(message.begin() + 4, message.begin() + 4 + static_cast<std::ptrdiff_t>(size));
      WatchMessage(wire::Message(message[0], body));
    }
    for (size_t at = 4; at < message.size(); ++at) {
      Bytes changed = message;
      changed[at] ^= 0xFF;
      WatchMessage(changed);
    }
  }
}

TEST("an alert is noted when it is fatal or close_notify") {
  CHECK(Watch(wire::Alert(2, 40)).alert == 40);
  CHECK(Watch(wire::Alert(1, 0)).alert == 0);
  CHECK(Watch(wire::Alert(1, 112)).alert == -1 && Watch(wire::Alert(1, 112)).has_alert());
  CHECK(Watch(wire::Record(21, {2})).alert == -1);
}

TEST("records are counted when they end") {
  std::vector<int> types;
  RecordCursor cursor;
  const Bytes stream = wire::Join({wire::Record(23, {1, 2, 3}), wire::Record(21, {}), wire::Record(22, {9})});
  for (const uint8_t octet : stream) cursor.Advance(View{&octet, 1}, [&types](uint8_t type) { types.push_back(type); });
  CHECK((types == std::vector<int>{23, 21, 22}));
}
