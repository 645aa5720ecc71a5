// IANA's numbers and OpenSSL's names for the same things. Nothing below these tables enumerates algorithms.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// What the library at hand has of it.
Algorithms SupportedAlgorithms();

// Lists in the library's syntax; empty when none is of that version.
std::string SuiteList(const std::vector<uint16_t>& numbers, uint16_t version);
std::string GroupList(const std::vector<uint16_t>& numbers, bool is_post_quantum_worth_a_retry);
std::string SchemeList(const std::vector<uint16_t>& numbers);

// 0: none that is known.
uint16_t GroupOf(int library_number);
uint16_t SchemeOf(int key_type, int signature_type, int digest);
std::vector<uint16_t> SchemesOfKey(const EVP_PKEY* key);
// The same in TLS 1.2, where an EC key signs with the hash of any curve; those of its own curve come first.
std::vector<uint16_t> Tls12SchemesOfKey(const EVP_PKEY* key);
// Of a signature in the library's words. `digest`: its name; empty: none.
uint16_t SchemeOfSignature(const EVP_PKEY* key, const char* digest, bool is_pss);
// By the library's number of a kind of signature: PKCS #1 or PSS.
bool IsRsaSignature(int signature_type);
// A key that can pad in more than one way.
bool IsRsa(const EVP_PKEY* key);
bool HasPss(const std::vector<uint16_t>& schemes);

// What the verifier's code means in the interface's terms.
void DescribeRefusal(int verify_code, bool is_alone, Fault* fault);

}  // namespace tls::openssl
