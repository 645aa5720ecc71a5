import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { identityOf } from '../memory-pair.ts';
import {
  also,
  appendByte,
  cipherSuiteAt,
  compressionMethodsAt,
  editBody,
  editExtensions,
  editMessage,
  flipLastByte,
  instead,
  leaveOut,
  patch,
  patched,
  putBefore,
  putBehind,
  replace,
  without,
} from '../message-edits.ts';
import { misbehaviourCases, play, type Misbehaviour, type MisbehaviourTable } from '../misbehaviour.ts';
import { recordType } from '../record-forger.ts';
import { refusals } from '../refusals.ts';
import { vector } from '../vectors.ts';

const {
  unexpectedMessage,
  badRecordMac,
  handshakeFailure,
  illegalByHandshakeFailure,
  illegalParameter,
  decodeError,
  decryptError,
  protocolVersion,
} = refusals;
const {
  supportedGroups,
  ecPointFormats,
  signatureAlgorithms,
  extendedMasterSecret,
  recordSizeLimit,
  supportedVersions,
  renegotiationInfo,
} = ExtensionType;

const aes128 = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
const aes256 = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
const changeCipherSpec = Uint8Array.of(recordType.changeCipherSpec, 3, 3, 0, 1, 1);
const isChangeCipherSpec = ([type]: Uint8Array): boolean => type === recordType.changeCipherSpec;
/** The client has a certificate and is asked for it. */
const authenticates = {
  client: { identity: identityOf('wrongPurpose') },
  server: { clientAuthentication: 'request', clientTrust: rootPem },
} as const;

type Records = NonNullable<Misbehaviour['records']>;

/** Changes the flight with the ClientHello. */
const firstFlight =
  (edit: (records: readonly Uint8Array[]) => readonly Uint8Array[]): Records =>
  (flight, records) =>
    flight === 0 ? edit(records) : records;

/** Changes the flight that holds ClientKeyExchange, ChangeCipherSpec and Finished. */
const secondFlight =
  (edit: (records: readonly Uint8Array[]) => readonly Uint8Array[]): Records =>
  (flight, records) =>
    flight === 1 ? edit(records) : records;

const clientHellos: readonly Misbehaviour[] = [
  {
    id: 'without-null-compression',
    title: 'RFC 5246 §7.4.1.2 a ClientHello without the null compression method aborts with illegal_parameter',
    edits: [editMessage('ClientHello', (message) => patched(message, compressionMethodsAt(message) + 1, 1))],
    refused: illegalParameter,
  },
  {
    id: 'without-compression',
    title: 'RFC 5246 §7.4.1.2 a ClientHello without any compression method aborts with decode_error',
    edits: [editMessage('ClientHello', (message) => patched(message, compressionMethodsAt(message), 0))],
    refused: decodeError,
  },
  {
    id: 'version-1.1',
    title: 'RFC 5246 §E.1 a ClientHello of version 1.1 aborts with protocol_version',
    edits: [editExtensions('ClientHello', without(supportedVersions)), patch('ClientHello', 4, 3, 2)],
    refused: protocolVersion,
  },
  {
    id: 'renegotiation-info',
    title: 'RFC 5746 §3.6 a renegotiation_info that is not empty aborts with handshake_failure',
    edits: [editExtensions('ClientHello', instead(renegotiationInfo, 1, 9))],
    refused: illegalByHandshakeFailure,
  },
  {
    id: 'renegotiation-info-length',
    title: 'RFC 5746 §3.2 a renegotiation_info without its length aborts with decode_error',
    edits: [editExtensions('ClientHello', instead(renegotiationInfo))],
    refused: decodeError,
  },
  {
    id: 'point-formats',
    title: 'RFC 8422 §5.1.2 point formats without uncompressed abort with illegal_parameter',
    edits: [editExtensions('ClientHello', instead(ecPointFormats, 1, 1))],
    refused: illegalParameter,
  },
  {
    id: 'point-formats-empty',
    title: 'RFC 8422 §5.1.2 an empty ec_point_formats aborts with decode_error',
    edits: [editExtensions('ClientHello', instead(ecPointFormats, 0))],
    refused: decodeError,
  },
  {
    id: 'extended-main-secret-body',
    title: 'RFC 7627 §5.1 an extended_master_secret that is not empty aborts with decode_error',
    edits: [editExtensions('ClientHello', instead(extendedMasterSecret, 0))],
    refused: decodeError,
  },
  {
    id: 'record-size-limit',
    title: 'RFC 8449 §4 a record_size_limit below 64 aborts with illegal_parameter',
    edits: [editExtensions('ClientHello', also(recordSizeLimit, 0, 63))],
    server: { recordSizeLimit: 1000 },
    refused: illegalParameter,
  },
  {
    id: 'without-signature-algorithms',
    title: 'RFC 5246 §7.4.1.4.1 no signature_algorithms, which means SHA-1, abort with handshake_failure',
    edits: [editExtensions('ClientHello', without(signatureAlgorithms))],
    refused: handshakeFailure,
  },
  {
    id: 'no-common-group',
    title: 'RFC 8422 §5.1 no group in common aborts with handshake_failure',
    edits: [editExtensions('ClientHello', instead(supportedGroups, 0, 2, 0xfe, 0xfe))],
    refused: handshakeFailure,
  },
  {
    id: 'curve-of-the-certificate',
    title: 'RFC 8422 §5.1 a client without the curve of the server’s certificate is refused with handshake_failure',
    edits: [editExtensions('ClientHello', instead(supportedGroups, 0, 2, 0, 29))],
    server: { identity: identityOf('ecdsa-p256') },
    needsEcdsa: true,
    refused: handshakeFailure,
  },
  {
    id: 'no-common-suite',
    title: 'RFC 5246 §7.4.1.3 no suite in common aborts with handshake_failure',
    client: { cipherSuites: [aes128] },
    server: { cipherSuites: [aes256] },
    refused: handshakeFailure,
  },
  {
    id: 'hello-followed',
    title: 'RFC 5246 §7.3 a message behind the ClientHello in the same record aborts with unexpected_message',
    edits: [putBehind('ClientHello', 16, 0, 0, 1, 0)],
    refused: unexpectedMessage,
  },
  {
    id: 'change-cipher-spec-behind-hello',
    title: 'RFC 5246 §7.1 a ChangeCipherSpec behind the ClientHello aborts with unexpected_message',
    records: firstFlight((records) => [...records, changeCipherSpec]),
    refused: unexpectedMessage,
  },
  {
    id: 'change-cipher-spec-first',
    title: 'RFC 5246 §7.1 a ChangeCipherSpec before the ClientHello aborts with unexpected_message',
    records: firstFlight((records) => [changeCipherSpec, ...records]),
    refused: unexpectedMessage,
  },
];

const tolerated: readonly Misbehaviour[] = [
  {
    id: 'without-supported-groups',
    title: 'RFC 8422 §4 a client without supported_groups is taken for one that knows them all',
    edits: [editExtensions('ClientHello', without(supportedGroups))],
    server: { groups: ['x25519', 'secp256r1'] },
    accepted: { group: 'secp256r1' },
  },
  ...(
    [
      ['renegotiation-info', renegotiationInfo],
      ['point-formats', ecPointFormats],
    ] as const
  ).map(([name, type]): Misbehaviour => ({
    id: `without-${name}`,
    title: `a server does without ${name.replace('-', '_')} where the client has none`,
    edits: [editExtensions('ClientHello', without(type))],
    client: { requireSecureRenegotiation: false },
    accepted: { protocol: 'TLSv1.2' },
  })),
];

const keyExchanges: readonly Misbehaviour[] = [
  {
    id: 'key-exchange-empty',
    title: 'RFC 8422 §5.7 an empty ClientKeyExchange aborts with decode_error',
    edits: [editBody('ClientKeyExchange', () => new Uint8Array(0))],
    refused: decodeError,
  },
  {
    id: 'key-exchange-trailing-byte',
    title: 'RFC 8422 §5.7 a byte behind the point of ClientKeyExchange aborts with decode_error',
    edits: [appendByte('ClientKeyExchange')],
    refused: decodeError,
  },
  {
    id: 'key-exchange-zeros',
    title: 'RFC 8422 §5.11 an X25519 key that is zeros aborts with illegal_parameter',
    edits: [editBody('ClientKeyExchange', () => vector(1, new Uint8Array(32)))],
    refused: illegalParameter,
  },
  {
    id: 'key-exchange-point',
    title: 'RFC 8422 §5.11 a point that is not on the curve aborts with illegal_parameter',
    server: { groups: ['secp256r1'] },
    edits: [flipLastByte('ClientKeyExchange')],
    refused: illegalParameter,
  },
  {
    id: 'key-exchange-left-out',
    title: 'RFC 5246 §7.4.7 a ClientKeyExchange that is left out aborts with unexpected_message',
    edits: [leaveOut('ClientKeyExchange')],
    refused: unexpectedMessage,
  },
  {
    id: 'key-exchange-twice',
    title: 'RFC 5246 §7.3 a ClientKeyExchange that comes twice aborts with unexpected_message',
    edits: [{ of: 'ClientKeyExchange', messages: (message) => [message, message] }],
    refused: unexpectedMessage,
  },
];

const authentication: readonly Misbehaviour[] = [
  {
    id: 'certificate-unasked',
    title: 'RFC 5246 §7.4.6 a Certificate that was not asked for aborts with unexpected_message',
    edits: [putBefore('ClientKeyExchange', 11, 0, 0, 3, 0, 0, 0)],
    refused: unexpectedMessage,
  },
  {
    id: 'certificate-verify-without-certificate',
    title: 'RFC 5246 §7.4.8 a CertificateVerify without a certificate aborts with unexpected_message',
    edits: [putBehind('ClientKeyExchange', 15, 0, 0, 5, 8, 4, 0, 1, 0)],
    server: authenticates.server,
    refused: unexpectedMessage,
  },
  {
    id: 'certificate-left-out',
    title: 'RFC 5246 §7.4.6 a Certificate that is asked for and left out aborts with unexpected_message',
    edits: [leaveOut('Certificate')],
    ...authenticates,
    refused: unexpectedMessage,
  },
  {
    id: 'certificate-verify-left-out',
    title: 'RFC 5246 §7.4.8 a CertificateVerify that is left out aborts with unexpected_message',
    edits: [leaveOut('CertificateVerify')],
    ...authenticates,
    refused: unexpectedMessage,
  },
  {
    id: 'signature',
    title: 'RFC 5246 §7.4.8 a wrong CertificateVerify aborts with decrypt_error',
    edits: [flipLastByte('CertificateVerify')],
    ...authenticates,
    refused: decryptError,
  },
  {
    id: 'scheme-not-offered',
    title: 'RFC 5246 §7.4.8 a CertificateVerify by a scheme that was not offered aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 2, 3)],
    ...authenticates,
    refused: illegalParameter,
  },
  {
    id: 'scheme-of-another-key',
    title: 'RFC 5246 §7.4.8 a CertificateVerify by a scheme for another kind of key aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 8, 4)],
    ...authenticates,
    refused: illegalParameter,
  },
];

const finished: readonly Misbehaviour[] = [
  {
    id: 'finished',
    title: 'RFC 5246 §7.4.9 a wrong Finished aborts with decrypt_error',
    edits: [flipLastByte('Finished')],
    refused: decryptError,
  },
  {
    id: 'finished-short',
    title: 'RFC 5246 §7.4.9 a Finished that is too short aborts with decrypt_error',
    edits: [editBody('Finished', (body) => body.subarray(1))],
    refused: decryptError,
  },
  {
    id: 'finished-empty',
    title: 'RFC 5246 §7.4.9 an empty Finished aborts with decrypt_error',
    edits: [editBody('Finished', () => new Uint8Array(0))],
    refused: decryptError,
  },
  {
    id: 'finished-replaced',
    title: 'RFC 5246 §7.4.9 a message in place of Finished aborts with unexpected_message',
    edits: [replace('Finished', 24, 0, 0, 1, 0)],
    refused: unexpectedMessage,
  },
  {
    id: 'finished-in-the-clear',
    title: 'RFC 5246 §7.4.9 a Finished in the clear aborts with bad_record_mac',
    records: secondFlight((records) => [
      ...records.slice(0, -1),
      Uint8Array.of(recordType.handshake, 3, 3, 0, 16, 20, 0, 0, 12, ...new Uint8Array(12)),
    ]),
    refused: badRecordMac,
  },
];

const changeCipherSpecs: readonly Misbehaviour[] = [
  {
    id: 'change-cipher-spec-left-out',
    title: 'RFC 5246 §7.1 a Finished without ChangeCipherSpec aborts with unexpected_message',
    records: secondFlight((records) => records.filter((record) => !isChangeCipherSpec(record))),
    refused: unexpectedMessage,
  },
  {
    id: 'change-cipher-spec-twice',
    title: 'RFC 5246 §7.1 a second ChangeCipherSpec aborts with unexpected_message',
    records: secondFlight((records) =>
      records.flatMap((record) => (isChangeCipherSpec(record) ? [record, record] : [record])),
    ),
    refused: unexpectedMessage,
  },
  {
    id: 'change-cipher-spec-length',
    title: 'RFC 5246 §7.1 a ChangeCipherSpec of two bytes aborts with unexpected_message',
    records: secondFlight((records) =>
      records.map((record) => (isChangeCipherSpec(record) ? Uint8Array.of(20, 3, 3, 0, 2, 1, 1) : record)),
    ),
    refused: unexpectedMessage,
  },
  {
    id: 'change-cipher-spec-early',
    title: 'CVE-2014-0224 a ChangeCipherSpec before ClientKeyExchange aborts with unexpected_message',
    records: secondFlight((records) => [changeCipherSpec, ...records]),
    refused: unexpectedMessage,
  },
  {
    id: 'data-in-the-clear',
    title: 'RFC 5246 §7.3 application data before the handshake is done aborts with unexpected_message',
    records: secondFlight((records) => [Uint8Array.of(recordType.applicationData, 3, 3, 0, 1, 65), ...records]),
    refused: unexpectedMessage,
  },
];

const resumptions: readonly Misbehaviour[] = [
  {
    id: 'resumed-finished',
    title: 'RFC 5246 §7.4.9 a wrong Finished in an abbreviated handshake aborts with decrypt_error',
    edits: [flipLastByte('Finished')],
    resumes: true,
    refused: decryptError,
  },
  {
    id: 'resumed-change-cipher-spec-left-out',
    title:
      'RFC 5246 §7.1 a Finished without ChangeCipherSpec in an abbreviated handshake aborts with unexpected_message',
    records: secondFlight((records) => records.filter((record) => !isChangeCipherSpec(record))),
    resumes: true,
    refused: unexpectedMessage,
  },
  {
    id: 'resumed-key-exchange',
    title: 'RFC 5246 §7.3 a ClientKeyExchange in an abbreviated handshake aborts with unexpected_message',
    records: secondFlight((records) => [Uint8Array.of(recordType.handshake, 3, 3, 0, 5, 16, 0, 0, 1, 0), ...records]),
    resumes: true,
    refused: unexpectedMessage,
  },
  {
    id: 'resumed-without-its-suite',
    title: 'RFC 5246 §7.4.1.2 a session whose suite is not offered again is not resumed',
    client: { cipherSuites: [aes128, aes256] },
    server: { cipherSuites: [aes128, aes256] },
    // The first suite is the session's; 0x1a1a is reserved and stands for none (RFC 8701).
    edits: [editMessage('ClientHello', (message) => patched(message, cipherSuiteAt(message) + 2, 0x1a, 0x1a))],
    resumes: true,
    accepted: { resumed: false, cipherSuite: aes256 },
  },
];

const table: MisbehaviourTable = { name: 'misbehaving-client-1.2', victim: 'server', protocol: 'TLSv1.2' };

/** Somebody removes TLS 1.3 from what the client offers, and the client notices it by the server's random. */
const downgrade: ConformanceCase = {
  id: `${table.name}/downgrade`,
  title: '§4.1.3 a server of TLS 1.3 that is asked for TLS 1.2 says by its random that it could do better',
  applies: ({ server: { capabilities } }) =>
    capabilities.server.protocols.includes('TLSv1.2') && capabilities.server.protocols.includes('TLSv1.3'),
  run: async (roles) => {
    const edits = [editExtensions('ClientHello', instead(supportedVersions, 2, 3, 3))];
    const client = { maxVersion: 'TLSv1.3' } as const;
    const better = await play(roles, table, { edits, client, server: { maxVersion: 'TLSv1.3' } });
    expect(better.clientSink.failure).toMatchObject({ ...refusals.downgrade, direction: 'sent' });
    expect(better.serverSink.info).toBeUndefined();
    // A server that supports nothing better does not send that random.
    const same = await play(roles, table, { edits, client });
    expect(same.clientSink.info).toMatchObject({ protocol: 'TLSv1.2' });
  },
};

/** How a server answers a client of TLS 1.2 that misbehaves. */
export const misbehavingClient12Cases: readonly ConformanceCase[] = [
  ...misbehaviourCases(table, [
    ...clientHellos,
    ...tolerated,
    ...keyExchanges,
    ...authentication,
    ...finished,
    ...changeCipherSpecs,
    ...resumptions,
  ]),
  downgrade,
];
