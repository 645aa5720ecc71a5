// Node-API comes from the program that has loaded us, whatever its file is called: node.exe, or one that embeds Node. An import library
// would name the file, and its lazy kind, as binutils makes it, loses floating-point arguments of a first call.
#include <windows.h>

extern "C" {
// The pointer through which the compiler calls an imported function.
#define NODE_API(name) FARPROC __imp_##name = nullptr;
#include "node-api.inc"
#undef NODE_API
}

namespace {

struct Import {
  const char* name;
  FARPROC* place;
};

const Import kImports[] = {
#define NODE_API(name) {#name, &__imp_##name},
#include "node-api.inc"
#undef NODE_API
};

// Functions that this Node does not have stay null: the addon uses none that is younger than NAPI_VERSION.
__attribute__((constructor)) void FindFunctions() {
  const HMODULE host = GetModuleHandleW(nullptr);
  for (const Import& each : kImports) *each.place = GetProcAddress(host, each.name);
  // Node unloads an addon with the last environment that has it, but the system and our threads go on calling it.
  HMODULE self = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<const wchar_t*>(&kImports), &self);
}

}  // namespace
