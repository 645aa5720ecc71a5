#pragma once

#include "buffer-bio.hh"
#include "context.hh"
#include "tickets.hh"

namespace tls::openssl {

// An SSL object between two buffers.
class OpenSslEngine final : public Engine {
 public:
  static std::unique_ptr<OpenSslEngine> Create(std::shared_ptr<OpenSslContext> context, const EngineOptions& options,
                                               std::optional<Fault>* fault);
  ~OpenSslEngine() override;

  Outcome Start() override;
  Outcome Receive(View ciphertext) override;
  Outcome Resume(Answer answer) override;
  Outcome Send(View plaintext) override;
  Outcome SendEarly(View plaintext) override;
  Outcome Close() override;
  Outcome UpdateKeys() override;
  Outcome Fail(int alert) override;
  std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) override;
  std::optional<Bytes> ExportEarly(const std::string& label, View context, size_t length) override;
  ConnectionFacts Facts() override;
  std::vector<Bytes> PeerChain() override;

  // OpenSSL's callbacks
  static OpenSslEngine* Of(const SSL* connection);
  static void OnInfo(const SSL* connection, int where, int value);
  static void OnKeyLog(const SSL* connection, const char* line);
  static void OnMessage(int is_write, int version, int content_type, const void* data, size_t length, SSL* connection, void*);
  static int OnNewSession(SSL* connection, SSL_SESSION* session);

  // For what is called in the middle of a handshake. Rests on a stack of its own until the answer is there; null: there will be none.
  const Answer* Ask(Question question);
  // The one whose handshake this thread is in; null: none.
  static OpenSslEngine* Driven();
  const ContextOptions& options() const { return context_->options(); }
  // The ClientHello is over a limit of ours.
  bool is_over_limit() const { return is_over_limit_; }
  bool has_answered_client_hello() const { return has_answered_client_hello_; }
  void TakeClientHelloAnswer(const Answer& answer);
  void NoteCertificateRequest() { was_asked_ = true; }
  // A client does (RFC 7627).
  void NoteExtendedMainSecret(bool is_offered) { offers_extended_main_secret_ = is_offered; }
  // The peer went over a limit of ours, which the library does not know.
  void NoteLimit() { is_over_limit_ = true; }
  // By the verifier's code; `alert` is what is meant to be sent, -1: whatever the library makes of the code.
  void NoteRefusal(int verify_code, int alert) {
    verify_code_ = verify_code;
    refusal_alert_ = alert;
  }
  // What the library says of a callback that fails is to be said by this alert.
  void NoteAlert(int alert) { refusal_alert_ = alert; }
  // Asks what is to be thought of the peer. Returns the alert to refuse it with, or -1.
  int AskVerdict(std::vector<Bytes> chain, std::vector<Bytes> path);
  // The library has accepted the peer; what else there is to be said of it waits for what it staples.
  bool is_verdict_due() const { return is_verdict_due_; }
  void SetVerdictDue(bool is_due) { is_verdict_due_ = is_due; }
  // Of the peer's certificate, as far as it is known.
  std::vector<Bytes> VerifiedPath();
  // When the first of them is over; `latest` where that is sooner, or nothing was verified, as where a session is resumed.
  int64_t CertificatesEnd(int64_t latest);
  const Bytes& response_to_staple() const { return response_to_staple_; }
  std::optional<Bytes> OcspResponse();
  X509_STORE* trust() const { return context_->trust(); }
  int64_t now() const { return now_; }
  int64_t now_seconds() const { return now_ / 1000; }
  const std::vector<Bytes>& ticket_keys() const { return ticket_keys_; }
  // What a ticket is to say beside the session.
  TicketContent ToKeep();
  // A server's: goes on from a session; false when that is over, or made with a key that is not there any more.
  bool Continue(TicketContent opened);
  // A server's: the session that goes on was made beside the memory that is asked about early data.
  bool IsOfReplayScope() const { return opened_.has_value() && opened_->replay_scope == options().replay_scope; }
  // A client offers it, or a server has found it.
  void NotePreSharedKey(const PreSharedKey& key);

 private:
  OpenSslEngine(std::shared_ptr<OpenSslContext> context, ConnectionOwner connection, const EngineOptions& options);

  bool Configure(const EngineOptions& options);
  Outcome Run(View ciphertext);
  Outcome Finish(Outcome outcome);
  bool Handshake(Outcome* outcome);
  bool ReadEarlyData(Outcome* outcome);
  void TellWhyNot(int result, Outcome* outcome);
  void Read(Outcome* outcome);
  bool IsWithinMessage() const;
  void Write(View plaintext, Outcome* outcome);
  void SayClosed(Outcome* outcome);
  void ChangeKeys(Outcome* outcome);
  void CatchUp(Outcome* outcome);
  Fault FaultOf();
  void CorrectAlert();
  static void SayCanceled(int alert, Bytes* output);
  uint16_t OwnScheme();
  uint16_t PeerScheme();
  void WipeTicketKeys();

  std::shared_ptr<OpenSslContext> context_;
  BufferBio buffers_;
  Bytes unread_;  // what came with a message that a question is about
  Bytes unsent_;  // what was to be sent while a message of the peer was half there
  ConnectionOwner connection_;  // freed before the buffers that its BIO points to
  std::vector<std::string> key_log_;
  std::vector<Session> sessions_;
  std::optional<Question> question_;
  Answer answer_;
  std::vector<Bytes> ticket_keys_;
  Bytes response_to_staple_;
  Bytes offered_ticket_;  // a client's
  std::optional<std::vector<Bytes>> judged_path_;
  std::optional<TicketContent> opened_;  // a server's
  const PreSharedKey* pre_shared_key_ = nullptr;  // offered, or found
  int64_t now_;
  bool is_resting_ = false;
  bool is_abandoned_ = false;
  bool has_answered_client_hello_ = false;
  bool was_asked_ = false;
  bool offers_extended_main_secret_ = false;
  bool is_early_ = false;  // early data can be sent, or may still come
  bool is_refused_ = false;  // by an answer
  bool is_done_ = false;
  bool has_sent_ = false;
  bool is_peer_closed_ = false;
  bool is_verdict_due_ = false;
  bool owes_key_update_ = false;  // it was asked for while a message of the peer was half there
  bool owes_close_ = false;  // likewise
  int verify_code_ = 0;
  int refusal_alert_ = -1;
  bool is_over_limit_ = false;
  int client_hellos_ = 0;
  int sent_alert_ = -1;
  int received_alert_ = -1;
};

}  // namespace tls::openssl
