#include "container-names.hh"

#include <optional>

#include "functions.hh"

namespace tls::schannel {
namespace {

constexpr uint32_t kUseSystemRandom = 2;            // BCRYPT_USE_SYSTEM_PREFERRED_RNG
constexpr uint32_t kQueryLimitedInformation = 0x1000;
constexpr uint32_t kStillActive = 259;
constexpr uint32_t kNoSuchProcess = 87;             // ERROR_INVALID_PARAMETER
constexpr uint32_t kMaxComputerName = 256;

const std::u16string kPrefix = u"tls-native-";
// The parts after the prefix, in hexadecimal digits: the process, its beginning, the machine and the random bits.
constexpr size_t kDigits[] = {8, 16, 16, 32};

std::u16string Hexadecimal(uint64_t number, size_t digits) {
  std::u16string text(digits, u'0');
  for (size_t at = digits; at > 0; --at, number >>= 4) text[at - 1] = u"0123456789abcdef"[number & 0xF];
  return text;
}

std::optional<uint64_t> NumberOf(const std::u16string& digits) {
  uint64_t number = 0;
  for (const char16_t digit : digits) {
    const bool is_decimal = digit >= u'0' && digit <= u'9';
    if (!is_decimal && (digit < u'a' || digit > u'f')) return std::nullopt;
    number = number << 4 | static_cast<uint64_t>(is_decimal ? digit - u'0' : digit - u'a' + 10);
  }
  return number;
}

// Gives a digest of the machine's name. A profile can be on several machines, and a process is only known on its own.
uint64_t Machine() {
  char16_t name[kMaxComputerName];
  uint32_t size = kMaxComputerName;
  if (F().GetComputerNameW(name, &size) == 0 || size > kMaxComputerName) size = 0;
  uint64_t digest = 0xCBF29CE484222325;  // FNV-1a
  for (uint32_t index = 0; index < size; ++index) digest = (digest ^ name[index]) * 0x100000001B3;
  return digest;
}

std::optional<uint64_t> BeginningOf(void* process) {
  abi::FileTime times[4] = {};
  if (F().GetProcessTimes(process, &times[0], &times[1], &times[2], &times[3]) == 0) return std::nullopt;
  return static_cast<uint64_t>(times[0].high) << 32 | times[0].low;
}

bool IsGone(uint32_t process, uint64_t beginning) {
  void* const handle = F().OpenProcess(kQueryLimitedInformation, 0, process);
  if (handle == nullptr) return F().GetLastError() == kNoSuchProcess;
  const std::optional<uint64_t> own = BeginningOf(handle);
  uint32_t status = kStillActive;
  if (F().GetExitCodeProcess(handle, &status) == 0) status = kStillActive;
  F().CloseHandle(handle);
  // Numbers of processes are given again.
  return (own.has_value() && *own != beginning) || status != kStillActive;
}

}  // namespace

std::u16string NewContainerName() {
  uint8_t random[16];
  const std::optional<uint64_t> beginning = BeginningOf(F().GetCurrentProcess());
  if (!beginning || F().BCryptGenRandom(nullptr, random, sizeof random, kUseSystemRandom) != 0) return {};
  std::u16string name = kPrefix + Hexadecimal(F().GetCurrentProcessId(), kDigits[0]) + u"-" + Hexadecimal(*beginning, kDigits[1]) + u"-" +
                        Hexadecimal(Machine(), kDigits[2]) + u"-";
  for (const uint8_t byte : random) name += Hexadecimal(byte, 2);
  return name;
}

bool IsAbandoned(const std::u16string& name) {
  if (name.compare(0, kPrefix.size(), kPrefix) != 0) return false;
  uint64_t numbers[4] = {};
  size_t at = kPrefix.size();
  for (size_t part = 0; part < 4; ++part) {
    if (part > 0 && (at >= name.size() || name[at++] != u'-')) return false;
    const std::u16string digits = at < name.size() ? name.substr(at, kDigits[part]) : std::u16string();
    const auto number = NumberOf(digits);
    if (digits.size() != kDigits[part] || !number) return false;
    numbers[part] = *number;
    at += kDigits[part];
  }
  return at == name.size() && numbers[2] == Machine() && IsGone(static_cast<uint32_t>(numbers[0]), numbers[1]);
}

}  // namespace tls::schannel
