// A client and a server over the scripted library, and the other side's flights.
#pragma once

#include "../secure-transport/context.hh"
#include "../secure-transport/registry.hh"
#include "check.hh"
#include "secure-transport-fake.hh"
#include "secure-transport-fixtures.hh"
#include "secure-transport-wire.hh"

namespace peer {

using namespace tls;
using namespace tls::secure_transport;

constexpr int64_t kNow = 1700000000;  // in seconds

inline std::shared_ptr<TrustStore> Trust(const std::vector<Bytes>& certificates, bool add_system = false) {
  std::optional<Fault> fault;
  auto trust = SecureTransportTrust::Create(certificates, add_system, &fault);
  CHECK(trust != nullptr && !fault.has_value());
  return trust;
}

inline std::shared_ptr<Credential> EcCredential() {
  std::optional<Fault> fault;
  return SecureTransportCredential::Create({wire::Hex(fixture::kP256Certificate)}, wire::Hex(fixture::kP256Pkcs8), &fault);
}
inline std::shared_ptr<Credential> RsaCredential() {
  std::optional<Fault> fault;
  return SecureTransportCredential::Create({wire::Hex(fixture::kRsaCertificate)}, wire::Hex(fixture::kRsaPkcs1), &fault);
}

inline ContextOptions Options(bool is_server) {
  ContextOptions options;
  options.is_server = is_server;
  options.max_version = 0x0303;
  options.algorithms = SupportedAlgorithms();
  options.own_signature_schemes = options.algorithms.signature_schemes;
  if (is_server) options.verify = Verify::kNothing;
  return options;
}

inline EngineOptions Connection() {
  EngineOptions options;
  options.server_name = "localhost";
  options.now = kNow * 1000;
  return options;
}

inline std::unique_ptr<Engine> Make(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                    const EngineOptions& connection = Connection()) {
  std::optional<Fault> fault;
  auto context = SecureTransportContext::Create(options, std::move(trust), &fault);
  CHECK(context != nullptr && !fault.has_value());
  auto engine = context->CreateEngine(connection, &fault);
  CHECK(engine != nullptr && !fault.has_value());
  return engine;
}

struct Flight {
  Bytes hello_extensions;
  std::vector<Bytes> chain{wire::Leaf(), wire::Root()};
  std::string ocsp_response;
  Bytes request;  // a CertificateRequest
  uint16_t group = 23;
  uint16_t scheme = 0x0403;
};

// Makes the messages from ServerHello to ServerHelloDone, in one record.
inline Bytes ServerFlight(const Flight& flight) {
  return wire::Record(22, wire::Join({wire::ServerHello(flight.hello_extensions), wire::Certificate(flight.chain),
                                      flight.ocsp_response.empty() ? Bytes() : wire::CertificateStatus(flight.ocsp_response),
                                      wire::ServerKeyExchange(flight.group, flight.scheme), flight.request,
                                      wire::ServerHelloDone()}));
}

inline Bytes FinalFlight() { return wire::Join({wire::ChangeCipherSpec(), wire::Encrypted(22)}); }
inline Bytes Hello() { return wire::Record(22, wire::ClientHello({0xC0, 0x2B}, {})); }

// Gives what the library does as a client when that flight comes in.
inline std::vector<fake::Step> ClientSteps(const Flight& flight) {
  const size_t length = ServerFlight(flight).size();
  std::vector<fake::Step> steps{{0, Hello(), 0}, {length, {}, 0}};
  if (!flight.request.empty()) steps.push_back({0, {}, constant::kClientCertRequested});
  steps.push_back({0, {}, constant::kPeerAuthCompleted});
  steps.push_back({0, wire::Join({wire::Record(22, wire::Message(16, {1})), FinalFlight()}), 0});
  steps.push_back({FinalFlight().size(), {}, 0});
  return steps;
}

inline Bytes ClientHelloRecord(const std::string& name = "example.org", const Bytes& schemes = {4, 3, 4, 1},
                               const Bytes& suites = {0xC0, 0x2B, 0xC0, 0x2F}) {
  const Bytes extensions = wire::Join({wire::ServerName(name), wire::Numbers(13, schemes), wire::Numbers(10, {0, 29, 0, 23})});
  return wire::Record(22, wire::ClientHello(suites, extensions));
}

inline Bytes OwnServerFlight() { return ServerFlight({wire::Extension(23, {}), {wire::Leaf()}, "", {}, 24, 0x0403}); }

// Makes the client's flight, with the chain in it where the server asked.
inline Bytes ClientFlight(const std::vector<Bytes>* chain, uint16_t scheme = 0x0403) {
  Bytes messages;
  if (chain != nullptr) messages = wire::Certificate(*chain);
  messages = wire::Join({messages, wire::Message(16, {1})});
  if (chain != nullptr && !chain->empty()) messages = wire::Join({messages, wire::CertificateVerify(scheme)});
  return wire::Record(22, messages);
}


inline Outcome Give(Engine* engine, const Bytes& bytes) { return engine->Receive(ViewOf(bytes)); }

// Gives the bytes one by one, and joins all outcomes; it ends with the first that has a fault or a question.
inline Outcome Trickle(Engine* engine, const Bytes& bytes, size_t* used = nullptr) {
  Outcome all;
  for (size_t at = 0; at < bytes.size(); ++at) {
    if (used != nullptr) *used = at + 1;
    Outcome each = engine->Receive(View{bytes.data() + at, 1});
    all.ciphertext.insert(all.ciphertext.end(), each.ciphertext.begin(), each.ciphertext.end());
    all.plaintext.insert(all.plaintext.end(), each.plaintext.begin(), each.plaintext.end());
    all.is_handshake_done |= each.is_handshake_done;
    all.is_peer_closed |= each.is_peer_closed;
    all.question = std::move(each.question);
    all.fault = std::move(each.fault);
    if (all.question.has_value() || all.fault.has_value()) break;
  }
  return all;
}

inline std::vector<Bytes> Part(const Question& question, const std::string& name) {
  for (const auto& [each, values] : question.parts) {
    if (name == each) return values;
  }
  return {wire::Text("no such part")};
}

// Makes a client whose handshake is done.
inline std::unique_ptr<Engine> ConnectedClient(fake::Scope* scope) {
  scope->script.handshake = ClientSteps({});
  scope->script.path = {wire::Leaf(), wire::Root()};
  auto engine = Make(Options(false), Trust({wire::Root()}));
  engine->Start();
  Give(engine.get(), ServerFlight({}));
  CHECK(Give(engine.get(), FinalFlight()).is_handshake_done);
  return engine;
}

}  // namespace peer
