#include "pre-shared-keys.hh"

#include <algorithm>
#include <cstring>

#include "engine.hh"
#include "registry.hh"

namespace tls::openssl {
namespace {

constexpr unsigned kPreSharedKeyExtension = 41;
constexpr uint16_t kAes256Sha384 = 0x1302;
constexpr int kSha384Length = 48;

bool IsSameIdentity(const PreSharedKey& key, const unsigned char* identity, size_t length) {
  return key.identity.size() == length && std::memcmp(key.identity.data(), identity, length) == 0;  // identities are not secret
}

const PreSharedKey* Find(const OpenSslEngine& engine, const unsigned char* identity, size_t length) {
  for (const PreSharedKey& key : engine.options().pre_shared_keys) {
    if (IsSameIdentity(key, identity, length)) return &key;
  }
  return nullptr;
}

// Null when the library refuses the session.
SessionOwner MakeSession(SSL* connection, const PreSharedKey& key, const Bytes& rules) {
  SessionOwner session(F().SSL_SESSION_new());
  const unsigned char suite[] = {0x13, static_cast<unsigned char>(key.is_sha384 ? 0x02 : 0x01)};
  const SSL_CIPHER* cipher = F().SSL_CIPHER_find(connection, suite);
  if (session == nullptr || cipher == nullptr ||
      F().SSL_SESSION_set1_master_key(session.get(), key.key.data(), key.key.size()) != 1 ||
      F().SSL_SESSION_set_cipher(session.get(), cipher) != 1 ||
      F().SSL_SESSION_set_protocol_version(session.get(), kTls13) != 1 ||
      F().SSL_SESSION_set1_id_context(session.get(), rules.data(), static_cast<unsigned>(rules.size())) != 1) {
    return nullptr;
  }
  return session;
}

}  // namespace

int OnMissingKey(SSL* connection, void*) {
  OpenSslEngine::Of(connection)->NoteAlert(alert::kUnknownPskIdentity);
  return 0;
}

const PreSharedKey* FindByDigest(const ContextOptions& options, const Bytes& digest) {
  for (const PreSharedKey& key : options.pre_shared_keys) {
    if (key.digest == digest) return &key;
  }
  return nullptr;
}

int OnFindSession(SSL* connection, const unsigned char* identity, size_t length, SSL_SESSION** session) {
  *session = nullptr;
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  const PreSharedKey* key = Find(*engine, identity, length);
  if (key == nullptr) return 1;
  SessionOwner made = MakeSession(connection, *key, engine->options().session_rules);
  if (made == nullptr) return 0;
  engine->NotePreSharedKey(*key);
  *session = made.release();
  return 1;
}

int OnUseSession(SSL* connection, const EVP_MD* digest, const unsigned char** identity, size_t* length, SSL_SESSION** session) {
  *session = nullptr;
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  if (engine->options().pre_shared_keys.empty()) return 1;
  const PreSharedKey& key = engine->options().pre_shared_keys[0];
  // The hash is given once the server has chosen one.
  if (digest != nullptr && (F().EVP_MD_get_size(digest) == kSha384Length) != key.is_sha384) return 1;
  SessionOwner made = MakeSession(connection, key, engine->options().session_rules);
  if (made == nullptr) return 0;
  engine->NotePreSharedKey(key);
  *identity = key.identity.data();
  *length = key.identity.size();
  *session = made.release();
  return 1;
}

bool PreferSuitesOfOfferedKey(SSL* connection) {
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  const unsigned char* body = nullptr;
  size_t rest = 0;
  if (engine->options().pre_shared_keys.empty() ||
      F().SSL_client_hello_get0_ext(connection, kPreSharedKeyExtension, &body, &rest) != 1 || rest < 2) {
    return true;
  }
  // It is left to the library to refuse what is malformed.
  const size_t identities = std::min(rest - 2, static_cast<size_t>(body[0] << 8 | body[1]));
  const unsigned char* at = body + 2;
  const unsigned char* end = at + identities;
  while (end - at >= 2) {
    const size_t length = static_cast<size_t>(at[0] << 8 | at[1]);
    at += 2;
    if (static_cast<size_t>(end - at) < length + 4) return true;
    const PreSharedKey* key = Find(*engine, at, length);
    at += length + 4;  // obfuscated_ticket_age
    if (key == nullptr) continue;
    std::vector<uint16_t> suites = engine->options().algorithms.cipher_suites;
    std::stable_partition(suites.begin(), suites.end(),
                          [key](uint16_t suite) { return (suite == kAes256Sha384) == key->is_sha384; });
    return F().SSL_set_ciphersuites(connection, SuiteList(suites, kTls13).c_str()) == 1;
  }
  return true;
}

}  // namespace tls::openssl
