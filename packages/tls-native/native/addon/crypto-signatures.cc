#include "../crypto/signing-keys.hh"
#include "crypto-functions.hh"
#include "crypto-handles.hh"

namespace tls::crypto {
namespace {

// Reads a hash, or undefined where the algorithm has one inside, and the padding behind it.
SignatureForm FormAt(const Call& call, size_t index) {
  SignatureForm form;
  if (!call.IsAbsent(index)) form.hash = call.HashAt(index);
  form.padding = static_cast<Padding>(call.Number(index + 1, kPaddings));
  return form;
}

// importVerifyingKey(spki): gives a handle, or undefined where there is no such key.
napi_value ImportVerifyingKey(Call& call) {
  auto key = VerifyingKey::Import(call.BytesAt(0));
  return key == nullptr ? nullptr : MakeHandle(call, std::move(key));
}

// verify(key, hash | undefined, padding, input, signature): tells whether the signature is valid.
napi_value Verify(Call& call) {
  const auto& key = ObjectAt<VerifyingKey>(call, 0);
  const SignatureForm form = FormAt(call, 1);
  const Input input = call.BytesAt(3);
  return call.Truth(key.Verify(form, input, call.BytesAt(4)));
}

// importSigningKey(pkcs8, isOnCurve): gives a handle, or undefined where there is no such key.
napi_value ImportSigningKey(Call& call) {
  const Input pkcs8 = call.BytesAt(0);
  auto key = SigningKey::Import(pkcs8, call.Number(1, 2) == 1);
  return key == nullptr ? nullptr : MakeHandle(call, std::move(key));
}

// publicHalf(key): gives the length of the result, a SubjectPublicKeyInfo.
napi_value PublicHalf(Call& call) {
  const auto size = ObjectAt<SigningKey>(call, 0).PublicHalf(call.WholeResult());
  Succeed(size.has_value(), "the public key could not be written");
  return call.Count(*size);
}

// sign(key, hash | undefined, padding, input): gives the length of the result, or 0 where the key does not sign in this way.
napi_value Sign(Call& call) {
  const auto& key = ObjectAt<SigningKey>(call, 0);
  const SignatureForm form = FormAt(call, 1);
  return call.Count(key.Sign(form, call.BytesAt(3), call.WholeResult()).value_or(0));
}

}  // namespace

std::vector<Entry> SignatureEntries() {
  return {
      {"importVerifyingKey", Enter<ImportVerifyingKey>},
      {"verify", Enter<Verify>},
      {"importSigningKey", Enter<ImportSigningKey>},
      {"publicHalf", Enter<PublicHalf>},
      {"sign", Enter<Sign>},
  };
}

}  // namespace tls::crypto
