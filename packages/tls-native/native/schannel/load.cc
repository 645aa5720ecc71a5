// This is the only file that asks Windows for its functions.
#ifdef _WIN32

#include <windows.h>

#include "functions.hh"

namespace tls::schannel {
namespace {

class Loader {
 public:
  explicit Loader(std::vector<std::string>* tried) : tried_(tried) {}

  // Loads from the system's own folder only: a file of that name beside the program is not the system's.
  HMODULE Open(const char* name) {
    const HMODULE module = LoadLibraryExA(name, nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (module == nullptr) Note(std::string(name) + ": error " + std::to_string(::GetLastError()));
    return module;
  }

  template <typename Function>
  void Get(HMODULE module, const char* library, const char* name, Function* function) {
    const FARPROC found = module == nullptr ? nullptr : GetProcAddress(module, name);
    if (found == nullptr && module != nullptr) Note(std::string(library) + ": no function " + name);
    *function = reinterpret_cast<Function>(reinterpret_cast<void*>(found));
  }

  bool is_complete() const { return is_complete_; }

 private:
  void Note(std::string what) {
    is_complete_ = false;
    tried_->push_back(std::move(what));
  }

  std::vector<std::string>* tried_;
  bool is_complete_ = true;
};

std::string PathOf(HMODULE module) {
  wchar_t wide[32768];
  const DWORD length = GetModuleFileNameW(module, wide, static_cast<DWORD>(sizeof wide / sizeof *wide));
  const int size = WideCharToMultiByte(CP_UTF8, 0, wide, static_cast<int>(length), nullptr, 0, nullptr, nullptr);
  std::string path(static_cast<size_t>(size), '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide, static_cast<int>(length), path.data(), size, nullptr, nullptr);
  return path;
}

// Gives the system's version. GetVersionEx is not used, because it tells a program without a manifest an older version.
std::string SystemVersion() {
  OSVERSIONINFOW info = {};
  info.dwOSVersionInfoSize = sizeof info;
  LONG(WINAPI * RtlGetVersion)(OSVERSIONINFOW*) = nullptr;
  const HMODULE ntdll = GetModuleHandleA("ntdll.dll");
  const FARPROC found = ntdll == nullptr ? nullptr : GetProcAddress(ntdll, "RtlGetVersion");
  RtlGetVersion = reinterpret_cast<LONG(WINAPI*)(OSVERSIONINFOW*)>(reinterpret_cast<void*>(found));
  if (RtlGetVersion == nullptr || RtlGetVersion(&info) != 0) return "of an unknown version";
  return std::to_string(info.dwMajorVersion) + "." + std::to_string(info.dwMinorVersion) + "." +
         std::to_string(info.dwBuildNumber);
}

}  // namespace

bool LoadLibraryOf(Library* library, std::vector<std::string>* tried) {
  static Functions functions;  // they live as long as the process, as the libraries do
  Loader loader(tried);
  const HMODULE secur32 = loader.Open("secur32.dll");
  const HMODULE crypt32 = loader.Open("crypt32.dll");
  const HMODULE ncrypt = loader.Open("ncrypt.dll");
  const HMODULE advapi32 = loader.Open("advapi32.dll");
  const HMODULE bcrypt = loader.Open("bcrypt.dll");
  const HMODULE kernel32 = loader.Open("kernel32.dll");
#define TLS_GET(module, name) loader.Get(module, #module ".dll", #name, &functions.name)
  TLS_GET(secur32, AcquireCredentialsHandleW);
  TLS_GET(secur32, FreeCredentialsHandle);
  TLS_GET(secur32, QueryCredentialsAttributesW);
  TLS_GET(secur32, InitializeSecurityContextW);
  TLS_GET(secur32, AcceptSecurityContext);
  TLS_GET(secur32, DeleteSecurityContext);
  TLS_GET(secur32, ApplyControlToken);
  TLS_GET(secur32, QueryContextAttributesW);
  TLS_GET(secur32, SetContextAttributesW);
  TLS_GET(secur32, FreeContextBuffer);
  TLS_GET(secur32, EncryptMessage);
  TLS_GET(secur32, DecryptMessage);
  TLS_GET(crypt32, CertOpenStore);
  TLS_GET(crypt32, CertCloseStore);
  TLS_GET(crypt32, CertAddEncodedCertificateToStore);
  TLS_GET(crypt32, CertEnumCertificatesInStore);
  TLS_GET(crypt32, CertFreeCertificateContext);
  TLS_GET(crypt32, CertSetCertificateContextProperty);
  TLS_GET(crypt32, CertGetCertificateContextProperty);
  TLS_GET(crypt32, CertCreateCertificateChainEngine);
  TLS_GET(crypt32, CertFreeCertificateChainEngine);
  TLS_GET(crypt32, CertGetCertificateChain);
  TLS_GET(crypt32, CertFreeCertificateChain);
  TLS_GET(crypt32, CertVerifyCertificateChainPolicy);
  TLS_GET(ncrypt, NCryptOpenStorageProvider);
  TLS_GET(ncrypt, NCryptImportKey);
  TLS_GET(ncrypt, NCryptCreatePersistedKey);
  TLS_GET(ncrypt, NCryptSetProperty);
  TLS_GET(ncrypt, NCryptFinalizeKey);
  TLS_GET(ncrypt, NCryptDeleteKey);
  TLS_GET(ncrypt, NCryptFreeObject);
  TLS_GET(ncrypt, NCryptOpenKey);
  TLS_GET(ncrypt, NCryptEnumKeys);
  TLS_GET(ncrypt, NCryptFreeBuffer);
  TLS_GET(advapi32, CryptAcquireContextW);
  TLS_GET(advapi32, CryptReleaseContext);
  TLS_GET(advapi32, CryptImportKey);
  TLS_GET(advapi32, CryptDestroyKey);
  TLS_GET(advapi32, CryptGetProvParam);
  TLS_GET(bcrypt, BCryptGenRandom);
  TLS_GET(bcrypt, BCryptEnumContextFunctions);
  TLS_GET(bcrypt, BCryptFreeBuffer);
  TLS_GET(kernel32, GetLastError);
  TLS_GET(kernel32, GetCurrentProcess);
  TLS_GET(kernel32, GetCurrentProcessId);
  TLS_GET(kernel32, OpenProcess);
  TLS_GET(kernel32, GetProcessTimes);
  TLS_GET(kernel32, GetExitCodeProcess);
  TLS_GET(kernel32, CloseHandle);
  TLS_GET(kernel32, GetComputerNameW);
#undef TLS_GET
  const FARPROC wine_get_version = GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version");
  functions.wine_get_version = reinterpret_cast<const char*(TLS_WINAPI*)()>(reinterpret_cast<void*>(wine_get_version));
  if (!loader.is_complete()) return false;
  library->functions = &functions;
  library->path = PathOf(secur32);
  library->version = SystemVersion();
  return true;
}

}  // namespace tls::schannel

#endif
