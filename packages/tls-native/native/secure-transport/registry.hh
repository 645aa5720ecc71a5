// The tables of what the library has, and of what its numbers mean in the interface's terms.
#pragma once

#include "memory.hh"

namespace tls::secure_transport {

Algorithms SupportedAlgorithms();

// Tells whether a suite's server signs with ECDSA; the servers of the others sign with RSA.
bool IsEcdsaSuite(uint16_t suite);
bool IsEcdsaScheme(uint16_t scheme);
bool Contains(const std::vector<uint16_t>& numbers, uint16_t number);
// Reads numbers as they stand on the wire, with two octets each.
std::vector<uint16_t> NumbersOf(View wire);

// Makes a fault of this code, with the library's text for the status.
Fault FaultOf(const char* code, OSStatus status);
// Makes a fault for which the library has no status.
Fault OwnFault(const char* code, std::string detail);
// The alerts that were seen on the wire; -1 where there was none, or it was encrypted.
struct Alerts {
  int received = -1;
  int sent = -1;
  bool has_sent = false;
};

// Describes what ended a connection.
Fault DescribeStatus(OSStatus status, const Alerts& alerts);
const char* CodeOfAlert(int alert);
// Gives the alert of the interface's table for those codes that occur here.
int AlertOfCode(const std::string& code);

// Describes why a chain was refused; `chain` is what the peer sent.
Fault DescribeRefusal(int64_t status, std::string detail, const std::vector<Bytes>& chain, int64_t now_seconds);

}  // namespace tls::secure_transport
