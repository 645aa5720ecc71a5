#pragma once

#include "context.hh"
#include "negotiation.hh"
#include "observer.hh"

namespace tls::schannel {

// One connection: a security context between two buffers. Input waits in one of them until it is used up, as SChannel keeps nothing of what
// it is shown.
class SchannelEngine final : public Engine {
 public:
  SchannelEngine(std::shared_ptr<SchannelContext> context, const EngineOptions& options);

  // These are in engine.cc.
  Outcome Start() override;
  Outcome Receive(View ciphertext) override;
  Outcome Resume(Answer answer) override;
  Outcome Send(View plaintext) override;
  Outcome Close() override;
  Outcome UpdateKeys() override;
  Outcome Fail(int alert) override;
  // These are in facts.cc.
  std::optional<Bytes> Export(const std::string& label, std::optional<View> context, size_t length) override;
  ConnectionFacts Facts() override;
  std::vector<Bytes> PeerChain() override { return peer_chain_; }

 private:
  enum class Stage {
    kHello,          // a server waits for the whole ClientHello
    kHandshake,
    kOpen,
    kPostHandshake,  // a message of TLS 1.3 is being handled
    kOver,
  };
  enum class Resting { kNo, kClientHello, kCertificate, kVerify };
  enum class Judged { kGood, kNotYet, kStop };

  const ContextOptions& options() const { return context_->options(); }
  bool is_client() const { return !options().is_server; }

  // These are in engine.cc. Where they return `bool`, false means that there is nothing more to do for now.
  void Advance(Outcome* outcome);
  void Abort(Fault fault, Outcome* outcome);
  void AbortWith(int alert, Fault fault, Outcome* outcome);
  void AbortByStatus(abi::Status status, bool is_told, Outcome* outcome);
  bool AbortByFraming(Framing framing, Outcome* outcome);
  void SendAlert(int level, int alert, Outcome* outcome);
  void Shutdown(Outcome* outcome);
  void ForgetSession();
  void Append(const Bytes& output, Outcome* outcome);

  // These are in handshake.cc.
  bool TakeHello(Outcome* outcome);
  bool ChooseAlpn(Outcome* outcome);
  bool UseCredential(const std::shared_ptr<SchannelCredential>& credential, Outcome* outcome);
  bool Step(Outcome* outcome);
  bool TakeCertificateRequest(Outcome* outcome);
  Judged JudgePeer(bool is_done, Outcome* outcome);
  bool Release(bool is_done, Outcome* outcome);
  std::optional<Fault> FaultOfAgreement();
  void Drop(size_t size);

  // These are in records.cc.
  bool Open(Outcome* outcome);
  bool TakeRenegotiation(Outcome* outcome);
  void Seal(View plaintext, Outcome* outcome);

  // These are in facts.cc.
  void LearnAgreement();
  Question CertificateQuestion();

  std::shared_ptr<SchannelContext> context_;
  const EngineOptions given_;
  Negotiation negotiation_;
  Observer observer_;
  Stage stage_;
  Resting resting_ = Resting::kNo;
  std::optional<Fault> fault_;  // it is given again for every later call

  Bytes input_;
  size_t observed_ = 0;    // how much of the input was observed
  size_t raw_ = 0;         // how much of the input is handed over, whatever it looks like
  bool is_raw_due_ = false;
  size_t incomplete_ = 0;  // how much of the input was not enough
  Bytes held_;             // a flight that is sent once the peer is accepted
  bool is_held_last_ = false;
  Bytes queue_;            // plaintext that waits for a post-handshake message
  int quiet_messages_ = 0; // how many post-handshake messages came without data between them

  bool is_judged_ = false;
  bool was_asked_ = false;
  bool is_peer_closed_ = false;
  bool is_closed_ = false;
  bool is_finished_sent_ = false;  // our own Finished
  std::vector<Bytes> peer_chain_;
  std::vector<Bytes> path_;
  std::optional<Bytes> ocsp_response_;
  uint16_t version_ = 0;
  uint16_t cipher_suite_ = 0;
  std::optional<Bytes> alpn_;
  abi::StreamSizes sizes_ = {};
};

}  // namespace tls::schannel
