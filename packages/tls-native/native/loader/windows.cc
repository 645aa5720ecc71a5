#ifdef _WIN32
#include "loader.hh"

#include <windows.h>

#include <cstring>

namespace tls::loader {

Image Program() { return GetModuleHandleW(nullptr); }

Image Open(const std::string& file, std::string* problem) {
  *problem = file + ": Windows has no OpenSSL of its own";
  return nullptr;
}

std::string Find(Image image, const char* name, void** function) {
  const FARPROC found = GetProcAddress(static_cast<HMODULE>(image), name);
  std::memcpy(function, &found, sizeof found);
  return found == nullptr ? std::string("it has no ") + name : "";
}

std::string FileOf(const void* function) {
  HMODULE module = nullptr;
  constexpr DWORD kFlags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  if (GetModuleHandleExW(kFlags, static_cast<const wchar_t*>(function), &module) == 0) return "";
  wchar_t path[MAX_PATH];
  const DWORD length = GetModuleFileNameW(module, path, MAX_PATH);
  char text[3 * MAX_PATH];
  const int size = WideCharToMultiByte(CP_UTF8, 0, path, static_cast<int>(length), text, sizeof text, nullptr, nullptr);
  return std::string(text, static_cast<size_t>(size));
}

}  // namespace tls::loader
#endif
