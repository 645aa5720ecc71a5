#include <algorithm>
#include <cstring>

#include "engine.hh"
#include "registry.hh"

namespace tls::schannel {
namespace {

constexpr int kMaxQuiet = 32;  // how many records and messages without data may follow each other

// Windows reports SEC_I_CONTEXT_EXPIRED for a close_notify, so that what decrypts to nothing there is a warning, which ends nothing, or an empty
// record. Wine decrypts a close_notify to nothing, as it does with a session ticket, which is longer.
bool IsSilentClose(uint8_t type, size_t size, uint16_t version) {
  if (A().tells_close) return false;
  constexpr size_t kAlert = 2;
  constexpr size_t kProtection = 1 + 16;  // the content type and the tag (RFC 8446 §5.2)
  return type == kAlertRecord || (version == kTls13 && size == kRecordHeader + kAlert + kProtection);
}

}  // namespace

bool SchannelEngine::Open(Outcome* outcome) {
  size_t at = 0;  // everything before it is done
  bool may_go_on = true;
  outcome->plaintext.reserve(outcome->plaintext.size() + input_.size());
  while (may_go_on) {
    const View rest{input_.data() + at, input_.size() - at};
    size_t size = 0;
    Framing framing = FrameOf(rest, &size);
    if (framing == Framing::kWhole && size <= incomplete_) {
      // One record was not enough, so that all that are there are given.
      size = WholeRecords(rest, &framing);
      framing = size <= incomplete_ ? Framing::kPart : Framing::kWhole;
    }
    if (framing != Framing::kWhole) {
      Drop(at);
      return framing == Framing::kPart ? false : AbortByFraming(framing, outcome);
    }
    uint8_t* record = input_.data() + at;
    const uint8_t type = record[0];  // decrypting overwrites it
    abi::SecBuffer buffers[4] = {{static_cast<uint32_t>(size), abi::kBufferData, record}, {}, {}, {}};
    abi::SecBufferDesc list = {0, 4, buffers};
    uint32_t quality = 0;
    const abi::Status status = F().DecryptMessage(negotiation_.context(), &list, 0, &quality);
    if (status == abi::kErrorIncompleteMessage) {
      incomplete_ = size;
      continue;
    }
    incomplete_ = 0;
    if (status < 0) {
      Drop(at);
      if (type != kAlertRecord && AlertOfStatus(status) < 0) {
        Abort(FaultOfStatus(status), outcome);
        return false;
      }
      AbortByStatus(status, true, outcome);
      fault_->code = outcome->fault->code = "ERR_TLS_ALERT";
      return false;
    }
    size_t extra = 0;
    ++quiet_messages_;
    // The first buffer is the one that was handed over; it stays as it was where nothing could be decrypted.
    for (const abi::SecBuffer& buffer : {buffers[1], buffers[2], buffers[3]}) {
      if (buffer.type == abi::kBufferExtra) extra = std::min<size_t>(buffer.size, size);
      if (buffer.type != abi::kBufferData || buffer.size == 0 || buffer.size > size) continue;
      const auto* data = static_cast<const uint8_t*>(buffer.data);
      outcome->plaintext.insert(outcome->plaintext.end(), data, data + buffer.size);
      quiet_messages_ = 0;
    }
    at += size - extra;
    const bool is_silent_close = status == abi::kOk && quiet_messages_ > 0 && extra == 0 && IsSilentClose(type, size, version_);
    if (status == abi::kContextExpired || is_silent_close) {
      is_peer_closed_ = true;
      outcome->is_peer_closed = true;
      Drop(input_.size());
      return false;
    }
    if (status == abi::kRenegotiate) {
      Drop(at);
      raw_ = extra;
      return TakeRenegotiation(outcome);
    }
    if (extra == size || quiet_messages_ > kMaxQuiet) {
      Drop(at);
      Abort(FaultOf("ERR_TLS_LIMIT", "the peer sends more and more without any data"), outcome);
      return false;
    }
  }
  return false;
}

// In TLS 1.3 this is a session ticket or a key update. It is in what was left over, which InitializeSecurityContext is shown.
bool SchannelEngine::TakeRenegotiation(Outcome* outcome) {
  if (version_ != kTls13) {
    Abort(FaultOf("ERR_TLS_NO_RENEGOTIATION", "the peer asks for a renegotiation"), outcome);
    return false;
  }
  if (quiet_messages_ > kMaxQuiet) {
    Abort(FaultOf("ERR_TLS_LIMIT", "the peer sends more and more messages without any data"), outcome);
    return false;
  }
  stage_ = Stage::kPostHandshake;
  is_raw_due_ = true;
  return true;
}

void SchannelEngine::Seal(View plaintext, Outcome* outcome) {
  const size_t maximum = sizes_.maximum_message;
  const size_t overhead = sizes_.header + sizes_.trailer;
  Bytes& out = outcome->ciphertext;
  out.reserve(out.size() + plaintext.size + (plaintext.size + maximum - 1) / maximum * overhead);
  for (size_t done = 0; done < plaintext.size;) {
    const size_t count = std::min(maximum, plaintext.size - done);
    const size_t at = out.size();
    out.resize(at + overhead + count);
    uint8_t* record = out.data() + at;
    std::memcpy(record + sizes_.header, plaintext.data + done, count);
    abi::SecBuffer buffers[4] = {
        {sizes_.header, abi::kBufferStreamHeader, record},
        {static_cast<uint32_t>(count), abi::kBufferData, record + sizes_.header},
        {sizes_.trailer, abi::kBufferStreamTrailer, record + sizes_.header + count},
        {},
    };
    abi::SecBufferDesc list = {0, 4, buffers};
    const abi::Status status = F().EncryptMessage(negotiation_.context(), 0, &list, 0);
    // Sizes beyond the room that there was would mean that memory was overwritten.
    const bool is_sealed = status == abi::kOk && buffers[0].size <= sizes_.header && buffers[1].size <= count &&
                           buffers[2].size <= sizes_.trailer;
    if (!is_sealed) {
      out.resize(at);
      fault_ = status == abi::kOk ? FaultOf("ERR_TLS_BACKEND", "a record came out longer than was said") : FaultOfStatus(status);
      stage_ = Stage::kOver;
      outcome->fault = fault_;
      return;
    }
    size_t end = at + buffers[0].size;
    for (const abi::SecBuffer& part : {buffers[1], buffers[2]}) {
      // The three parts lie side by side already, unless the header is shorter than announced.
      if (out.data() + end != part.data) std::memmove(out.data() + end, part.data, part.size);
      end += part.size;
    }
    out.resize(end);
    done += count;
  }
}

}  // namespace tls::schannel
