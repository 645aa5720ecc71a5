// IANA's numbers and Windows' names for the same things. Nothing below these tables enumerates algorithms.
#pragma once

#include <string>

#include "certificate.hh"
#include "functions.hh"

namespace tls::schannel {

// Of what the interface knows, what this system has.
Algorithms SupportedAlgorithms(bool has_tls13);

// True for suites with forward secrecy and an AEAD: no other is accepted, whatever the system offers.
bool IsAcceptable(uint16_t cipher_suite);

// True when a key of that kind is what the suite signs with; in TLS 1.3 any is.
std::vector<uint16_t> SchemesOfKey(KeyKind kind, int curve);

// What is known of a fault by the alert for it, and the other way round; null and -1: nothing.
const char* CodeOfAlert(int alert);
int AlertOfCode(const std::string& code);

Fault FaultOf(const char* code, const char* detail);
// By what a function of SSPI gave back.
Fault FaultOfStatus(abi::Status status);

// What a certificate's refusal is in the interface's terms, the first of CERT_TRUST_*'s bits that says most. 0: nothing to say.
Fault FaultOfTrust(uint32_t errors, bool is_alone, bool is_self_signed);
// By what CertVerifyCertificateChainPolicy says.
Fault FaultOfPolicy(uint32_t error, bool is_alone, bool is_self_signed);
Fault CertificateFault(const char* code, const char* node_code, const char* detail, int64_t os_code);

}  // namespace tls::schannel
