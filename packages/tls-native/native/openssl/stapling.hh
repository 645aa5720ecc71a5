// Judges stapled OCSP responses (RFC 6066 §8), which the library carries but does not judge.
#pragma once

#include <optional>

#include "memory.hh"

namespace tls::openssl {

// Judges a server by what it has stapled, or has not. Gives 0, or the verifier's code (CERT_REVOKED, OCSP_VERIFY_NEEDED). A response says
// nothing if it is about another certificate, is signed neither by its issuer nor by whom the issuer named, or is not fresh. `path` is the
// path that the library has accepted, `now` is in seconds since the epoch.
int JudgeStaple(const std::optional<Bytes>& response, const OPENSSL_STACK* path, X509_STORE* trust, int64_t now);

}  // namespace tls::openssl
