// What the addon needs of a platform's TLS. One folder for each platform implements it; no platform header leaves that folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocol.hh"

namespace tls {

// An allocator that leaves new elements as they are: the library fills the buffers, and zeroing them first would slow down bulk transfers.
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

// Memory that the caller lends for the time of a call.
struct Room {
  uint8_t* data;
  size_t size;
};

inline View ViewOf(const Bytes& bytes) { return View{bytes.data(), bytes.size()}; }
inline Bytes BytesOf(View view) { return Bytes(view.data, view.data + view.size); }

// Compares two values. It is not for secrets, as it ends at the first difference.
inline bool IsSame(View left, View right) {
  return left.size == right.size && (left.size == 0 || std::memcmp(left.data, right.data, left.size) == 0);
}

// Overwrites a secret, even where the compiler sees that nobody reads it again.
inline void Wipe(Bytes* bytes) {
  volatile uint8_t* at = bytes->data();
  for (size_t left = bytes->size(); left > 0; --left) *at++ = 0;
}

// A fault in the interface's terms; TypeScript makes an error of it.
struct Fault {
  std::string code = "ERR_TLS_BACKEND";  // the interface's code
  std::string detail;       // the library's own text
  int64_t os_code = 0;      // the library's own number
  std::string node_code;    // for a certificate, Node's code
  std::string certificate_fault = "unexplained";  // for a certificate, the fault's name in tls-core's table
  int sent_alert = -1;      // the alert that the library has sent
  int received_alert = -1;  // the alert that ended the connection
};

// Numbers that are registered by IANA, in order of preference.
struct Algorithms {
  std::vector<uint16_t> cipher_suites;
  std::vector<uint16_t> groups;
  std::vector<uint16_t> signature_schemes;
};

// What the system's administrator allows. Whatever a program asks for stays within these limits.
struct Policy {
  std::string file;
  uint16_t min_version = 0;  // 0 where there is no bound
  uint16_t max_version = 0;
  int security_level = 0;    // on the library's own scale
  std::vector<uint16_t> cipher_suites;
  bool is_fips = false;      // only what the library's FIPS module implements is used
};

// A chain with its private key, which is loaded once and used by many connections.
class Credential {
 public:
  virtual ~Credential() = default;
  // Gives the distinguished names of the issuers of its certificates, as DER.
  virtual std::vector<Bytes> Issuers() const = 0;
  // Gives the schemes with which its key can sign.
  virtual std::vector<uint16_t> SignatureSchemes() const = 0;
  // Gives the same for TLS 1.2, which binds the hash of an ECDSA signature to no curve (RFC 5246 §7.4.1.4.1).
  virtual std::vector<uint16_t> Tls12SignatureSchemes() const { return SignatureSchemes(); }
  // Gives the length of the longest signature of its key in bytes; 0 where the engine never asks for one.
  virtual size_t MaxSignatureLength() const { return 0; }
};

enum class Verify {
  kNothing,   // no certificate is asked for
  kRequest,   // a client's, if it has one
  kRequire,
};

// Whether the platform itself looks up if certificates were taken back, and where.
enum class RevocationCheck {
  kNone,
  kCached,  // in what the system has fetched before
  kOnline,  // the system fetches what it does not have
};

struct PlatformRevocation {
  RevocationCheck check = RevocationCheck::kNone;
  bool is_of_leaf = false;               // else of all certificates but the root
  bool accepts_unknown_status = false;   // where nothing is found
};

// A key that was agreed on outside of TLS (RFC 8446 §4.2.11).
struct PreSharedKey {
  ~PreSharedKey() { Wipe(&key); }  // each copy wipes itself

  Bytes identity;
  Bytes key;
  bool is_sha384 = false;  // else SHA-256
  Bytes digest;            // 32 bytes that tell it from other keys, even from those of the same identity
};

// Options of a configuration as they are, which are read by the names that they have there. src/border/platforms.ts says which platforms
// have each, and what holds where a configuration says nothing.
struct LibraryOptions {
  bool key_log = false;
  bool is_fallback = false;                   // for a client (RFC 7507)
  bool requires_secure_renegotiation = true;  // for a client: a server of TLS 1.2 must know RFC 5746
  bool retries_for_post_quantum = false;      // for a server: it asks for a share of a group that leads the list
  bool requires_psk = false;                  // for a server: certificates are not enough
  uint32_t max_early_data = 0;                // for a server

  template <typename Fields>
  void Read(Fields* given) {
    key_log = given->Flag("keyLog");
    is_fallback = given->Flag("fallback");
    requires_secure_renegotiation = given->Flag("requireSecureRenegotiation");
    retries_for_post_quantum = given->Flag("postQuantumRetry");
    requires_psk = given->Flag("requirePsk");
    max_early_data = static_cast<uint32_t>(given->Integer("maxEarlyData", 0, UINT32_MAX));
  }
};

struct ContextOptions : LibraryOptions {
  bool is_server = false;
  uint16_t min_version = kTls12;
  uint16_t max_version = kTls13;
  Algorithms algorithms;  // they are among those that the provider supports
  int security_level = -1;  // on the policy's scale; -1 for the policy's own
  std::vector<uint16_t> own_signature_schemes;  // with which the identities sign; those above are for the peer
  Bytes alpn;             // ProtocolNameList without its length (RFC 7301 §3.1)
  Verify verify = Verify::kRequire;
  PlatformRevocation revocation;
  bool resumes_by_system = false;  // whether the platform may resume sessions that it keeps to itself
  bool accept_any = false;         // whatever the chain is, it is accepted
  uint32_t proven_chains = 0;      // how many the library remembers, where it can; 0 for none
  bool ask_client_hello = false;   // these ask the questions of the same names, see Question
  bool ask_certificate = false;
  bool ask_verify = false;
  bool has_ticket_keys = false;    // a server's keys come with each engine, or with the answer to clientHello
  bool ask_early_data = false;     // for a server
  bool request_ocsp = false;       // for a client
  int tickets = 2;                 // how many a server sends after a full handshake
  int64_t session_lifetime = 7200; // in seconds
  Bytes session_rules;             // 32 bytes: the rules under which a session was made
  Bytes replay_scope;              // for a server: names its memory of early data; empty for one that servers share
  std::vector<Bytes> authorities;  // distinguished names that are sent
  std::vector<std::shared_ptr<Credential>> credentials;
  std::vector<PreSharedKey> pre_shared_keys;  // a client has one at most
};

// A question that only the owner of the connection can answer. The engine rests until it is answered. The kinds and the names of the parts
// are those of the type of the same name in src/border/addon.ts.
struct Question {
  const char* kind = nullptr;
  std::vector<std::pair<const char*, std::vector<Bytes>>> parts;

  // Is asked by a server. `cipher_suites` holds numbers of 2 bytes; each of `extensions` is a type of 2 bytes and a body.
  static Question ClientHello(Bytes cipher_suites, std::vector<Bytes> extensions) {
    return {"clientHello", {{"cipherSuites", {std::move(cipher_suites)}}, {"extensions", std::move(extensions)}}};
  }
  // Is asked by a client. `signature_schemes` holds numbers of 2 bytes; `authorities` are distinguished names in DER.
  static Question Certificate(uint16_t version, Bytes signature_schemes, std::vector<Bytes> authorities) {
    return {"certificate",
            {{"version", {Number(version, 2)}},
             {"signatureSchemes", {std::move(signature_schemes)}},
             {"authorities", std::move(authorities)}}};
  }
  // Asks for a signature. `input` is what is to be signed, not a digest of it.
  static Question Sign(uint16_t scheme, Bytes input) {
    return {"sign", {{"signatureScheme", {Number(scheme, 2)}}, {"input", {std::move(input)}}}};
  }
  // Is asked by a server; `declines` refuses the data. `max_early_data` is the session's limit.
  static Question EarlyData(Bytes identifier, uint32_t max_early_data) {
    return {"earlyData", {{"identifier", {std::move(identifier)}}, {"maxEarlyData", {Number(max_early_data, 4)}}}};
  }
  // Asks whether the peer is accepted. There is no path where the library accepts any chain.
  static Question Verify(std::vector<Bytes> chain, std::vector<Bytes> path, std::optional<Bytes> ocsp_response) {
    std::vector<Bytes> stapled;
    if (ocsp_response.has_value()) stapled.push_back(std::move(*ocsp_response));
    return {"verify", {{"chain", std::move(chain)}, {"path", std::move(path)}, {"ocspResponse", std::move(stapled)}}};
  }

 private:
  static Bytes Number(uint32_t number, size_t size) {
    Bytes bytes;
    for (size_t left = size; left > 0; --left) bytes.push_back(static_cast<uint8_t>(number >> 8 * (left - 1)));
    return bytes;
  }
};

struct Answer {
  int alert = -1;                          // -1, or the alert with which the peer is refused
  std::shared_ptr<Credential> credential;  // to use for this connection
  Bytes signature;
  bool declines = false;                   // for earlyData: it is not accepted
  Bytes ocsp_response;                     // the response to staple; empty for none
  std::optional<std::vector<Bytes>> path;  // the path to which the peer's chain leads, leaf first
  std::optional<std::vector<Bytes>> ticket_keys;  // as those of EngineOptions, which they replace
};

// A session that a later connection can resume.
struct Session {
  Bytes state;  // in the library's format
  int64_t lifetime = 0;  // in seconds
  int64_t certificates_end = 0;  // for a server's path, in milliseconds since the epoch; far in the future where nothing was verified
  uint32_t max_early_data = 0;
};

struct EngineOptions {
  std::string server_name;     // for a client
  bool is_address = false;     // the name is an IP address
  std::optional<Bytes> alpn;
  std::optional<Bytes> session;
  int64_t session_age = 0;     // how long ago the session was received, in milliseconds
  bool early_data = false;     // for a client: what SendEarly is given is sent at once, which the session allows
  int64_t now = 0;             // in milliseconds since the epoch
  Bytes ocsp_response;         // the response that a server staples; empty for none
  // A server's ticket keys. Each has a name of 16 bytes, 32 bytes that encrypt and 32 that authenticate. The first one seals.
  std::vector<Bytes> ticket_keys;
};

// Trusted certificates, parsed once and shared.
class TrustStore {
 public:
  virtual ~TrustStore() = default;
};

enum class EarlyData { kNone, kRejected, kAccepted };

struct ConnectionFacts {
  // The numbers are IANA's; 0 means that there is none, or that it is not known.
  uint16_t version = 0;
  uint16_t cipher_suite = 0;
  uint16_t group = 0;
  uint16_t own_signature_scheme = 0;
  uint16_t peer_signature_scheme = 0;
  std::optional<Bytes> alpn;
  std::optional<std::string> server_name;  // for a server: the name that the client sent
  bool is_retry = false;
  bool is_resumed = false;
  EarlyData early_data = EarlyData::kNone;
  std::optional<Bytes> pre_shared_key;  // the identity of the key that was used
  bool was_asked = false;       // for a client: it was asked for a certificate
  std::optional<Bytes> ocsp_response;
  bool has_extended_main_secret = true;
  std::vector<Bytes> peer_chain;
  std::vector<Bytes> verified_path;
};

// What one call has brought about.
struct Outcome {
  Bytes ciphertext;
  Bytes plaintext;
  Bytes early_data;              // for a server: what came before the handshake was done
  bool is_handshake_done = false;  // it became so in this call
  bool is_peer_closed = false;     // it became so in this call
  std::vector<std::string> key_log;
  std::vector<Session> sessions;
  std::optional<Question> question;
  std::optional<Fault> fault;

  // Whether the call has brought about nothing, or nothing but what it wrote into the caller's room.
  bool IsEmpty() const {
    return ciphertext.empty() && plaintext.empty() && early_data.empty() && !is_handshake_done && !is_peer_closed && key_log.empty() &&
           sessions.empty() && !question.has_value() && !fault.has_value();
  }

  // Moves one part into the caller's room where it fits and is all that there is. Gives its length then.
  std::optional<size_t> MoveInto(Room room, Bytes Outcome::*part) {
    Bytes only = std::move(this->*part);
    (this->*part).clear();
    if (only.size() <= room.size && IsEmpty()) {
      if (!only.empty()) std::memcpy(room.data, only.data(), only.size());
      return only.size();
    }
    this->*part = std::move(only);
    return std::nullopt;
  }
};

// One connection without I/O. It is not thread-safe; each call returns all its results.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Outcome Start() = 0;
  virtual Outcome Receive(View ciphertext) = 0;
  // Gives the answer to the question of the last outcome. No other call may come before it.
  virtual Outcome Resume(Answer answer) = 0;
  virtual Outcome Send(View plaintext) = 0;
  // These two do the same as Receive and Send, but put plaintext or ciphertext into the caller's room. They give how many bytes that is
  // where the call has brought about nothing else. Otherwise all is in the outcome, and what the room holds has no meaning.
  virtual std::optional<size_t> ReceiveInto(View ciphertext, Room room, Outcome* outcome) {
    *outcome = Receive(ciphertext);
    return outcome->MoveInto(room, &Outcome::plaintext);
  }
  virtual std::optional<size_t> SendInto(View plaintext, Room room, Outcome* outcome) {
    *outcome = Send(plaintext);
    return outcome->MoveInto(room, &Outcome::ciphertext);
  }
  // Sends data before the handshake is done: a client's early data (RFC 8446 §2.3), or what a server answers to it.
  virtual Outcome SendEarly(View) { return {}; }
  virtual Outcome Close() = 0;
  virtual Outcome UpdateKeys() = 0;
  // The owner gives up. The result holds a fatal alert, which is the given one where the library can be told so.
  virtual Outcome Fail(int) { return {}; }
  virtual std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) = 0;
  // Exports from the early secret (RFC 8446 §7.5), always with a context; the absence of one is an empty one.
  virtual std::optional<Bytes> ExportEarly(const std::string&, View, size_t) { return std::nullopt; }
  virtual ConnectionFacts Facts() = 0;
  virtual std::vector<Bytes> PeerChain() = 0;
};

class Context {
 public:
  virtual ~Context() = default;
  virtual std::unique_ptr<Engine> CreateEngine(const EngineOptions& options, std::optional<Fault>* fault) = 0;
};

class Provider {
 public:
  virtual ~Provider() = default;
  // Gives the platform: `openssl`, `schannel` or `secureTransport`.
  virtual const char* Name() const = 0;
  // Gives the library's version, for example `OpenSSL 3.0.19`.
  virtual std::string Version() const = 0;
  // Gives the file from which the library was loaded.
  virtual std::string Path() const = 0;
  // Whether it is a copy that Node itself brings along and uses.
  virtual bool IsOfNode() const { return false; }
  // Whether it knows where the certificates are that the system trusts.
  virtual bool HasSystemTrust() const { return true; }
  virtual Algorithms Supported() const = 0;
  // Gives the system's policy, where the platform has one that can be read.
  virtual std::optional<Policy> SystemPolicy() const { return std::nullopt; }
  // Parses certificates in DER; with `add_system`, the platform's own are trusted as well.
  virtual std::shared_ptr<TrustStore> CreateTrustStore(const std::vector<Bytes>& certificates, bool add_system,
                                                       std::optional<Fault>* fault) = 0;
  // Loads an identity. `chain` is in DER, leaf first; `private_key` is PKCS#8, SEC1 or PKCS#1 in DER.
  virtual std::shared_ptr<Credential> CreateCredential(const std::vector<Bytes>& chain, const Bytes& private_key,
                                                       std::optional<Fault>* fault) = 0;
  // Does the same, but the identity signs with these schemes only. Without a private key the engine asks for each signature.
  virtual std::shared_ptr<Credential> CreateRestricted(const std::vector<Bytes>&, const Bytes&, const std::vector<uint16_t>&,
                                                       std::optional<Fault>* fault) {
    *fault = Fault();
    (*fault)->code = "ERR_TLS_UNSUPPORTED";
    (*fault)->detail = "the platform's library chooses signature schemes itself, and signs itself";
    return nullptr;
  }
  // Removes the private keys of this process from wherever they are outside of its memory. It is called when the process ends: no identity is
  // usable from here on.
  virtual void ForgetKeys() {}
  virtual std::shared_ptr<Context> CreateContext(const ContextOptions& options, std::shared_ptr<TrustStore> trust,
                                                 std::optional<Fault>* fault) = 0;
};

// Which library is meant where no file is given.
enum class Origin {
  kAny,     // either: a rule chooses
  kSystem,  // the one that the system brings along
  kNode,    // the one that Node brings along
};

// These load a library, for the rest of the process. On failure null; `tried` then lists what was tried and why it failed. With a path, that
// file is loaded, whatever the origin.
Provider* LoadOpenSsl(const std::string& path, std::vector<std::string>* tried, Origin origin = Origin::kAny);
Provider* LoadSchannel(const std::string& path, std::vector<std::string>* tried);
Provider* LoadSecureTransport(const std::string& path, std::vector<std::string>* tried);

}  // namespace tls
