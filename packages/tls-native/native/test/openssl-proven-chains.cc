// Tests what is remembered of chains that were proven: the library's proofs are counted.
#include "../openssl/memory.hh"
#include "openssl-pair.hh"

using namespace pair;
using tls::openssl::F;

namespace {

int proofs = 0;
int (*prove)(X509_STORE_CTX*) = nullptr;

// Counts, as long as it lives.
class Counting {
 public:
  Counting() : before_(Before()), table_(F()) {
    proofs = 0;
    prove = table_.X509_verify_cert;
    table_.X509_verify_cert = [](X509_STORE_CTX* verification) {
      ++proofs;
      return prove(verification);
    };
    tls::openssl::SetFunctions(&table_);
  }
  ~Counting() { tls::openssl::SetFunctions(before_); }

 private:
  static const tls::openssl::Functions* Before() {
    Library();  // it is loaded
    return &F();
  }

  const tls::openssl::Functions* before_;
  tls::openssl::Functions table_;
};

std::shared_ptr<Context> Client(uint16_t version, uint32_t most = 256, std::shared_ptr<TrustStore> trust = Trust()) {
  return ClientContext(Only(version, [=](ContextOptions& options) { options.proven_chains = most; }), std::move(trust));
}

EngineOptions At(const std::string& name, int64_t now) {
  EngineOptions options = ClientOptions(name);
  options.is_address = name == "127.0.0.1";
  options.now = now;
  return options;
}

// Gives the code of the client's fault; empty when it has accepted the server.
std::string Meet(const std::shared_ptr<Context>& client, const std::shared_ptr<Context>& server, const EngineOptions& options) {
  Pair joined = Join(client, server, options);
  joined.Run();
  if (joined.client.fault.has_value()) return CodeOf(joined.client);
  CHECK(joined.client.is_done && joined.server.is_done);
  const std::vector<Bytes> path = joined.client.engine->Facts().verified_path;
  CHECK((path == std::vector<Bytes>{File("server.der"), File("intermediate.der"), File("root.der")}));
  return "";
}

std::shared_ptr<Context> ServerWith(uint16_t version, const std::vector<std::string>& chain) {
  std::vector<Bytes> certificates;
  for (const std::string& name : chain) certificates.push_back(File(name));
  std::optional<Fault> fault;
  auto credential = Library().CreateCredential(certificates, File("server.key"), &fault);
  CHECK(!fault.has_value());
  return ServerContext(Only(version, [&](ContextOptions& options) { options.credentials = {credential}; }));
}

constexpr int64_t kMonth = int64_t{31} * 86400 * 1000;

}  // namespace

TEST("a server that is known is proven once for each name, and has its path each time") {
  const Counting counting;
  for (uint16_t version : kBothVersions) {
    proofs = 0;
    const auto client = Client(version);
    const auto server = ServerContext(Only(version));
    for (int round = 0; round < 3; ++round) CHECK(Meet(client, server, At("localhost", Now())).empty());
    CHECK(proofs == 1);
    for (int round = 0; round < 2; ++round) CHECK(Meet(client, server, At("127.0.0.1", Now())).empty());
    CHECK(proofs == 2);
    CHECK(Meet(Client(version), server, At("localhost", Now())).empty());
    CHECK(proofs == 3);
  }
}

TEST("a known server is refused under another name, each time, and is still known under its own") {
  const Counting counting;
  for (uint16_t version : kBothVersions) {
    proofs = 0;
    const auto client = Client(version);
    const auto server = ServerContext(Only(version));
    CHECK(Meet(client, server, At("localhost", Now())).empty());
    for (int round = 0; round < 2; ++round) {
      CHECK(Meet(client, server, At("elsewhere.test", Now())) == "ERR_TLS_CERTIFICATE_NAME");
    }
    CHECK(proofs == 3);
    CHECK(Meet(client, server, At("localhost", Now())).empty());
    CHECK(proofs == 3);
  }
}

TEST("a proof holds from its own moment until the first certificate of the path expires") {
  const Counting counting;
  const auto client = Client(kTls13);
  const auto server = ServerContext(Only(kTls13));
  const int64_t now = Now();
  CHECK(Meet(client, server, At("localhost", now)).empty() && proofs == 1);
  CHECK(Meet(client, server, At("localhost", now - 1)).empty() && proofs == 2);  // the clock was set back
  CHECK(Meet(client, server, At("localhost", now)).empty() && proofs == 2);
  CHECK(Meet(client, server, At("localhost", now + kMonth)) == "ERR_TLS_CERTIFICATE_EXPIRED");
  CHECK(Meet(client, server, At("localhost", now)).empty());
  CHECK(proofs == 3);
}

TEST("another chain is proven, and a peer has one place for each name") {
  const Counting counting;
  const auto client = Client(kTls13);
  const auto usual = ServerContext(Only(kTls13));
  const auto surplus = ServerWith(kTls13, {"server.der", "intermediate.der", "root.der"});
  const auto incomplete = ServerWith(kTls13, {"server.der"});
  CHECK(Meet(client, usual, At("localhost", Now())).empty() && proofs == 1);
  CHECK(Meet(client, surplus, At("localhost", Now())).empty() && proofs == 2);
  CHECK(Meet(client, surplus, At("localhost", Now())).empty() && proofs == 2);
  CHECK(Meet(client, usual, At("localhost", Now())).empty() && proofs == 3);
  CHECK(Meet(client, incomplete, At("localhost", Now())) == "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER");
  CHECK(proofs == 4);
}

TEST("the least recently used goes first, and with 0 nothing is remembered") {
  const Counting counting;
  const auto server = ServerContext(Only(kTls13));
  const auto client = Client(kTls13, 1);
  for (int round = 0; round < 2; ++round) {
    for (const char* name : {"localhost", "127.0.0.1"}) CHECK(Meet(client, server, At(name, Now())).empty());
  }
  CHECK(proofs == 4);
  CHECK(Meet(client, server, At("127.0.0.1", Now())).empty() && proofs == 4);
  const auto forgetful = Client(kTls13, 0);
  for (int round = 0; round < 2; ++round) CHECK(Meet(forgetful, server, At("localhost", Now())).empty());
  CHECK(proofs == 6);
}

TEST("a server knows its clients, and its owner is asked about each connection all the same") {
  const Counting counting;
  for (uint16_t version : kBothVersions) {
    proofs = 0;
    const auto server = ServerContext(Only(version, [](ContextOptions& options) {
      options.verify = tls::Verify::kRequire;
      options.proven_chains = 8;
      options.ask_verify = true;
    }));
    const auto client = ClientContext(Only(version, [](ContextOptions& options) {
      options.credentials = {Identity("client")};
      options.proven_chains = 8;
    }));
    for (int round = 0; round < 3; ++round) {
      Pair joined = Join(client, server);
      std::vector<Bytes> path;
      joined.server.answer = [&](const Question& question) {
        path = question.parts[1].second;
        return Answer{};
      };
      joined.Run();
      CHECK(joined.client.is_done && joined.server.is_done);
      CHECK((joined.server.asked == std::vector<std::string>{"verify"}));
      CHECK((path == std::vector<Bytes>{File("client.der"), File("intermediate.der"), File("root.der")}));
    }
    CHECK(proofs == 2);  // one on either side
  }
}

TEST("a certificate that is trusted itself has the path that it had when it was proven") {
  const Counting counting;
  const auto client = Client(kTls13, 256, Trust({"server.der"}));
  const auto server = ServerContext(Only(kTls13));
  std::vector<std::vector<Bytes>> paths;
  for (int round = 0; round < 2; ++round) {
    Pair joined = Join(client, server);
    joined.Run();
    CHECK(joined.client.is_done);
    paths.push_back(joined.client.engine->Facts().verified_path);
  }
  CHECK(proofs == 1 && paths[0] == paths[1] && paths[0].at(0) == File("server.der"));
}
