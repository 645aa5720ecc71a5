#include "../ip-address.hh"
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

}  // namespace

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
