#pragma once

#include "buffer-bio.hh"
#include "context.hh"
#include "tickets.hh"

namespace tls::openssl {

// One connection: an SSL object between two buffers.
class OpenSslEngine final : public Engine {
 public:
  static std::unique_ptr<OpenSslEngine> Create(std::shared_ptr<OpenSslContext> context, const EngineOptions& options,
                                               std::optional<Fault>* fault);
  ~OpenSslEngine() override;

  Outcome Start() override;
  Outcome Receive(View ciphertext) override;
  Outcome Resume(Answer answer) override;
  Outcome Send(View plaintext) override;
  std::optional<size_t> ReceiveInto(View ciphertext, Room room, Outcome* outcome) override;
  std::optional<size_t> SendInto(View plaintext, Room room, Outcome* outcome) override;
  Outcome SendEarly(View plaintext) override;
  Outcome Close() override;
  Outcome UpdateKeys() override;
  Outcome Fail(int alert) override;
  std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) override;
  std::optional<Bytes> ExportEarly(const std::string& label, View context, size_t length) override;
  ConnectionFacts Facts() override;
  std::vector<Bytes> PeerChain() override;

  // These are for OpenSSL's callbacks.
  static OpenSslEngine* Of(const SSL* connection);
  static void OnInfo(const SSL* connection, int where, int value);
  static void OnKeyLog(const SSL* connection, const char* line);
  static void OnMessage(int is_write, int version, int content_type, const void* data, size_t length, SSL* connection, void*);
  static int OnNewSession(SSL* connection, SSL_SESSION* session);

  // Asks a question in the middle of a handshake. It rests on a stack of its own until the answer is there; null when there will be none.
  const Answer* Ask(Question question);
  // Gives the engine whose handshake this thread is in; null when there is none.
  static OpenSslEngine* Driven();
  const ContextOptions& options() const { return context_->options(); }
  // Whether the ClientHello exceeds a limit of ours.
  bool is_over_limit() const { return is_over_limit_; }
  bool has_answered_client_hello() const { return has_answered_client_hello_; }
  void TakeClientHelloAnswer(const Answer& answer);
  void NoteCertificateRequest() { was_asked_ = true; }
  // Notes whether the client offers extended_master_secret (RFC 7627).
  void NoteExtendedMainSecret(bool is_offered) { offers_extended_main_secret_ = is_offered; }
  // Notes that the peer exceeded a limit of ours, which the library does not know.
  void NoteLimit() { is_over_limit_ = true; }
  // Notes a refusal by the verifier's code. `alert` is the intended alert; with -1 it is the one that the library chooses for the code.
  void NoteRefusal(int verify_code, int alert) {
    verify_code_ = verify_code;
    refusal_alert_ = alert;
  }
  // Notes the alert by which a failing callback is to be reported.
  void NoteAlert(int alert) { refusal_alert_ = alert; }
  // Asks the owner to judge the peer. Gives the alert to refuse it with, or -1.
  int AskVerdict(std::vector<Bytes> chain, std::vector<Bytes> path);
  // Whether the library has accepted the peer, and the further judgement waits for what the peer staples.
  bool is_verdict_due() const { return is_verdict_due_; }
  void SetVerdictDue(bool is_due) { is_verdict_due_ = is_due; }
  // Gives the path of the peer's certificate, as far as it is known.
  std::vector<Bytes> VerifiedPath();
  // Gives the time when the first of them expires; `latest` where that is sooner, or where nothing was verified, as on a resumption.
  int64_t CertificatesEnd(int64_t latest);
  const Bytes& response_to_staple() const { return response_to_staple_; }
  std::optional<Bytes> OcspResponse();
  X509_STORE* trust() const { return context_->trust(); }
  ProvenChains& proven_chains() { return context_->proven_chains(); }
  // The name that the peer's certificate must have, and its kind; empty where it needs none.
  const std::string& peer_name() const { return peer_name_; }
  int64_t now() const { return now_; }
  int64_t now_seconds() const { return now_ / 1000; }
  const std::vector<Bytes>& ticket_keys() const { return ticket_keys_; }
  // Gives what a ticket must carry beside the session.
  TicketContent ToKeep();
  // Goes on from a session, as a server; false when the session is over, or was made with a key that is not there any more.
  bool Continue(TicketContent opened);
  // Tells a server whether the session was made beside the memory that is asked about early data.
  bool IsOfReplayScope() const { return opened_.has_value() && opened_->replay_scope == options().replay_scope; }
  // Notes a key that a client offers, or that a server has found.
  void NotePreSharedKey(const PreSharedKey& key);

 private:
  OpenSslEngine(std::shared_ptr<OpenSslContext> context, ConnectionOwner connection, const EngineOptions& options);

  bool Configure(const EngineOptions& options);
  void Run(View ciphertext, Outcome* outcome);
  void Finish(Outcome* outcome);
  bool Handshake(Outcome* outcome);
  bool ReadEarlyData(Outcome* outcome);
  void TellWhyNot(int result, Outcome* outcome);
  void Read(Outcome* outcome);
  bool IsWithinMessage() const;
  void SendWhenWhole(View plaintext, Outcome* outcome);
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
  Lent lent_;  // the caller's, for plaintext
  Bytes unread_;  // what came in together with a message that a question is about
  Bytes unsent_;  // what was to be sent while half of a peer's message was there
  ConnectionOwner connection_;  // it is freed before the buffers to which its BIO points
  std::vector<std::string> key_log_;
  std::vector<Session> sessions_;
  std::optional<Question> question_;
  Answer answer_;
  std::vector<Bytes> ticket_keys_;
  Bytes response_to_staple_;
  Bytes offered_ticket_;  // as a client
  std::string peer_name_;
  std::optional<std::vector<Bytes>> judged_path_;
  std::optional<TicketContent> opened_;  // as a server
  const PreSharedKey* pre_shared_key_ = nullptr;  // offered by a client, or found by a server
  int64_t now_;
  bool is_resting_ = false;
  bool is_abandoned_ = false;
  bool has_answered_client_hello_ = false;
  bool was_asked_ = false;
  bool offers_extended_main_secret_ = false;
  bool is_early_ = false;  // early data can be sent, or may still come
  bool is_refused_ = false;  // an answer refused the peer
  bool is_done_ = false;
  bool has_sent_ = false;
  bool is_peer_closed_ = false;
  bool is_verdict_due_ = false;
  bool owes_key_update_ = false;  // it was asked for while half of a peer's message was there
  bool owes_close_ = false;  // it was asked for likewise
  int verify_code_ = 0;
  int refusal_alert_ = -1;
  bool is_over_limit_ = false;
  int client_hellos_ = 0;
  int sent_alert_ = -1;
  int received_alert_ = -1;
};

}  // namespace tls::openssl
