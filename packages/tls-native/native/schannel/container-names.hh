// The names of key containers of ours. Each says which process made it, so that another process can tell whether it is still used.
#pragma once

#include <string>

namespace tls::schannel {

// Makes a name of `tls-native-`, the process, when that began, the machine, and 128 random bits. Empty when there is no random.
std::u16string NewContainerName();

// Tells whether it is a name that NewContainerName made in a process of this machine that is gone. A process that cannot be asked is taken
// to be there.
bool IsAbandoned(const std::u16string& name);

}  // namespace tls::schannel
