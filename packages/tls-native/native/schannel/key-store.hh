// The places where a private key can be, so that SChannel can sign with it.
#pragma once

#include "key-containers.hh"
#include "owners.hh"
#include "private-key.hh"

namespace tls::schannel {

// The places, from the best to the last resort. SChannel signs in another process (LSASS), which cannot reach an ephemeral key on any
// Windows that we know. It reports that when the credential is acquired, and the next place is tried.
enum class KeyPlace {
  kEphemeral,  // in CNG, in this process
  kNamed,      // in CNG, in a container of the user's that is deleted again
  kMachineNamed,     // likewise, in one of the machine's: a service or an impersonated user may have no profile that is loaded
  kOldNamed,         // in a container of CryptoAPI of the user's, for RSA only; Wine signs with no other
  kOldMachineNamed,  // likewise, in one of the machine's
};

// A key in its place, tied to a certificate. The key is removed when this object is destroyed.
class StoredKey {
 public:
  // Null when the key cannot be put in this place.
  static std::unique_ptr<StoredKey> Create(KeyPlace place, const PrivateKey& key, const abi::CertContext* certificate);
  ~StoredKey();

 private:
  StoredKey() = default;
  StoredKey(const StoredKey&) = delete;
  StoredKey& operator=(const StoredKey&) = delete;

  bool PutEphemeral(const PrivateKey& key, const abi::CertContext* certificate);
  bool PutNamed(KeyStorage storage, const PrivateKey& key, const abi::CertContext* certificate);
  bool PutOld(KeyStorage storage, const PrivateKey& key, const abi::CertContext* certificate);

  uintptr_t provider_ = 0;
  uintptr_t key_ = 0;
  uintptr_t old_provider_ = 0;
  std::unique_ptr<KeyContainer> container_;
};

}  // namespace tls::schannel
