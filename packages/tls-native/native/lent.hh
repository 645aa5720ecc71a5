// Memory that a caller lends for the time of a call, and how far it is filled.
#pragma once

#include "provider.hh"

namespace tls {

struct Lent {
  Room room{nullptr, 0};
  size_t used = 0;

  uint8_t* next() const { return room.data + used; }
  size_t left() const { return room.size - used; }
};

// Lends room to `lent` as long as it exists. The memory is the caller's again afterwards, also where a call ends in an exception.
class Lending {
 public:
  Lending(Lent* lent, Room room) : lent_(lent) { *lent_ = Lent{room, 0}; }
  ~Lending() { *lent_ = Lent{}; }
  Lending(const Lending&) = delete;
  Lending& operator=(const Lending&) = delete;

  // Says what came of the call: the length of what the room holds, where the outcome is empty. Otherwise that is put in front of a part of
  // the outcome.
  std::optional<size_t> Settle(Outcome* outcome, Bytes Outcome::*part) const {
    if (outcome->IsEmpty()) return lent_->used;
    Bytes& rest = outcome->*part;
    rest.insert(rest.begin(), lent_->room.data, lent_->next());
    return std::nullopt;
  }

 private:
  Lent* lent_;
};

}  // namespace tls
