#include "../secure-transport/registry.hh"
#include "check.hh"
#include "secure-transport-fake.hh"

using namespace tls;
using namespace tls::secure_transport;

namespace {

std::string Missing(std::set<std::string> names) {
  Functions functions;
  return FillFunctions(fake::Lookup, &names, &names, &functions);
}

}  // namespace

TEST("a library without a function that is needed is refused by its name") {
  CHECK(Missing({}).empty());
  CHECK(Missing({"CFRelease"}) == "it has no CFRelease");
  CHECK(Missing({"SSLHandshake"}) == "it has no SSLHandshake");
  CHECK(Missing({"kSecAttrKeyType"}) == "it has no kSecAttrKeyType");
  CHECK(Missing({"kCFTypeArrayCallBacks"}) == "it has no kCFTypeArrayCallBacks");
  CHECK(Missing({"kCFAllocatorNull"}) == "it has no kCFAllocatorNull");
}

TEST("of two functions that do the same, one is enough") {
  CHECK(Missing({"SecTrustEvaluate"}).empty());
  CHECK(Missing({"SecTrustEvaluateWithError"}).empty());
  CHECK(Missing({"SecTrustEvaluate", "SecTrustEvaluateWithError"}) ==
        "it has neither SecTrustEvaluateWithError nor SecTrustEvaluate");
  CHECK(Missing({"SecTrustCopyCertificateChain"}).empty());
  CHECK(Missing({"SecTrustCopyCertificateChain", "SecTrustGetCertificateAtIndex"}) ==
        "it has neither SecTrustCopyCertificateChain nor SecTrustGetCertificateAtIndex");
}

TEST("what an older macOS has not is null in the table") {
  std::set<std::string> names{"SSLSetALPNProtocols", "SSLSetOCSPResponse", "SecIdentityCreate"};
  Functions functions;
  CHECK(FillFunctions(fake::Lookup, &names, &names, &functions).empty());
  CHECK(functions.SSLSetALPNProtocols == nullptr);
  CHECK(functions.SSLSetOCSPResponse == nullptr);
  CHECK(functions.SecIdentityCreate == nullptr);
  CHECK(functions.SSLHandshake != nullptr);
}

TEST("where there is no framework, what was tried says so") {
  std::vector<std::string> tried;
  CHECK(LoadSecureTransport("/nowhere/Security", &tried) == nullptr);
  CHECK(tried.size() == 2);
  CHECK(tried[0].find("CoreFoundation") != std::string::npos);
  CHECK(tried[1].find("/nowhere/Security: ") == 0);
}

TEST("of suites, those of TLS 1.2 with AEAD and forward secrecy that the library has") {
  fake::Scope scope;
  const Algorithms all = SupportedAlgorithms();
  CHECK((all.cipher_suites == std::vector<uint16_t>{0xC02B, 0xC02F, 0xC02C, 0xC030}));
  CHECK((all.groups == std::vector<uint16_t>{23, 24, 25}));
  CHECK(!Contains(all.signature_schemes, 0x0201) && !Contains(all.signature_schemes, 0x0203));
  scope.script.suites = {0x009C};
  CHECK(SupportedAlgorithms().cipher_suites.empty());
  scope.script.failing["SSLCreateContext"] = -1;
  CHECK(SupportedAlgorithms().cipher_suites.empty());
  CHECK(scope.live() == 0);
}

TEST("a status is a fault in the interface's terms") {
  fake::Scope scope;
  const Fault mac = DescribeStatus(-9846, {});
  CHECK(mac.code == "ERR_TLS_BAD_RECORD_MAC" && mac.os_code == -9846 && mac.detail == "status -9846");
  CHECK(mac.received_alert == -1 && mac.sent_alert == -1);
  CHECK(DescribeStatus(-9999, {}).detail == "status -9999");
  CHECK(DescribeStatus(-9999, {}).code == "ERR_TLS_BACKEND");
  CHECK(DescribeStatus(-9816, {}).code == "ERR_TLS_TRUNCATED");
}

TEST("every status for a peer's alert is that alert") {
  fake::Scope scope;
  const int alerts[][2] = {{-9819, 10}, {-9820, 20}, {-9821, 21}, {-9822, 22}, {-9823, 30}, {-9824, 40}, {-9825, 42}, {-9826, 43},
                           {-9827, 44}, {-9828, 45}, {-9829, 46}, {-9830, 47}, {-9831, 48}, {-9832, 49}, {-9833, 50}, {-9834, 51},
                           {-9835, 60}, {-9836, 70}, {-9837, 71}, {-9838, 80}, {-9839, 90}, {-9840, 100}, {-9805, 0}};
  for (const auto& [status, alert] : alerts) {
    const Fault fault = DescribeStatus(status, {});
    CHECK(fault.code == "ERR_TLS_ALERT" && fault.received_alert == alert);
  }
  // An alert without a status of its own is known from the wire.
  CHECK(DescribeStatus(-9802, Alerts{110, -1, false}).received_alert == 110);
}

TEST("what the library said of the peer in an alert of its own is no alert of the peer") {
  fake::Scope scope;
  const Fault illegal = DescribeStatus(-9830, Alerts{-1, 47, true});
  CHECK(illegal.code == "ERR_TLS_ILLEGAL_PARAMETER" && illegal.sent_alert == 47 && illegal.received_alert == -1);
  const Fault encrypted = DescribeStatus(-9830, Alerts{-1, -1, true});
  CHECK(encrypted.code == "ERR_TLS_ILLEGAL_PARAMETER" && encrypted.received_alert == -1);
  const Fault version = DescribeStatus(-9801, Alerts{-1, 70, true});
  CHECK(version.code == "ERR_TLS_PROTOCOL_VERSION");
  // The answer to close_notify is a close_notify as well.
  CHECK(DescribeStatus(-9805, Alerts{0, 0, true}).received_alert == 0);
}
