// Stapled OCSP responses (RFC 6066 §8), which the library carries and does not judge.
#pragma once

#include <optional>

#include "memory.hh"

namespace tls::openssl {

// What there is against a server by what it has stapled, or not: 0, or the verifier's code (CERT_REVOKED, OCSP_VERIFY_NEEDED).
// A response that is not for this certificate, not by its issuer or whom that named, or not fresh says nothing.
// `path` is what the library has accepted, `now` seconds since the epoch.
int JudgeStaple(const std::optional<Bytes>& response, const OPENSSL_STACK* path, X509_STORE* trust, int64_t now);

}  // namespace tls::openssl
