// Tests the readers of what the peer or the caller hands over: they never read past the end, whatever is in it.
#include "../schannel/certificate.hh"
#include "../schannel/observer.hh"
#include "schannel-fake.hh"

using namespace fake;
using tls::schannel::Hello;
using tls::schannel::Observer;

namespace {

Bytes FullCertificate() {
  CertificateSpec spec;
  spec.dns_names = {"host.test", "*.host.test"};
  spec.addresses = {{192, 0, 2, 1}};
  spec.is_ca = true;
  spec.usage = 0x80;
  spec.purposes = {1, 2};
  return MakeCertificate(spec);
}

// Allocates the exact size, so that the sanitizer notices a read beyond it.
Bytes Exactly(const Bytes& bytes, size_t size) { return Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)); }

}  // namespace

TEST("X.690 a length in more octets than it needs, an open one, and a tag of several octets are refused") {
  for (const Bytes& bad : {Bytes{0x30, 0x81, 0x01, 0}, Bytes{0x30, 0x80, 0, 0}, Bytes{0x30, 0x82, 0, 0x80},
                           Bytes{0x1F, 1, 0}, Bytes{0x30, 2, 0}, Bytes{0x30}, Bytes{0x30, 0x85, 1, 0, 0, 0, 0, 0}, Bytes{}}) {
    CHECK(!tls::der::Reader(ViewOf(bad)).Next().has_value());
  }
}

TEST("a certificate that is cut short anywhere, or has more behind it, is none") {
  const Bytes whole = FullCertificate();
  CHECK(tls::schannel::ParseCertificate(ViewOf(whole)).has_value());
  for (size_t size = 0; size < whole.size(); ++size) CHECK(!tls::schannel::ParseCertificate(ViewOf(Exactly(whole, size))).has_value());
  CHECK(!tls::schannel::ParseCertificate(ViewOf(Join({whole, {0}}))).has_value());
}

TEST("a certificate with any one byte changed is read or refused, and nothing else happens") {
  const Bytes whole = FullCertificate();
  for (size_t index = 0; index < whole.size(); ++index) {
    for (const uint8_t change : {0x01, 0x80, 0xFF}) {
      Bytes changed = whole;
      changed[index] ^= change;
      const auto certificate = tls::schannel::ParseCertificate(ViewOf(changed));
      if (certificate) CHECK(!tls::schannel::IsFor(*certificate, "other.test", false));
    }
  }
}

TEST("a certificate's times are read as RFC 5280 has them") {
  const auto time = [](const char* not_before) {
    CertificateSpec spec;
    spec.not_before = not_before;
    const auto certificate = tls::schannel::ParseCertificate(ViewOf(MakeCertificate(spec)));
    return certificate ? certificate->not_before : -1;
  };
  CHECK(time("700101000000Z") == 0 && time("240229120000Z") == 1709208000000 && time("491231235959Z") == 2524607999000);
  CHECK(time("500101000000Z") == -631152000000);
  for (const char* bad : {"240229120000", "2402291200Z", "24022912000xZ", "241301000000Z", "240100000000Z", "240101240000Z",
                          "240101000000+0100"}) {
    CHECK(time(bad) == -1);
  }
}

TEST("a ClientHello that is cut short or changed anywhere is read, refused or waited for") {
  const Bytes whole = Message(1, ClientHelloBody(UsualExtensions()));
  for (size_t size = 0; size < whole.size(); ++size) {
    Observer observer;
    observer.See(ViewOf(Record(22, Exactly(whole, size))), true);
    CHECK(observer.hello() == Hello::kPart);
  }
  for (size_t index = 0; index < whole.size(); ++index) {
    Bytes changed = whole;
    changed[index] ^= 0xFF;
    Observer observer;
    observer.See(ViewOf(Record(22, changed)), true);
    observer.client_hello().ServerName();
    observer.client_hello().SignatureSchemes();
    observer.client_hello().Alpn();
  }
  Observer observer;
  observer.See(ViewOf(ClientHello()), true);
  CHECK(observer.hello() == Hello::kWhole && observer.client_hello().ServerName() == "host.test");
}

TEST("a server's flight of TLS 1.2 that is changed anywhere is read as far as it goes") {
  const Bytes whole = ServerFlight12(true);
  for (size_t index = 0; index < whole.size(); ++index) {
    Bytes changed = whole;
    changed[index] ^= 0x81;
    Observer observer;
    observer.See(ViewOf(changed), false);
  }
  Observer observer;
  observer.See(ViewOf(whole), false);
  CHECK(observer.version() == 0x0303 && observer.was_asked() && observer.asked_authorities().size() == 1);
  CHECK(observer.server_scheme() == 0x0804);
  CHECK(observer.has_extended_main_secret() && observer.group() == 29);
}
