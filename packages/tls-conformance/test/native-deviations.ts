/** What OpenSSL does otherwise, and why; each must still fail. */
export const nativeDeviations: Readonly<Record<string, string>> = {
  'certificate-matrix/cross-signed':
    'OpenSSL does not come back from a certificate that leads nowhere to try another of the same name and key',
};
