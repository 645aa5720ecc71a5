// Tests whom the provider trusts.
#include "../ip-address.hh"
#include "../schannel/certificate.hh"
#include "schannel-fake.hh"

using namespace fake;

namespace {

// Gives the fault of a client whose server shows this; `accepted` when there is none.
tls::Fault Refusal(std::shared_ptr<tls::TrustStore> trust, const std::string& name = "host.test", bool accepts_any = false) {
  tls::ContextOptions options = ClientOptions();
  options.accept_any = accepts_any;
  auto client = MakeEngine(options, std::move(trust), name);
  Sys().steps = {{abi::kContinueNeeded, ClientHello(), 0, false}};
  client->Start();
  Sys().steps = {{abi::kOk, Protected("finished"), 0, true}};
  const tls::Outcome outcome = Receive(*client, ServerFlight13());
  CHECK(outcome.is_handshake_done != outcome.fault.has_value());
  tls::Fault none;
  none.code = "accepted";
  return outcome.fault.value_or(none);
}

}  // namespace

TEST("our own roots are an exclusive engine's, nothing is fetched for them, and the time is the caller's") {
  Reset();
  TrustPeer(ServerLeaf());
  CHECK(Refusal(Trust({Root()})).code == "accepted");
  CHECK(Sys().engine_configs.size() == 1 && Sys().engine_configs[0].exclusive_root != nullptr);
  CHECK(Sys().engine_configs[0].restricted_root == nullptr);
  CHECK(Sys().exclusive_roots == std::vector<Bytes>{Root()} && Sys().chain_engines[0] != nullptr);
  CHECK(Sys().chain_engines.size() == 1);
  CHECK(Sys().chain_flags[0] == (0x4 | 0x100 | 0x2000) && Sys().chain_purposes[0] == "1.3.6.1.5.5.7.3.1");
  CHECK(Sys().chain_time == (static_cast<uint64_t>(kNow) + 11644473600000) * 10000);
  CHECK(Sys().policy_flags == std::vector<uint32_t>{0});
}

TEST("the status of the chain is looked at as well as the policy, and each bit has its name") {
  struct Case {
    uint32_t bits;
    const char* code;
    const char* node_code;
    int alert;
  };
  for (const Case& each : {
         Case{0x1, "ERR_TLS_CERTIFICATE_EXPIRED", "CERT_HAS_EXPIRED", 45},
         Case{0x4, "ERR_TLS_CERTIFICATE_REVOKED", "CERT_REVOKED", 44},
         Case{0x8, "ERR_TLS_CERTIFICATE_SIGNATURE", "CERT_SIGNATURE_FAILURE", 42},
         Case{0x10, "ERR_TLS_CERTIFICATE_PURPOSE", "INVALID_PURPOSE", 43},
         Case{0x20, "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER", "SELF_SIGNED_CERT_IN_CHAIN", 48},
         Case{0x400, "ERR_TLS_CERTIFICATE_BAD", "INVALID_CA", 42},
         Case{0x8000000, "ERR_TLS_CERTIFICATE_UNSUPPORTED", "UNSPECIFIED", 43},
         Case{0x40000000, "ERR_TLS_CERTIFICATE_BAD", "UNSPECIFIED", 42}}) {
    for (const bool is_of_element : {false, true}) {
      Reset();
      TrustPeer(ServerLeaf());
      (is_of_element ? Sys().chain[0].errors : Sys().chain_errors) = each.bits;
      const tls::Fault fault = Refusal(Trust({Root()}));
      CHECK(fault.code == each.code && fault.node_code == each.node_code && fault.os_code == each.bits);
      CHECK(fault.sent_alert == each.alert);
    }
  }
}

TEST("the policy's word counts where the chain's status has nothing to say") {
  struct Case {
    uint32_t error;
    const char* code;
  };
  for (const Case& each : {
         Case{0x800B0109, "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER"},
         Case{0x800B0101, "ERR_TLS_CERTIFICATE_EXPIRED"},
         Case{0x800B0110, "ERR_TLS_CERTIFICATE_PURPOSE"},
         Case{0x800B0123, "ERR_TLS_CERTIFICATE_BAD"}}) {
    Reset();
    TrustPeer(ServerLeaf());
    Sys().policy_error = each.error;
    const tls::Fault fault = Refusal(Trust({Root()}));
    CHECK(fault.code == each.code && fault.os_code == each.error);
  }
}

TEST("a chain that the engine is content with, and that does not end in our list, is not trusted") {
  Reset();
  TrustPeer(ServerLeaf());
  CHECK(Refusal(Trust({ClientLeaf()})).code == "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER");
}

TEST("a certificate not yet valid is told from one that has expired") {
  Reset();
  CertificateSpec early;
  early.dns_names = {"host.test"};
  early.not_before = "300101000000Z";
  TrustPeer(MakeCertificate(early));
  Sys().chain_errors = abi::kTrustNotTimeValid;
  const tls::Fault fault = Refusal(Trust({Root()}));
  CHECK(fault.code == "ERR_TLS_CERTIFICATE_NOT_YET_VALID" && fault.node_code == "CERT_NOT_YET_VALID");
}

TEST("a leaf that came alone has Node's names of its own") {
  Reset();
  Sys().peer = {ServerLeaf()};
  Sys().chain = {{ServerLeaf(), 0, 0}};
  Sys().chain_errors = abi::kTrustPartialChain;
  CHECK(Refusal(Trust({Root()})).node_code == "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  Sys().chain[0].info = 8;
  Sys().chain_errors = abi::kTrustUntrustedRoot;
  CHECK(Refusal(Trust({Root()})).node_code == "DEPTH_ZERO_SELF_SIGNED_CERT");
  Sys().peer = {ServerLeaf(), ClientLeaf()};
  Sys().chain = {{ServerLeaf(), 0, 0}, {ClientLeaf(), 0, 0}};
  Sys().chain_errors = abi::kTrustPartialChain;
  CHECK(Refusal(Trust({Root()})).node_code == "UNABLE_TO_GET_ISSUER_CERT_LOCALLY");
}

TEST("an exact certificate in the list is trusted itself, within its time and for its name") {
  Reset();
  Sys().peer = {ServerLeaf()};
  auto trust = Trust({ServerLeaf()});
  CHECK(Refusal(trust).code == "accepted" && Sys().chain_flags.empty());
  CHECK(Refusal(trust, "other.test").node_code == "ERR_TLS_CERT_ALTNAME_INVALID");
  CertificateSpec old;
  old.dns_names = {"host.test"};
  old.not_after = "210101000000Z";
  Sys().peer = {MakeCertificate(old)};
  CHECK(Refusal(Trust({MakeCertificate(old)})).code == "ERR_TLS_CERTIFICATE_EXPIRED");
}

TEST("an intermediate in the list ends the chain, whatever is above it") {
  Reset();
  CertificateSpec middle;
  middle.subject = "middle";
  middle.is_ca = true;
  Sys().peer = {ServerLeaf(), MakeCertificate(middle)};
  Sys().chain = {{ServerLeaf(), 0, 0}, {MakeCertificate(middle), 0, 0}, {Root(), abi::kTrustUntrustedRoot | abi::kTrustNotTimeValid, 8}};
  Sys().chain_errors = abi::kTrustUntrustedRoot | abi::kTrustNotTimeValid;
  Sys().policy_error = 0x800B0109;
  auto trust = Trust({MakeCertificate(middle)});
  CHECK(Refusal(trust).code == "accepted" && Sys().policy_flags[0] == abi::kPolicyAllowUnknownCa);
  Sys().chain.pop_back();
  Sys().chain_errors = abi::kTrustPartialChain;
  CHECK(Refusal(trust).code == "accepted");
  // A bad signature below it is not forgiven.
  Sys().chain[0].errors = abi::kTrustBadSignature;
  CHECK(Refusal(trust).code == "ERR_TLS_CERTIFICATE_SIGNATURE");
}

TEST("the system's roots are asked when they are wanted, after our own") {
  Reset();
  TrustPeer(ServerLeaf());
  CHECK(Refusal(Trust({}, true)).code == "accepted" && Sys().chain_engines.size() == 1);
  CHECK(Sys().chain_engines[0] == nullptr);
  CHECK(Sys().engine_configs.empty());
  Sys().system_chain = Sys().chain;
  Sys().chain_errors = abi::kTrustUntrustedRoot;
  CHECK(Refusal(Trust({ClientLeaf()}, true)).code == "accepted" && Sys().chain_engines.size() == 3);
  CHECK(Sys().chain_engines[2] == nullptr);
  Sys().system_chain_errors = abi::kTrustRevoked;
  CHECK(Refusal(Trust({ClientLeaf()}, true)).code == "ERR_TLS_CERTIFICATE_REVOKED");
  CHECK(Refusal(Trust({})).code == "ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER");
}

TEST("names are those of the subjectAltName alone, and a wildcard is a whole label") {
  struct Case {
    const char* pattern;
    const char* host;
    bool is_for;
  };
  for (const Case& each : {
         Case{"host.test", "HOST.test", true},
         Case{"host.test", "host.test.", true},
         Case{"host.test", "a.host.test", false},
         Case{"*.host.test", "a.host.test", true},
         Case{"*.host.test", "host.test", false},
         Case{"*.host.test", "b.a.host.test", false},
         Case{"a*.host.test", "ab.host.test", false},
         Case{"*a.host.test", "ba.host.test", false},
         Case{"*.test", "host.test", false},
         Case{"*", "host", false},
         Case{"*.*.test", "a.b.test", false},
         Case{"a.*.test", "a.b.test", false},
         Case{"", "", false},
         Case{"192.0.2.1", "192.0.2.1", false}, Case{"*.0.2.1", "192.0.2.1", false}}) {
    Reset();
    CertificateSpec spec;
    spec.subject = each.host;  // the common name is never looked at
    spec.dns_names = {each.pattern};
    TrustPeer(MakeCertificate(spec));
    const tls::Fault fault = Refusal(Trust({Root()}), each.host);
    CHECK((fault.code == "accepted") == each.is_for);
    if (!each.is_for) CHECK(fault.code == "ERR_TLS_CERTIFICATE_NAME" && fault.sent_alert == 42);
  }
}

TEST("an address is that of an iPAddress, in either family") {
  Reset();
  CertificateSpec spec;
  spec.addresses = {{192, 0, 2, 1}, Join({{0x20, 1, 0x0D, 0xB8}, Bytes(11, 0), {1}})};
  TrustPeer(MakeCertificate(spec));
  auto trust = Trust({Root()});
  CHECK(Refusal(trust, "192.0.2.1").code == "accepted" && Refusal(trust, "192.0.2.2").code == "ERR_TLS_CERTIFICATE_NAME");
  using tls::ParseAddress;
  CHECK(ParseAddress("2001:db8::1") == spec.addresses[1] && ParseAddress("2001:DB8:0:0:0:0:0:1") == spec.addresses[1]);
  CHECK(ParseAddress("::ffff:192.0.2.1") == Join({Bytes(10, 0), {0xFF, 0xFF, 192, 0, 2, 1}}));
  CHECK(ParseAddress("::") == Bytes(16, 0));
  for (const char* bad : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1..2.3", ":", ":::", "1:2",
                          "1:2:3:4:5:6:7:8:9", "g::", "12345::", "1::2::3", "1.2.3.4:", "1.2.3.4::"}) {
    CHECK(ParseAddress(bad).empty());
  }
}

TEST("the leaf has to be for this role, to sign, and to be no authority") {
  const auto refused = [](const CertificateSpec& spec) {
    Reset();
    TrustPeer(MakeCertificate(spec));
    return Refusal(Trust({Root()})).node_code == "INVALID_PURPOSE";
  };
  CertificateSpec spec;
  spec.dns_names = {"host.test"};
  CHECK(!refused(spec));
  spec.purposes = {2};
  CHECK(refused(spec));
  spec.purposes = {2, 1};
  CHECK(!refused(spec));
  spec.usage = 0x20;
  CHECK(refused(spec));
  spec.usage = 0xA0;
  CHECK(!refused(spec));
  spec.is_ca = true;
  CHECK(refused(spec));
}

TEST("whoever accepts any certificate is told the chain, and no path") {
  Reset();
  TrustPeer(ServerLeaf());
  Sys().chain_errors = abi::kTrustUntrustedRoot;
  CHECK(Refusal(nullptr, "other.test", true).code == "accepted" && Sys().chain_flags.empty());
}

TEST("a trusted certificate that cannot be read is refused when the store is made") {
  Reset();
  std::optional<tls::Fault> fault;
  Bytes longer = Root();
  longer.push_back(0);
  for (const Bytes& bad : {Bytes(), Text("x"), longer}) {
    CHECK(Schannel().CreateTrustStore({Root(), bad}, false, &fault) == nullptr && fault->code == "ERR_TLS_CONFIG");
  }
}
