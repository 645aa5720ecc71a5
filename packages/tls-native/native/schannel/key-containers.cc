#include "key-containers.hh"

#include <algorithm>
#include <mutex>

#include "container-names.hh"

namespace tls::schannel {
namespace {

constexpr KeyStorage kStorages[] = {{false, false}, {false, true}, {true, false}, {true, true}};
// So many names are looked at in each storage, of whatever program they are. What is behind them is left to the next process.
constexpr int kMaxNames = 4096;
constexpr size_t kMaxOldName = 1024;

struct Entry {
  KeyStorage storage;
  std::u16string name;
};

std::mutex mutex;  // protects what follows
std::vector<Entry> made;
bool has_swept = false;
bool is_over = false;

void Delete(KeyStorage storage, const std::u16string& name) {
  if (storage.is_old) {
    uintptr_t none = 0;
    F().CryptAcquireContextW(&none, name.c_str(), kOldProvider, abi::kProviderRsaAes, abi::kDeleteKeySet | abi::kSilent | storage.Flag());
    return;
  }
  uintptr_t provider = 0;
  uintptr_t key = 0;
  if (F().NCryptOpenStorageProvider(&provider, kCngProvider, 0) != 0) return;
  // A deletion that succeeds also frees the handle.
  if (F().NCryptOpenKey(provider, &key, name.c_str(), 0, abi::kSilent | storage.Flag()) == 0 &&
      F().NCryptDeleteKey(key, abi::kSilent) != 0) {
    F().NCryptFreeObject(key);
  }
  F().NCryptFreeObject(provider);
}

std::vector<std::u16string> AbandonedCng(KeyStorage storage) {
  std::vector<std::u16string> names;
  uintptr_t provider = 0;
  if (F().NCryptOpenStorageProvider(&provider, kCngProvider, 0) != 0) return names;
  void* state = nullptr;
  for (int count = 0; count < kMaxNames; ++count) {
    abi::KeyName* each = nullptr;
    if (F().NCryptEnumKeys(provider, nullptr, &each, &state, abi::kSilent | storage.Flag()) != 0 || each == nullptr) break;
    // The provider also tells of CryptoAPI's keys, which are deleted as such.
    if (each->name != nullptr && each->old_spec == 0 && IsAbandoned(each->name)) names.emplace_back(each->name);
    F().NCryptFreeBuffer(each);
  }
  if (state != nullptr) F().NCryptFreeBuffer(state);
  F().NCryptFreeObject(provider);
  return names;
}

std::vector<std::u16string> AbandonedOld(KeyStorage storage) {
  std::vector<std::u16string> names;
  uintptr_t provider = 0;
  if (F().CryptAcquireContextW(&provider, nullptr, kOldProvider, abi::kProviderRsaAes,
                               abi::kVerifyContext | abi::kSilent | storage.Flag()) == 0) {
    return names;
  }
  uint8_t name[kMaxOldName];
  for (int count = 0; count < kMaxNames; ++count) {
    uint32_t size = sizeof name;
    if (F().CryptGetProvParam(provider, abi::kEnumContainers, name, &size, count == 0 ? abi::kFirst : abi::kNext) == 0) break;
    const uint8_t* end = std::find(name, name + std::min<size_t>(size, sizeof name), uint8_t{0});
    std::u16string each(static_cast<const uint8_t*>(name), end);
    if (IsAbandoned(each)) names.push_back(std::move(each));
  }
  F().CryptReleaseContext(provider, 0);
  return names;
}

void Sweep() {
  for (const KeyStorage storage : kStorages) {
    for (const std::u16string& name : storage.is_old ? AbandonedOld(storage) : AbandonedCng(storage)) Delete(storage, name);
  }
}

}  // namespace

std::unique_ptr<KeyContainer> KeyContainer::Reserve(KeyStorage storage) {
  const std::lock_guard<std::mutex> lock(mutex);
  if (is_over) return nullptr;
  if (!has_swept) Sweep();
  has_swept = true;
  std::u16string name = NewContainerName();
  if (name.empty()) return nullptr;
  made.push_back({storage, name});
  return std::unique_ptr<KeyContainer>(new KeyContainer(storage, std::move(name)));
}

KeyContainer::~KeyContainer() {
  const std::lock_guard<std::mutex> lock(mutex);
  const auto own = std::find_if(made.begin(), made.end(), [this](const Entry& entry) { return entry.name == name_; });
  if (own != made.end()) made.erase(own);
  // Where the process is ending it was deleted already, under the eyes of who used it: Wine writes a container anew when that lets go of it.
  Delete(storage_, name_);
}

void BeginContainers() {
  const std::lock_guard<std::mutex> lock(mutex);
  has_swept = is_over = false;
}

void EndContainers() {
  const std::lock_guard<std::mutex> lock(mutex);
  is_over = true;
  for (const Entry& entry : made) Delete(entry.storage, entry.name);
  made.clear();
}

}  // namespace tls::schannel
