// Reads along with one direction of a TLS 1.2 handshake, which is in the clear until ChangeCipherSpec (RFC 5246 §7.1):
// the library does not tell the chain as sent, group, signature and stapled response, or only by functions not public.
#pragma once

#include <optional>

#include "memory.hh"

namespace tls::secure_transport {

struct ClientHello {
  Bytes cipher_suites;          // two octets each
  std::vector<Bytes> extensions;  // type and body
  // The body of an extension; null: the client sent none.
  std::optional<View> Find(uint16_t type) const;
  // RFC 6066 §3; null: none, or one that cannot be read.
  std::optional<std::string> ServerName() const;
  // Of an extension that is one list of two-octet numbers.
  std::vector<uint16_t> Numbers(uint16_t type) const;
};

constexpr uint16_t kSupportedGroups = 10;
constexpr uint16_t kSignatureAlgorithms = 13;

class HandshakeWatch {
 public:
  void Feed(View bytes);

  // Bytes that are no TLS 1.2 handshake, or more of them than a handshake has: nothing is read any more.
  bool is_lost() const { return is_lost_; }
  bool has_changed_cipher() const { return has_changed_cipher_; }
  bool has_alert() const { return has_alert_; }  // of any kind

  // What has been read so far.
  std::optional<ClientHello> client_hello;
  std::optional<Bytes> alpn;      // of ServerHello: the protocol
  bool has_extended_main_secret = false;  // of ServerHello
  std::vector<Bytes> chain;
  std::optional<Bytes> ocsp_response;
  uint16_t group = 0;   // of ServerKeyExchange
  uint16_t scheme = 0;  // of ServerKeyExchange or CertificateVerify
  bool has_certificate_request = false;
  Bytes requested_schemes;
  std::vector<Bytes> authorities;
  int alert = -1;  // a fatal one, or close_notify

 private:
  bool TakeRecord();
  bool TakeMessages();
  bool Read(uint8_t type, View body);

  Bytes record_;     // received so far of the record
  Bytes messages_;   // received so far of the message
  bool is_lost_ = false;
  bool has_alert_ = false;
  bool has_changed_cipher_ = false;
};

}  // namespace tls::secure_transport
