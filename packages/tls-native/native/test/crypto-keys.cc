// Hashes, key exchanges and signatures over the system's OpenSSL: what they refuse, and that nothing leaks.
#include <algorithm>
#include <cstring>
#include <utility>

#include "../crypto/hashes.hh"
#include "../crypto/key-share.hh"
#include "../crypto/ml-kem.hh"
#include "../crypto/random.hh"
#include "../crypto/signing-keys.hh"
#include "check.hh"

using namespace tls::crypto;

namespace {

void Load() {
  std::vector<std::string> tried;
  CHECK(LoadLibrary(&tried) != nullptr);
}

Input In(const Bytes& bytes) { return {bytes.data(), bytes.size()}; }
Output Out(Bytes& bytes) { return {bytes.data(), bytes.size()}; }

Bytes Hex(const char* digits) {
  Bytes bytes;
  for (; digits[0] != 0; digits += 2) {
    const char pair[3] = {digits[0], digits[1], 0};
    bytes.push_back(static_cast<uint8_t>(std::strtoul(pair, nullptr, 16)));
  }
  return bytes;
}

Bytes ShareOf(const KeyPair& pair) {
  Bytes share(ShareSize(pair.group()));
  CHECK(pair.Share(Out(share)));
  return share;
}

const Bytes kAbc = {'a', 'b', 'c'};
constexpr Group kAllGroups[] = {Group::kX25519, Group::kP256, Group::kP384, Group::kP521};

// The private key of RFC 6979 §A.2.5.
Bytes P256Key(const Bytes& scalar) {
  Bytes der = Hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");
  der.insert(der.end(), scalar.begin(), scalar.end());
  return der;
}
const Bytes kP256Scalar = Hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");

}  // namespace

TEST("FIPS 180-4, RFC 4231: hashes and HMACs are right, and a hasher goes on after one that failed") {
  Load();
  Hasher hasher;
  Bytes digest(32);
  Bytes wrong_size(31);
  for (int round = 0; round < 3; ++round) {
    CHECK(!hasher.Digest(Hash::kSha256, In(kAbc), Out(wrong_size)));
    CHECK(hasher.Digest(Hash::kSha256, In(kAbc), Out(digest)));
    CHECK(digest == Hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK(!hasher.Hmac(Hash::kSha256, In(kAbc), In(kAbc), Out(wrong_size)));
    const Bytes key(20, 0x0b);
    const Bytes hi_there = {'H', 'i', ' ', 'T', 'h', 'e', 'r', 'e'};
    CHECK(hasher.Hmac(Hash::kSha256, In(key), In(hi_there), Out(digest)));
    CHECK(digest == Hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
  }
  Bytes empty(64);
  CHECK(hasher.Hmac(Hash::kSha512, {}, {}, Out(empty)));
}

TEST("a running hash gives snapshots, and goes on") {
  Load();
  const auto running = RunningHash::Create(Hash::kSha256);
  Bytes digest(32);
  CHECK(running->Update({kAbc.data(), 1}));
  CHECK(running->Snapshot({kAbc.data() + 1, 2}, Out(digest)));
  const Bytes expected = digest;
  CHECK(running->Update({kAbc.data() + 1, 2}));
  CHECK(running->Snapshot({}, Out(digest)) && digest == expected);
  Bytes wrong_size(33);
  CHECK(!running->Snapshot({}, Out(wrong_size)));
}

TEST("two key pairs of a group agree, and shares of other lengths or off the curve are refused") {
  Load();
  KeyMaker maker;
  for (const Group group : kAllGroups) {
    const auto ours = KeyPair::Generate(group, &maker);
    const auto theirs = KeyPair::Generate(group, &maker);
    CHECK(ours != nullptr && theirs != nullptr && ShareOf(*ours) != ShareOf(*theirs));
    Bytes secret(SecretSize(group));
    Bytes other(SecretSize(group));
    CHECK(ours->Derive(In(ShareOf(*theirs)), Out(secret)) && theirs->Derive(In(ShareOf(*ours)), Out(other)));
    CHECK(secret == other);
    for (const size_t size : {size_t{0}, size_t{1}, ShareSize(group) - 1, ShareSize(group) + 1}) {
      const Bytes share(size, 4);
      CHECK(!ours->Derive(In(share), Out(secret)));
    }
    const Bytes zeros(ShareSize(group));
    CHECK(!ours->Derive(In(zeros), Out(secret)));
    Bytes bent = ShareOf(*theirs);
    if (group == Group::kX25519) continue;
    bent.back() ^= 1;
    CHECK(!ours->Derive(In(bent), Out(secret)));
    bent.back() ^= 1;
    bent[0] = 6;
    CHECK(!ours->Derive(In(bent), Out(secret)));
  }
}

TEST("private keys that are given have their group's length and are in range") {
  Load();
  for (const Group group : kAllGroups) {
    Bytes key(SecretSize(group), 0);
    key.back() = 5;
    CHECK(KeyPair::FromPrivate(group, In(key)) != nullptr);
    CHECK(KeyPair::FromPrivate(group, {key.data(), key.size() - 1}) == nullptr);
    CHECK(KeyPair::FromPrivate(group, {}) == nullptr);
    if (group == Group::kX25519) continue;
    const Bytes zero(SecretSize(group), 0);
    const Bytes all_ones(SecretSize(group), 0xff);
    CHECK(KeyPair::FromPrivate(group, In(zero)) == nullptr);
    CHECK(KeyPair::FromPrivate(group, In(all_ones)) == nullptr);
  }
}

TEST("a signature by a key verifies with its public half, and with nothing changed") {
  Load();
  const auto signing = SigningKey::Import(In(P256Key(kP256Scalar)), true);
  CHECK(signing != nullptr);
  Bytes spki(200);
  const auto size = signing->PublicHalf(Out(spki));
  CHECK(size.has_value());
  spki.resize(*size);
  const auto verifying = VerifyingKey::Import(In(spki));
  CHECK(verifying != nullptr);
  const SignatureForm form{Hash::kSha256, Padding::kNone};
  Bytes signature(200);
  const auto length = signing->Sign(form, In(kAbc), Out(signature));
  CHECK(length.has_value());
  signature.resize(*length);
  CHECK(verifying->Verify(form, In(kAbc), In(signature)));
  CHECK(!verifying->Verify(form, {kAbc.data(), 2}, In(signature)));
  CHECK(!verifying->Verify({Hash::kSha384, Padding::kNone}, In(kAbc), In(signature)));
  CHECK(!verifying->Verify(form, In(kAbc), {}));
  for (uint8_t& byte : signature) {
    byte ^= 1;
    CHECK(!verifying->Verify(form, In(kAbc), In(signature)));
    byte ^= 1;
  }
  Bytes too_small(10);
  CHECK(!signing->Sign(form, In(kAbc), Out(too_small)).has_value());
  CHECK(!signing->PublicHalf(Out(too_small)).has_value());
}

TEST("points of each curve are imported, and none that is off its curve or of another form") {
  Load();
  KeyMaker maker;
  const std::pair<Group, Bytes> curves[] = {
      {Group::kP256, Hex("3059301306072a8648ce3d020106082a8648ce3d030107034200")},
      {Group::kP384, Hex("3076301006072a8648ce3d020106052b81040022036200")},
      {Group::kP521, Hex("30819b301006072a8648ce3d020106052b8104002303818600")},
  };
  for (const auto& [group, header] : curves) {
    const Bytes point = ShareOf(*KeyPair::Generate(group, &maker));
    Bytes spki = header;
    spki.insert(spki.end(), point.begin(), point.end());
    CHECK(VerifyingKey::Import(In(spki)) != nullptr);
    spki.back() ^= 1;
    CHECK(VerifyingKey::Import(In(spki)) == nullptr);
    spki.back() ^= 1;
    uint8_t& form = spki[header.size()];
    for (const uint8_t wrong : {uint8_t{0}, uint8_t{2}, uint8_t{5}}) {
      form = wrong;
      CHECK(VerifyingKey::Import(In(spki)) == nullptr);
    }
    form = 4;
    std::fill(spki.begin() + static_cast<std::ptrdiff_t>(header.size()) + 1, spki.end(), uint8_t{0xff});
    CHECK(VerifyingKey::Import(In(spki)) == nullptr);
  }
}

TEST("keys that are cut, longer, off their curve or out of range are refused") {
  Load();
  const Bytes whole = P256Key(kP256Scalar);
  for (size_t size = 0; size < whole.size(); ++size) CHECK(SigningKey::Import({whole.data(), size}, true) == nullptr);
  CHECK(SigningKey::Import(In(P256Key(Bytes(32, 0))), true) == nullptr);
  CHECK(SigningKey::Import(In(P256Key(Bytes(32, 0xff))), true) == nullptr);
  Bytes spki(200);
  spki.resize(SigningKey::Import(In(whole), true)->PublicHalf(Out(spki)).value());
  for (size_t size = 0; size < spki.size(); ++size) CHECK(VerifyingKey::Import({spki.data(), size}) == nullptr);
  Bytes longer = spki;
  longer.push_back(0);
  CHECK(VerifyingKey::Import(In(longer)) == nullptr);
  spki.back() ^= 1;
  CHECK(VerifyingKey::Import(In(spki)) == nullptr);
}

TEST("random bytes differ, and any number of them may be asked for") {
  Load();
  Bytes one(100000), two(100000), none;
  CHECK(FillRandom(Out(one)) && FillSecret(Out(two)) && FillRandom(Out(none)));
  CHECK(one != two);
}

TEST("FIPS 203: an encapsulation opens with its key, where OpenSSL has ML-KEM") {
  Load();
  const Bytes seed(kSeedSize, 9);
  for (const ParameterSet set : {ParameterSet::kMlKem768, ParameterSet::kMlKem1024}) {
    const auto key = MlKemKey::FromSeed(set, In(seed));
    CHECK((key != nullptr) == L().has_ml_kem);
    Bytes encapsulation_key(EncapsulationKeySize(set)), ciphertext(CiphertextSize(set)), secret(32), other(32);
    const bool is_sealed = key != nullptr && key->EncapsulationKey(Out(encapsulation_key)) &&
                           Encapsulate(set, In(encapsulation_key), {}, Out(ciphertext), Out(secret));
    CHECK(is_sealed == L().has_ml_kem);
    CHECK(!is_sealed || (key->Decapsulate(In(ciphertext), Out(other)) && secret == other));
    CHECK(MlKemKey::FromSeed(set, {seed.data(), 63}) == nullptr);
    encapsulation_key.pop_back();
    CHECK(!Encapsulate(set, In(encapsulation_key), {}, Out(ciphertext), Out(secret)));
  }
}
