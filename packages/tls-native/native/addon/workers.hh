// The threads that do handshakes off the event loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "../guarded-engine.hh"

namespace tls {

// One thread with a queue. An engine stays with one thread: a handshake that rests does so on a stack that belongs to its thread.
class Worker {
 public:
  // Gives the next one in turn. The threads are started when the first is asked for, and live as long as the process.
  static Worker* Next();

  void Post(std::function<void()> task);

 private:
  // Gives all workers. The first call starts them.
  static const std::vector<Worker*>& All();
  void Run();

  std::mutex running_;  // it is held while a task runs
  std::mutex mutex_;
  std::condition_variable arrival_;
  std::deque<std::function<void()>> tasks_;
};

// Owns an engine whose last step, its destruction, is done on the worker too.
std::shared_ptr<GuardedEngine> OnWorker(std::unique_ptr<GuardedEngine> engine, Worker* worker);

}  // namespace tls
