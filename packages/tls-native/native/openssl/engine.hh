#pragma once

#include "buffer-bio.hh"
#include "context.hh"

namespace tls::openssl {

// An SSL object between two buffers.
class OpenSslEngine final : public Engine {
 public:
  static std::unique_ptr<OpenSslEngine> Create(std::shared_ptr<OpenSslContext> context, const std::string& server_name,
                                               bool is_address, const std::optional<Bytes>& alpn,
                                               std::optional<Fault>* fault);

  Outcome Start() override;
  Outcome Receive(View ciphertext) override;
  Outcome Send(View plaintext) override;
  Outcome Close() override;
  Outcome UpdateKeys() override;
  std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) override;
  ConnectionFacts Facts() override;
  std::vector<Bytes> PeerChain() override;

  // OpenSSL's callbacks
  static void OnInfo(const SSL* connection, int where, int value);
  static void OnKeyLog(const SSL* connection, const char* line);
  static void OnMessage(int is_write, int version, int content_type, const void* data, size_t length, SSL* connection, void*);

 private:
  OpenSslEngine(std::shared_ptr<OpenSslContext> context, ConnectionOwner connection);

  static OpenSslEngine* Of(const SSL* connection);
  Outcome Finish(Outcome outcome);
  bool Handshake(Outcome* outcome);
  void Read(Outcome* outcome);
  Fault FaultOf(int result);

  std::shared_ptr<OpenSslContext> context_;
  BufferBio buffers_;
  ConnectionOwner connection_;  // freed before the buffers that its BIO points to
  std::vector<std::string> key_log_;
  bool is_done_ = false;
  bool is_peer_closed_ = false;
  int client_hellos_ = 0;
  int sent_alert_ = -1;
  int received_alert_ = -1;
};

}  // namespace tls::openssl
