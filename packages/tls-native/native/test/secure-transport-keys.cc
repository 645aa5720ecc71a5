#include <algorithm>

#include "../secure-transport/certificate.hh"
#include "../secure-transport/credential.hh"
#include "check.hh"
#include "secure-transport-fake.hh"
#include "secure-transport-fixtures.hh"
#include "secure-transport-wire.hh"

using namespace tls;
using namespace tls::secure_transport;
using wire::Hex;

namespace {

std::optional<PrivateKey> ReadKey(const Bytes& key, const char* certificate, std::string* problem) {
  const Bytes leaf = Hex(certificate);
  return ReadPrivateKey(ViewOf(key), ViewOf(leaf), problem);
}

bool IsEncodedAs(const char* key, const char* certificate, const char* expected, KeyType type, uint16_t group) {
  std::string problem;
  const std::optional<PrivateKey> read = ReadKey(Hex(key), certificate, &problem);
  return read.has_value() && read->type == type && read->group == group && read->encoded.bytes == Hex(expected);
}

std::string Problem(const Bytes& key, const char* certificate) {
  std::string problem;
  return ReadKey(key, certificate, &problem).has_value() ? "none" : problem;
}

constexpr const char* kUnreadable = "the private key cannot be read";
constexpr const char* kMismatch = "the private key does not match the certificate";

std::shared_ptr<SecureTransportCredential> Make(const std::vector<Bytes>& chain, const char* key, std::optional<Fault>* fault) {
  return SecureTransportCredential::Create(chain, Hex(key), fault);
}

}  // namespace

TEST("an EC key in SEC1 is X9.63 to the byte on every curve") {
  CHECK(IsEncodedAs(fixture::kP256Sec1, fixture::kP256Certificate, fixture::kP256X963, KeyType::kEc, 23));
  CHECK(IsEncodedAs(fixture::kP384Sec1, fixture::kP384Certificate, fixture::kP384X963, KeyType::kEc, 24));
  CHECK(IsEncodedAs(fixture::kP521Sec1, fixture::kP521Certificate, fixture::kP521X963, KeyType::kEc, 25));
}

TEST("an EC key in PKCS#8 is X9.63 to the byte on every curve") {
  CHECK(IsEncodedAs(fixture::kP256Pkcs8, fixture::kP256Certificate, fixture::kP256X963, KeyType::kEc, 23));
  CHECK(IsEncodedAs(fixture::kP384Pkcs8, fixture::kP384Certificate, fixture::kP384X963, KeyType::kEc, 24));
  CHECK(IsEncodedAs(fixture::kP521Pkcs8, fixture::kP521Certificate, fixture::kP521X963, KeyType::kEc, 25));
}

TEST("an EC key without its point takes the certificate's") {
  CHECK(IsEncodedAs(fixture::kP256Sec1WithoutPoint, fixture::kP256Certificate, fixture::kP256X963, KeyType::kEc, 23));
  CHECK(IsEncodedAs(fixture::kP384Sec1WithoutPoint, fixture::kP384Certificate, fixture::kP384X963, KeyType::kEc, 24));
  CHECK(IsEncodedAs(fixture::kP521Sec1WithoutPoint, fixture::kP521Certificate, fixture::kP521X963, KeyType::kEc, 25));
}

TEST("a scalar that was written without its leading zeros is padded") {
  const Bytes short_scalar = wire::Der(0x30, wire::Join({wire::Der(0x02, {1}), wire::Der(0x04, {0x12, 0x34})}));
  std::string problem;
  const std::optional<PrivateKey> key = ReadKey(short_scalar, fixture::kP256Certificate, &problem);
  CHECK(key.has_value());
  const Bytes& encoded = key->encoded.bytes;
  CHECK(encoded.size() == 97 && encoded[95] == 0x12 && encoded[96] == 0x34);
  CHECK(std::all_of(encoded.begin() + 65, encoded.begin() + 95, [](uint8_t octet) { return octet == 0; }));
}

TEST("an RSA key is PKCS#1 from either form") {
  CHECK(IsEncodedAs(fixture::kRsaPkcs1, fixture::kRsaCertificate, fixture::kRsaPkcs1, KeyType::kRsa, 0));
  CHECK(IsEncodedAs(fixture::kRsaPkcs8, fixture::kRsaCertificate, fixture::kRsaPkcs1, KeyType::kRsa, 0));
}

TEST("a key of another kind, curve or certificate is refused") {
  CHECK(Problem(Hex(fixture::kEd25519Pkcs8), fixture::kP256Certificate).find("this is another") != std::string::npos);
  CHECK(Problem(Hex(fixture::kP256Sec1), fixture::kP384Certificate) == kMismatch);
  CHECK(Problem(Hex(fixture::kP256Sec1), fixture::kRsaCertificate) == kMismatch);
  CHECK(Problem(Hex(fixture::kRsaPkcs1), fixture::kP256Certificate) == kMismatch);
  CHECK(Problem(Hex(fixture::kRsaPkcs1), "3000") == "the certificate cannot be read");
}

TEST("a key that is cut anywhere, or goes on behind its end, is refused") {
  for (const char* form : {fixture::kP256Sec1, fixture::kP256Pkcs8, fixture::kRsaPkcs1, fixture::kRsaPkcs8}) {
    const Bytes whole = Hex(form);
    const bool is_ec = form == fixture::kP256Sec1 || form == fixture::kP256Pkcs8;
    const char* certificate = is_ec ? fixture::kP256Certificate : fixture::kRsaCertificate;
    for (size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK(Problem(cut, certificate) == kUnreadable);
    }
    Bytes longer = whole;
    longer.push_back(0);
    CHECK(Problem(longer, certificate) == kUnreadable);
  }
}

TEST("a key with any one octet changed is read or refused, and never read past its end") {
  const Bytes whole = Hex(fixture::kP256Pkcs8);
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const int change : {1, 0x80, 0xFF}) {
      Bytes changed = whole;
      changed[at] = static_cast<uint8_t>(changed[at] ^ change);
      Problem(changed, fixture::kP256Certificate);
    }
  }
}

TEST("a credential holds its identity and chain, and is one that signs") {
  fake::Scope scope;
  std::optional<Fault> fault;
  {
    const auto credential = Make({Hex(fixture::kP256Certificate), wire::Root()}, fixture::kP256Pkcs8, &fault);
    CHECK(credential != nullptr && !fault.has_value());
    CHECK(scope.record.key == Hex(fixture::kP256X963));
    CHECK(scope.record.key_type == "kSecAttrKeyTypeECSECPrimeRandom");
    CHECK(F().CFArrayGetCount(credential->items()) == 2);
    CHECK((credential->SignatureSchemes() == std::vector<uint16_t>{0x0403}));
    CHECK((credential->Issuers() == std::vector<Bytes>{wire::Name("t"), wire::Name("root")}));
  }
  CHECK(scope.live() == 0);
}

TEST("an RSA credential signs with each hash") {
  fake::Scope scope;
  std::optional<Fault> fault;
  const auto credential = Make({Hex(fixture::kRsaCertificate)}, fixture::kRsaPkcs8, &fault);
  CHECK(credential != nullptr && !fault.has_value());
  CHECK(scope.record.key_type == "kSecAttrKeyTypeRSA");
  CHECK((credential->SignatureSchemes() == std::vector<uint16_t>{0x0401, 0x0501, 0x0601}));
}

TEST("a credential that does not come about says why, and leaves nothing behind") {
  const auto refusal = [](const std::vector<Bytes>& chain, const char* key, void (*change)(fake::Script*)) {
    fake::Scope scope;
    change(&scope.script);
    std::optional<Fault> fault;
    const bool is_made = Make(chain, key, &fault) != nullptr;
    CHECK(!is_made && fault.has_value() && fault->code == "ERR_TLS_IDENTITY" && scope.live() == 0);
    return fault->detail;
  };
  const auto nothing = [](fake::Script*) {};
  const std::vector<Bytes> chain{Hex(fixture::kP256Certificate)};
  CHECK(refusal({}, fixture::kP256Sec1, nothing) == "the chain is empty");
  CHECK(refusal({chain[0], {1, 2}}, fixture::kP256Sec1, nothing) == "a certificate of the chain cannot be read");
  CHECK(refusal(chain, "3000", nothing) == kUnreadable);
  CHECK(refusal(chain, fixture::kP256Sec1, [](fake::Script* script) { script->refuses_keys = true; }) ==
        "the library refuses the private key");
  CHECK(refusal(chain, fixture::kP256Sec1, [](fake::Script* script) { script->signs_wrongly = true; }) == kMismatch);
  CHECK(refusal({wire::Leaf()}, fixture::kP256Sec1, nothing) == kMismatch);
}

TEST("where macOS makes no identities, no key goes into a keychain instead") {
  fake::Scope scope({"SecIdentityCreate"});
  std::optional<Fault> fault;
  CHECK(Make({Hex(fixture::kP256Certificate)}, fixture::kP256Sec1, &fault) == nullptr);
  CHECK(fault->code == "ERR_TLS_IDENTITY" && fault->detail.find("SecIdentityCreate") != std::string::npos);
}
