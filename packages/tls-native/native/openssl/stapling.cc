#include "stapling.hh"

#include "verify-codes.hh"

namespace tls::openssl {
namespace {

constexpr int kTlsFeature = 1020;  // NID_tlsfeature
constexpr long kStatusRequest = 5;
constexpr int kStatusGood = 0;
constexpr int kStatusRevoked = 1;
// The issuer's own certificate needs no further proof. A responder that it named does, and no root is accepted as a responder.
constexpr unsigned long kIssuerIsProven = 0x200;  // OCSP_TRUSTOTHER
constexpr unsigned long kNoExplicitTrust = 0x20;  // OCSP_NOEXPLICIT
// How far a responder's clock may be ahead, and how long a response without nextUpdate is believed, in seconds. tls-pure has
// the same limits.
constexpr int64_t kSkew = 5 * 60;
constexpr int64_t kMaxAge = 24 * 3600;

// Tells whether a certificate demands a stapled response (RFC 7633 §4.2.3.1).
bool MustStaple(X509* leaf) {
  auto* features = static_cast<OPENSSL_STACK*>(F().X509_get_ext_d2i(leaf, kTlsFeature, nullptr, nullptr));
  if (features == nullptr) return false;
  bool has_status_request = false;
  for (int index = 0; index < F().OPENSSL_sk_num(features); ++index) {
    const auto* feature = static_cast<const ASN1_INTEGER*>(F().OPENSSL_sk_value(features, index));
    has_status_request = has_status_request || F().ASN1_INTEGER_get(feature) == kStatusRequest;
  }
  F().OPENSSL_sk_pop_free(features, reinterpret_cast<void (*)(void*)>(F().ASN1_INTEGER_free));
  return has_status_request;
}

// Applies the rules for the times of a response (RFC 6960 §4.2.2.1).
bool IsFresh(const ASN1_TIME* this_update, const ASN1_TIME* next_update, int64_t now) {
  const auto is_after = [](const ASN1_TIME* time, int64_t seconds) { return F().ASN1_TIME_cmp_time_t(time, seconds) == 1; };
  // The result -2 means that the time cannot be read.
  if (this_update == nullptr || F().ASN1_TIME_cmp_time_t(this_update, now) == -2 || is_after(this_update, now + kSkew)) return false;
  return next_update == nullptr ? is_after(this_update, now - kMaxAge) : is_after(next_update, now);
}

// Gives the status of the certificate with this identifier, or -1 where there is none. A bad status counts more than any other.
int StatusOf(OCSP_BASICRESP* basic, OCSP_CERTID* id, int64_t now) {
  int found = -1;
  for (int index = F().OCSP_resp_find(basic, id, -1); index >= 0; index = F().OCSP_resp_find(basic, id, index)) {
    int reason = 0;
    ASN1_TIME* revoked = nullptr;
    ASN1_TIME* this_update = nullptr;
    ASN1_TIME* next_update = nullptr;
    const int status =
        F().OCSP_single_get0_status(F().OCSP_resp_get0(basic, index), &reason, &revoked, &this_update, &next_update);
    if (!IsFresh(this_update, next_update, now)) continue;
    if (found == -1 || found == kStatusGood || status == kStatusRevoked) found = status;
  }
  return found;
}

// Gives what a response says about the first certificate of a path, or -1 where it says nothing that can be believed.
int StapledStatus(const Bytes& response, const OPENSSL_STACK* path, X509_STORE* trust, int64_t now) {
  const unsigned char* at = response.data();
  const OcspResponseOwner read(F().d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(response.size())));
  if (read == nullptr || at != response.data() + response.size() || F().OCSP_response_status(read.get()) != 0) return -1;
  const OcspBasicOwner basic(F().OCSP_response_get1_basic(read.get()));
  if (basic == nullptr) return -1;
  auto* leaf = static_cast<X509*>(F().OPENSSL_sk_value(path, 0));
  auto* issuer = static_cast<X509*>(F().OPENSSL_sk_value(path, 1));
  int status = -1;
  for (const EVP_MD* hash : {F().EVP_sha1(), F().EVP_sha256()}) {
    const OcspIdOwner id(F().OCSP_cert_to_id(hash, leaf, issuer));
    if (id != nullptr && status == -1) status = StatusOf(basic.get(), id.get(), now);
  }
  if (status == -1) return -1;
  const StackOwner issuers(F().OPENSSL_sk_new_null());
  if (issuers == nullptr || F().OPENSSL_sk_push(issuers.get(), issuer) <= 0) return -1;
  const bool is_proven = F().OCSP_basic_verify(basic.get(), issuers.get(), trust, kIssuerIsProven | kNoExplicitTrust) == 1;
  return is_proven ? status : -1;
}

}  // namespace

int JudgeStaple(const std::optional<Bytes>& response, const OPENSSL_STACK* path, X509_STORE* trust, int64_t now) {
  // A certificate that is itself trusted needs no status.
  if (path == nullptr || F().OPENSSL_sk_num(path) < 2) return 0;
  const int status = response.has_value() ? StapledStatus(*response, path, trust, now) : -1;
  ForgetErrors();
  if (status == kStatusRevoked) return verify_code::kRevoked;
  const bool is_refused = status != kStatusGood && MustStaple(static_cast<X509*>(F().OPENSSL_sk_value(path, 0)));
  return is_refused ? verify_code::kStapleNeeded : 0;
}

}  // namespace tls::openssl
