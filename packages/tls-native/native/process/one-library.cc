#include "one-library.hh"

namespace tls {

Provider* OneLibrary::Load(const std::string& path, std::vector<std::string>* tried, Origin origin) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (origin == Origin::kAny) origin = libraries_.by_default;
  if (provider_ == nullptr) {
    provider_ = libraries_.load(path, tried, origin);
    asked_for_ = path;
    return provider_;
  }
  const bool is_of_origin = origin == Origin::kAny || provider_->IsOfNode() == (origin == Origin::kNode);
  if (path.empty() ? is_of_origin : asked_for_ == path || provider_->Path() == path) return provider_;
  const std::string wish = !path.empty() ? path : origin == Origin::kNode ? "node" : "system";
  tried->push_back(wish + ": this process already uses " + provider_->Version() + ", " + provider_->Path());
  return nullptr;
}

}  // namespace tls
