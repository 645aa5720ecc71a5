// Tests identities, where their keys are, and that everything is given back.
#include <atomic>
#include <thread>

#include "../schannel/credential.hh"
#include "../schannel/private-key.hh"
#include "schannel-fake.hh"

using namespace fake;

namespace {

std::shared_ptr<tls::Credential> RsaCredential(const Bytes& key) {
  CertificateSpec spec;
  spec.dns_names = {"host.test"};
  spec.key = RsaPublicKey();
  std::optional<tls::Fault> fault;
  auto credential = Schannel().CreateCredential({MakeCertificate(spec)}, key, &fault);
  CHECK(!fault.has_value());
  return credential;
}

tls::Fault IdentityFault(const std::vector<Bytes>& chain, const Bytes& key) {
  std::optional<tls::Fault> fault;
  CHECK(Schannel().CreateCredential(chain, key, &fault) == nullptr && fault.has_value());
  CHECK(fault->code == "ERR_TLS_IDENTITY");
  return *fault;
}

}  // namespace

TEST("keys are read from PKCS#8, SEC1 and PKCS#1") {
  Reset();
  std::optional<tls::Fault> fault;
  for (const Bytes& key : {EcPkcs8(), EcSec1(true)}) {
    auto credential = Schannel().CreateCredential({ServerLeaf(), Root()}, key, &fault);
    CHECK(!fault.has_value() && credential->SignatureSchemes() == std::vector<uint16_t>{0x0403});
    CHECK((credential->Issuers() == std::vector<Bytes>{Name("root"), Name("root")}));
  }
  for (const Bytes& key : {RsaPkcs8(), RsaPkcs1()}) {
    CHECK((RsaCredential(key)->SignatureSchemes() == std::vector<uint16_t>{0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601}));
  }
}

TEST("an identity that does not hang together is refused") {
  Reset();
  IdentityFault({}, EcPkcs8());
  IdentityFault({Text("x")}, EcPkcs8());
  IdentityFault({ServerLeaf(), Text("x")}, EcPkcs8());
  IdentityFault({ServerLeaf()}, {});
  IdentityFault({ServerLeaf()}, RsaPkcs8());
  CertificateSpec other;
  other.key = Der(0x30, Join({EcAlgorithm(), Der(0x03, Join({{0, 4}, Bytes(64, 0x44)}))}));
  CHECK(IdentityFault({MakeCertificate(other)}, EcPkcs8()).detail == "the private key does not match the certificate");
  Bytes longer = EcPkcs8();
  longer.push_back(0);
  IdentityFault({ServerLeaf()}, longer);
}

TEST("a key that is cut short anywhere is no key, and no byte beyond it is read") {
  for (const Bytes& key : {EcPkcs8(), EcSec1(true), RsaPkcs8(), RsaPkcs1()}) {
    for (size_t size = 0; size < key.size(); ++size) {
      const Bytes part(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(!tls::schannel::ParsePrivateKey({part.data(), part.size()}).has_value());
    }
  }
}

TEST("keys are handed over in the shapes that CNG and CryptoAPI have for them") {
  const Bytes ec = EcPkcs8();
  auto key = tls::schannel::ParsePrivateKey({ec.data(), ec.size()});
  CHECK(tls::schannel::CngBlob(*key) == Join({Text("ECS2"), {32, 0, 0, 0}, Bytes(32, 0x11), Bytes(32, 0x22), Bytes(32, 0x33)}));
  CHECK(tls::schannel::CapiBlob(*key).empty());
  const Bytes rsa = RsaPkcs8();
  key = tls::schannel::ParsePrivateKey({rsa.data(), rsa.size()});
  const Bytes sizes = {0, 8, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 128, 0, 0, 0, 128, 0, 0, 0};
  const Bytes full = Join({Text("RSA3"), sizes, {1, 0, 1}, Bytes(256, 0xC1), Bytes(128, 0x61),
                           Bytes(128, 0x62), {0}, Bytes(127, 0x63), Bytes(128, 0x64), Bytes(128, 0x65), Bytes(256, 0x51)});
  CHECK(tls::schannel::CngBlob(*key) == full);
  const Bytes old = Join({{7, 2, 0, 0, 0, 0xA4, 0, 0}, Text("RSA2"), {0, 8, 0, 0, 1, 0, 1, 0}, Bytes(256, 0xC1),
                          Bytes(128, 0x61), Bytes(128, 0x62), Bytes(127, 0x63), {0}, Bytes(128, 0x64), Bytes(128, 0x65), Bytes(256, 0x51)});
  CHECK(tls::schannel::CapiBlob(*key) == old);
}

TEST("everything is given back exactly once, wherever a handshake was left") {
  for (int stop = 0; stop < 8; ++stop) {
    Reset();
    tls::ContextOptions options = ClientOptions();
    options.ask_verify = options.ask_certificate = true;
    TrustPeer(ServerLeaf());
    auto client = MakeEngine(options, Trust({Root()}));
    Sys().steps = {{stop == 1 ? abi::kErrorInternal : abi::kContinueNeeded, ClientHello(), 0, false}};
    if (stop > 0) client->Start();
    if (stop == 2) Sys().steps = {{abi::kErrorIllegalMessage, Alert(2, 47), 0, false}};
    if (stop == 3) Sys().chain_errors = abi::kTrustRevoked;
    const Step asks = {abi::kIncompleteCredentials, {}, 0, true};
    if (stop > 2) Sys().steps = {asks, asks, {abi::kOk, Protected("x"), 0, true}};
    if (stop > 1) Receive(*client, ServerFlight13());
    if (stop > 4) client->Resume({});
    tls::Answer answer;
    if (stop == 6) answer.alert = 80;
    if (stop == 7) answer.credential = EcCredential({ClientLeaf()});
    if (stop > 5) CHECK(client->Resume(std::move(answer)).is_handshake_done == (stop == 7));
    client = nullptr;
    CHECK(Sys().Live() == 0 && !Sys().has_freed_twice);
  }
}

TEST("the provider says what it is, and knows no other library") {
  Reset();
  tls::Provider& provider = Schannel();
  CHECK(std::string(provider.Name()) == "schannel" && provider.Version() == "SChannel 10.0.19043");
  CHECK(provider.Path() == "C:\\fake\\secur32.dll");
  std::vector<std::string> tried;
  CHECK(tls::LoadSchannel("C:\\fake\\secur32.dll", &tried) == &provider && tried.empty());
  CHECK(tls::LoadSchannel("C:\\other.dll", &tried) == nullptr && tried.size() == 1);
}

TEST("only suites with forward secrecy and an AEAD are told, of those that the system has") {
  Reset();
  CHECK((Schannel().Supported().cipher_suites == std::vector<uint16_t>{0x1302, 0x1301, 0xC02C, 0xC02B, 0xC030, 0xC02F}));
  Sys().suites = {u"TLS_CHACHA20_POLY1305_SHA256", u"TLS_RSA_WITH_AES_128_CBC_SHA", u"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"};
  CHECK((Schannel().Supported().cipher_suites == std::vector<uint16_t>{0x1303, 0xC02F}) && Sys().Live() == 0);
}

TEST("workers that use one credential for the first time at once acquire it once for each use") {
  for (int round = 0; round < 20; ++round) {
    Reset();
    auto credential = EcCredential({ServerLeaf()});
    auto* shared = static_cast<tls::schannel::SchannelCredential*>(credential.get());
    const tls::schannel::CredentialUse uses[] = {
        {true, 0x0303, 0x0303}, {true, 0x0303, 0x0304}, {true, 0x0304, 0x0304}, {false, 0x0303, 0x0304}};
    constexpr size_t kThreads = 8;
    std::atomic<size_t> ready{0};
    std::shared_ptr<tls::schannel::Acquired> acquired[kThreads][std::size(uses)];
    std::vector<std::thread> threads;
    for (size_t thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (++ready; ready < kThreads;) std::this_thread::yield();
        for (size_t use = 0; use < std::size(uses); ++use) {
          std::optional<tls::Fault> fault;
          acquired[thread][use] = shared->Acquire(uses[use], &fault);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(Sys().acquisitions.size() == std::size(uses) && Sys().live["credentials"].size() == std::size(uses));
    for (const auto& of_thread : acquired) {
      for (size_t use = 0; use < std::size(uses); ++use) {
        CHECK(of_thread[use] != nullptr && of_thread[use] == acquired[0][use]);
      }
    }
  }
}
