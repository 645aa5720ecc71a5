import { nativeLibrary } from '@org/tls-native';
import {
  nativeMisbehavingClientDeviations,
  nativeMisbehavingServerDeviations,
  whereTooShort,
} from './misbehaving-peers.ts';

const renegotiation = 'OpenSSL declines a renegotiation with a warning, and goes on (RFC 5246 §7.2.2)';
const alerts = 'OpenSSL answers an alert that is not one whole one with unexpected_message';

/** What OpenSSL does otherwise with records, in both roles; each must still fail. */
const nativeRecordDeviations: Readonly<Record<string, string>> = {
  'record/alert-one-byte-1.2': alerts,
  'record/alert-one-byte-1.3': alerts,
  'record/alert-two-1.2': alerts,
  'record/alert-two-1.3': alerts,
  'record/alert-level-1.3': 'OpenSSL looks at no level in TLS 1.3, as RFC 8446 §6 allows',
  'record/warning-no-renegotiation-1.2':
    'OpenSSL ends a connection whose peer declines a renegotiation, asked for or not',
  'record/handshake-empty-1.2': 'OpenSSL lets handshake records without content pass in TLS 1.2',
  'record/handshake-interleaved-1.2': 'OpenSSL lets data pass between the fragments of a handshake message in TLS 1.2',
  'record/key-update-length': 'OpenSSL calls a KeyUpdate of two bytes too long, with illegal_parameter',
  ...whereTooShort('record/too-short-alert-1.2'),
};

/** What OpenSSL’s client does otherwise, whoever judges the server, and why; each must still fail. */
export const nativeHandshakeDeviations: Readonly<Record<string, string>> = {
  ...nativeRecordDeviations,
  ...nativeMisbehavingServerDeviations,
  'record/hello-request': renegotiation,
  'record/ticket-flood':
    'OpenSSL reads tickets without end; each costs its sender a record, and the application is given 16 of them',
  'external-psk/several': 'OpenSSL offers one key at most, and more are refused by name',
};
/** The same, with OpenSSL’s own verifier. */
export const nativeClientDeviations: Readonly<Record<string, string>> = {
  ...nativeHandshakeDeviations,
  'certificate-matrix/cross-signed':
    'OpenSSL does not come back from a certificate that leads nowhere to try another of the same name and key',
  'certificate-matrix/odd-underscore-wildcard':
    'OpenSSL takes only letters, digits and hyphens for what a wildcard stands for; a name with an underscore that stands there itself is accepted',
  'certificate-matrix/odd-policy-missing':
    'OpenSSL processes policies only where a program asks for it, which no option here does',
};

const nativeServerRecordDeviations = {
  ...nativeRecordDeviations,
  ...nativeMisbehavingClientDeviations,
  'record/client-hello': renegotiation,
};

const [, minor = '0'] = /^OpenSSL 3\.(\d+)/.exec(nativeLibrary().version) ?? [];

export const nativeServerDeviations: Readonly<Record<string, string>> =
  Number(minor) >= 5
    ? nativeServerRecordDeviations
    : {
        ...nativeServerRecordDeviations,
        'external-psk/wrong-key': 'OpenSSL before 3.5 sends illegal_parameter where a binder does not verify',
      };
