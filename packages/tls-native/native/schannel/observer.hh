// Reads what goes over the wire unprotected in a handshake, because SChannel does not tell most of it.
#pragma once

#include "client-hello.hh"
#include "record.hh"

namespace tls::schannel {

enum class Hello { kPart, kWhole, kMalformed, kUnexpected, kTooLong };

class Observer {
 public:
  // Takes whole records, in the order of the wire.
  void See(View records, bool is_from_client);

  // Tells how much of the first ClientHello there is.
  Hello hello() const { return hello_state_; }
  const ClientHello& client_hello() const { return client_hello_; }
  // Gives the number of an alert that was not protected; -1 when there was none.
  int alert(bool is_from_client) const { return is_from_client ? client_.alert : server_.alert; }

  // True for a ServerHello that is no HelloRetryRequest.
  bool has_server_hello() const { return has_server_hello_; }
  // These are 0 or false until they are seen.
  uint16_t version() const { return version_; }
  uint16_t cipher_suite() const { return cipher_suite_; }
  uint16_t group() const { return group_; }
  uint16_t server_scheme() const { return server_scheme_; }
  uint16_t client_scheme() const { return client_scheme_; }
  bool is_retry() const { return is_retry_; }
  bool has_extended_main_secret() const { return has_extended_main_secret_; }
  bool was_asked() const { return was_asked_; }
  const Bytes& asked_schemes() const { return asked_schemes_; }
  const std::vector<Bytes>& asked_authorities() const { return asked_authorities_; }

 private:
  struct Side {
    Bytes handshake;  // the part of a message that is there
    bool is_protected = false;
    int alert = -1;
  };

  void SeeFragment(View fragment, bool is_from_client);
  void SeeMessage(uint8_t type, View body, bool is_from_client);
  void SeeClientHello(View body);
  void SeeServerHello(View body);
  void SeeServerKeyExchange(View body);
  void SeeCertificateRequest(View body);
  void Refuse(Hello how) {
    if (hello_state_ == Hello::kPart) hello_state_ = how;
  }

  Side client_;
  Side server_;
  Hello hello_state_ = Hello::kPart;
  ClientHello client_hello_;
  uint16_t version_ = 0;
  uint16_t cipher_suite_ = 0;
  uint16_t group_ = 0;
  uint16_t server_scheme_ = 0;
  uint16_t client_scheme_ = 0;
  bool has_server_hello_ = false;
  bool is_retry_ = false;
  bool has_extended_main_secret_ = false;
  bool was_asked_ = false;
  Bytes asked_schemes_;
  std::vector<Bytes> asked_authorities_;
};

}  // namespace tls::schannel
