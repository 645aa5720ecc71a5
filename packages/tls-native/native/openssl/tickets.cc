#include "tickets.hh"

#include <cstring>

#include "engine.hh"

namespace tls::openssl {
namespace {

constexpr size_t kNameLength = 16;
constexpr size_t kSecretLength = 32;
constexpr size_t kIvLength = 16;
constexpr size_t kUnmodified = static_cast<size_t>(-1);

// Two keys from one secret: HMAC-SHA256 over what each is for.
bool Derive(const Bytes& ticket_key, const char* purpose, unsigned char (&key)[kSecretLength]) {
  size_t length = 0;
  return F().EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, ticket_key.data() + kNameLength, kSecretLength,
                       reinterpret_cast<const unsigned char*>(purpose), std::strlen(purpose), key, sizeof key,
                       &length) != nullptr &&
         length == kSecretLength;
}

bool UseKeys(const Bytes& ticket_key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool is_sealing) {
  unsigned char encryption[kSecretLength];
  unsigned char authentication[kSecretLength];
  bool is_set = Derive(ticket_key, "ticket encryption", encryption) && Derive(ticket_key, "ticket authentication", authentication);
  char digest[] = "sha256";
  const OSSL_PARAM parameters[] = {{"key", constant::kParamOctets, authentication, sizeof authentication, kUnmodified},
                                   {"digest", constant::kParamUtf8, digest, sizeof digest - 1, kUnmodified},
                                   {nullptr, 0, nullptr, 0, 0}};
  is_set = is_set && F().EVP_MAC_CTX_set_params(mac, parameters) == 1;
  const auto start = is_sealing ? F().EVP_EncryptInit_ex : F().EVP_DecryptInit_ex;
  is_set = is_set && start(cipher, F().EVP_aes_256_cbc(), nullptr, encryption, iv) == 1;
  F().OPENSSL_cleanse(encryption, sizeof encryption);
  F().OPENSSL_cleanse(authentication, sizeof authentication);
  return is_set;
}

}  // namespace

// RFC 5077 §4, with AES-256 in place of AES-128. Returns 1, 2 (opened, but to be sealed anew), 0 (not ours), -1.
int OnTicketKey(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac,
                int is_sealing) {
  const std::vector<Bytes>& keys = OpenSslEngine::Of(connection)->ticket_keys();
  if (is_sealing != 0) {
    if (keys.empty()) return 0;  // no ticket
    std::memcpy(name, keys[0].data(), kNameLength);
    if (F().RAND_bytes(iv, kIvLength) != 1) return -1;
    return UseKeys(keys[0], iv, cipher, mac, true) ? 1 : -1;
  }
  for (size_t index = 0; index < keys.size(); ++index) {
    if (std::memcmp(name, keys[index].data(), kNameLength) != 0) continue;  // no secret
    if (!UseKeys(keys[index], iv, cipher, mac, false)) return -1;
    return index == 0 ? 1 : 2;
  }
  return 0;
}

int OnTicketMade(SSL* connection, void*) {
  SSL_SESSION* session = F().SSL_get_session(connection);
  const Bytes ticket = OpenSslEngine::Of(connection)->TicketData();
  return F().SSL_SESSION_set1_ticket_appdata(session, ticket.data(), ticket.size());
}

int OnTicketOpened(SSL* connection, SSL_SESSION* session, const unsigned char*, size_t, int status, void*) {
  if (status == constant::kTicketIsEmpty) return constant::kTicketIgnoreAndRenew;
  if (status != constant::kTicketIsOpened && status != constant::kTicketIsOpenedToRenew) return constant::kTicketIgnoreAndRenew;
  void* data = nullptr;
  size_t length = 0;
  if (F().SSL_SESSION_get0_ticket_appdata(session, &data, &length) != 1 ||
      !OpenSslEngine::Of(connection)->TakeTicketData(View{static_cast<const uint8_t*>(data), length})) {
    return constant::kTicketIgnoreAndRenew;
  }
  return status == constant::kTicketIsOpened ? constant::kTicketUse : constant::kTicketUseAndRenew;
}

}  // namespace tls::openssl
