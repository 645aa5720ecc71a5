// Tests what goes into buffers that the caller lends.
#include "openssl-pair.hh"

using namespace pair;

namespace {

// A buffer of exactly this size, so that writing too far is noticed.
struct Lender {
  explicit Lender(size_t size) : bytes(size) {}
  Room room() { return Room{bytes.data(), bytes.size()}; }
  Bytes first(size_t count) const { return Bytes(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(count)); }

  Bytes bytes;
};

// Sends by a room of this size. The result is the ciphertext, wherever it went.
Bytes SendBy(Side& side, const Bytes& plaintext, size_t size, bool* is_all_lent) {
  Lender lender(size);
  Outcome outcome;
  const auto count = side.engine->SendInto(ViewOf(plaintext), lender.room(), &outcome);
  *is_all_lent = count.has_value();
  CHECK(count.has_value() == outcome.IsEmpty());
  return count.has_value() ? lender.first(*count) : outcome.ciphertext;
}

Bytes ReceiveBy(Side& side, const Bytes& ciphertext, size_t size, bool* is_all_lent) {
  Lender lender(size);
  Outcome outcome;
  const auto count = side.engine->ReceiveInto(ViewOf(ciphertext), lender.room(), &outcome);
  *is_all_lent = count.has_value();
  if (count.has_value()) return lender.first(*count);
  const Bytes plaintext = outcome.plaintext;
  side.Take(std::move(outcome));
  return plaintext;
}

}  // namespace

TEST("data of every size arrives through buffers of every size, and what has no place there is in the outcome") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    for (size_t size : {1, 100, 16383, 16384, 16385, 40000}) {
      const Bytes sent = Noise(size, static_cast<uint32_t>(size));
      for (size_t room : {0, 1, 99, 16384, 16385, 33000, 50000}) {
        bool is_sent_whole = false;
        bool is_read_whole = false;
        const Bytes ciphertext = SendBy(joined.client, sent, room, &is_sent_whole);
        CHECK(ciphertext.size() > size && is_sent_whole == (ciphertext.size() <= room));
        CHECK(ReceiveBy(joined.server, ciphertext, room, &is_read_whole) == sent);
        CHECK(is_read_whole == (size <= room));
      }
    }
  }
}

TEST("a record that comes in two parts is read in the second call, and the first brings nothing about") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    for (ptrdiff_t cut = 1; cut < 20; ++cut) {
      joined.client.Send(BytesOf("whole"));
      const Bytes all = std::exchange(joined.client.outgoing, Bytes());
      bool is_lent = false;
      CHECK(ReceiveBy(joined.server, Bytes(all.begin(), all.begin() + cut), 100, &is_lent).empty() && is_lent);
      CHECK(ReceiveBy(joined.server, Bytes(all.begin() + cut, all.end()), 100, &is_lent) == BytesOf("whole") && is_lent);
    }
  }
}

TEST("data before a close, an alert or a ticket is in the outcome, with it") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    joined.client.Send(BytesOf("last"));
    joined.client.Take(joined.client.engine->Close());
    bool is_lent = true;
    CHECK(ReceiveBy(joined.server, joined.client.outgoing, 100, &is_lent) == BytesOf("last"));
    CHECK(!is_lent && joined.server.is_closed);
  }
  Pair joined = Join(kTls13);
  Pair::Carry(joined.client, joined.server);
  Pair::Carry(joined.server, joined.client);
  Pair::Carry(joined.client, joined.server);
  joined.server.Send(BytesOf("data"));
  bool is_lent = true;
  CHECK(joined.client.is_done && joined.client.sessions.empty());
  CHECK(ReceiveBy(joined.client, joined.server.outgoing, 100, &is_lent) == BytesOf("data"));
  CHECK(!is_lent && joined.client.sessions.size() == 2);
}

TEST("what came before a forged record is in the outcome beside the fault") {
  for (uint16_t version : kBothVersions) {
    Pair joined = Connect(version);
    joined.client.Send(BytesOf("good"));
    joined.client.Send(BytesOf("bad"));
    joined.client.outgoing.back() ^= 1;
    bool is_lent = true;
    CHECK(ReceiveBy(joined.server, joined.client.outgoing, 100, &is_lent) == BytesOf("good"));
    CHECK(!is_lent && CodeOf(joined.server) == "ERR_TLS_BAD_RECORD_MAC");
  }
}

TEST("the caller's buffer is not touched when the call is over") {
  Pair joined = Connect(kTls13);
  {
    bool is_lent = false;
    SendBy(joined.client, BytesOf("first"), 100, &is_lent);
    ReceiveBy(joined.server, Bytes(), 100, &is_lent);
  }
  // The sanitizer tells of what is written to a buffer that is gone.
  joined.client.outgoing.clear();
  joined.server.Send(BytesOf("down"));
  joined.client.Take(joined.client.engine->UpdateKeys());
  Pair::Carry(joined.server, joined.client);
  CHECK(joined.client.plaintext == BytesOf("down"));
}
