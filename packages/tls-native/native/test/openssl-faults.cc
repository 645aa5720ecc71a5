// Tests what must not succeed: untrusted and unfit certificates, other versions, bad credentials, unreadable configuration.
#include "openssl-pair.hh"

using namespace pair;

namespace {

struct Verdict {
  std::string code;
  std::string node_code;
  int received_by_server;
};

Verdict Refusal(const std::shared_ptr<Context>& client, const std::shared_ptr<Context>& server,
                const EngineOptions& options = ClientOptions()) {
  Pair joined = Join(client, server, options);
  joined.Run();
  CHECK(joined.client.fault.has_value() && !joined.client.is_done);
  CHECK(joined.server.fault.has_value());
  return {joined.client.fault->code, joined.client.fault->node_code, joined.server.fault->received_alert};
}

std::string CredentialFault(const std::vector<Bytes>& chain, const Bytes& key) {
  std::optional<Fault> fault;
  auto credential = Library().CreateCredential(chain, key, &fault);
  CHECK(credential == nullptr && fault.has_value());
  return fault->code;
}

}  // namespace

TEST("a chain that leads to no trusted root is refused with unknown_ca") {
  for (uint16_t version : kBothVersions) {
    for (const auto& trust : {Trust({"stranger.der"}), Trust({})}) {
      const Verdict verdict = Refusal(ClientContext(Only(version), trust), ServerContext(Only(version)));
      CHECK(verdict.code == "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER" && verdict.received_by_server == 48);
    }
  }
}

TEST("another name or address is refused with bad_certificate") {
  for (uint16_t version : kBothVersions) {
    EngineOptions other = ClientOptions("other.test");
    CHECK(Refusal(ClientContext(Only(version)), ServerContext(Only(version)), other).node_code == "ERR_TLS_CERT_ALTNAME_INVALID");
    EngineOptions address = ClientOptions("10.0.0.1");
    address.is_address = true;
    CHECK(Refusal(ClientContext(Only(version)), ServerContext(Only(version)), address).node_code == "ERR_TLS_CERT_ALTNAME_INVALID");
    address.server_name = "127.0.0.1";
    Pair joined = Join(ClientContext(Only(version)), ServerContext(Only(version)), address);
    joined.Run();
    CHECK(joined.client.is_done);
  }
}

TEST("an expired certificate, and one that is not valid yet, are refused") {
  const auto server = ServerContext([](ContextOptions& options) { options.credentials = {Identity("expired")}; });
  CHECK(Refusal(ClientContext(), server).node_code == "CERT_HAS_EXPIRED");
  EngineOptions early = ClientOptions();
  early.now -= int64_t{365} * 86'400'000;
  CHECK(Refusal(ClientContext(), ServerContext(), early).node_code == "CERT_NOT_YET_VALID");
}

TEST("whoever accepts any chain accepts these too") {
  const auto any = [](ContextOptions& options) { options.accept_any = true; };
  const auto expired = ServerContext([](ContextOptions& options) { options.credentials = {Identity("expired")}; });
  Pair joined = Join(ClientContext(any, Trust({})), expired);
  joined.Run();
  CHECK(joined.client.is_done && joined.client.engine->Facts().verified_path.empty());
}

TEST("a client without the certificate that is required is refused, and may be without one that is requested") {
  for (uint16_t version : kBothVersions) {
    const auto required = ServerContext(Only(version, [](ContextOptions& options) { options.verify = Verify::kRequire; }));
    Pair joined = Join(ClientContext(Only(version)), required);
    joined.Run();
    CHECK(CodeOf(joined.server) == "ERR_TLS_CERTIFICATE_REQUIRED" && CodeOf(joined.client) == "ERR_TLS_ALERT");
    const auto requested = ServerContext(Only(version, [](ContextOptions& options) { options.verify = Verify::kRequest; }));
    Pair other = Join(ClientContext(Only(version)), requested);
    other.Run();
    CHECK(other.client.is_done && other.server.is_done && other.client.engine->Facts().was_asked);
  }
}

TEST("sides with no version, group, suite, scheme or protocol in common fail, both, with one alert") {
  const Change only12 = Only(kTls12);
  const Change only13 = Only(kTls13);
  const auto fails = [](const Change& client, const Change& server) {
    Pair joined = Join(ClientContext(client), ServerContext(server));
    joined.Run();
    CHECK(joined.client.fault.has_value() && joined.server.fault.has_value());
    CHECK(joined.server.fault->sent_alert == joined.client.fault->received_alert ||
          joined.client.fault->sent_alert == joined.server.fault->received_alert);
  };
  fails(only12, only13);
  fails(only13, only12);
  for (uint16_t version : kBothVersions) {
    const auto groups = [=](uint16_t group) {
      return Only(version, [=](ContextOptions& options) { options.algorithms.groups = {group}; });
    };
    fails(groups(29), groups(23));
    const auto schemes = [=](uint16_t scheme) {
      return Only(version, [=](ContextOptions& options) {
        options.algorithms.signature_schemes = {scheme};
        options.own_signature_schemes = {scheme};
      });
    };
    fails(schemes(0x0804), schemes(0x0403));
    const auto protocols = [=](const char* name) {
      return Only(version, [=](ContextOptions& options) {
        options.alpn = BytesOf(std::string(1, static_cast<char>(std::string(name).size())) + name);
      });
    };
    fails(protocols("h2"), protocols("http/1.1"));
    const auto suites = [=](uint16_t first, uint16_t second) {
      return Only(version, [=](ContextOptions& options) {
        options.algorithms.cipher_suites = {static_cast<uint16_t>(version == kTls13 ? first : second)};
      });
    };
    fails(suites(0x1301, 0xC02B), suites(0x1302, 0xC02C));
  }
}

TEST("a chain or key that cannot be read, or does not fit, is an identity's fault") {
  const Bytes server = File("server.der");
  const Bytes key = File("server.key");
  CHECK(CredentialFault({}, key) == "ERR_TLS_IDENTITY");
  CHECK(CredentialFault({server}, File("client.key")) == "ERR_TLS_IDENTITY");
  CHECK(CredentialFault({server}, File("rsa.key")) == "ERR_TLS_IDENTITY");
  CHECK(CredentialFault({server}, Bytes()) == "ERR_TLS_IDENTITY");
  CHECK(CredentialFault({server}, Noise(120, 1)) == "ERR_TLS_IDENTITY");
  CHECK(CredentialFault({key}, key) == "ERR_TLS_IDENTITY");
  CHECK(CredentialFault({server, Noise(500, 2)}, key) == "ERR_TLS_IDENTITY");
  for (size_t length = 0; length < server.size(); length += 13) {
    CHECK(CredentialFault({Bytes(server.begin(), server.begin() + static_cast<ptrdiff_t>(length))}, key) == "ERR_TLS_IDENTITY");
  }
  for (size_t length = 0; length < key.size(); length += 5) {
    CHECK(CredentialFault({server}, Bytes(key.begin(), key.begin() + static_cast<ptrdiff_t>(length))) == "ERR_TLS_IDENTITY");
  }
  Bytes longer = server;
  longer.push_back(0);
  CHECK(CredentialFault({longer}, key) == "ERR_TLS_IDENTITY");
}

TEST("a credential knows its issuers and what its key can sign with") {
  const auto credential = Identity("server");
  CHECK(credential->Issuers().size() == 2 && credential->Issuers()[0] != credential->Issuers()[1]);
  CHECK((credential->SignatureSchemes() == std::vector<uint16_t>{0x0403}));
  CHECK((credential->Tls12SignatureSchemes() == std::vector<uint16_t>{0x0403, 0x0503, 0x0603}));
  CHECK(Identity("rsa")->SignatureSchemes().size() == 6);
}

TEST("a trusted certificate that cannot be read is a fault of the configuration") {
  const Bytes root = File("root.der");
  for (size_t length = 0; length < root.size(); length += 17) {
    std::optional<Fault> fault;
    const Bytes part(root.begin(), root.begin() + static_cast<ptrdiff_t>(length));
    CHECK(Library().CreateTrustStore({root, part}, false, &fault) == nullptr);
    CHECK(fault.has_value() && fault->code == "ERR_TLS_CONFIG");
  }
}

TEST("the same certificate twice, and the system's beside it, are no fault") {
  std::optional<Fault> fault;
  CHECK(Library().CreateTrustStore({File("root.der"), File("root.der")}, true, &fault) != nullptr && !fault.has_value());
}

TEST("a context that the library refuses is a fault of the configuration") {
  const auto refused = [](const Change& change) {
    for (bool is_server : {false, true}) {
      ContextOptions options = Options(is_server);
      change(options);
      std::optional<Fault> fault;
      CHECK(Library().CreateContext(options, Trust(), &fault) == nullptr && fault.has_value());
      CHECK(fault->code == "ERR_TLS_CONFIG");
    }
  };
  refused([](ContextOptions& options) { options.authorities = {Noise(40, 3)}; });
  refused([](ContextOptions& options) { options.authorities = {Bytes()}; });
  refused([](ContextOptions& options) { options.algorithms.groups.clear(); });
  refused([](ContextOptions& options) { options.algorithms.signature_schemes.clear(); });
}

TEST("an engine that the library refuses is a fault of the configuration") {
  EngineOptions options = ClientOptions("no address");
  options.is_address = true;
  std::optional<Fault> fault;
  CHECK(ClientContext()->CreateEngine(options, &fault) == nullptr && fault.has_value());
  options = ClientOptions();
  options.alpn = Bytes{5, 'h'};
  fault.reset();
  CHECK(ClientContext()->CreateEngine(options, &fault) == nullptr && fault.has_value());
  options = ClientOptions(std::string(300, 'a'));
  fault.reset();
  CHECK(ClientContext()->CreateEngine(options, &fault) == nullptr && fault.has_value());
}
