// Reads one direction of a TLS 1.2 handshake, which is in the clear until ChangeCipherSpec (RFC 5246 §7.1). The library does not tell the
// chain as it was sent, the group, the signature and the stapled response, or tells them only by functions that are not public.
#pragma once

#include <optional>

#include "memory.hh"

namespace tls::secure_transport {

struct ClientHello {
  Bytes cipher_suites;          // two octets for each
  std::vector<Bytes> extensions;  // each with a type and a body
  // Gives the body of an extension; null when the client sent none.
  std::optional<View> Find(uint16_t type) const;
  // Gives the server_name (RFC 6066 §3); null when there is none, or one that cannot be read.
  std::optional<std::string> ServerName() const;
  // Reads an extension that is one list of two-octet numbers.
  std::vector<uint16_t> Numbers(uint16_t type) const;
};

constexpr uint16_t kSupportedGroups = 10;
constexpr uint16_t kSignatureAlgorithms = 13;

class HandshakeWatch {
 public:
  void Feed(View bytes);

  // True after bytes that are no TLS 1.2 handshake, or are more than one has: nothing is read any more.
  bool is_lost() const { return is_lost_; }
  bool has_changed_cipher() const { return has_changed_cipher_; }
  bool has_alert() const { return has_alert_; }  // an alert of any kind

  // These are what has been read so far.
  std::optional<ClientHello> client_hello;
  std::optional<Bytes> alpn;      // the protocol in ServerHello
  bool has_extended_main_secret = false;  // from ServerHello
  std::vector<Bytes> chain;
  std::optional<Bytes> ocsp_response;
  uint16_t group = 0;   // from ServerKeyExchange
  uint16_t scheme = 0;  // from ServerKeyExchange or CertificateVerify
  bool has_certificate_request = false;
  Bytes requested_schemes;
  std::vector<Bytes> authorities;
  int alert = -1;  // -1, or a fatal one or close_notify

 private:
  bool TakeRecord();
  bool TakeMessages();
  bool Read(uint8_t type, View body);

  Bytes record_;     // what has come of the record
  Bytes messages_;   // what has come of the message
  bool is_lost_ = false;
  bool has_alert_ = false;
  bool has_changed_cipher_ = false;
};

}  // namespace tls::secure_transport
