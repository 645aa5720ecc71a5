#include <cstring>

#include "certificate.hh"

namespace tls::schannel {
namespace {

char Lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool EqualsIgnoringCase(const std::string& left, const std::string& right) {
  if (left.size() != right.size()) return false;
  for (size_t index = 0; index < left.size(); ++index) {
    if (Lower(left[index]) != Lower(right[index])) return false;
  }
  return true;
}

// Matches a pattern: `*.example.org` stands for `a.example.org`, but not for `example.org` or `b.a.example.org`; `*.org` stands
// for nothing.
bool Matches(const std::string& pattern, const std::string& host) {
  if (pattern.empty() || pattern.find('\0') != std::string::npos) return false;
  if (pattern.compare(0, 2, "*.") != 0) return pattern.find('*') == std::string::npos && EqualsIgnoringCase(pattern, host);
  const std::string parent = pattern.substr(1);
  const size_t dot = host.find('.');
  if (parent.find('*') != std::string::npos || parent.find('.', 1) == std::string::npos) return false;
  return dot != std::string::npos && dot > 0 && EqualsIgnoringCase(host.substr(dot), parent);
}

bool ParseVersion4(const std::string& text, Bytes* address) {
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
    // A leading zero is refused, because some software reads such a number as octal.
    if (letter < '0' || letter > '9' || (digits > 0 && part == 0)) return false;
    part = part * 10 + static_cast<unsigned>(letter - '0');
    if (++digits > 3 || part > 255) return false;
  }
  return parts == 4;
}

int HexDigit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  const char lower = Lower(letter);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// Reads groups of hex digits between colons, of which the last may be an IPv4 address. An empty text has no groups.
bool ParseGroups(const std::string& text, Bytes* groups) {
  if (text.empty()) return true;
  for (size_t from = 0; from <= text.size();) {
    const size_t colon = text.find(':', from);
    const size_t to = colon == std::string::npos ? text.size() : colon;
    const std::string group = text.substr(from, to - from);
    if (colon == std::string::npos && group.find('.') != std::string::npos) return ParseVersion4(group, groups);
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

}  // namespace

Bytes ParseAddress(const std::string& text) {
  Bytes address;
  if (text.find(':') == std::string::npos) return ParseVersion4(text, &address) ? address : Bytes();
  const size_t gap = text.find("::");
  Bytes head;
  Bytes tail;
  if (gap == std::string::npos) return ParseGroups(text, &head) && head.size() == 16 ? head : Bytes();
  if (!ParseGroups(text.substr(0, gap), &head) || !ParseGroups(text.substr(gap + 2), &tail)) return {};
  if (head.size() + tail.size() > 14) return {};
  address = head;
  while (address.size() + tail.size() < 16) address.push_back(0);
  address.insert(address.end(), tail.begin(), tail.end());
  return address;
}

bool IsFor(const Certificate& certificate, const std::string& name, bool is_address) {
  if (is_address) {
    const Bytes address = ParseAddress(name);
    if (address.empty()) return false;
    for (const Bytes& each : certificate.addresses) {
      if (each == address) return true;
    }
    return false;
  }
  std::string host = name;
  if (!host.empty() && host.back() == '.') host.pop_back();
  for (const std::string& pattern : certificate.dns_names) {
    if (!host.empty() && Matches(pattern, host)) return true;
  }
  return false;
}

}  // namespace tls::schannel
