#include "random.hh"

#include "library.hh"

namespace tls::crypto {

bool FillRandom(Output output) { return F().RAND_bytes_ex(nullptr, output.data, output.size, 0) == 1; }

bool FillSecret(Output output) { return F().RAND_priv_bytes_ex(nullptr, output.data, output.size, 0) == 1; }

}  // namespace tls::crypto
