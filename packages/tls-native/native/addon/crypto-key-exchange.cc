#include "../crypto/key-share.hh"
#include "../crypto/ml-kem.hh"
#include "../crypto/random.hh"
#include "../crypto/secret.hh"
#include "crypto-functions.hh"
#include "crypto-handles.hh"

namespace tls::crypto {
namespace {

// generateKeyShare(group, privateKey | undefined): gives a handle; the result is the share.
napi_value GenerateKeyShare(Call& call) {
  const auto group = static_cast<Group>(call.Number(0, kGroups));
  const bool is_fresh = call.IsAbsent(1);
  auto pair = is_fresh ? KeyPair::Generate(group, &call.environment().key_maker) : KeyPair::FromPrivate(group, call.BytesAt(1));
  if (is_fresh) Succeed(pair != nullptr, "no key pair could be made");
  Require(pair != nullptr, "expected a private key of the group");
  Succeed(pair->Share(call.Result(ShareSize(group))), "the share could not be written");
  return MakeHandle(call, std::move(pair));
}

// deriveSecret(pair, peerShare): tells whether the share is one; the result is the secret.
napi_value DeriveSecret(Call& call) {
  const auto& pair = ObjectAt<KeyPair>(call, 0);
  return call.Truth(pair.Derive(call.BytesAt(1), call.Result(SecretSize(pair.group()))));
}

ParameterSet ParameterSetAt(const Call& call, size_t index) {
  Require(L().has_ml_kem, "expected a library with ML-KEM");
  return static_cast<ParameterSet>(call.Number(index, kParameterSets));
}

// generateMlKemKey(parameterSet, seed | undefined): gives a handle; the result is the encapsulation key.
napi_value GenerateMlKemKey(Call& call) {
  const ParameterSet set = ParameterSetAt(call, 0);
  Secret<kSeedSize> seed;
  Input given{seed.bytes, kSeedSize};
  if (call.IsAbsent(1)) {
    Succeed(FillSecret(Output{seed.bytes, kSeedSize}), "the random generator failed");
  } else {
    given = call.BytesAt(1);
  }
  auto key = MlKemKey::FromSeed(set, given);
  Require(key != nullptr, "expected a seed of 64 bytes");
  Succeed(key->EncapsulationKey(call.Result(EncapsulationKeySize(set))), "the key could not be written");
  return MakeHandle(call, std::move(key));
}

// decapsulate(key, ciphertext): tells whether the ciphertext has the right length; the result is the secret.
napi_value Decapsulate(Call& call) {
  const auto& key = ObjectAt<MlKemKey>(call, 0);
  return call.Truth(key.Decapsulate(call.BytesAt(1), call.Result(kSharedSecretSize)));
}

// encapsulate(parameterSet, encapsulationKey, message): tells whether the key is one; the result is the ciphertext and, behind it, the
// secret. An empty message is replaced by a random one.
napi_value EncapsulateSecret(Call& call) {
  const ParameterSet set = ParameterSetAt(call, 0);
  const Input key = call.BytesAt(1);
  const Input message = call.BytesAt(2);
  Require(message.size == 0 || message.size == kMessageSize, "expected a message of 32 bytes, or none");
  const size_t size = CiphertextSize(set);
  const Output result = call.Result(size + kSharedSecretSize);
  return call.Truth(Encapsulate(set, key, message, Output{result.data, size}, Output{result.data + size, kSharedSecretSize}));
}

}  // namespace

std::vector<Entry> KeyExchangeEntries() {
  return {
      {"generateKeyShare", Enter<GenerateKeyShare>}, {"deriveSecret", Enter<DeriveSecret>},
      {"generateMlKemKey", Enter<GenerateMlKemKey>}, {"decapsulate", Enter<Decapsulate>},
      {"encapsulate", Enter<EncapsulateSecret>},
  };
}

}  // namespace tls::crypto
