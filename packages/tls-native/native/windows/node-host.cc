// Node-API comes from the program that has loaded us, whatever its file is called: node.exe, or one that embeds Node.
#include <windows.h>

#include <delayimp.h>

namespace {

constexpr char kHost[] = "NODE.EXE";  // as node_api.def has it

FARPROC WINAPI FindHost(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || lstrcmpiA(info->szDll, kHost) != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

}  // namespace

extern "C" {

PfnDliHook __pfnDliNotifyHook2 = FindHost;

// Before the first call: the thunks that binutils makes to find a function by its first call lose floating-point arguments.
__attribute__((constructor)) static void FindAllFunctions() { __HrLoadAllImportsForDll(kHost); }
}
