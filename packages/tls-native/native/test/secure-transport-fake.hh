// A Security.framework that a test scripts: its functions count references, read and write what the script says, and keep what they were
// told. Nothing is encrypted, because the tests are about who calls what, when, and how it ends.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "../secure-transport/functions.hh"
#include "../secure-transport/memory.hh"

namespace fake {

using tls::Bytes;
using tls::View;
using tls::secure_transport::Functions;
using tls::secure_transport::OSStatus;

// One step of a handshake: so many bytes are read, these are written, and then the call ends with the status; with 0 it goes on.
struct Step {
  size_t needs = 0;
  Bytes writes;
  OSStatus status = 0;
};

// One record of data: so many bytes are read, this is what they hold, and then the call ends with the status.
struct Reading {
  size_t needs = 0;
  std::string plaintext;
  OSStatus status = 0;
};

struct Script {
  std::vector<Step> handshake;
  std::vector<Reading> readings;
  std::vector<uint16_t> suites{0xC02B, 0xC02F, 0xC02C, 0xC030, 0x009C, 0x1301};
  uint16_t suite = 0xC02B;
  size_t longest_write = ~static_cast<size_t>(0);  // how much one SSLWrite accepts; the rest is WouldBlock
  int blocked_flushes = 0;                         // how many writes are accepted but not flushed
  OSStatus write_status = 0;
  std::vector<Bytes> path;        // what the evaluation finds
  bool is_system_trusted = false;  // matters where the system's roots count
  long refusal = 0;                // it applies whatever the anchors are
  std::string refusal_text = "The certificate was not trusted.\nmore";
  uint32_t trust_result = 4;       // for the older function
  bool refuses_keys = false;
  bool signs_wrongly = false;
  bool refuses_certificates = false;
  std::map<std::string, OSStatus> failing;  // the SSLSet* functions that fail
};

// What the library was told.
struct Record {
  std::vector<std::string> calls;
  std::map<int, bool> options;
  std::vector<uint16_t> suites;
  int min_version = 0;
  int max_version = 0;
  int side = -1;
  int authenticate = -1;
  std::string peer_name;
  std::vector<std::string> alpn;
  std::vector<Bytes> distinguished_names;
  std::vector<Bytes> certificates;  // those of the identity and those behind it
  Bytes ocsp_response;
  bool allows_network = true;
  bool is_exclusive = false;
  std::vector<Bytes> anchors;
  double verify_date = 0;
  bool is_server_policy = false;
  std::string policy_name;
  int evaluations = 0;
  Bytes key;
  std::string key_type;

  bool Has(const std::string& call) const;
};

// A fresh library for one test. At its end nothing may be left, and nothing may have been released too often.
class Scope {
 public:
  explicit Scope(const std::set<std::string>& missing = {});
  ~Scope();
  Script script;
  Record record;
  size_t live() const;

 private:
  Functions functions_;
};

// Works as dlsym does. The library is a set of names that it lacks, or null.
void* Lookup(void* library, const char* name);
// What went wrong with references in all tests so far.
const std::vector<std::string>& Problems();

}  // namespace fake
