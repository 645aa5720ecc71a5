// The named containers in which private keys are while this process uses them. They are on disk, so that each is deleted when its user is done,
// at the end of the process at the latest; what a process that was killed has left there is deleted by the next one.
#pragma once

#include <memory>
#include <string>

#include "functions.hh"

namespace tls::schannel {

constexpr const char16_t* kCngProvider = u"Microsoft Software Key Storage Provider";
constexpr const char16_t* kOldProvider = u"Microsoft Enhanced RSA and AES Cryptographic Provider";

// One of the four sets of containers that there are for a process.
struct KeyStorage {
  bool is_old = false;         // CryptoAPI's, else CNG's
  bool is_of_machine = false;  // else the user's, for which the user's profile must be loaded

  uint32_t Flag() const { return is_of_machine ? abi::kMachineKeys : 0; }
};

// The right to make one container. Whatever is in it is deleted with this object.
class KeyContainer {
 public:
  // Null when there is no random for a name, or the process is ending. Before the first one is made, what other processes have left behind is
  // deleted.
  static std::unique_ptr<KeyContainer> Reserve(KeyStorage storage);
  ~KeyContainer();

  const std::u16string& name() const { return name_; }
  KeyStorage storage() const { return storage_; }

 private:
  KeyContainer(KeyStorage storage, std::u16string name) : storage_(storage), name_(std::move(name)) {}
  KeyContainer(const KeyContainer&) = delete;
  KeyContainer& operator=(const KeyContainer&) = delete;

  KeyStorage storage_;
  std::u16string name_;
};

// Begins anew: nothing was swept yet, and containers can be made.
void BeginContainers();
// Deletes all containers of this process, whoever still uses them. No other is made from here on.
void EndContainers();

}  // namespace tls::schannel
