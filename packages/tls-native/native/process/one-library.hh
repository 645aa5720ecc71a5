// A process uses one library: handles of one mean nothing to another, and nothing of a backend depends on who made the first one.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "../provider.hh"

namespace tls {

// The libraries that a system has.
struct SystemLibraries {
  // What a program gets that says nothing. kAny leaves it to the loading, and then to the library that the process has already.
  Origin by_default = Origin::kAny;
  // Loads one, for the rest of the process. On failure null; `tried` then lists what was tried and why it failed.
  Provider* (*load)(const std::string& path, std::vector<std::string>* tried, Origin origin) = nullptr;
};

// Each system has one of its own, in a folder of its name.
SystemLibraries LibrariesOfSystem();

class OneLibrary {
 public:
  explicit OneLibrary(SystemLibraries libraries) : libraries_(libraries) {}

  // Gives the provider of the process: the first call that succeeds chooses it. With a path, that file is meant, whatever the origin. On failure
  // null; `tried` then says why.
  Provider* Load(const std::string& path, std::vector<std::string>* tried, Origin origin);

 private:
  const SystemLibraries libraries_;
  std::mutex mutex_;
  Provider* provider_ = nullptr;  // it lives as long as the process, as the library does
  std::string asked_for_;
};

}  // namespace tls
