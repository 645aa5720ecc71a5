import { nativeLibrary } from '@org/tls-native';

const [, minor = '0', patch = '0'] = /^OpenSSL 3\.(\d+)\.(\d+)/.exec(nativeLibrary().version) ?? [];
/** What OpenSSL 3.0 does otherwise and 3.5 does not, or the other way round. */
const before35 = (id: string, reason: string): Readonly<Record<string, string>> =>
  Number(minor) < 5 ? { [id]: reason } : {};
const since35 = (id: string, reason: string): Readonly<Record<string, string>> =>
  Number(minor) < 5 ? {} : { [id]: reason };

const unknown = 'OpenSSL passes over extensions that it does not know, whoever sent them (against RFC 8446 §4.2)';
const finishedLength = 'OpenSSL calls a Finished of another length badly encoded, with decode_error';
const sha1 = 'OpenSSL before 3.5 answers a scheme that was not offered, with SHA-1, by handshake_failure';
const retained = 'OpenSSL answers TLS 1.2 behind a HelloRetryRequest with protocol_version (against RFC 8446 §4.1.4)';
const twice = 'OpenSSL answers an extension that stands twice with illegal_parameter';

/** What OpenSSL’s client answers a misbehaving server otherwise, and why; each must still fail. */
export const nativeMisbehavingServerDeviations: Readonly<Record<string, string>> = {
  'misbehaving-server/server-hello-unknown-extension': unknown,
  'misbehaving-server/encrypted-unknown-extension': unknown,
  'misbehaving-server/certificate-unknown-extension': unknown,
  'misbehaving-server/retry-empty-cookie': 'OpenSSL takes an empty cookie and sends it back (against RFC 8446 §4.2.2)',
  'misbehaving-server/retry-other-version': retained,
  'misbehaving-server/retry-version-not-offered': retained,
  'misbehaving-server/certificate-request-context':
    'OpenSSL looks at no context of a CertificateRequest in the handshake (against RFC 8446 §4.3.2)',
  'misbehaving-server/downgrade-tls-1.3':
    'OpenSSL looks for the sentinel only where it speaks TLS 1.2 too, and else says protocol_version',
  'misbehaving-server/legacy-version': 'OpenSSL looks at no legacy_version of a ServerHello of TLS 1.3',
  'misbehaving-server/server-hello-extension-twice': twice,
  'misbehaving-server/alpn-other': 'OpenSSL answers a protocol that was not offered with decode_error',
  'misbehaving-server/message-too-long': 'OpenSSL answers a message that is too long with illegal_parameter',
  'misbehaving-server/certificate-context':
    'OpenSSL calls a Certificate with a context badly encoded, with decode_error',
  'misbehaving-server/finished-short': finishedLength,
  'misbehaving-server/finished-long': finishedLength,
  'misbehaving-server/early-data-tls-1.2':
    'OpenSSL goes on, under the keys of early data, so that the server ends it (against RFC 8446 §D.3)',
  'misbehaving-server-1.2/unknown-extension': unknown,
  'misbehaving-server-1.2/extension-of-tls-1.3':
    'OpenSSL answers an extension that does not belong into a ServerHello of TLS 1.2 with illegal_parameter',
  'misbehaving-server-1.2/renegotiation-info':
    'OpenSSL answers a renegotiation_info that is not empty with illegal_parameter (against RFC 5746 §3.4)',
  ...before35('misbehaving-server-1.2/scheme-not-offered', sha1),
  ...since35(
    'misbehaving-server/key-share-missing',
    'OpenSSL 3.5 answers a ServerHello without key_share with illegal_parameter (against RFC 8446 §9.2)',
  ),
  'misbehaving-server-1.2/finished-empty': finishedLength,
  'misbehaving-server-1.2/session-id-of-no-session':
    'OpenSSL goes on with a full handshake where a session id is echoed that stands for no session',
};

const compression = 'OpenSSL before 3.5 answers compression methods without null with decode_error';
const secondHello = 'OpenSSL does not compare the second ClientHello with the first';
const tooShort = 'OpenSSL answers a record without room for its tag with internal_error';

/** The patch level at which each minor version of OpenSSL begins to answer with bad_record_mac. */
const mendedAt: Readonly<Record<string, number>> = { 0: 22, 5: 9 };
const isMended = Number(patch) >= (mendedAt[minor] ?? Infinity);

/** What two of the cases meet in OpenSSL 3.0.19 and 3.5.8, and not in 3.0.22 and 3.5.9. */
export const whereTooShort = (id: string): Readonly<Record<string, string>> => (isMended ? {} : { [id]: tooShort });

/** What OpenSSL’s server answers a misbehaving client otherwise, and why; each must still fail. */
export const nativeMisbehavingClientDeviations: Readonly<Record<string, string>> = {
  'misbehaving-client/empty-supported-versions': 'OpenSSL answers an empty supported_versions with protocol_version',
  'misbehaving-client/legacy-version': 'OpenSSL answers a legacy_version of 0x0300 with handshake_failure',
  ...before35('misbehaving-client/compression-method', compression),
  'misbehaving-client/extension-twice': twice,
  'misbehaving-client/misplaced-extension': 'OpenSSL does not know oid_filters, and passes over what it does not know',
  'misbehaving-client/share-twice': 'OpenSSL takes the first of two shares of one group, as RFC 8446 §4.2.8 allows',
  'misbehaving-client/psk-binders': 'OpenSSL counts no binders where it knows none of the identities',
  'misbehaving-client/second-random': secondHello,
  'misbehaving-client/second-cipher-suites': secondHello,
  'misbehaving-client/second-extension-more': secondHello,
  'misbehaving-client/second-extension-less': secondHello,
  'misbehaving-client/second-server-name': secondHello,
  ...before35('misbehaving-client-1.2/without-null-compression', compression),
  'misbehaving-client-1.2/point-formats': 'OpenSSL looks for another suite where it shares no point format',
  'misbehaving-client-1.2/hello-followed':
    'OpenSSL reads a message behind the ClientHello once it has sent its own flight, and finds the message wrong',
  'misbehaving-client-1.2/without-supported-groups':
    'OpenSSL takes a client without supported_groups for one that knows none, as RFC 8422 §4 allows',
  'misbehaving-client-1.2/key-exchange-empty':
    'OpenSSL answers a ClientKeyExchange without a key with handshake_failure',
  ...before35('misbehaving-client-1.2/scheme-not-offered', sha1),
  'misbehaving-client-1.2/finished-short': finishedLength,
  'misbehaving-client-1.2/finished-empty': finishedLength,
  ...whereTooShort('misbehaving-client-1.2/finished-in-the-clear'),
  'misbehaving-client-1.2/change-cipher-spec-twice': tooShort,
  'misbehaving-client-1.2/resumed-without-its-suite':
    'OpenSSL answers with illegal_parameter, since RFC 5246 §7.4.1.2 demands the session’s suite of the client',
};
