// Tests what the system is asked to fetch, and what is made of what it knows about certificates that were revoked.
#include "schannel-fake.hh"

using namespace fake;

namespace {

constexpr uint32_t kFetchesNothing = abi::kChainCacheOnlyUrlRetrieval | abi::kChainDisableAia;

using tls::PlatformRevocation;
using tls::RevocationCheck;

// Gives the outcome of a client whose server shows its leaf and the root.
tls::Outcome Connect(std::shared_ptr<tls::TrustStore> trust, const PlatformRevocation& revocation) {
  TrustPeer(ServerLeaf());
  Sys().chain_flags.clear();
  Sys().policy_flags.clear();
  tls::ContextOptions options = ClientOptions();
  options.revocation = revocation;
  auto client = MakeEngine(options, std::move(trust));
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  client->Start();
  Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
  return Receive(*client, ServerFlight13());
}

// Gives the flags with which a server of the system's trust looks at a client.
uint32_t FlagsOfServer(const PlatformRevocation& revocation) {
  Sys().peer = {ClientLeaf(), Root()};
  Sys().chain = {{ClientLeaf(), 0, 0}, {Root(), 0, 8}};
  tls::ContextOptions options = ServerOptions(EcCredential({ServerLeaf()}));
  options.verify = tls::Verify::kRequire;
  options.revocation = revocation;
  auto server = MakeEngine(options, Trust({}, true));
  server->Start();
  Sys().steps = {{abi::kContinueNeeded, ServerFlight13(), 0, false}};
  Receive(*server, ClientHello());
  Sys().steps = {{abi::kOk, Protected("tickets"), 0, true}};
  CHECK(Receive(*server, Protected("client finished")).is_handshake_done);
  CHECK(Sys().chain_flags.size() == 1 && Sys().chain_purposes.back() == "1.3.6.1.5.5.7.3.2");
  return Sys().chain_flags[0];
}

}  // namespace

TEST("for the system's roots the system fetches what a server leaves out, and for a list of our own nothing") {
  Reset();
  CHECK(Connect(Trust({}, true), {}).is_handshake_done && Sys().chain_flags == std::vector<uint32_t>{0});
  CHECK(Sys().fetch_timeout == 5000);
  CHECK(Connect(Trust({Root()}), {}).is_handshake_done);
  CHECK(Sys().chain_flags == std::vector<uint32_t>{kFetchesNothing | abi::kChainDisableRootAutoUpdate});
  // With both, the own list is asked first, and decides.
  CHECK(Connect(Trust({Root()}, true), {}).is_handshake_done);
  CHECK(Sys().chain_flags == std::vector<uint32_t>{kFetchesNothing | abi::kChainDisableRootAutoUpdate});
}

TEST("a server fetches nothing that a client names, but has the system's roots as they are") {
  Reset();
  CHECK(FlagsOfServer({}) == kFetchesNothing);
}

TEST("revocation is looked up where it was asked for, in both roles and for any trust") {
  struct Case {
    PlatformRevocation revocation;
    uint32_t flags;
  };
  for (const Case& each : {
         Case{{RevocationCheck::kCached, false, true}, abi::kChainRevocationExcludeRoot | abi::kChainRevocationCacheOnly},
         Case{{RevocationCheck::kCached, true, true}, abi::kChainRevocationEndCert | abi::kChainRevocationCacheOnly},
         Case{{RevocationCheck::kOnline, false, true}, abi::kChainRevocationExcludeRoot | abi::kChainRevocationAccumulativeTimeout},
         Case{{RevocationCheck::kOnline, true, true}, abi::kChainRevocationEndCert | abi::kChainRevocationAccumulativeTimeout}}) {
    Reset();
    Connect(Trust({}, true), each.revocation);
    CHECK(Sys().chain_flags == std::vector<uint32_t>{each.flags});
    Connect(Trust({Root()}), each.revocation);
    CHECK(Sys().chain_flags == std::vector<uint32_t>{each.flags | kFetchesNothing | abi::kChainDisableRootAutoUpdate});
    Sys().chain_flags.clear();
    CHECK(FlagsOfServer(each.revocation) == (each.flags | kFetchesNothing));
  }
}

TEST("an unknown status is refused, or accepted where that was asked for; a revoked certificate never is") {
  for (const uint32_t bit : {0x40U, 0x1000000U, 0x1000040U}) {
    for (const bool is_of_element : {false, true}) {
      for (const bool accepts : {false, true}) {
        Reset();
        Sys().chain_errors_of_leaf = is_of_element ? bit : 0;
        Sys().chain_errors = is_of_element ? 0 : bit;
        const tls::Outcome outcome = Connect(Trust({}, true), {RevocationCheck::kCached, false, accepts});
        CHECK(outcome.is_handshake_done == accepts && outcome.fault.has_value() != accepts);
        if (accepts) CHECK(Sys().policy_flags == std::vector<uint32_t>{abi::kPolicyIgnoreUnknownStatus});
        if (accepts) continue;
        CHECK(outcome.fault->code == "ERR_TLS_CERTIFICATE_STATUS" && outcome.fault->node_code == "UNABLE_TO_GET_CRL");
        CHECK(outcome.fault->certificate_fault == "unknownStatus" && outcome.fault->sent_alert == 113);
      }
    }
  }
  Reset();
  Sys().chain_errors = abi::kTrustRevoked | abi::kTrustUnknownStatus;
  CHECK(Connect(Trust({}, true), {RevocationCheck::kCached, false, true}).fault->code == "ERR_TLS_CERTIFICATE_REVOKED");
}

TEST("what the policy says about revocation has the same names") {
  struct Case {
    uint32_t error;
    const char* code;
  };
  for (const Case& each : {
         Case{0x800B010C, "ERR_TLS_CERTIFICATE_REVOKED"}, Case{0x80092010, "ERR_TLS_CERTIFICATE_REVOKED"},
         Case{0x80092012, "ERR_TLS_CERTIFICATE_STATUS"}, Case{0x80092013, "ERR_TLS_CERTIFICATE_STATUS"},
         Case{0x800B010E, "ERR_TLS_CERTIFICATE_STATUS"}}) {
    Reset();
    Sys().policy_error = each.error;
    CHECK(Connect(Trust({Root()}), {RevocationCheck::kCached, false, false}).fault->code == each.code);
  }
}
