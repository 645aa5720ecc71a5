#pragma once

#include "context.hh"
#include "handshake-watch.hh"
#include "record-cursor.hh"

namespace tls::secure_transport {

// One connection: an SSLContext between two buffers.
class SecureTransportEngine final : public Engine {
 public:
  static std::unique_ptr<SecureTransportEngine> Create(std::shared_ptr<SecureTransportContext> context,
                                                       const EngineOptions& options, std::optional<Fault>* fault);

  Outcome Start() override;
  Outcome Receive(View ciphertext) override;
  Outcome Resume(Answer answer) override;
  Outcome Send(View plaintext) override;
  Outcome Close() override;
  Outcome Fail(int alert) override;
  Outcome UpdateKeys() override;
  std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) override;
  ConnectionFacts Facts() override;
  std::vector<Bytes> PeerChain() override { return received_.chain; }

  // These are the library's callbacks.
  static OSStatus OnRead(SSLConnectionRef connection, void* data, size_t* length);
  static OSStatus OnWrite(SSLConnectionRef connection, const void* data, size_t* length);

 private:
  enum class Rest { kNone, kClientHello, kCertificate, kVerify };

  SecureTransportEngine(std::shared_ptr<SecureTransportContext> context, const EngineOptions& options,
                        Owner<SSLContextRef> connection);

  OSStatus Configure();
  OSStatus ConfigureClient();
  OSStatus ConfigureServer();
  OSStatus Use(const SecureTransportCredential& credential);

  Outcome Run(View ciphertext);
  Outcome Finish(Outcome outcome);
  // Each of these returns true when the handshake goes on.
  bool Handshake(Outcome* outcome);
  bool Step(OSStatus status, Outcome* outcome);
  bool OnClientHello(Outcome* outcome);
  bool OnCertificateRequest(Outcome* outcome);
  bool OnPeer(Outcome* outcome);
  bool AreChoicesOurs(Outcome* outcome);
  std::optional<Fault> JudgePeer();
  Question VerifyQuestion() const;
  bool SetUpServer(const Answer* answer, Outcome* outcome);
  const SecureTransportCredential* ChooseForClient() const;
  const SecureTransportCredential* ChooseForServer() const;

  void Read(Outcome* outcome);
  Outcome ReceiveAfterClose(View ciphertext);
  bool Rests(Rest rest, Question question, Outcome* outcome);
  // Ends the connection with a fault of ours, and tells the peer, as long as nothing is encrypted.
  bool Refuse(Fault fault, int alert, Outcome* outcome);
  bool FailWith(OSStatus status);

  const ContextOptions& options() const { return context_->options(); }

  std::shared_ptr<SecureTransportContext> context_;
  EngineOptions engine_options_;
  View input_{nullptr, 0};
  Bytes output_;
  Bytes unread_;  // what came in together with a message that a question is about; for a server, what came before ClientHello was whole
  HandshakeWatch received_;
  HandshakeWatch sent_;
  std::vector<Bytes> verified_path_;
  RecordCursor records_;
  Rest rest_ = Rest::kNone;
  std::optional<Fault> failure_;
  bool has_client_hello_ = false;
  bool has_met_peer_ = false;
  bool is_judged_ = false;
  bool has_sent_alert_ = false;  // it was sent in this call
  bool is_done_ = false;
  bool is_closed_ = false;
  bool is_peer_closed_ = false;
  // This stands last, so that it is freed before the buffers that its callbacks use.
  Owner<SSLContextRef> connection_;
};

}  // namespace tls::secure_transport
