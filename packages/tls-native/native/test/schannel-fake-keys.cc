// The part of the fake system that has keys, their containers, and processes.
#include <cstring>

#include "schannel-fake.hh"

namespace fake {
namespace {

constexpr abi::Status kNoMoreItems = static_cast<abi::Status>(0x8009002A);
constexpr abi::Status kNotThere = static_cast<abi::Status>(0x80090016);
constexpr uint32_t kNoSuchProcess = 87;
constexpr uint32_t kAccessDenied = 5;

uint32_t last_error = 0;

struct CngKey {
  std::u16string name;
  size_t storage = 0;
};
std::map<uintptr_t, CngKey> cng_keys;

size_t StorageOf(bool is_old, uint32_t flags) { return (is_old ? 2 : 0) + ((flags & abi::kMachineKeys) != 0 ? 1 : 0); }
bool CanHold(uint32_t flags) { return Sys().has_profile || (flags & abi::kMachineKeys) != 0; }

uintptr_t NewObject() {
  auto* object = new int(0);
  Sys().Take("object", object);
  return reinterpret_cast<uintptr_t>(object);
}
abi::Status FreeObject(uintptr_t object) {
  auto* held = reinterpret_cast<int*>(object);
  Sys().Free("object", held);
  cng_keys.erase(object);
  delete held;
  return 0;
}

abi::Status OpenProvider(uintptr_t* provider, const abi::Wide*, uint32_t) {
  *provider = NewObject();
  return 0;
}
abi::Status ImportKey(uintptr_t, uintptr_t, const abi::Wide*, void*, uintptr_t* key, uint8_t* blob, uint32_t size, uint32_t) {
  Sys().key_blobs.emplace_back(blob, blob + size);
  *key = NewObject();
  return 0;
}
abi::Status CreateKey(uintptr_t, uintptr_t* key, const abi::Wide*, const abi::Wide* name, uint32_t, uint32_t flags) {
  if (!Sys().has_cng_names || !CanHold(flags)) return abi::kErrorUnsupportedFunction;
  *key = NewObject();
  cng_keys[*key] = {name, StorageOf(false, flags)};
  return 0;
}
abi::Status SetKeyProperty(uintptr_t, const abi::Wide*, uint8_t* value, uint32_t size, uint32_t) {
  Sys().key_blobs.emplace_back(value, value + size);
  return 0;
}
abi::Status FinalizeKey(uintptr_t key, uint32_t) {
  Sys().containers[cng_keys[key].storage].insert(cng_keys[key].name);
  return 0;
}
abi::Status OpenKey(uintptr_t, uintptr_t* key, const abi::Wide* name, uint32_t, uint32_t flags) {
  const size_t storage = StorageOf(false, flags);
  if (Sys().containers[storage].count(name) == 0) return kNotThere;
  *key = NewObject();
  cng_keys[*key] = {name, storage};
  return 0;
}
abi::Status DeleteKey(uintptr_t key, uint32_t) {
  const CngKey found = cng_keys[key];
  Sys().deleted_containers.push_back(found.name);
  Sys().containers[found.storage].erase(found.name);
  return FreeObject(key);
}

// Enumerates in alphabetical order; the state is the name that was told last.
abi::Status EnumerateKeys(uintptr_t, const abi::Wide*, abi::KeyName** told, void** state, uint32_t flags) {
  const auto& names = Sys().containers[StorageOf(false, flags)];
  auto* last = static_cast<std::u16string*>(*state);
  const auto next = last == nullptr ? names.begin() : names.upper_bound(*last);
  if (next == names.end()) return kNoMoreItems;
  if (last == nullptr) {
    last = new std::u16string();
    Sys().Take("enumeration", last);
    *state = last;
  }
  *last = *next;
  auto* name = new abi::KeyName{const_cast<abi::Wide*>(next->c_str()), nullptr, 0, 0};
  Sys().Take("key name", name);
  *told = name;
  return 0;
}
abi::Status FreeKeyBuffer(void* buffer) {
  if (Sys().live["enumeration"].count(buffer) != 0) {
    Sys().Free("enumeration", buffer);
    delete static_cast<std::u16string*>(buffer);
  } else {
    Sys().Free("key name", buffer);
    delete static_cast<abi::KeyName*>(buffer);
  }
  return 0;
}

abi::Bool AcquireOld(uintptr_t* provider, const abi::Wide* container, const abi::Wide*, uint32_t, uint32_t flags) {
  auto& names = Sys().containers[StorageOf(true, flags)];
  if ((flags & abi::kDeleteKeySet) != 0) {
    if (names.erase(container) == 0) return 0;
    Sys().deleted_containers.emplace_back(container);
    return 1;
  }
  const bool is_made = (flags & abi::kVerifyContext) != abi::kVerifyContext;
  if (is_made && !CanHold(flags)) return 0;
  if (is_made) names.insert(container);
  *provider = NewObject();
  cng_keys[*provider] = {is_made ? container : std::u16string(), StorageOf(true, flags)};
  return 1;
}
abi::Bool ReleaseOld(uintptr_t provider, uint32_t) {
  const CngKey& held = cng_keys[provider];
  if (Sys().writes_back && held.name.compare(0, 4, u"tls-") == 0) Sys().containers[held.storage].insert(held.name);
  return FreeObject(provider) == 0;
}
abi::Bool ImportOld(uintptr_t, const uint8_t* blob, uint32_t size, uintptr_t, uint32_t, uintptr_t* key) {
  Sys().key_blobs.emplace_back(blob, blob + size);
  *key = NewObject();
  return 1;
}
abi::Bool DestroyOld(uintptr_t key) { return FreeObject(key) == 0; }
abi::Bool EnumerateOld(uintptr_t provider, uint32_t, uint8_t* value, uint32_t* size, uint32_t flags) {
  const auto& names = Sys().containers[cng_keys[provider].storage];
  std::u16string& last = cng_keys[provider].name;
  const auto next = flags == abi::kFirst ? names.begin() : names.upper_bound(last);
  if (next == names.end() || next->size() >= *size) return 0;
  last = *next;
  for (size_t index = 0; index < last.size(); ++index) value[index] = static_cast<uint8_t>(last[index]);
  value[last.size()] = 0;
  *size = static_cast<uint32_t>(last.size() + 1);
  return 1;
}

abi::Status Random(void*, uint8_t* buffer, uint32_t size, uint32_t) {
  std::memset(buffer, 0xAB, size);
  return 0;
}

uint32_t LastError() { return last_error; }
void* CurrentProcess() { return &last_error; }
uint32_t CurrentProcessId() { return Sys().process; }
void* OpenProcess(uint32_t, abi::Bool, uint32_t number) {
  const auto found = Sys().processes.find(number);
  last_error = found == Sys().processes.end() ? kNoSuchProcess : kAccessDenied;
  if (found == Sys().processes.end() || !found->second.is_open) return nullptr;
  Sys().Take("process", &found->second);
  return &found->second;
}
abi::Bool ProcessTimes(void* process, abi::FileTime* creation, abi::FileTime*, abi::FileTime*, abi::FileTime*) {
  const uint64_t time = process == &last_error ? Sys().beginning : static_cast<Process*>(process)->beginning;
  *creation = {static_cast<uint32_t>(time), static_cast<uint32_t>(time >> 32)};
  return 1;
}
abi::Bool ExitCode(void* process, uint32_t* code) {
  *code = static_cast<Process*>(process)->exit_code;
  return 1;
}
abi::Bool CloseProcess(void* process) {
  Sys().Free("process", process);
  return 1;
}
abi::Bool ComputerName(abi::Wide* name, uint32_t* size) {
  Sys().computer.copy(name, *size);
  *size = static_cast<uint32_t>(Sys().computer.size());
  return 1;
}

}  // namespace

void FillKeys(tls::schannel::Functions* table) {
  table->NCryptOpenStorageProvider = OpenProvider;
  table->NCryptImportKey = ImportKey;
  table->NCryptCreatePersistedKey = CreateKey;
  table->NCryptSetProperty = SetKeyProperty;
  table->NCryptFinalizeKey = FinalizeKey;
  table->NCryptDeleteKey = DeleteKey;
  table->NCryptFreeObject = FreeObject;
  table->NCryptOpenKey = OpenKey;
  table->NCryptEnumKeys = EnumerateKeys;
  table->NCryptFreeBuffer = FreeKeyBuffer;
  table->CryptAcquireContextW = AcquireOld;
  table->CryptReleaseContext = ReleaseOld;
  table->CryptImportKey = ImportOld;
  table->CryptDestroyKey = DestroyOld;
  table->CryptGetProvParam = EnumerateOld;
  table->BCryptGenRandom = Random;
  table->GetLastError = LastError;
  table->GetCurrentProcess = CurrentProcess;
  table->GetCurrentProcessId = CurrentProcessId;
  table->OpenProcess = OpenProcess;
  table->GetProcessTimes = ProcessTimes;
  table->GetExitCodeProcess = ExitCode;
  table->CloseHandle = CloseProcess;
  table->GetComputerNameW = ComputerName;
}

}  // namespace fake
