import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { ConformanceCase } from '../conformance-case.ts';
import {
  also,
  appendByte,
  editBody,
  editExtensions,
  editMessage,
  flipLastByte,
  instead,
  leaveOut,
  patch,
  patched,
  putBehind,
  randomAt,
  replace,
  retryRequestRandom,
  sessionIdAt,
  cipherSuiteAt,
  withCertificateExtension,
  without,
} from '../message-edits.ts';
import { misbehaviourCases, type Misbehaviour } from '../misbehaviour.ts';
import { refusals } from '../refusals.ts';

const {
  unexpectedMessage,
  illegalParameter,
  decodeError,
  decryptError,
  protocolVersion,
  missingExtension,
  unsupportedExtension,
  downgrade,
  limit,
} = refusals;
const { serverName, applicationLayerProtocolNegotiation: alpn, supportedVersions, cookie, keyShare } = ExtensionType;
const { preSharedKey } = ExtensionType;

/** A codepoint of nothing that a client could have offered. */
const unknownExtension = 0xfafb;
const unknownGroup = [0xfe, 0xfe] as const;
const downgradeSentinel = [0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44] as const;
const externalPsks = [{ identity: new Uint8Array(4).fill(1), key: new Uint8Array(32).fill(2) }];
/** The server has no share of the client's, and says so. */
const retrying = { client: { groups: ['x25519', 'secp256r1'] }, server: { groups: ['secp256r1'] } } as const;

const serverHellos: readonly Misbehaviour[] = [
  {
    id: 'without-supported-versions',
    title: '§4.1.3 a ServerHello without supported_versions is refused with protocol_version',
    edits: [editExtensions('ServerHello', without(supportedVersions))],
    refused: protocolVersion,
  },
  ...[1, 0].map((last): Misbehaviour => ({
    id: `downgrade-${last}`,
    title: `§4.1.3 the downgrade sentinel ${last} aborts with illegal_parameter where the client speaks TLS 1.2 too`,
    edits: [
      editExtensions('ServerHello', without(supportedVersions)),
      patch('ServerHello', randomAt + 24, ...downgradeSentinel, last),
    ],
    client: { minVersion: 'TLSv1.2' },
    refused: downgrade,
  })),
  {
    id: 'downgrade-tls-1.3',
    title: '§4.1.3 the downgrade sentinel aborts with illegal_parameter where the client speaks TLS 1.3 alone',
    edits: [
      editExtensions('ServerHello', without(supportedVersions)),
      patch('ServerHello', randomAt + 24, ...downgradeSentinel, 1),
    ],
    refused: downgrade,
  },
  {
    id: 'selected-version',
    title: '§4.2.1 a selected version other than TLS 1.3 aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', instead(supportedVersions, 3, 3))],
    refused: illegalParameter,
  },
  {
    id: 'legacy-version',
    title: '§4.1.3 a legacy_version other than 0x0303 aborts with illegal_parameter',
    edits: [patch('ServerHello', 4, 3, 4)],
    refused: illegalParameter,
  },
  {
    id: 'session-id-echo',
    title: '§4.1.3 a legacy_session_id_echo that differs aborts with illegal_parameter',
    edits: [patch('ServerHello', sessionIdAt + 1, 0, 0, 0, 0)],
    refused: illegalParameter,
  },
  {
    id: 'cipher-suite',
    title: '§4.1.3 a cipher suite that was not offered aborts with illegal_parameter',
    edits: [editMessage('ServerHello', (message) => patched(message, cipherSuiteAt(message), 0x13, 0x05))],
    refused: illegalParameter,
  },
  {
    id: 'compression-method',
    title: '§4.1.3 a compression method other than null aborts with illegal_parameter',
    edits: [editMessage('ServerHello', (message) => patched(message, cipherSuiteAt(message) + 2, 1))],
    refused: illegalParameter,
  },
  {
    id: 'server-hello-unknown-extension',
    title: '§4.2 an extension that was not offered in a ServerHello aborts with unsupported_extension',
    edits: [editExtensions('ServerHello', also(unknownExtension))],
    refused: unsupportedExtension,
  },
  {
    id: 'server-hello-misplaced-extension',
    title: '§4.2 an extension that may not be in a ServerHello aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', also(serverName))],
    refused: illegalParameter,
  },
  {
    id: 'server-hello-extension-twice',
    title: '§4.2 an extension that stands twice in a ServerHello aborts with decode_error',
    edits: [editExtensions('ServerHello', (list) => [...list, ...list])],
    refused: decodeError,
  },
  {
    id: 'key-share-missing',
    title: '§9.2 a ServerHello without key_share aborts with missing_extension',
    edits: [editExtensions('ServerHello', without(keyShare))],
    refused: missingExtension,
  },
  {
    id: 'key-share-group',
    title: '§4.2.8 a key_share of a group without the client’s share aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', instead(keyShare, 0, 23, 0, 1, 4))],
    refused: illegalParameter,
  },
  {
    id: 'key-share-length',
    title: '§4.2.8.2 an X25519 share of a wrong length aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', instead(keyShare, 0, 29, 0, 1, 4))],
    refused: illegalParameter,
  },
  {
    id: 'key-share-zeros',
    title: '§7.4.2 an X25519 share that is zeros, with which the secret would be too, aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', instead(keyShare, 0, 29, 0, 32, ...new Uint8Array(32)))],
    refused: illegalParameter,
  },
  {
    id: 'key-share-point',
    title: '§4.2.8.2 a P-256 share that is not on the curve aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', instead(keyShare, 0, 23, 0, 65, 4, ...new Uint8Array(64).fill(1)))],
    client: { groups: ['secp256r1'] },
    refused: illegalParameter,
  },
  {
    id: 'server-hello-trailing-byte',
    title: '§4.1.3 a byte behind a ServerHello aborts with decode_error',
    edits: [appendByte('ServerHello')],
    refused: decodeError,
  },
  {
    id: 'server-hello-short',
    title: '§4.1.3 a ServerHello that is cut short aborts with decode_error',
    edits: [editBody('ServerHello', (body) => body.subarray(0, 26))],
    refused: decodeError,
  },
  {
    id: 'server-hello-followed',
    title: '§5.1 a message behind ServerHello in the same record aborts with unexpected_message',
    edits: [putBehind('ServerHello', 8, 0, 0, 2, 0, 0)],
    refused: unexpectedMessage,
  },
];

const preSharedKeys: readonly Misbehaviour[] = [
  {
    id: 'psk-unasked',
    title: '§4.2.11 a pre_shared_key that was not offered aborts with unsupported_extension',
    edits: [editExtensions('ServerHello', also(preSharedKey, 0, 0))],
    refused: unsupportedExtension,
  },
  {
    id: 'psk-index',
    title: '§4.2.11 a selected_identity that was not offered aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', also(preSharedKey, 0, 1))],
    client: { externalPsks },
    refused: illegalParameter,
  },
  {
    id: 'psk-hash',
    title: '§4.2.11 a pre-shared key chosen with a cipher suite of another hash aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', also(preSharedKey, 0, 0))],
    client: { externalPsks },
    server: { cipherSuites: ['TLS_AES_256_GCM_SHA384'] },
    refused: illegalParameter,
  },
];

const retryRequests: readonly Misbehaviour[] = [
  {
    id: 'retry-unknown-group',
    title: '§4.1.4 a HelloRetryRequest for a group that was not offered aborts with illegal_parameter',
    edits: [editExtensions('HelloRetryRequest', instead(keyShare, ...unknownGroup))],
    ...retrying,
    refused: illegalParameter,
  },
  {
    id: 'retry-group-with-share',
    title: '§4.1.4 a HelloRetryRequest for a group whose share was sent aborts with illegal_parameter',
    edits: [editExtensions('HelloRetryRequest', instead(keyShare, 0, 29))],
    ...retrying,
    refused: illegalParameter,
  },
  {
    id: 'retry-for-nothing',
    title: '§4.1.4 a HelloRetryRequest that changes nothing aborts with illegal_parameter',
    edits: [editExtensions('HelloRetryRequest', without(keyShare))],
    ...retrying,
    refused: illegalParameter,
  },
  {
    id: 'retry-empty-cookie',
    title: '§4.2.2 an empty cookie aborts with decode_error',
    edits: [editExtensions('HelloRetryRequest', also(cookie, 0, 0))],
    ...retrying,
    refused: decodeError,
  },
  {
    id: 'retry-twice',
    title: '§4.1.4 a second HelloRetryRequest aborts with unexpected_message',
    edits: [patch('ServerHello', randomAt, ...retryRequestRandom)],
    ...retrying,
    refused: unexpectedMessage,
  },
  {
    id: 'retry-other-suite',
    title: '§4.1.4 a cipher suite other than the HelloRetryRequest’s aborts with illegal_parameter',
    edits: [editMessage('ServerHello', (message) => patched(message, cipherSuiteAt(message), 0x13, 0x02))],
    client: retrying.client,
    server: { ...retrying.server, cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    refused: illegalParameter,
  },
  {
    id: 'retry-other-version',
    title: '§4.1.4 TLS 1.2 behind a HelloRetryRequest aborts with illegal_parameter',
    edits: [editExtensions('ServerHello', without(supportedVersions))],
    client: { ...retrying.client, minVersion: 'TLSv1.2' },
    server: retrying.server,
    refused: illegalParameter,
  },
  {
    id: 'retry-version-not-offered',
    title: '§4.1.4 TLS 1.2 behind a HelloRetryRequest aborts with illegal_parameter also where only TLS 1.3 is offered',
    edits: [editExtensions('ServerHello', without(supportedVersions))],
    ...retrying,
    refused: illegalParameter,
  },
];

const encryptedExtensions: readonly Misbehaviour[] = [
  {
    id: 'encrypted-unknown-extension',
    title: '§4.3.1 an extension in EncryptedExtensions that was not offered aborts with unsupported_extension',
    edits: [editExtensions('EncryptedExtensions', also(unknownExtension))],
    refused: unsupportedExtension,
  },
  {
    id: 'encrypted-misplaced-extension',
    title: '§4.3.1 an extension that may not be in EncryptedExtensions aborts with illegal_parameter',
    edits: [editExtensions('EncryptedExtensions', also(keyShare, 0, 29))],
    refused: illegalParameter,
  },
  {
    id: 'alpn-other',
    title: 'RFC 7301 §3.2 a protocol that was not offered aborts with illegal_parameter',
    edits: [editExtensions('EncryptedExtensions', also(alpn, 0, 3, 2, 0x68, 0x33))],
    client: { alpnProtocols: ['h2'] },
    refused: illegalParameter,
  },
  {
    id: 'alpn-two',
    title: 'RFC 7301 §3.1 two protocols in the answer abort with decode_error',
    edits: [editExtensions('EncryptedExtensions', also(alpn, 0, 6, 2, 0x68, 0x32, 2, 0x68, 0x32))],
    client: { alpnProtocols: ['h2'] },
    refused: decodeError,
  },
  {
    id: 'alpn-unasked',
    title: 'RFC 7301 §3.2 ALPN that was not asked for aborts with unsupported_extension',
    edits: [editExtensions('EncryptedExtensions', also(alpn, 0, 3, 2, 0x68, 0x32))],
    refused: unsupportedExtension,
  },
  {
    id: 'server-name-body',
    title: 'RFC 6066 §3 a server_name acknowledgement that is not empty aborts with decode_error',
    edits: [editExtensions('EncryptedExtensions', instead(serverName, 0))],
    refused: decodeError,
  },
  {
    id: 'encrypted-left-out',
    title: '§4.4 EncryptedExtensions left out abort with unexpected_message',
    edits: [leaveOut('EncryptedExtensions')],
    refused: unexpectedMessage,
  },
  {
    id: 'certificate-request-without-algorithms',
    title: '§4.3.2 a CertificateRequest without signature_algorithms aborts with missing_extension',
    edits: [putBehind('EncryptedExtensions', 13, 0, 0, 3, 0, 0, 0)],
    refused: missingExtension,
  },
  {
    id: 'certificate-request-context',
    title: '§4.3.2 a CertificateRequest with a context in the handshake aborts with illegal_parameter',
    edits: [putBehind('EncryptedExtensions', 13, 0, 0, 12, 1, 9, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3)],
    refused: illegalParameter,
  },
  {
    id: 'message-of-a-client',
    title: '§4.6.1 a message of a client from the server aborts with unexpected_message',
    edits: [putBehind('EncryptedExtensions', 5, 0, 0, 0)],
    refused: unexpectedMessage,
  },
  {
    id: 'message-too-long',
    title: 'a handshake message of more than 64 KiB is refused at its header',
    edits: [replace('EncryptedExtensions', 8, 1, 0, 1, 0)],
    refused: limit,
  },
];

const authentication: readonly Misbehaviour[] = [
  {
    id: 'certificate-context',
    title: '§4.4.2 a Certificate with a context aborts with illegal_parameter',
    edits: [editBody('Certificate', (body) => Uint8Array.of(1, 7, ...body.subarray(1)))],
    refused: illegalParameter,
  },
  {
    id: 'certificate-empty',
    title: '§4.4.2.4 an empty Certificate aborts with decode_error',
    edits: [editBody('Certificate', () => new Uint8Array(4))],
    refused: decodeError,
  },
  {
    id: 'certificate-unknown-extension',
    title: '§4.4.2 an extension of a certificate that was not offered aborts with unsupported_extension',
    edits: [editBody('Certificate', (body) => withCertificateExtension(body, unknownExtension, 1, 1))],
    refused: unsupportedExtension,
  },
  {
    id: 'certificate-left-out',
    title: '§4.4 a Certificate left out aborts with unexpected_message',
    edits: [leaveOut('Certificate')],
    refused: unexpectedMessage,
  },
  {
    id: 'certificate-verify-left-out',
    title: '§4.4.3 a CertificateVerify left out aborts with unexpected_message',
    edits: [leaveOut('CertificateVerify')],
    refused: unexpectedMessage,
  },
  {
    id: 'scheme-not-offered',
    title: '§4.4.3 a signature scheme that was not offered aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 0x02, 0x03)],
    refused: illegalParameter,
  },
  {
    id: 'scheme-of-another-key',
    title: '§4.4.3 a signature scheme that does not fit the key aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 0x08, 0x04)],
    refused: illegalParameter,
  },
  {
    id: 'scheme-of-another-curve',
    title: '§4.2.3 an ECDSA scheme of another curve than the key’s aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 0x05, 0x03)],
    refused: illegalParameter,
  },
  {
    id: 'scheme-pkcs1',
    title: '§4.4.3 RSASSA-PKCS1-v1_5 in CertificateVerify aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 0x04, 0x01)],
    refused: illegalParameter,
  },
  {
    id: 'signature',
    title: '§4.4.3 a wrong signature aborts with decrypt_error',
    edits: [flipLastByte('CertificateVerify')],
    refused: decryptError,
  },
  {
    id: 'finished',
    title: '§4.4.4 a wrong Finished aborts with decrypt_error',
    edits: [flipLastByte('Finished')],
    refused: decryptError,
  },
  {
    id: 'finished-short',
    title: '§4.4.4 a Finished that is too short aborts with decrypt_error',
    edits: [editBody('Finished', (body) => body.subarray(0, 16))],
    refused: decryptError,
  },
  {
    id: 'finished-long',
    title: '§4.4.4 a Finished with a byte too many aborts with decrypt_error',
    edits: [appendByte('Finished')],
    refused: decryptError,
  },
];

/** How a client answers a server of TLS 1.3 that misbehaves. */
export const misbehavingServerCases: readonly ConformanceCase[] = misbehaviourCases(
  { name: 'misbehaving-server', victim: 'client', protocol: 'TLSv1.3' },
  [...serverHellos, ...preSharedKeys, ...retryRequests, ...encryptedExtensions, ...authentication],
);
