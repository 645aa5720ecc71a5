// A system that does what a test tells it, and counts what it handed out and got back.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "../schannel/functions.hh"
#include "check.hh"
#include "schannel-bytes.hh"

namespace fake {

namespace abi = tls::schannel::abi;

// What one call of InitializeSecurityContext or AcceptSecurityContext gives.
struct Step {
  abi::Status status = abi::kOk;
  Bytes output;
  size_t extra = 0;          // how much of the input is left at its end
  bool shows_peer = true;    // from here on one can ask for the peer's certificate
};

// What such a call got.
struct StepCall {
  bool is_server = false;
  bool is_first = false;
  Bytes input;
  Bytes alpn;
  uint32_t requirements = 0;
  std::u16string target;
  uintptr_t credentials = 0;
  bool has_certificate = false;  // whether we have one
};

struct Decryption {
  abi::Status status = abi::kOk;
  std::string data;
  size_t extra = 0;
};

// A session that the system keeps, as Microsoft documents its cache: nobody but the system sees it.
struct Session {
  size_t credentials = 0;   // the number of the credentials that it was made with
  std::u16string target;    // a client's server
  bool has_id = true;       // those of TLS 1.3 have none
  bool is_resumable = true;
  int64_t end = 0;          // in milliseconds
  std::vector<Bytes> peer;  // what the peer showed when it was made
};

struct Acquisition {
  uint32_t version = 0;
  uint32_t use = 0;
  uint32_t flags = 0;
  uint32_t lifespan = 0;
  uint32_t protocols = 0;  // disabled ones in the new structure, enabled ones in the old
  uint32_t disabled_crypto = 0;
  std::vector<Bytes> sent;  // the leaf, and what is beside it in its store
  uint32_t key_property = 0;
  std::u16string key_provider;
  uint32_t key_flags = 0;
};

// A process beside this one.
struct Process {
  uint64_t beginning = 0;
  uint32_t exit_code = 259;  // as long as it runs
  bool is_open = true;       // whether it can be asked
};

// How CertGetCertificateChain sees the peer, from the leaf upwards.
struct ChainLink {
  Bytes certificate;
  uint32_t errors = 0;
  uint32_t info = 0;
};

struct System {
  // These were handed out and not given back yet, by kind.
  std::map<std::string, std::set<const void*>> live;
  bool has_freed_twice = false;
  void Take(const char* kind, const void* what) { live[kind].insert(what); }
  void Free(const char* kind, const void* what) {
    if (live[kind].erase(what) != 1) has_freed_twice = true;
  }
  size_t Live() const {
    size_t count = 0;
    for (const auto& [kind, held] : live) count += held.size();
    for (const auto& names : containers) count += names.size();
    return count;
  }

  std::deque<Step> steps;
  std::vector<StepCall> step_calls;
  std::deque<Decryption> decryptions;  // when empty, each record is its own content
  std::vector<Bytes> decrypted;
  std::vector<uint32_t> controls;      // the types of control tokens
  std::vector<uint32_t> reconnects;    // the flags of those that were about sessions
  std::vector<uint32_t> alerts;        // the numbers of those that were alerts
  std::vector<size_t> encrypted;       // the sizes
  abi::Status encrypt_status = abi::kOk;
  abi::StreamSizes sizes = {5, 16, 16384, 4, 1};

  std::vector<Bytes> peer;             // what the peer showed, leaf first
  bool shows_peer = false;
  std::vector<ChainLink> chain;
  uint32_t chain_errors = 0;
  uint32_t chain_errors_of_leaf = 0;
  uint32_t fetch_timeout = 0;
  std::vector<ChainLink> system_chain; // as the system's own engine sees it; when empty, the same as above
  uint32_t system_chain_errors = 0;
  uint32_t policy_error = 0;
  std::vector<uint32_t> policy_flags;
  std::vector<uint32_t> chain_flags;
  std::vector<const void*> chain_engines;
  std::vector<abi::ChainEngineConfig> engine_configs;
  std::vector<Bytes> exclusive_roots;
  std::vector<std::string> chain_purposes;
  uint64_t chain_time = 0;

  std::map<size_t, Session> sessions;  // by a number of their own
  size_t last_number = 0;              // of the credentials and sessions so far
  int64_t now = 0;                     // in milliseconds
  size_t shown_session = 0;            // what the client of a server wants to resume; 0 for none
  bool takes_sessions = true;          // whether the server of a client resumes

  uint16_t version = 0x0304;
  uint16_t cipher_suite = 0x1302;
  bool has_cipher_info = true;
  std::string alpn;
  std::vector<Bytes> issuers;
  std::vector<uint16_t> signatures;
  std::string exported_label;
  bool has_exporter = true;

  std::vector<Acquisition> acquisitions;
  bool knows_new_credentials = true;
  uint32_t takes_disabled_crypto = 3;
  uint32_t protocols = abi::kProtocolTls12Client | abi::kProtocolTls13Client;
  uint32_t acceptable_key = 0;         // a property of the certificate; others get SEC_E_NO_CREDENTIALS. 0 for any
  bool has_cng_names = true;
  bool writes_back = false;            // whether letting go of a container of CryptoAPI writes it anew, as in Wine
  bool has_profile = true;             // whether there can be containers of the user's
  // The names of the containers: CNG's, those of the machine in CNG, and the same of CryptoAPI.
  std::set<std::u16string> containers[4];
  uint32_t process = 0x1234;
  uint64_t beginning = 0x01DD000000000001;
  std::u16string computer = u"HERE";
  std::map<uint32_t, Process> processes;
  std::vector<Bytes> key_blobs;
  std::vector<std::u16string> deleted_containers;
  std::vector<std::u16string> suites;
};

// Gives the only fake system, which is reset before each test.
System& Sys();
const tls::schannel::Functions& Table();
System& Reset();

// What the system knows of credentials and of a connection.
struct Credentials {
  bool has_certificate = false;
  uint32_t flags = 0;
  uint32_t lifespan = 0;
  size_t number = 0;
};
struct SecurityContext {
  bool is_server = false;
  size_t session = 0;  // the one that is resumed or was made; 0 for none
  bool is_done = false;
  bool is_resumed = false;
  bool keeps_none = false;
};

// What the cache does when a connection begins, when a step went well, and when a control token is about sessions.
void FindSession(SecurityContext* context, const Credentials& credentials, const std::u16string& target);
void KeepSession(SecurityContext* context, const Credentials& credentials, const std::u16string& target);
void SetReconnects(SecurityContext* context, uint32_t flags);

// Puts into the table what is about keys and processes.
void FillKeys(tls::schannel::Functions* table);

// Makes the system Wine's until the next reset.
void BeWine();

// Gives the provider, which is loaded once over the fake.
tls::Provider& Schannel();

// These are shorthands for what most tests begin with.
std::shared_ptr<tls::TrustStore> Trust(const std::vector<Bytes>& certificates, bool add_system = false);
std::shared_ptr<tls::Credential> EcCredential(const std::vector<Bytes>& chain);
tls::ContextOptions ClientOptions();
tls::ContextOptions ServerOptions(std::shared_ptr<tls::Credential> credential);
std::unique_ptr<tls::Engine> MakeEngine(const tls::ContextOptions& options, std::shared_ptr<tls::TrustStore> trust,
                                        const std::string& name = "host.test");
// Makes a client of TLS 1.3 or 1.2 whose handshake is over, to `host.test` for which the root vouches.
std::unique_ptr<tls::Engine> OpenClient(uint16_t version = 0x0304);
std::unique_ptr<tls::Engine> OpenServer(uint16_t version = 0x0304);
void TrustPeer(const Bytes& leaf);

inline tls::Outcome Receive(tls::Engine& engine, const Bytes& bytes) { return engine.Receive(ViewOf(bytes)); }

}  // namespace fake
