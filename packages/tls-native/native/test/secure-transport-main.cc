#include "check.hh"
#include "secure-transport-fake.hh"

int main() {
  int failures = check::RunAll();
  for (const std::string& problem : fake::Problems()) std::printf("failed references: %s\n", problem.c_str());
  if (!fake::Problems().empty()) ++failures;
  std::printf("%zu passed, %d failed\n", check::Tests().size() - static_cast<size_t>(failures), failures);
  return failures == 0 ? 0 : 1;
}
