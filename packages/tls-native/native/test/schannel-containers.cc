// Tests where private keys are, that nothing is left there, and what is done about what others have left.
#include "../schannel/container-names.hh"
#include "../schannel/key-containers.hh"
#include "schannel-fake.hh"

using namespace fake;

namespace {

enum Storage : size_t { kCng, kCngMachine, kOld, kOldMachine };

std::shared_ptr<tls::Credential> RsaCredential() {
  CertificateSpec spec;
  spec.dns_names = {"host.test"};
  spec.key = RsaPublicKey();
  std::optional<tls::Fault> fault;
  auto credential = Schannel().CreateCredential({MakeCertificate(spec)}, RsaPkcs8(), &fault);
  CHECK(!fault.has_value());
  return credential;
}

std::shared_ptr<tls::Context> MakeContext(std::shared_ptr<tls::Credential> credential, std::optional<tls::Fault>* fault) {
  return Schannel().CreateContext(ServerOptions(std::move(credential)), nullptr, fault);
}
// The same where nothing may fail.
std::shared_ptr<tls::Context> MakeContext(std::shared_ptr<tls::Credential> credential) {
  std::optional<tls::Fault> fault;
  auto context = MakeContext(std::move(credential), &fault);
  CHECK(context != nullptr && !fault.has_value());
  return context;
}

// Gives the name that this process, or another one, would make.
std::u16string NameBy(uint32_t process, uint64_t beginning, const std::u16string& computer = u"HERE") {
  const System before = Sys();
  Sys().process = process;
  Sys().beginning = beginning;
  Sys().computer = computer;
  const std::u16string name = tls::schannel::NewContainerName();
  Sys() = before;
  return name;
}

}  // namespace

TEST("a key stays ephemeral where SChannel takes it so") {
  Reset();
  auto server = OpenServer();
  CHECK(Sys().acquisitions.size() == 1 && Sys().acquisitions[0].key_property == abi::kPropertyKeyContext);
  server = nullptr;
  CHECK(Sys().Live() == 0 && Sys().deleted_containers.empty() && !Sys().has_freed_twice);
}

TEST("where it does not, the key is put into a container, and that is deleted with the identity") {
  Reset();
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  auto credential = EcCredential({ServerLeaf()});
  MakeContext(credential);
  CHECK(Sys().acquisitions.size() == 2 && Sys().acquisitions[1].key_provider == u"Microsoft Software Key Storage Provider");
  CHECK(Sys().acquisitions[1].key_flags == 0 && Sys().containers[kCng].size() == 1);
  // The next context finds it there.
  MakeContext(credential);
  CHECK(Sys().acquisitions.size() == 2);
  credential = nullptr;
  CHECK(Sys().deleted_containers == std::vector<std::u16string>{NameBy(Sys().process, Sys().beginning)});
  CHECK(Sys().Live() == 0 && !Sys().has_freed_twice);
}

TEST("an identity's container outlives it for as long as a connection needs it") {
  Reset();
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  auto server = OpenServer();
  CHECK(Sys().deleted_containers.empty() && Sys().live["credentials"].size() == 1);
  server = nullptr;
  CHECK(Sys().deleted_containers.size() == 1 && Sys().Live() == 0);
}

TEST("the old CryptoAPI is the last resort, for RSA alone, and its container is deleted too") {
  Reset();
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  Sys().has_cng_names = false;
  MakeContext(RsaCredential());
  CHECK(Sys().acquisitions.back().key_provider == u"Microsoft Enhanced RSA and AES Cryptographic Provider");
  CHECK(Sys().acquisitions.back().key_flags == 0);
  CHECK(Sys().deleted_containers.size() == 1 && Sys().Live() == 0);
  std::optional<tls::Fault> fault;
  CHECK(MakeContext(EcCredential({ServerLeaf()}), &fault) == nullptr);
  CHECK(fault->code == "ERR_TLS_IDENTITY" && fault->os_code == 0x8009030E && Sys().Live() == 0 && !Sys().has_freed_twice);
}

TEST("without a profile the container is one of the machine's, in CNG or the old CryptoAPI") {
  for (const bool is_old : {false, true}) {
    Reset();
    Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
    Sys().has_profile = false;
    Sys().has_cng_names = !is_old;
    auto credential = RsaCredential();
    MakeContext(credential);
    CHECK(Sys().acquisitions.size() == 2 && Sys().acquisitions[1].key_flags == abi::kMachineKeys);
    CHECK(Sys().containers[is_old ? kOldMachine : kCngMachine].size() == 1 && Sys().containers[is_old ? kOld : kCng].empty());
    credential = nullptr;
    CHECK(Sys().deleted_containers.size() == 1 && Sys().Live() == 0 && !Sys().has_freed_twice);
  }
}

TEST("no key becomes the machine's because SChannel does not take it from the user's container") {
  Reset();
  Sys().acceptable_key = 0xFFFF;
  std::optional<tls::Fault> fault;
  CHECK(MakeContext(RsaCredential(), &fault) == nullptr && fault->code == "ERR_TLS_IDENTITY");
  CHECK(Sys().acquisitions.size() == 3);
  for (const Acquisition& each : Sys().acquisitions) CHECK(each.key_flags == 0);
  CHECK(Sys().Live() == 0);
}

TEST("a name says which process of which machine made it, and no two names of a process are mistaken for others") {
  Reset();
  CHECK(NameBy(0x1234, 0x01DD000000000001).compare(0, 37, u"tls-native-00001234-01dd000000000001-") == 0);
  CHECK(NameBy(1, 2).size() == 11 + 8 + 1 + 16 + 1 + 16 + 1 + 32);
  CHECK(NameBy(1, 2, u"HERE") != NameBy(1, 2, u"THERE"));
}

TEST("a container is abandoned when its process is gone, and only then") {
  Reset();
  using tls::schannel::IsAbandoned;
  const std::u16string name = NameBy(7, 100);
  CHECK(IsAbandoned(name));                      // there is no such process
  Sys().processes[7] = {100, 259, true};
  CHECK(!IsAbandoned(name));
  Sys().processes[7] = {100, 1, true};           // it has ended, and somebody holds a handle to it
  CHECK(IsAbandoned(name));
  Sys().processes[7] = {101, 259, true};         // its number was given to another one
  CHECK(IsAbandoned(name));
  Sys().processes[7] = {101, 259, false};        // nobody can tell
  CHECK(!IsAbandoned(name));
  Sys().processes.clear();
  CHECK(!IsAbandoned(NameBy(7, 100, u"THERE")));  // it may run on the other machine
  CHECK(Sys().Live() == 0);
}

TEST("what is no name of ours is never abandoned") {
  Reset();
  const std::u16string name = NameBy(7, 100);
  for (size_t size = 0; size < name.size(); ++size) CHECK(!tls::schannel::IsAbandoned(name.substr(0, size)));
  for (size_t at = 0; at < name.size(); ++at) {
    std::u16string other = name;
    other[at] = u'X';
    CHECK(!tls::schannel::IsAbandoned(other));
  }
  CHECK(!tls::schannel::IsAbandoned(name + u"0"));
}

TEST("what processes that are gone have left is deleted before the first container is made, and nothing else") {
  Reset();
  const std::u16string abandoned = NameBy(7, 100);
  const std::u16string used = NameBy(8, 100);
  Sys().processes[8] = {100, 259, true};
  for (auto& names : Sys().containers) names = {abandoned, used, u"somebody else's", u"zz"};
  MakeContext(EcCredential({ServerLeaf()}));  // it needs no container
  CHECK(Sys().deleted_containers.empty());
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  auto credential = EcCredential({ServerLeaf()});
  MakeContext(credential);
  CHECK(Sys().deleted_containers == std::vector<std::u16string>(4, abandoned));
  for (const auto& names : Sys().containers) CHECK(names.count(used) == 1 && names.count(u"somebody else's") == 1);
  // A process looks once.
  Sys().containers[kOld].insert(abandoned);
  MakeContext(EcCredential({ServerLeaf()}));
  CHECK(Sys().containers[kOld].count(abandoned) == 1);
  credential = nullptr;
  for (auto& names : Sys().containers) names.clear();
  CHECK(Sys().Live() == 0 && !Sys().has_freed_twice);
}

TEST("a sweep ends, however many containers others have") {
  Reset();
  for (int index = 0; index < 10000; ++index) {
    const std::string digits = std::to_string(index);
    for (auto& names : Sys().containers) names.insert(u"other " + std::u16string(digits.begin(), digits.end()));
  }
  for (auto& names : Sys().containers) names.insert(NameBy(7, 100));  // it comes behind them
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  MakeContext(EcCredential({ServerLeaf()}));
  CHECK(Sys().deleted_containers.size() == 1);  // the own one
  for (auto& names : Sys().containers) names.clear();
  CHECK(Sys().Live() == 0);
}

TEST("the end of the process deletes all containers at once, while connections still use them") {
  Reset();
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  auto server = OpenServer();
  CHECK(Sys().containers[kCng].size() == 1);
  Schannel().ForgetKeys();
  CHECK(Sys().containers[kCng].empty() && Sys().deleted_containers.size() == 1);
  // No other key gets to the disk from here on.
  std::optional<tls::Fault> fault;
  CHECK(MakeContext(RsaCredential(), &fault) == nullptr && fault->code == "ERR_TLS_IDENTITY");
  server = nullptr;
  CHECK(Sys().deleted_containers.size() == 1 && Sys().Live() == 0 && !Sys().has_freed_twice);
}

TEST("a container that is written anew when it is let go of is deleted once more") {
  Reset();
  Sys().acceptable_key = abi::kPropertyKeyProviderInfo;
  Sys().has_cng_names = false;
  Sys().writes_back = true;
  auto context = MakeContext(RsaCredential());
  Schannel().ForgetKeys();
  CHECK(Sys().containers[kOld].empty());
  context = nullptr;
  CHECK(Sys().deleted_containers.size() == 2 && Sys().Live() == 0 && !Sys().has_freed_twice);
}
