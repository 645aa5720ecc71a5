// IP addresses as text.
#pragma once

#include <string>

#include "provider.hh"

namespace tls {

namespace address {

// Reads four decimal numbers. A leading zero is refused, because some software reads such a number as octal.
inline bool ReadVersion4(const std::string& text, Bytes* address) {
  unsigned part = 0;
  int digits = 0;
  int parts = 0;
  for (size_t index = 0; index <= text.size(); ++index) {
    const char letter = index < text.size() ? text[index] : '.';
    if (letter == '.') {
      if (digits == 0 || ++parts > 4) return false;
      address->push_back(static_cast<uint8_t>(part));
      part = 0;
      digits = 0;
      continue;
    }
    if (letter < '0' || letter > '9' || (digits > 0 && part == 0)) return false;
    part = part * 10 + static_cast<unsigned>(letter - '0');
    if (++digits > 3 || part > 255) return false;
  }
  return parts == 4;
}

inline int HexDigit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

// Reads groups of hex digits between colons. An empty text has no groups; the last group of an address may be an IPv4 address.
inline bool ReadGroups(const std::string& text, bool is_end, Bytes* groups) {
  if (text.empty()) return true;
  for (size_t from = 0; from <= text.size();) {
    const size_t colon = text.find(':', from);
    const size_t to = colon == std::string::npos ? text.size() : colon;
    const std::string group = text.substr(from, to - from);
    if (is_end && colon == std::string::npos && group.find('.') != std::string::npos) return ReadVersion4(group, groups);
    if (group.empty() || group.size() > 4) return false;
    int number = 0;
    for (const char letter : group) {
      const int digit = HexDigit(letter);
      if (digit < 0) return false;
      number = number * 16 + digit;
    }
    groups->push_back(static_cast<uint8_t>(number >> 8));
    groups->push_back(static_cast<uint8_t>(number));
    from = to + 1;
  }
  return true;
}

}  // namespace address

// Gives 4 or 16 octets; none when the text is no IP address (RFC 4291 §2.2). It is what inet_pton reads, on every system alike.
inline Bytes ParseAddress(const std::string& text) {
  Bytes octets;
  if (text.find(':') == std::string::npos) return address::ReadVersion4(text, &octets) ? octets : Bytes();
  const size_t gap = text.find("::");
  if (gap == std::string::npos) return address::ReadGroups(text, true, &octets) && octets.size() == 16 ? octets : Bytes();
  Bytes tail;
  if (!address::ReadGroups(text.substr(0, gap), false, &octets) || !address::ReadGroups(text.substr(gap + 2), true, &tail)) return {};
  // The gap stands for one group at least.
  if (octets.size() + tail.size() > 14) return {};
  octets.resize(16 - tail.size(), 0);
  octets.insert(octets.end(), tail.begin(), tail.end());
  return octets;
}

}  // namespace tls
