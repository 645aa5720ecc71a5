// IANA's numbers and OpenSSL's names for the same things. No code beyond these tables enumerates algorithms.
#pragma once

#include "memory.hh"

namespace tls::openssl {

// Gives those algorithms of the tables that the loaded library has.
Algorithms SupportedAlgorithms();

// Writes lists in the library's syntax; one is empty when no number belongs to that version.
std::string SuiteList(const std::vector<uint16_t>& numbers, uint16_t version);
std::string GroupList(const std::vector<uint16_t>& numbers, bool is_post_quantum_worth_a_retry);
std::string SchemeList(const std::vector<uint16_t>& numbers);

// Gives 0 for a group that is not known.
uint16_t GroupOf(int library_number);
uint16_t SchemeOf(int key_type, int signature_type, int digest);
std::vector<uint16_t> SchemesOfKey(const EVP_PKEY* key);
// Gives the same for TLS 1.2, where an EC key signs with the hash of any curve; the schemes of its own curve come first.
std::vector<uint16_t> Tls12SchemesOfKey(const EVP_PKEY* key);
// Gives the scheme of a signature that the library describes. `digest` is the digest's name, or empty where there is none.
uint16_t SchemeOfSignature(const EVP_PKEY* key, const char* digest, bool is_pss);
// Takes the library's number for a kind of signature. True for PKCS #1 and for PSS.
bool IsRsaSignature(int signature_type);
// True for a key that can pad in more than one way.
bool IsRsa(const EVP_PKEY* key);
bool HasPss(const std::vector<uint16_t>& schemes);

// Translates the verifier's code into the interface's terms.
void DescribeRefusal(int verify_code, bool is_alone, Fault* fault);

}  // namespace tls::openssl
