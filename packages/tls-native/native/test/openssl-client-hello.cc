// Tests which names a ClientHello may have (RFC 6066 §3).
#include "../openssl/client-hello.hh"

#include <string>

#include "check.hh"

using namespace tls;

namespace {

View ViewOf(const std::string& text) { return View{reinterpret_cast<const uint8_t*>(text.data()), text.size()}; }
bool IsName(const std::string& text) { return openssl::IsHostName(ViewOf(text)); }
bool IsLiteral(const std::string& text) { return openssl::IsAddress(ViewOf(text)); }
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
