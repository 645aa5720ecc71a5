// Makes what most tests of SChannel's provider begin with.
#include "../schannel/acquire.hh"
#include "../schannel/key-containers.hh"
#include "schannel-fake.hh"

namespace fake {

System& Reset() {
  Schannel();
  CHECK(!Sys().has_freed_twice);
  CHECK(Sys().Live() == 0);
  Sys() = System();
  tls::schannel::SetFunctions(&Table());
  tls::schannel::FindAbilities();
  tls::schannel::BeginContainers();
  Sys().acquisitions.clear();
  return Sys();
}

void BeWine() {
  static tls::schannel::Functions table;
  table = Table();
  table.wine_get_version = [] { return "10.0"; };
  tls::schannel::SetFunctions(&table);
  tls::schannel::FindAbilities();
  Sys().acquisitions.clear();
}

tls::Provider& Schannel() {
  std::vector<std::string> tried;
  tls::Provider* provider = tls::LoadSchannel("", &tried);
  CHECK(provider != nullptr && tried.empty());
  return *provider;
}

std::shared_ptr<tls::TrustStore> Trust(const std::vector<Bytes>& certificates, bool add_system) {
  std::optional<tls::Fault> fault;
  auto trust = Schannel().CreateTrustStore(certificates, add_system, &fault);
  CHECK(!fault.has_value());
  return trust;
}

std::shared_ptr<tls::Credential> EcCredential(const std::vector<Bytes>& chain) {
  std::optional<tls::Fault> fault;
  auto credential = Schannel().CreateCredential(chain, EcPkcs8(), &fault);
  CHECK(!fault.has_value());
  return credential;
}

tls::ContextOptions ClientOptions() {
  tls::ContextOptions options;
  options.alpn = AlpnList({"h2", "http/1.1"});
  return options;
}

tls::ContextOptions ServerOptions(std::shared_ptr<tls::Credential> credential) {
  tls::ContextOptions options;
  options.is_server = true;
  options.verify = tls::Verify::kNothing;
  options.credentials = {std::move(credential)};
  return options;
}

std::unique_ptr<tls::Engine> MakeEngine(const tls::ContextOptions& options, std::shared_ptr<tls::TrustStore> trust,
                                        const std::string& name) {
  std::optional<tls::Fault> fault;
  auto context = Schannel().CreateContext(options, std::move(trust), &fault);
  CHECK(!fault.has_value());
  tls::EngineOptions engine;
  engine.server_name = name;
  engine.is_address = name.find_first_not_of("0123456789.:") == std::string::npos;
  engine.now = kNow;
  return context->CreateEngine(engine, &fault);
}

void TrustPeer(const Bytes& leaf) {
  Sys().peer = {leaf, Root()};
  Sys().chain = {{leaf, 0, 0}, {Root(), 0, 8}};
}

std::unique_ptr<tls::Engine> OpenClient(uint16_t version) {
  TrustPeer(ServerLeaf());
  Sys().version = version;
  Sys().cipher_suite = version == 0x0304 ? 0x1302 : 0xC02F;
  auto client = MakeEngine(ClientOptions(), Trust({Root()}));
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  client->Start();
  Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
  const tls::Outcome outcome = Receive(*client, version == 0x0304 ? ServerFlight13() : ServerFlight12(false));
  CHECK(outcome.is_handshake_done && !outcome.fault.has_value());
  return client;
}

std::unique_ptr<tls::Engine> OpenServer(uint16_t version) {
  Sys().version = version;
  Sys().cipher_suite = version == 0x0304 ? 0x1302 : 0xC02F;
  auto server = MakeEngine(ServerOptions(EcCredential({ServerLeaf()})), nullptr);
  server->Start();
  Sys().steps = {{abi::kContinueNeeded, version == 0x0304 ? ServerFlight13() : ServerFlight12(false), 0, false}};
  Receive(*server, ClientHello());
  Sys().steps = {{abi::kOk, Protected("finished or tickets"), 0, false}};
  const tls::Outcome outcome = Receive(*server, Protected("client finished"));
  CHECK(outcome.is_handshake_done && !outcome.fault.has_value());
  return server;
}

}  // namespace fake
