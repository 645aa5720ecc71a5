// The frame of a test program without a framework: it runs every TEST, prints a line for each, and fails when one failed.
#pragma once

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace check {

struct Test {
  const char* name;
  void (*run)();
};

inline std::vector<Test>& Tests() {
  static std::vector<Test> tests;
  return tests;
}

// The program's arguments. The first one names a folder of certificates that its starter made.
inline std::vector<std::string>& Arguments() {
  static std::vector<std::string> arguments;
  return arguments;
}

struct Failure final : std::exception {
  explicit Failure(std::string text) : text(std::move(text)) {}
  const char* what() const noexcept override { return text.c_str(); }
  std::string text;
};

struct Registration {
  Registration(const char* name, void (*run)()) { Tests().push_back({name, run}); }
};

inline void That(bool holds, const char* what, const char* file, int line) {
  if (!holds) throw Failure(std::string(file) + ":" + std::to_string(line) + ": " + what);
}

// Prints `ok <name>` or `failed <name>: <why>` for each test, and returns the number of failures.
inline int RunAll() {
  int failures = 0;
  for (const Test& test : Tests()) {
    try {
      test.run();
      std::printf("ok %s\n", test.name);
    } catch (const std::exception& failure) {
      ++failures;
      std::printf("failed %s: %s\n", test.name, failure.what());
    }
    std::fflush(stdout);
  }
  return failures;
}

}  // namespace check

#define CHECK_JOIN_(a, b) a##b
#define CHECK_JOIN(a, b) CHECK_JOIN_(a, b)
// TEST("a sentence about the product") { CHECK(…); }
#define TEST(sentence)                                                                                    \
  static void CHECK_JOIN(Test, __LINE__)();                                                               \
  static const check::Registration CHECK_JOIN(registration, __LINE__)(sentence, CHECK_JOIN(Test, __LINE__)); \
  static void CHECK_JOIN(Test, __LINE__)()
#define CHECK(condition) check::That((condition), #condition, __FILE__, __LINE__)
