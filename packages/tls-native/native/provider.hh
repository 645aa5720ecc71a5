// What the addon needs of a platform's TLS. One folder per platform implements it; no platform header leaves that folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tls {

// Leaves new elements as they are: buffers are filled by the library, and zeroing them first shows in bulk transfers.
template <typename T>
struct UninitializedAllocator : std::allocator<T> {
  template <typename Other>
  struct rebind {
    using other = UninitializedAllocator<Other>;
  };
  template <typename Constructed>
  void construct(Constructed* place) {
    ::new (static_cast<void*>(place)) Constructed;
  }
  template <typename Constructed, typename... Arguments>
  void construct(Constructed* place, Arguments&&... arguments) {
    ::new (static_cast<void*>(place)) Constructed(std::forward<Arguments>(arguments)...);
  }
};

using Bytes = std::vector<uint8_t, UninitializedAllocator<uint8_t>>;

struct View {
  const uint8_t* data;
  size_t size;
};

// A fault, to be told in TypeScript's terms. `kind` says what the other fields mean.
struct Fault {
  enum class Kind { kProtocol, kVerify, kIdentity, kConfig, kPlatform };
  Kind kind = Kind::kPlatform;
  std::string reason;       // the library's own words
  uint64_t number = 0;      // the library's own number
  int verify_code = 0;      // kVerify: the verifier's code
  int sent_alert = -1;      // the alert that the library has sent
  int received_alert = -1;  // the alert that ended it
};

struct Identity {
  std::vector<Bytes> chain;  // DER, leaf first
  Bytes private_key;         // DER: PKCS#8, SEC1 or PKCS#1
};

struct ContextOptions {
  bool is_server = false;
  int min_version = 0x0303;
  int max_version = 0x0304;
  std::string suites13;   // the library's syntax; made in TypeScript
  std::string suites12;
  std::string groups;
  std::string signature_schemes;
  Bytes alpn;             // ProtocolNameList without its length (RFC 7301 §3.1)
  bool key_log = false;
  bool verify_peer = true;
  std::vector<Identity> identities;
};

// Trusted certificates, parsed once and shared.
class TrustStore {
 public:
  virtual ~TrustStore() = default;
};

struct ConnectionFacts {
  std::string protocol;
  std::string cipher_suite;
  int group = 0;                // the library's number
  int signature_type = 0;
  int signature_digest = 0;
  int key_type = 0;             // of the server's certificate
  std::optional<Bytes> alpn;
  std::optional<std::string> server_name;  // as a server: what the client sent
  bool is_retry = false;
  std::vector<Bytes> peer_chain;
  std::vector<Bytes> verified_path;
};

// What one call brought about.
struct Outcome {
  Bytes ciphertext;
  Bytes plaintext;
  bool is_handshake_done = false;  // in this call
  bool is_peer_closed = false;     // in this call
  std::vector<std::string> key_log;
  std::optional<Fault> fault;
};

// One connection without I/O. Not thread-safe; each call returns all that came of it.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Outcome Start() = 0;
  virtual Outcome Receive(View ciphertext) = 0;
  virtual Outcome Send(View plaintext) = 0;
  virtual Outcome Close() = 0;
  virtual Outcome UpdateKeys() = 0;
  virtual std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) = 0;
  virtual ConnectionFacts Facts() = 0;
  virtual std::vector<Bytes> PeerChain() = 0;
};

class Context {
 public:
  virtual ~Context() = default;
  // `server_name` and `alpn` are a client's; `is_address` says that the name is an IP address.
  virtual std::unique_ptr<Engine> CreateEngine(const std::string& server_name, bool is_address,
                                               const std::optional<Bytes>& alpn, std::optional<Fault>* fault) = 0;
};

class Provider {
 public:
  virtual ~Provider() = default;
  virtual std::string Version() const = 0;
  virtual std::string Path() const = 0;
  virtual unsigned long VersionNumber() const = 0;
  // Certificates in DER; with `add_system`, the platform's own as well.
  virtual std::shared_ptr<TrustStore> CreateTrustStore(const std::vector<Bytes>& certificates, bool add_system,
                                                       std::optional<Fault>* fault) = 0;
  virtual std::shared_ptr<Context> CreateContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                 std::optional<Fault>* fault) = 0;
};

// The platform's provider, loaded once for the process; on failure null, and `tried` lists what was tried and why it failed.
Provider* LoadProvider(const std::string& library_path, std::vector<std::string>* tried);

}  // namespace tls
