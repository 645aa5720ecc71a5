#include "../crypto/hashes.hh"

#include "../crypto/random.hh"
#include "crypto-functions.hh"
#include "crypto-handles.hh"

namespace tls::crypto {
namespace {

// random(target): fills a Uint8Array, or as many bytes of the result as a number says.
napi_value Random(Call& call) {
  const std::optional<uint32_t> size = call.MaybeNumber(0, kResultSize + 1);
  Succeed(FillRandom(size.has_value() ? call.Result(*size) : call.TargetAt(0)), "the random generator failed");
  return nullptr;
}

// digest(hash, input)
napi_value Digest(Call& call) {
  const Hash hash = call.HashAt(0);
  Succeed(call.environment().hasher.Digest(hash, call.BytesAt(1), call.Result(DigestSize(hash))), "the hash failed");
  return nullptr;
}

// hmac(hash, key, input)
napi_value Hmac(Call& call) {
  const Hash hash = call.HashAt(0);
  const Input key = call.BytesAt(1);
  Succeed(call.environment().hasher.Hmac(hash, key, call.BytesAt(2), call.Result(DigestSize(hash))), "the HMAC failed");
  return nullptr;
}

// createHash(hash): gives a handle.
napi_value CreateHash(Call& call) {
  auto running = RunningHash::Create(call.HashAt(0));
  Succeed(running != nullptr, "the hash failed");
  return MakeHandle(call, std::move(running));
}

// updateHash(handle, input)
napi_value UpdateHash(Call& call) {
  Succeed(ObjectAt<RunningHash>(call, 0).Update(call.BytesAt(1)), "the hash failed");
  return nullptr;
}

// snapshotHash(handle, extra)
napi_value SnapshotHash(Call& call) {
  auto& running = ObjectAt<RunningHash>(call, 0);
  Succeed(running.Snapshot(call.BytesAt(1), call.Result(DigestSize(running.hash()))), "the hash failed");
  return nullptr;
}

}  // namespace

std::vector<Entry> HashEntries() {
  return {
      {"random", Enter<Random>},         {"digest", Enter<Digest>},         {"hmac", Enter<Hmac>},
      {"createHash", Enter<CreateHash>}, {"updateHash", Enter<UpdateHash>}, {"snapshotHash", Enter<SnapshotHash>},
  };
}

}  // namespace tls::crypto
