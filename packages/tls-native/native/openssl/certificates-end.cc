#include "certificates-end.hh"

#include <algorithm>
#include <limits>

namespace tls::openssl {
namespace {

// Gives the end of a certificate's validity. One that cannot be read counts as expired.
int64_t EndOfCertificate(const X509* certificate, const ASN1_TIME* today, int64_t now) {
  int days = 0;
  int seconds = 0;
  const bool is_read = certificate != nullptr && today != nullptr &&
                       F().ASN1_TIME_diff(&days, &seconds, today, F().X509_get0_notAfter(certificate)) == 1;
  return is_read ? (now / 1000 + int64_t{86400} * days + seconds) * 1000 : now;
}

int WithoutAnchor(int count) { return count > 1 ? count - 1 : count; }

int64_t EndOfFirst(int count, const OPENSSL_STACK* path, int64_t now, int64_t latest) {
  const TimeOwner today(F().ASN1_TIME_set(nullptr, now / 1000));
  int64_t end = latest;
  for (int index = 0; index < count; ++index) {
    const auto* certificate = static_cast<const X509*>(F().OPENSSL_sk_value(path, index));
    end = std::min(end, EndOfCertificate(certificate, today.get(), now));
  }
  return end;
}

}  // namespace

int64_t EndOf(const std::vector<Bytes>& path, int64_t now, int64_t latest) {
  const TimeOwner today(F().ASN1_TIME_set(nullptr, now / 1000));
  int64_t end = latest;
  for (int index = 0; index < WithoutAnchor(static_cast<int>(path.size())); ++index) {
    const X509Owner certificate = ParseCertificate(path[static_cast<size_t>(index)]);
    end = std::min(end, EndOfCertificate(certificate.get(), today.get(), now));
  }
  return end;
}

int64_t EndOf(const OPENSSL_STACK* path, int64_t now, int64_t latest) {
  return path == nullptr ? latest : EndOfFirst(WithoutAnchor(F().OPENSSL_sk_num(path)), path, now, latest);
}

int64_t EndOfProof(const OPENSSL_STACK* path, int64_t now) {
  return EndOfFirst(F().OPENSSL_sk_num(path), path, now, std::numeric_limits<int64_t>::max());
}

}  // namespace tls::openssl
