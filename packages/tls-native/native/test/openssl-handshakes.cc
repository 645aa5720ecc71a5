// Tests handshakes that succeed, in both versions, and what is known after them.
#include "openssl-pair.hh"

using namespace pair;

namespace {

void CheckFacts(Pair& joined, uint16_t version) {
  const tls::ConnectionFacts client = joined.client.engine->Facts();
  const tls::ConnectionFacts server = joined.server.engine->Facts();
  CHECK(client.version == version && server.version == version);
  CHECK(client.cipher_suite != 0 && client.cipher_suite == server.cipher_suite);
  CHECK(client.group != 0 && client.group == server.group);
  CHECK(client.peer_signature_scheme == 0x0403 && server.own_signature_scheme == 0x0403);
  CHECK(server.server_name == std::optional<std::string>("localhost"));
  CHECK(!client.is_resumed && !server.is_resumed && !client.is_retry);
  CHECK(client.peer_chain.size() == 2 && client.peer_chain[0] == File("server.der"));
  CHECK(client.verified_path.size() == 3 && client.verified_path[2] == File("root.der"));
  CHECK(server.peer_chain.empty() && server.verified_path.empty());
}

}  // namespace

TEST("the library tells its version, its file and its algorithms") {
  CHECK(Library().Name() == std::string("openssl"));
  CHECK(Library().Version().rfind("OpenSSL 3.", 0) == 0);
  CHECK(Library().Path().find("libssl.so.3") != std::string::npos);
  const tls::Algorithms all = Library().Supported();
  CHECK(all.cipher_suites.size() == 9 && all.groups.size() >= 4 && all.signature_schemes.size() >= 12);
}

TEST("a library that is not there is refused with a reason") {
  std::vector<std::string> tried;
  CHECK(tls::LoadOpenSsl("/nowhere/libssl.so.3", &tried) == nullptr);
  CHECK(tried.size() == 1 && tried[0].find("/nowhere/libcrypto.so.3") != std::string::npos);
}

TEST("a handshake is done in TLS 1.2 and in TLS 1.3") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    CheckFacts(joined, version);
  }
}

TEST("a handshake and data come through in fragments of one byte") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Join(version);
    joined.Run(1);
    CHECK(joined.client.is_done && joined.server.is_done);
    CheckFacts(joined, version);
    joined.client.Send(BytesOf("up"));
    joined.server.Send(BytesOf("down"));
    joined.Run(1);
    CHECK(joined.server.plaintext == BytesOf("up") && joined.client.plaintext == BytesOf("down"));
  }
}

TEST("each group and each cipher suite does a handshake by itself") {
  const tls::Algorithms all = Library().Supported();
  for (uint16_t group : all.groups) {
    const auto only = [group](ContextOptions& options) { options.algorithms.groups = {group}; };
    Pair joined = Join(ClientContext(Only(kTls13, only)), ServerContext(Only(kTls13, only)));
    joined.Run();
    CHECK(joined.client.is_done && joined.client.engine->Facts().group == group);
  }
  for (uint16_t suite : all.cipher_suites) {
    const bool is_13 = suite >> 8 == 0x13;
    const bool is_rsa = suite == 0xC02F || suite == 0xC030 || suite == 0xCCA8;
    const auto only = [=](ContextOptions& options) {
      options.algorithms.cipher_suites = {suite};
      if (options.is_server) options.credentials = {Identity(is_rsa ? "rsa" : "server")};
    };
    const uint16_t version = is_13 ? kTls13 : kTls12;
    Pair joined = Join(ClientContext(Only(version, only)), ServerContext(Only(version, only)));
    joined.Run();
    CHECK(joined.client.is_done && joined.client.engine->Facts().cipher_suite == suite);
  }
}

TEST("§4.1.4 a second ClientHello follows a HelloRetryRequest") {
  const auto client = ClientContext(Only(kTls13, [](ContextOptions& options) { options.algorithms.groups = {29, 24}; }));
  const auto server = ServerContext(Only(kTls13, [](ContextOptions& options) { options.algorithms.groups = {24}; }));
  for (size_t piece : {size_t{1}, SIZE_MAX}) {
    Pair joined = Join(client, server);
    joined.Run(piece);
    CHECK(joined.client.is_done && joined.server.is_done);
    CHECK(joined.client.engine->Facts().is_retry && joined.server.engine->Facts().is_retry);
  }
}

TEST("ALPN is chosen in the server's order, and as bytes") {
  const Bytes ours{2, 'h', '2', 1, 0xFF, 8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  const auto server = ServerContext([&](ContextOptions& options) { options.alpn = ours; });
  const auto client = ClientContext([](ContextOptions& options) { options.alpn = {1, 'x', 1, 0xFF, 2, 'h', '2'}; });
  Pair joined = Join(client, server);
  joined.Run();
  CHECK(joined.client.engine->Facts().alpn == std::optional<Bytes>(BytesOf("h2")));
  EngineOptions options = ClientOptions();
  options.alpn = Bytes{1, 0xFF};
  Pair other = Join(client, server, options);
  other.Run();
  CHECK(other.server.engine->Facts().alpn == std::optional<Bytes>(Bytes{0xFF}));
}

TEST("a client with a certificate is known to the server") {
  for (uint16_t version : kBothVersions) {
    const auto server = ServerContext(Only(version, [](ContextOptions& options) {
      options.verify = Verify::kRequire;
      options.authorities = {};
    }));
    const auto client = ClientContext(Only(version, [](ContextOptions& options) { options.credentials = {Identity("client")}; }));
    Pair joined = Join(client, server);
    joined.Run();
    CHECK(joined.client.is_done && joined.server.is_done);
    CHECK(joined.client.engine->Facts().was_asked);
    const tls::ConnectionFacts facts = joined.server.engine->Facts();
    CHECK(facts.peer_chain.size() == 2 && facts.peer_chain[0] == File("client.der"));
    CHECK(facts.verified_path.size() == 3);
  }
}

TEST("a stapled response comes to the client as it is") {
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version, [](ContextOptions& options) { options.request_ocsp = true; }));
    Pair joined;
    EngineOptions options;
    options.now = Now();
    options.ocsp_response = Noise(3000, 1);
    joined.client.engine = Open(client, ClientOptions());
    joined.server.engine = Open(ServerContext(Only(version)), options);
    joined.server.Take(joined.server.engine->Start());
    joined.client.Take(joined.client.engine->Start());
    joined.Run();
    CHECK(joined.client.engine->Facts().ocsp_response == std::optional<Bytes>(Noise(3000, 1)));
  }
}

TEST("key log lines are told where they are asked for, and only there") {
  for (uint16_t version : kBothVersions) {
    const auto client = ClientContext(Only(version, [](ContextOptions& options) { options.key_log = true; }));
    Pair joined = Join(client, ServerContext(Only(version)));
    joined.Run();
    CHECK(joined.client.key_log.size() >= (version == kTls13 ? 4U : 1U));
    CHECK(joined.server.key_log.empty());
  }
}
