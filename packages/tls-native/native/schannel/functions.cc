#include "functions.hh"

namespace tls::schannel {
namespace {
const Functions* table = nullptr;
}

const Functions& F() { return *table; }
void SetFunctions(const Functions* functions) { table = functions; }

}  // namespace tls::schannel
