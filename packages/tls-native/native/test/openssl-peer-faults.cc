// Tests in which of the interface's codes the library's faults end, where a peer brought them about.
#include "../openssl/peer-faults.hh"

#include <string>

#include "check.hh"

using tls::openssl::CodeOfFault;

namespace {

constexpr int64_t Packed(int library, int reason) { return static_cast<int64_t>(library) << 23 | reason; }
constexpr int64_t Ssl(int reason) { return Packed(20, reason); }
constexpr int kNoAlert = -1;
constexpr int kInternalError = 80;
const std::string kBackend = "ERR_TLS_BACKEND";

// The reasons SSL_R_* that a peer's message can cause; the library's others are about configuration and calls.
constexpr int kOfPeers[] = {
    100, 101, 102, 103, 104, 107, 108, 110, 111, 112, 115, 116, 118, 120, 122, 123, 129, 131, 132, 133, 135, 137, 140, 145, 146, 147,
    149, 150, 151, 152, 153, 154, 155, 156, 157, 159, 160, 162, 163, 164, 178, 182, 186, 187, 193, 194, 197, 198, 199, 205, 209, 213,
    214, 217, 218, 219, 220, 222, 223, 226, 227, 231, 232, 233, 236, 239, 240, 241, 244, 245, 246, 247, 248, 249, 250, 252, 253, 254,
    256, 257, 258, 259, 260, 261, 262, 263, 264, 265, 266, 267, 271, 272, 275, 279, 281, 291, 292, 293, 298, 300, 303, 304, 306, 309,
    310, 314, 315, 318, 319, 320, 328, 329, 332, 335, 336, 337, 339, 340, 341, 342, 343, 344, 345, 360, 370, 373, 378, 383, 394, 396,
    397, 398, 399, 401, 404, 408, 409, 410, 443, 999};

}  // namespace

TEST("no reason that a peer can bring about is the backend's fault, with whatever alert or none") {
  for (int reason : kOfPeers) {
    for (int alert : {kNoAlert, 10, 20, 22, 40, 47, 50, 51, 70, kInternalError, 109, 110}) {
      CHECK(CodeOfFault(Ssl(reason), Ssl(reason), alert) != kBackend);
      // It holds behind an error of a lower layer, too.
      CHECK(CodeOfFault(Packed(57, 1), Ssl(reason), alert) != kBackend);
    }
  }
}

TEST("what the library calls its own fault is the backend's, unless a lower layer says what the peer did") {
  constexpr int kInternal = 0xC0103;
  CHECK(CodeOfFault(Ssl(kInternal), Ssl(kInternal), kInternalError) == kBackend);
  CHECK(CodeOfFault(0, 0, kNoAlert) == kBackend);
  // These are a record with a wrong tag, one without room for its tag, a share of zeros, and a point that is on no curve.
  CHECK(CodeOfFault(Packed(57, 102), Packed(57, 102), kNoAlert) == std::string("ERR_TLS_BAD_RECORD_MAC"));
  CHECK(CodeOfFault(Packed(57, 108), Ssl(kInternal), kInternalError) == std::string("ERR_TLS_BAD_RECORD_MAC"));
  CHECK(CodeOfFault(Packed(57, 164), Ssl(kInternal), kInternalError) == std::string("ERR_TLS_ILLEGAL_PARAMETER"));
  CHECK(CodeOfFault(Packed(16, 107), Ssl(kInternal), kInternalError) == std::string("ERR_TLS_ILLEGAL_PARAMETER"));
}

TEST("the reason says more than the alert where it does") {
  CHECK(CodeOfFault(Ssl(298), Ssl(298), 10) == std::string("ERR_TLS_LIMIT"));
  CHECK(CodeOfFault(Ssl(373), Ssl(373), 47) == std::string("ERR_TLS_DOWNGRADE"));
  CHECK(CodeOfFault(Ssl(373), Ssl(373), 86) == std::string("ERR_TLS_INAPPROPRIATE_FALLBACK"));
  CHECK(CodeOfFault(Ssl(244), Ssl(244), 10) == std::string("ERR_TLS_UNEXPECTED_MESSAGE"));
  CHECK(CodeOfFault(Ssl(104), Ssl(104), 40) == std::string("ERR_TLS_ILLEGAL_PARAMETER"));
  CHECK(CodeOfFault(Ssl(337), Ssl(337), 40) == std::string("ERR_TLS_ILLEGAL_PARAMETER"));
}
