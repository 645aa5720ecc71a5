// Tests which of SSPI's structures a system understands, and which versions are allowed to it.
#include "../schannel/acquire.hh"
#include "schannel-fake.hh"

using namespace fake;

namespace {

// Makes a context over a system that was asked anew what it can do, and gives the last acquisition.
Acquisition AcquiredFor(uint16_t min_version, uint16_t max_version) {
  tls::schannel::FindAbilities();
  Sys().acquisitions.clear();
  tls::ContextOptions options = ClientOptions();
  options.min_version = min_version;
  options.max_version = max_version;
  std::optional<tls::Fault> fault;
  Schannel().CreateContext(options, Trust({Root()}), &fault);
  if (!fault.has_value()) return Sys().acquisitions.back();
  Acquisition none;
  return none;
}

}  // namespace

TEST("a Windows that knows SCH_CREDENTIALS is told what is disabled") {
  Reset();
  CHECK(AcquiredFor(0x0303, 0x0304).protocols == ~uint32_t{0x2800});
  CHECK(AcquiredFor(0x0303, 0x0303).protocols == ~uint32_t{0x800} && AcquiredFor(0x0303, 0x0303).version == 5);
  CHECK(AcquiredFor(0x0304, 0x0304).protocols == ~uint32_t{0x2000});
}

TEST("a Windows that refuses to disable algorithms is asked with fewer, and without them") {
  Reset();
  for (const uint32_t taken : {2, 1, 0}) {
    Sys().takes_disabled_crypto = taken;
    const Acquisition acquired = AcquiredFor(0x0303, 0x0304);
    CHECK(acquired.version == 5 && acquired.disabled_crypto == (taken == 0 ? 0 : 1));
  }
}

TEST("an older Windows gets SCHANNEL_CRED and speaks TLS 1.2") {
  Reset();
  Sys().knows_new_credentials = false;
  const Acquisition acquired = AcquiredFor(0x0303, 0x0304);
  CHECK(acquired.version == 4 && acquired.protocols == 0x800 && !tls::schannel::A().has_tls13);
  CHECK((Schannel().Supported().cipher_suites == std::vector<uint16_t>{0xC02C, 0xC02B, 0xC030, 0xC02F}));
  CHECK(AcquiredFor(0x0304, 0x0304).version == 0);
}

TEST("a Windows between the two knows the structure and no TLS 1.3") {
  Reset();
  Sys().protocols = 0x800;
  CHECK(AcquiredFor(0x0303, 0x0304).version == 5 && !tls::schannel::A().has_tls13);
}

TEST("a system that does not heed the new structure is held to TLS 1.2 by the old one") {
  Reset();
  Sys().protocols = 0xAA0;
  CHECK(AcquiredFor(0x0303, 0x0303).version == 4 && AcquiredFor(0x0303, 0x0304).version == 5);
}
