// The tables: what the library has, and what its numbers are in the interface's terms.
#pragma once

#include "memory.hh"

namespace tls::secure_transport {

Algorithms SupportedAlgorithms();

// A suite whose server signs with ECDSA; the others sign with RSA.
bool IsEcdsaSuite(uint16_t suite);
bool IsEcdsaScheme(uint16_t scheme);
bool Contains(const std::vector<uint16_t>& numbers, uint16_t number);
// `numbers` as they stand on the wire, two octets each.
std::vector<uint16_t> NumbersOf(View wire);

// A fault of this code with the library's words for the status.
Fault FaultOf(const char* code, OSStatus status);
// A fault of ours: the library has no status for it.
Fault OwnFault(const char* code, std::string detail);
// What was seen of alerts on the wire; -1: none, or encrypted.
struct Alerts {
  int received = -1;
  int sent = -1;
  bool has_sent = false;
};

// What ended a connection.
Fault DescribeStatus(OSStatus status, const Alerts& alerts);
const char* CodeOfAlert(int alert);
// The alert of the interface's table for a code of the families that are met here.
int AlertOfCode(const std::string& code);

// Why a chain was refused; `chain` is what the peer sent.
Fault DescribeRefusal(int64_t status, std::string detail, const std::vector<Bytes>& chain, int64_t now_seconds);

}  // namespace tls::secure_transport
