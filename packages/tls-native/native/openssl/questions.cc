#include "questions.hh"

#include <algorithm>
#include <cstring>

#include "client-hello.hh"
#include "credential.hh"
#include "engine.hh"
#include "pre-shared-keys.hh"
#include "registry.hh"
#include "stapling.hh"
#include "verify-codes.hh"

namespace tls::openssl {
namespace {

constexpr unsigned kCertificateAuthorities = 47;
constexpr unsigned kKeyShare = 51;
constexpr size_t kMaxKeyShares = 64;
// How many authorities are read: as many as are reported, and one more, which shows that there are too many.
constexpr int kMaxAuthorities = 1025;
// The numbers of ClientCertificateType (RFC 5246 §7.4.4, RFC 8422 §5.5).
constexpr unsigned char kRsaSign = 1;
constexpr unsigned char kEcdsaSign = 64;
constexpr unsigned kExtendedMasterSecret = 23;
constexpr unsigned kPskKeyExchangeModes = 45;
constexpr unsigned char kPskDheKe = 1;

Bytes Uint16(unsigned number) { return Bytes{static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)}; }

std::vector<Bytes> Extensions(SSL* connection) {
  int* types = nullptr;
  size_t count = 0;
  std::vector<Bytes> all;
  if (F().SSL_client_hello_get1_extensions_present(connection, &types, &count) != 1) return all;
  for (size_t index = 0; index < count; ++index) {
    const unsigned char* body = nullptr;
    size_t length = 0;
    if (F().SSL_client_hello_get0_ext(connection, static_cast<unsigned>(types[index]), &body, &length) != 1) continue;
    Bytes extension = Uint16(static_cast<unsigned>(types[index]));
    extension.insert(extension.end(), body, body + length);
    all.push_back(std::move(extension));
  }
  F().CRYPTO_free(types, __FILE__, __LINE__);
  return all;
}

// Gives the verifier's code that makes the library send an alert (RFC 8446 §6.2).
int VerifyCodeOfAlert(int alert) {
  switch (alert) {
    case alert::kBadCertificate: return verify_code::kRejected;
    case alert::kUnsupportedCertificate: return verify_code::kInvalidPurpose;
    case alert::kCertificateRevoked: return verify_code::kRevoked;
    case alert::kCertificateExpired: return verify_code::kExpired;
    case alert::kUnknownCa: return verify_code::kNoIssuerLocally;
    case alert::kInternalError: return verify_code::kUnspecified;
    default: return verify_code::kUnknown;
  }
}

// Gives a code that makes the library send the alert of the interface's table, where it would send another one.
int CodeToSend(int code) {
  switch (code) {
    case verify_code::kNotYetValid:
      return VerifyCodeOfAlert(alert::kCertificateExpired);
    case verify_code::kSignatureFailure:
    case verify_code::kSignatureOfOtherKey:
    case verify_code::kSignaturesDiffer:
    case verify_code::kPathTooLong:
    case verify_code::kInvalidExtension:
    case verify_code::kNameNotPermitted:
    case verify_code::kNameExcluded:
    case verify_code::kConstraintBounds:
    case verify_code::kConstraintType:
    case verify_code::kConstraintSyntax:
    case verify_code::kNameSyntax:
    case verify_code::kInvalidCa:
      return VerifyCodeOfAlert(alert::kBadCertificate);
    case verify_code::kNoPublicKey:
    case verify_code::kNoIssuerPublicKey:
    case verify_code::kExplicitCurve:
    case verify_code::kUnknownSignature:
    case verify_code::kUnhandledCriticalExtension:
    case verify_code::kLeafKeyTooWeak:
    case verify_code::kIssuerKeyTooWeak:
    case verify_code::kHashTooWeak:
      return VerifyCodeOfAlert(alert::kUnsupportedCertificate);
    default:
      return code;
  }
}

// In TLS 1.2 a request also names kinds of keys, and a client must respect them (RFC 5246 §7.4.4).
bool IsOfCertificateTypes(SSL* connection, int signature_type) {
  const unsigned char* types = nullptr;
  if (F().SSL_version(connection) != kTls12) return true;
  const long count = F().SSL_ctrl(connection, constant::kCtrlGetCertificateTypes, 0, &types);
  return std::find(types, types + count, IsRsaSignature(signature_type) ? kRsaSign : kEcdsaSign) != types + count;
}

// Refuses what the library accepts in a peer's own certificate: a key that must not sign (RFC 8446 §4.4.2.2), and a CA's certificate.
bool IsFitLeaf(X509_STORE_CTX* verification) {
  X509* leaf = F().X509_STORE_CTX_get0_cert(verification);
  // All bits are set where there is no keyUsage.
  const bool is_signer = (F().X509_get_key_usage(leaf) & constant::kUsageDigitalSignature) != 0;
  const bool is_trusted_itself = F().OPENSSL_sk_num(F().X509_STORE_CTX_get0_chain(verification)) == 1;
  const bool is_ca = (F().X509_get_extension_flags(leaf) & constant::kCertificateIsCa) != 0;
  return is_signer && (is_trusted_itself || !is_ca);
}

// Gives 0, or the verifier's code.
int Judge(OpenSslEngine* engine, X509_STORE_CTX* verification) {
  ProvenChains& known = engine->proven_chains();
  std::optional<PresentedChain> presented = known.Read(verification, engine->peer_name());
  if (presented.has_value() && known.Recall(*presented, verification, engine->now())) return 0;
  const int is_accepted = F().X509_verify_cert(verification);
  if (is_accepted != 1) {
    const int code = F().X509_STORE_CTX_get_error(verification);
    return code == 0 ? verify_code::kUnspecified : code;
  }
  if (!IsFitLeaf(verification)) return verify_code::kInvalidPurpose;
  if (presented.has_value()) known.Remember(std::move(*presented), verification, engine->now());
  return 0;
}

bool AsksForStaple(const OpenSslEngine* engine) { return engine->options().request_ocsp && !engine->options().is_server; }

// Judges a chain that the library has accepted, or was not asked to judge: first by what is stapled, where that is judged here, and then by
// asking the owner. Gives the alert to refuse it with, or -1.
int FurtherVerdict(OpenSslEngine* engine, const OPENSSL_STACK* chain, const OPENSSL_STACK* path) {
  const ContextOptions& options = engine->options();
  if (AsksForStaple(engine) && !options.accept_any) {
    const int code = JudgeStaple(engine->OcspResponse(), path, engine->trust(), engine->now_seconds());
    const int alert = code == verify_code::kRevoked ? alert::kCertificateRevoked : alert::kBadCertificateStatusResponse;
    if (code != 0) {
      engine->NoteRefusal(code, alert);
      return alert;
    }
  }
  if (!options.ask_verify) return -1;
  const int alert = engine->AskVerdict(EncodeAll(chain), options.accept_any ? std::vector<Bytes>{} : EncodeAll(path));
  if (alert >= 0) engine->NoteRefusal(VerifyCodeOfAlert(alert), alert);
  return alert;
}

// Gives the verdict in TLS 1.2, once it is known what came with the certificate. False when the peer is refused.
bool GiveDueVerdict(SSL* connection, OpenSslEngine* engine) {
  if (!engine->is_verdict_due()) return true;
  if (FurtherVerdict(engine, F().SSL_get_peer_cert_chain(connection), F().SSL_get0_verified_chain(connection)) >= 0) return false;
  engine->SetVerdictDue(false);
  return true;
}

}  // namespace

namespace {

// A client that cannot use a ticket gets none (RFC 8446 §4.2.9).
void MindTicketModes(SSL* connection) {
  const unsigned char* modes = nullptr;
  size_t length = 0;
  const bool is_there = F().SSL_client_hello_get0_ext(connection, kPskKeyExchangeModes, &modes, &length) == 1;
  if (is_there && std::find(modes + 1, modes + std::max<size_t>(length, 1), kPskDheKe) == modes + std::max<size_t>(length, 1)) {
    F().SSL_set_num_tickets(connection, 0);
  }
}

// Counts the entries of a list in the ClientHello. Each has a head, whose last two bytes say how long the rest is.
size_t CountEntries(SSL* connection, unsigned extension, size_t head) {
  const unsigned char* body = nullptr;
  size_t length = 0;
  if (F().SSL_client_hello_get0_ext(connection, extension, &body, &length) != 1) return 0;
  size_t count = 0;
  for (size_t at = 2; at + head <= length; ++count) {
    at += head + (static_cast<size_t>(body[at + head - 2]) << 8) + body[at + head - 1];
  }
  return count;
}

// The library does work for each entry before anybody is asked. It looks for the group of each key share in the client's list of groups
// (RFC 8446 §4.2.8), with one loop within the other, and there are fewer groups than this limit. It makes an object of each authority (§4.2.4),
// and a hook is not told of more than this limit either.
bool HasTooLongList(SSL* connection) {
  return CountEntries(connection, kKeyShare, 4) > kMaxKeyShares ||
         CountEntries(connection, kCertificateAuthorities, 2) >= static_cast<size_t>(kMaxAuthorities);
}

}  // namespace

int OnClientHello(SSL* connection, int* alert, void*) {
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  if (HasTooLongList(connection)) engine->NoteLimit();
  const ContextOptions& options = engine->options();
  const int refusal = engine->is_over_limit() ? alert::kUnexpectedMessage : RefusalOfClientHello(connection, options.max_version);
  *alert = refusal >= 0 ? refusal : alert::kInternalError;
  if (refusal >= 0) return constant::kClientHelloRefused;
  if (!PreferSuitesOfOfferedKey(connection)) return constant::kClientHelloRefused;
  MindTicketModes(connection);
  const unsigned char* body = nullptr;
  size_t body_length = 0;
  engine->NoteExtendedMainSecret(F().SSL_client_hello_get0_ext(connection, kExtendedMasterSecret, &body, &body_length) == 1);
  // A second ClientHello, after a HelloRetryRequest, changes nothing about the answer.
  if (!options.ask_client_hello || engine->has_answered_client_hello()) return constant::kClientHelloOk;
  const unsigned char* suites = nullptr;
  const size_t length = F().SSL_client_hello_get0_ciphers(connection, &suites);
  const Answer* answer = engine->Ask(Question::ClientHello(Bytes(suites, suites + length), Extensions(connection)));
  if (answer != nullptr && answer->alert >= 0) *alert = answer->alert;
  if (answer == nullptr || answer->alert >= 0) return constant::kClientHelloRefused;
  if (answer->credential != nullptr && !static_cast<OpenSslCredential*>(answer->credential.get())->UseAsServer(connection)) {
    return constant::kClientHelloRefused;
  }
  engine->TakeClientHelloAnswer(*answer);
  return constant::kClientHelloOk;
}

// A server that uses the name acknowledges it, except where it resumes (RFC 6066 §3).
int OnServerName(SSL* connection, int*, void*) {
  return F().SSL_session_reused(connection) == 1 ? constant::kServerNameNotAcknowledged : constant::kServerNameUsed;
}

int OnCertificateRequest(SSL* connection, void*) {
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  // The peer is judged before our own certificate is chosen.
  if (!GiveDueVerdict(connection, engine)) return 0;
  engine->NoteCertificateRequest();
  if (!engine->options().ask_certificate) return 1;
  Bytes schemes;
  const int count = F().SSL_get_sigalgs(connection, 0, nullptr, nullptr, nullptr, nullptr, nullptr);
  for (int index = 0; index < count; ++index) {
    unsigned char low = 0;
    unsigned char high = 0;
    int signature_type = 0;
    F().SSL_get_sigalgs(connection, index, &signature_type, nullptr, nullptr, &low, &high);
    if (!IsOfCertificateTypes(connection, signature_type)) continue;
    schemes.push_back(high);
    schemes.push_back(low);
  }
  std::vector<Bytes> authorities;
  const OPENSSL_STACK* names = F().SSL_get0_peer_CA_list(connection);
  const int length = names == nullptr ? 0 : std::min(F().OPENSSL_sk_num(names), kMaxAuthorities);
  for (int index = 0; index < length; ++index) {
    authorities.push_back(Encode(static_cast<const X509_NAME*>(F().OPENSSL_sk_value(names, index))));
  }
  const auto version = static_cast<uint16_t>(F().SSL_version(connection));
  const Answer* answer = engine->Ask(Question::Certificate(version, std::move(schemes), std::move(authorities)));
  if (answer == nullptr || answer->alert >= 0) return 0;  // this sends internal_error
  if (answer->credential == nullptr) return 1;
  return static_cast<OpenSslCredential*>(answer->credential.get())->Use(connection) ? 1 : 0;
}

int OnVerify(X509_STORE_CTX* verification, void*) {
  auto* connection =
      static_cast<SSL*>(F().X509_STORE_CTX_get_ex_data(verification, F().SSL_get_ex_data_X509_STORE_CTX_idx()));
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  const int code = engine->options().accept_any ? 0 : Judge(engine, verification);
  if (code != 0) {
    engine->NoteRefusal(code, -1);
    F().X509_STORE_CTX_set_error(verification, CodeToSend(code));
    return 0;
  }
  F().X509_STORE_CTX_set_error(verification, 0);
  if (AsksForStaple(engine) && F().SSL_version(connection) < kTls13) {
    // What is stapled comes in a message of its own, after this one (RFC 6066 §8).
    engine->SetVerdictDue(true);
    return 1;
  }
  const int alert =
      FurtherVerdict(engine, F().X509_STORE_CTX_get0_untrusted(verification), F().X509_STORE_CTX_get0_chain(verification));
  if (alert < 0) return 1;
  F().X509_STORE_CTX_set_error(verification, VerifyCodeOfAlert(alert));
  return 0;
}

// A server staples here. A client is called at the end of the server's first flight.
int OnStatus(SSL* connection, void*) {
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  if (!engine->options().is_server) return GiveDueVerdict(connection, engine) ? 1 : constant::kStatusRefused;
  const Bytes& response = engine->response_to_staple();
  if (response.empty()) return constant::kStatusNone;
  void* copy = F().CRYPTO_malloc(response.size(), __FILE__, __LINE__);
  if (copy == nullptr) return constant::kStatusNone;
  std::memcpy(copy, response.data(), response.size());  // from here on the library owns it
  F().SSL_ctrl(connection, constant::kCtrlSetOcspResponse, static_cast<long>(response.size()), copy);
  return constant::kStatusSent;
}

// Tells whether early data may be accepted (RFC 8446 §8). The client's random number stands for its ClientHello.
int OnEarlyData(SSL* connection, void*) {
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  // The library goes by its own limit, and ends a connection that exceeds the ticket's.
  const uint32_t limit = F().SSL_SESSION_get_max_early_data(F().SSL_get_session(connection));
  if (limit == 0) return 0;
  // The memory knows nothing about the tickets of another process, nor about the time before it existed (RFC 8446 §8.2).
  if (!engine->IsOfReplayScope()) return 0;
  if (!engine->options().ask_early_data) return 1;
  Bytes random(32);
  F().SSL_get_client_random(connection, random.data(), random.size());
  const Answer* answer = engine->Ask(Question::EarlyData(std::move(random), limit));
  return answer != nullptr && answer->alert < 0 && !answer->declines ? 1 : 0;
}

}  // namespace tls::openssl
