// Which library a process gets, over systems that are made up.
#include "../process/one-library.hh"
#include "check.hh"

using namespace tls;

namespace {

class FakeProvider final : public Provider {
 public:
  FakeProvider(const char* path, bool is_of_node) : path_(path), is_of_node_(is_of_node) {}
  const char* Name() const override { return "fake"; }
  std::string Version() const override { return "Fake 1"; }
  std::string Path() const override { return path_; }
  bool IsOfNode() const override { return is_of_node_; }
  Algorithms Supported() const override { return {}; }
  std::shared_ptr<TrustStore> CreateTrustStore(const std::vector<Bytes>&, bool, std::optional<Fault>*) override { return nullptr; }
  std::shared_ptr<Credential> CreateCredential(const std::vector<Bytes>&, const Bytes&, std::optional<Fault>*) override {
    return nullptr;
  }
  std::shared_ptr<Context> CreateContext(const ContextOptions&, std::shared_ptr<TrustStore>, std::optional<Fault>*) override {
    return nullptr;
  }

 private:
  std::string path_;
  bool is_of_node_;
};

FakeProvider of_system("/fake/system", false);
FakeProvider of_node("/fake/node", true);
int loads = 0;

// Has both libraries, and the files `/fake/…`; nothing else is there.
Provider* Load(const std::string& path, std::vector<std::string>* tried, Origin origin) {
  ++loads;
  if (path.empty() || path.rfind("/fake/", 0) == 0) return origin == Origin::kNode ? &of_node : &of_system;
  tried->push_back(path + ": it is not there");
  return nullptr;
}

// A system whose own library is another kind of TLS than Node's, and one where either will do.
constexpr SystemLibraries kApart = {Origin::kSystem, Load};
constexpr SystemLibraries kAlike = {Origin::kAny, Load};

}  // namespace

TEST("who asks for a library gets it, and who says nothing gets the system's") {
  for (const SystemLibraries& system : {kApart, kAlike}) {
    std::vector<std::string> tried;
    CHECK(OneLibrary(system).Load("", &tried, Origin::kNode) == &of_node);
    CHECK(OneLibrary(system).Load("", &tried, Origin::kSystem) == &of_system);
    CHECK(OneLibrary(system).Load("", &tried, Origin::kAny) == &of_system);
    CHECK(tried.empty());
  }
}

TEST("the first one stays, is loaded once, and another is refused by name") {
  OneLibrary process(kApart);
  std::vector<std::string> tried;
  loads = 0;
  CHECK(process.Load("", &tried, Origin::kSystem) == &of_system);
  CHECK(process.Load("", &tried, Origin::kSystem) == &of_system);
  CHECK(process.Load("/fake/system", &tried, Origin::kAny) == &of_system);
  CHECK(loads == 1 && tried.empty());
  CHECK(process.Load("", &tried, Origin::kNode) == nullptr);
  CHECK(process.Load("/fake/other", &tried, Origin::kAny) == nullptr);
  CHECK(tried.size() == 2 && tried[0] == "node: this process already uses Fake 1, /fake/system");
  CHECK(tried[1] == "/fake/other: this process already uses Fake 1, /fake/system");
}

TEST("who says nothing never gets Node's where it is another kind of TLS, whoever was first") {
  OneLibrary process(kApart);
  std::vector<std::string> tried;
  CHECK(process.Load("", &tried, Origin::kNode) == &of_node);
  CHECK(process.Load("", &tried, Origin::kAny) == nullptr);
  CHECK(tried.size() == 1 && tried[0] == "system: this process already uses Fake 1, /fake/node");
}

TEST("who says nothing gets what there is where either will do") {
  OneLibrary process(kAlike);
  std::vector<std::string> tried;
  CHECK(process.Load("", &tried, Origin::kNode) == &of_node);
  CHECK(process.Load("", &tried, Origin::kAny) == &of_node && tried.empty());
}

TEST("a file that was asked for by a name that is not its whole path is known by that name") {
  OneLibrary process(kAlike);
  std::vector<std::string> tried;
  CHECK(process.Load("/fake/link", &tried, Origin::kAny) == &of_system);
  CHECK(process.Load("/fake/link", &tried, Origin::kAny) == &of_system && tried.empty());
}

TEST("what cannot be loaded is no choice: the next call may ask for another") {
  OneLibrary process(kAlike);
  std::vector<std::string> tried;
  CHECK(process.Load("/nowhere", &tried, Origin::kAny) == nullptr);
  CHECK(tried.size() == 1 && tried[0] == "/nowhere: it is not there");
  CHECK(process.Load("", &tried, Origin::kSystem) == &of_system);
}
