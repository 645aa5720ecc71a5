// Tests which names a ClientHello may have (RFC 6066 §3).
#include "../openssl/client-hello.hh"

#include <arpa/inet.h>

#include <random>
#include <string>

#include "../ip-address.hh"
#include "check.hh"

using namespace tls;

namespace {

View ViewOf(const std::string& text) { return View{reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }
bool IsName(const std::string& text) { return openssl::IsHostName(ViewOf(text)); }
bool IsLiteral(const std::string& text) { return openssl::IsAddress(ViewOf(text)); }

Bytes ByTheSystem(const std::string& text) {
  for (const int family : {AF_INET, AF_INET6}) {
    Bytes octets(family == AF_INET ? 4 : 16);
    if (inet_pton(family, text.c_str(), octets.data()) == 1) return octets;
  }
  return {};
}

std::string Letters(size_t count) { return std::string(count, 'a'); }

}  // namespace

TEST("a host name is labels of letters, digits, and hyphens or underscores within") {
  for (const char* name : {"a", "localhost", "LocalHost", "a-b.c_d.e", "3com.test", "xn--bcher-kva.test", "0x1.test"}) CHECK(IsName(name));
  for (const char* name : {"", ".", "a.", ".a", "a..b", "-a", "a-", "_a", "a_", "a b", "a/b", "*", "*.a", "a@b", "1", "127.1", "a.1", "a.0x",
                           "a.0xff", "[::1]", "a:1", "\xC3\xBC"}) {
    CHECK(!IsName(name));
  }
  CHECK(!IsName(std::string("a\0", 2)) && !IsName(std::string("a\0b", 3)));
}

TEST("a label has 63 characters at most, and a name 253") {
  CHECK(IsName(Letters(63)) && !IsName(Letters(64)));
  const std::string long_name = Letters(63) + "." + Letters(63) + "." + Letters(63) + "." + Letters(61);
  CHECK(long_name.size() == 253 && IsName(long_name) && !IsName(long_name + "a"));
}

TEST("an address is one in its textual form alone") {
  for (const char* text : {"127.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1", "::ffff:192.0.2.1"}) CHECK(IsLiteral(text));
  for (const char* text : {"", "127.1", "1.2.3.4.5", "256.1.1.1", "[::1]", "1:2", "fe80::1%eth0", "a"}) CHECK(!IsLiteral(text));
  CHECK(!IsLiteral(std::string("127.0.0.1\0", 10)));
}

TEST("an address is read as this system's inet_pton reads it") {
  const std::string letters = "0123456789aF::::..g";
  const std::string texts[] = {"127.0.0.1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "2001:db8::1", "1:2:3:4:5:6:7::", "1.2.3.4::"};
  std::mt19937 random(7);
  const auto below = [&](size_t limit) { return static_cast<size_t>(random() % limit); };
  size_t read = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text = texts[below(std::size(texts))];
    for (size_t changes = below(4); changes > 0; --changes) {
      const size_t at = below(text.size() + 1);
      const size_t kind = below(3);
      const char letter = letters[below(letters.size())];
      if (kind == 0) text.insert(at, 1, letter);
      if (kind == 1 && at < text.size()) text.erase(at, 1);
      if (kind == 2 && at < text.size()) text[at] = letter;
    }
    const Bytes expected = ByTheSystem(text);
    read += expected.empty() ? 0 : 1;
    if (ParseAddress(text) != expected) throw check::Failure(text + " is read otherwise");
  }
  CHECK(read > 10000 && read < 50000);
}
