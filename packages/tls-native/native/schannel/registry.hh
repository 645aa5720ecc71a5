// IANA's numbers and Windows' names for the same things. No code beyond these tables enumerates algorithms.
#pragma once

#include <string>

#include "certificate.hh"
#include "functions.hh"

namespace tls::schannel {

// Gives those algorithms that the interface knows and this system has.
Algorithms SupportedAlgorithms(bool has_tls13);

// True for suites with forward secrecy and an AEAD: no other is accepted, whatever the system offers.
bool IsAcceptable(uint16_t cipher_suite);

// Gives the schemes with which a key of that kind signs.
std::vector<uint16_t> SchemesOfKey(KeyKind kind, int curve);

// Translate between an alert and a fault's code; null and -1 where nothing is known.
const char* CodeOfAlert(int alert);
int AlertOfCode(const std::string& code);
// Gives the alert that such a status says was received; -1 for a status that does not say it, or that may also be about ourselves.
int AlertOfStatus(abi::Status status);

Fault FaultOf(const char* code, const char* detail);
// Describes what a function of SSPI returned.
Fault FaultOfStatus(abi::Status status);

// Describes why a certificate is refused, by that bit of CERT_TRUST_* that says most. With 0, there is nothing to say.
Fault FaultOfTrust(uint32_t errors, bool is_alone, bool is_self_signed);
// Describes what CertVerifyCertificateChainPolicy reports.
Fault FaultOfPolicy(uint32_t error, bool is_alone, bool is_self_signed);
// Makes the fault of a certificate by its two codes and its name in tls-core's table.
Fault CertificateFault(const char* code, const char* node_code, const char* certificate_fault, const char* detail, int64_t os_code);

}  // namespace tls::schannel
