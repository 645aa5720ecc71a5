/** What OpenSSL does otherwise, and why; each must still fail. */
export const nativeDeviations: Readonly<Record<string, string>> = {
  'certificate/not-yet-valid':
    'OpenSSL sends bad_certificate (42) for a certificate that is not yet valid, not certificate_expired',
  'certificate-matrix/cross-signed':
    'OpenSSL does not come back from a certificate that leads nowhere to try another of the same name and key',
};
