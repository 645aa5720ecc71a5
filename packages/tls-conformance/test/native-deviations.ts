import { nativeLibrary } from '@org/tls-native';

/** What OpenSSL’s client does otherwise, whoever judges the server, and why; each must still fail. */
export const nativeHandshakeDeviations: Readonly<Record<string, string>> = {
  'external-psk/several': 'OpenSSL offers one key at most, and more are refused by name',
};
/** The same, with OpenSSL’s own verifier. */
export const nativeClientDeviations: Readonly<Record<string, string>> = {
  ...nativeHandshakeDeviations,
  'certificate-matrix/cross-signed':
    'OpenSSL does not come back from a certificate that leads nowhere to try another of the same name and key',
};

const [, minor = '0'] = /^OpenSSL 3\.(\d+)/.exec(nativeLibrary().version) ?? [];

export const nativeServerDeviations: Readonly<Record<string, string>> =
  Number(minor) >= 5
    ? {}
    : { 'external-psk/wrong-key': 'OpenSSL before 3.5 sends illegal_parameter where a binder does not verify' };
