#include "tickets.hh"

#include <algorithm>
#include <cstring>

#include "engine.hh"

namespace tls::openssl {
namespace {

constexpr size_t kNameLength = 16;
constexpr size_t kSecretLength = 32;
constexpr size_t kIvLength = 16;
// The number of the layout of what is kept beside the session; another layout is not read.
constexpr uint64_t kLayout = 2;
// The most bytes that a ticket carries beside the session. A client sends its ticket in the clear with each ClientHello, which should fit
// one record. More content, as of a long chain, is no reason to fail: the ticket then carries none of it, and is not resumed.
constexpr size_t kMaxContent = 12 * 1024;
constexpr size_t kUnmodified = static_cast<size_t>(-1);

bool UseKeys(const Bytes& ticket_key, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac, bool is_sealing) {
  const unsigned char* encryption = ticket_key.data() + kNameLength;
  // The library's parameters are not const, but are only read here.
  auto* authentication = const_cast<unsigned char*>(encryption + kSecretLength);
  char digest[] = "sha256";
  const OSSL_PARAM parameters[] = {{"key", constant::kParamOctets, authentication, kSecretLength, kUnmodified},
                                   {"digest", constant::kParamUtf8, digest, sizeof digest - 1, kUnmodified},
                                   {nullptr, 0, nullptr, 0, 0}};
  if (F().EVP_MAC_CTX_set_params(mac, parameters) != 1) return false;
  const auto start = is_sealing ? F().EVP_EncryptInit_ex : F().EVP_DecryptInit_ex;
  return start(cipher, F().EVP_aes_256_cbc(), nullptr, encryption, iv) == 1;
}

void AppendNumber(Bytes* out, uint64_t number, int octets) {
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) out->push_back(static_cast<uint8_t>(number >> shift));
}

void AppendBytes(Bytes* out, const Bytes& bytes) {
  AppendNumber(out, bytes.size(), 1);
  out->insert(out->end(), bytes.begin(), bytes.end());
}

void AppendList(Bytes* out, const std::vector<Bytes>& list) {
  AppendNumber(out, list.size(), 1);
  for (const Bytes& each : list) {
    AppendNumber(out, each.size(), 3);
    out->insert(out->end(), each.begin(), each.end());
  }
}

// Reads what the two functions above wrote; false when there is too little.
bool TakeNumber(View* in, int octets, uint64_t* number) {
  if (in->size < static_cast<size_t>(octets)) return false;
  *number = 0;
  for (int index = 0; index < octets; ++index) *number = *number << 8 | in->data[index];
  in->data += octets;
  in->size -= static_cast<size_t>(octets);
  return true;
}

bool TakeBytes(View* in, Bytes* bytes) {
  uint64_t length = 0;
  if (!TakeNumber(in, 1, &length) || in->size < length) return false;
  bytes->assign(in->data, in->data + length);
  in->data += length;
  in->size -= length;
  return true;
}

bool TakeList(View* in, std::vector<Bytes>* list) {
  uint64_t count = 0;
  if (!TakeNumber(in, 1, &count)) return false;
  for (; count > 0; --count) {
    uint64_t length = 0;
    if (!TakeNumber(in, 3, &length) || in->size < length) return false;
    list->emplace_back(in->data, in->data + length);
    in->data += length;
    in->size -= length;
  }
  return true;
}

// Tells whether a session may be resumed. In TLS 1.2 a client's certificate is only proven for a secret that covers the whole handshake:
// otherwise an attacker in between can make two sessions with the same secret, and pass for the client on a resumption (RFC 7627 §1, §5.3).
bool IsSafeToResume(const SSL_SESSION* session, const TicketContent& content) {
  return content.is_extended || content.chain.empty() || F().SSL_SESSION_get_protocol_version(session) != kTls12;
}

}  // namespace

Bytes EncodeTicket(const TicketContent& content) {
  Bytes ticket;
  AppendNumber(&ticket, kLayout, 1);
  AppendNumber(&ticket, static_cast<uint64_t>(content.end), 8);
  AppendList(&ticket, content.chain);
  AppendList(&ticket, content.path);
  AppendNumber(&ticket, content.own_scheme, 2);
  AppendNumber(&ticket, content.peer_scheme, 2);
  AppendBytes(&ticket, content.pre_shared_key);
  AppendBytes(&ticket, content.replay_scope);
  AppendNumber(&ticket, content.is_extended ? 1 : 0, 1);
  return ticket;
}

bool DecodeTicket(View ticket, TicketContent* content) {
  uint64_t layout = 0;
  uint64_t is_extended = 0;
  uint64_t end = 0;
  uint64_t own_scheme = 0;
  uint64_t peer_scheme = 0;
  if (!TakeNumber(&ticket, 1, &layout) || layout != kLayout || !TakeNumber(&ticket, 8, &end) ||
      !TakeList(&ticket, &content->chain) || !TakeList(&ticket, &content->path) ||
      !TakeNumber(&ticket, 2, &own_scheme) || !TakeNumber(&ticket, 2, &peer_scheme) ||
      !TakeBytes(&ticket, &content->pre_shared_key) || !TakeBytes(&ticket, &content->replay_scope) ||
      !TakeNumber(&ticket, 1, &is_extended) || ticket.size != 0) {
    return false;
  }
  content->end = static_cast<int64_t>(end);
  content->own_scheme = static_cast<uint16_t>(own_scheme);
  content->peer_scheme = static_cast<uint16_t>(peer_scheme);
  content->is_extended = is_extended == 1;
  return true;
}

// Seals and opens tickets as RFC 5077 §4 does, but with AES-256 instead of AES-128; both keys are already derived from the owner's secret.
// Returns 1, 2 (it is opened, but must be sealed anew), 0 (the key is not ours) or -1.
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
    if (std::memcmp(name, keys[index].data(), kNameLength) != 0) continue;  // the name is not secret
    if (!UseKeys(keys[index], iv, cipher, mac, false)) return -1;
    // In TLS 1.3 each ticket is used once, and a new one takes its place (RFC 8446 §C.4).
    return index == 0 && F().SSL_version(connection) == kTls12 ? 1 : 2;
  }
  return 0;
}

int OnTicketMade(SSL* connection, void*) {
  SSL_SESSION* session = F().SSL_get_session(connection);
  OpenSslEngine* engine = OpenSslEngine::Of(connection);
  const TicketContent content = engine->ToKeep();
  // This is the lifetime that the client is told (RFC 8446 §4.6.1). In TLS 1.2, 0 would leave the lifetime to the client.
  const int64_t left = (content.end - engine->now()) / 1000;
  F().SSL_SESSION_set_timeout(session, static_cast<long>(std::clamp<int64_t>(left, 1, kLongestLifetime)));
  Bytes ticket = EncodeTicket(content);
  if (ticket.size() > kMaxContent) ticket.clear();
  return F().SSL_SESSION_set1_ticket_appdata(session, ticket.data(), ticket.size());
}

int OnTicketOpened(SSL* connection, SSL_SESSION* session, const unsigned char*, size_t, int status, void*) {
  if (status == constant::kTicketIsEmpty) return constant::kTicketIgnoreAndRenew;
  if (status != constant::kTicketIsOpened && status != constant::kTicketIsOpenedToRenew) return constant::kTicketIgnoreAndRenew;
  // A session belongs to the version in which it was made (RFC 8446 §4.6.1).
  if (F().SSL_SESSION_get_protocol_version(session) != F().SSL_version(connection)) return constant::kTicketIgnoreAndRenew;
  void* data = nullptr;
  size_t length = 0;
  TicketContent content;
  if (F().SSL_SESSION_get0_ticket_appdata(session, &data, &length) != 1 ||
      !DecodeTicket(View{static_cast<const uint8_t*>(data), length}, &content) ||
      !IsSafeToResume(session, content) || !OpenSslEngine::Of(connection)->Continue(std::move(content))) {
    return constant::kTicketIgnoreAndRenew;
  }
  return status == constant::kTicketIsOpened ? constant::kTicketUse : constant::kTicketUseAndRenew;
}

}  // namespace tls::openssl
