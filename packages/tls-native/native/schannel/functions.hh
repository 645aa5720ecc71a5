// The functions of Windows that this folder calls, as one table. Only load.cc fills it from the system; tests fill it with
// their own functions.
#pragma once

#include <string>
#include <vector>

#include "abi-crypt.hh"

namespace tls::schannel {

struct Functions {
  // These are of secur32.dll.
  abi::Status(TLS_WINAPI* AcquireCredentialsHandleW)(abi::Wide* principal, abi::Wide* package, uint32_t use, void* logon,
                                                     void* credentials, void* get_key, void* get_key_argument,
                                                     abi::SecHandle* handle, int64_t* expiry);
  abi::Status(TLS_WINAPI* FreeCredentialsHandle)(abi::SecHandle* handle);
  abi::Status(TLS_WINAPI* QueryCredentialsAttributesW)(abi::SecHandle* handle, uint32_t attribute, void* value);
  abi::Status(TLS_WINAPI* InitializeSecurityContextW)(abi::SecHandle* credentials, abi::SecHandle* context, abi::Wide* target,
                                                      uint32_t requirements, uint32_t reserved, uint32_t representation,
                                                      abi::SecBufferDesc* input, uint32_t reserved2,
                                                      abi::SecHandle* new_context, abi::SecBufferDesc* output,
                                                      uint32_t* attributes, int64_t* expiry);
  abi::Status(TLS_WINAPI* AcceptSecurityContext)(abi::SecHandle* credentials, abi::SecHandle* context,
                                                 abi::SecBufferDesc* input, uint32_t requirements, uint32_t representation,
                                                 abi::SecHandle* new_context, abi::SecBufferDesc* output,
                                                 uint32_t* attributes, int64_t* expiry);
  abi::Status(TLS_WINAPI* DeleteSecurityContext)(abi::SecHandle* context);
  abi::Status(TLS_WINAPI* ApplyControlToken)(abi::SecHandle* context, abi::SecBufferDesc* input);
  abi::Status(TLS_WINAPI* QueryContextAttributesW)(abi::SecHandle* context, uint32_t attribute, void* value);
  abi::Status(TLS_WINAPI* SetContextAttributesW)(abi::SecHandle* context, uint32_t attribute, void* value, uint32_t size);
  abi::Status(TLS_WINAPI* FreeContextBuffer)(void* buffer);
  abi::Status(TLS_WINAPI* EncryptMessage)(abi::SecHandle* context, uint32_t quality, abi::SecBufferDesc* message,
                                          uint32_t sequence);
  abi::Status(TLS_WINAPI* DecryptMessage)(abi::SecHandle* context, abi::SecBufferDesc* message, uint32_t sequence,
                                          uint32_t* quality);

  // These are of crypt32.dll.
  void*(TLS_WINAPI* CertOpenStore)(const char* provider, uint32_t encoding, uintptr_t crypt_provider, uint32_t flags,
                                   const void* parameter);
  abi::Bool(TLS_WINAPI* CertCloseStore)(void* store, uint32_t flags);
  abi::Bool(TLS_WINAPI* CertAddEncodedCertificateToStore)(void* store, uint32_t encoding, const uint8_t* encoded, uint32_t size,
                                                          uint32_t disposition, const abi::CertContext** added);
  const abi::CertContext*(TLS_WINAPI* CertEnumCertificatesInStore)(void* store, const abi::CertContext* previous);
  abi::Bool(TLS_WINAPI* CertFreeCertificateContext)(const abi::CertContext* certificate);
  abi::Bool(TLS_WINAPI* CertSetCertificateContextProperty)(const abi::CertContext* certificate, uint32_t property,
                                                           uint32_t flags, const void* value);
  abi::Bool(TLS_WINAPI* CertGetCertificateContextProperty)(const abi::CertContext* certificate, uint32_t property, void* value,
                                                           uint32_t* size);
  abi::Bool(TLS_WINAPI* CertCreateCertificateChainEngine)(abi::ChainEngineConfig* config, void** engine);
  void(TLS_WINAPI* CertFreeCertificateChainEngine)(void* engine);
  abi::Bool(TLS_WINAPI* CertGetCertificateChain)(void* engine, const abi::CertContext* certificate, abi::FileTime* time,
                                                 void* additional_store, abi::ChainPara* para, uint32_t flags, void* reserved,
                                                 const abi::ChainContext** chain);
  void(TLS_WINAPI* CertFreeCertificateChain)(const abi::ChainContext* chain);
  abi::Bool(TLS_WINAPI* CertVerifyCertificateChainPolicy)(const char* policy, const abi::ChainContext* chain,
                                                          abi::PolicyPara* para, abi::PolicyStatus* status);

  // These are of ncrypt.dll.
  abi::Status(TLS_WINAPI* NCryptOpenStorageProvider)(uintptr_t* provider, const abi::Wide* name, uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptImportKey)(uintptr_t provider, uintptr_t import_key, const abi::Wide* blob_type, void* parameters,
                                           uintptr_t* key, uint8_t* blob, uint32_t size, uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptCreatePersistedKey)(uintptr_t provider, uintptr_t* key, const abi::Wide* algorithm,
                                                    const abi::Wide* name, uint32_t spec, uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptSetProperty)(uintptr_t object, const abi::Wide* property, uint8_t* value, uint32_t size,
                                             uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptFinalizeKey)(uintptr_t key, uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptDeleteKey)(uintptr_t key, uint32_t flags);  // it frees the handle too when it succeeds
  abi::Status(TLS_WINAPI* NCryptFreeObject)(uintptr_t object);
  abi::Status(TLS_WINAPI* NCryptOpenKey)(uintptr_t provider, uintptr_t* key, const abi::Wide* name, uint32_t spec, uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptEnumKeys)(uintptr_t provider, const abi::Wide* scope, abi::KeyName** name, void** state,
                                          uint32_t flags);
  abi::Status(TLS_WINAPI* NCryptFreeBuffer)(void* buffer);

  // These are of advapi32.dll.
  abi::Bool(TLS_WINAPI* CryptAcquireContextW)(uintptr_t* provider, const abi::Wide* container, const abi::Wide* name,
                                              uint32_t type, uint32_t flags);
  abi::Bool(TLS_WINAPI* CryptReleaseContext)(uintptr_t provider, uint32_t flags);
  abi::Bool(TLS_WINAPI* CryptImportKey)(uintptr_t provider, const uint8_t* blob, uint32_t size, uintptr_t public_key,
                                        uint32_t flags, uintptr_t* key);
  abi::Bool(TLS_WINAPI* CryptDestroyKey)(uintptr_t key);
  abi::Bool(TLS_WINAPI* CryptGetProvParam)(uintptr_t provider, uint32_t parameter, uint8_t* value, uint32_t* size, uint32_t flags);

  // These are of bcrypt.dll.
  abi::Status(TLS_WINAPI* BCryptGenRandom)(void* algorithm, uint8_t* buffer, uint32_t size, uint32_t flags);
  abi::Status(TLS_WINAPI* BCryptEnumContextFunctions)(uint32_t table, const abi::Wide* context, uint32_t interface_id,
                                                      uint32_t* size, abi::ContextFunctions** functions);
  void(TLS_WINAPI* BCryptFreeBuffer)(void* buffer);

  // These are of kernel32.dll.
  uint32_t(TLS_WINAPI* GetLastError)();
  void*(TLS_WINAPI* GetCurrentProcess)();  // it needs no CloseHandle
  uint32_t(TLS_WINAPI* GetCurrentProcessId)();
  void*(TLS_WINAPI* OpenProcess)(uint32_t access, abi::Bool is_inherited, uint32_t process);
  abi::Bool(TLS_WINAPI* GetProcessTimes)(void* process, abi::FileTime* creation, abi::FileTime* exit, abi::FileTime* kernel,
                                         abi::FileTime* user);
  abi::Bool(TLS_WINAPI* GetExitCodeProcess)(void* process, uint32_t* code);
  abi::Bool(TLS_WINAPI* CloseHandle)(void* object);
  abi::Bool(TLS_WINAPI* GetComputerNameW)(abi::Wide* name, uint32_t* size);

  // This is of ntdll.dll, and there alone where Wine stands in for Windows; else it is null.
  const char*(TLS_WINAPI* wine_get_version)();
};

// What the loader found.
struct Library {
  const Functions* functions = nullptr;
  std::string path;     // the DLL that has the security functions
  std::string version;  // the system's version, as in `10.0.19043`
};

// False when a function is missing; `tried` then says which.
bool LoadLibraryOf(Library* library, std::vector<std::string>* tried);

// The table, set before anything else here is used.
const Functions& F();
void SetFunctions(const Functions* functions);

}  // namespace tls::schannel
