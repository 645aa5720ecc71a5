#include "workers.hh"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

namespace tls {
namespace {

// One processor is left to the event loop. More than a few workers do not pay, since what they do is a fraction of a connection's work.
unsigned Count() { return std::clamp(std::thread::hardware_concurrency(), 2U, 9U) - 1; }

}  // namespace

const std::vector<Worker*>& Worker::All() {
  // The workers are never destroyed: a thread may wait for its next task when the process exits.
  static const std::vector<Worker*>* const workers = [] {
    auto* made = new std::vector<Worker*>();
    for (unsigned index = 0; index < Count(); ++index) {
      auto* worker = new Worker();
      std::thread(&Worker::Run, worker).detach();
      made->push_back(worker);
    }
    // Node's own copy of OpenSSL is taken down when the process exits. No worker may be in the middle of a call then, nor begin one: this is
    // called before, as it is registered later.
    std::atexit([] {
      for (Worker* worker : All()) worker->running_.lock();
    });
    return made;
  }();
  return *workers;
}

Worker* Worker::Next() {
  static std::atomic<unsigned> turn{0};
  return All()[turn++ % All().size()];
}

void Worker::Post(std::function<void()> task) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  arrival_.notify_one();
}

void Worker::Run() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      arrival_.wait(lock, [this] { return !tasks_.empty(); });
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    const std::lock_guard<std::mutex> running(running_);
    task();
    task = nullptr;  // what it holds may call the library as well
  }
}

std::shared_ptr<GuardedEngine> OnWorker(std::unique_ptr<GuardedEngine> engine, Worker* worker) {
  return std::shared_ptr<GuardedEngine>(engine.release(), [worker](GuardedEngine* last) { worker->Post([last] { delete last; }); });
}

}  // namespace tls
