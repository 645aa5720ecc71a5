import { certificatesInPem } from '@org/tls-core/backend';
import { ExtensionType, HandshakeType, misbehavingBackend } from '@org/tls-pure/misbehaving';
import { bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { certificates } from '../fixtures.ts';
import { join, MemoryPair } from '../memory-pair.ts';
import {
  also,
  editBody,
  editExtensions,
  editMessage,
  flipLastByte,
  instead,
  leaveOut,
  patch,
  patched,
  sessionIdAt,
  cipherSuiteAt,
  without,
  type MessageEdit,
} from '../message-edits.ts';
import { expectRefused, expectTold, misbehaviourCases, type Misbehaviour } from '../misbehaviour.ts';
import { refusals } from '../refusals.ts';
import { vector } from '../vectors.ts';

const {
  unexpectedMessage,
  illegalParameter,
  decodeError,
  decryptError,
  unsupportedExtension,
  illegalByHandshakeFailure,
} = refusals;
const { extendedMasterSecret, keyShare, renegotiationInfo } = ExtensionType;
const suites = { ecdsaAes256: [0xc0, 0x2c], rsaAes128: [0xc0, 0x2f] } as const;
const changeCipherSpec = Uint8Array.of(20, 3, 3, 0, 1, 1);

const serverHellos: readonly Misbehaviour[] = [
  {
    id: 'unknown-extension',
    title: 'RFC 5246 §7.4.1.4 an extension that was not offered aborts with unsupported_extension',
    edits: [editExtensions('ServerHello', also(0xfafb))],
    refused: unsupportedExtension,
  },
  {
    id: 'extension-of-tls-1.3',
    title: 'an extension that a ServerHello has in TLS 1.3 only aborts with unsupported_extension',
    client: { maxVersion: 'TLSv1.3' },
    edits: [editExtensions('ServerHello', also(keyShare, 0, 29, 0, 1, 4))],
    refused: unsupportedExtension,
  },
  {
    id: 'renegotiation-info',
    title: 'RFC 5746 §3.4 a renegotiation_info that is not empty aborts with handshake_failure',
    edits: [editExtensions('ServerHello', instead(renegotiationInfo, 1, 7))],
    refused: illegalByHandshakeFailure,
  },
  {
    id: 'change-cipher-spec-first',
    title: 'RFC 5246 §7.1 a ChangeCipherSpec before the ServerHello aborts with unexpected_message',
    records: (flight, records) => (flight === 0 ? [changeCipherSpec, ...records] : records),
    refused: unexpectedMessage,
  },
];

const certificateMessages: readonly Misbehaviour[] = [
  {
    id: 'certificate-of-another-suite',
    title: 'RFC 8422 §5.3 a certificate whose key is of another kind than the suite’s aborts with illegal_parameter',
    edits: [withSuite(suites.rsaAes128)],
    refused: illegalParameter,
  },
  {
    id: 'certificate-of-another-curve',
    title: 'RFC 8422 §5.1.1 a certificate on a curve that was not offered aborts with illegal_parameter',
    client: { groups: ['x25519', 'secp256r1'] },
    edits: [editBody('Certificate', () => vector(3, ...chainOf('ecdsa-p384').map((each) => vector(3, each))))],
    refused: illegalParameter,
  },
  {
    id: 'certificate-empty',
    title: 'RFC 5246 §7.4.2 an empty Certificate aborts with decode_error',
    edits: [editBody('Certificate', () => new Uint8Array(3))],
    refused: decodeError,
  },
  {
    id: 'certificate-left-out',
    title: 'RFC 5246 §7.4.2 a Certificate that is left out aborts with unexpected_message',
    edits: [leaveOut('Certificate')],
    refused: unexpectedMessage,
  },
];

const keyExchanges: readonly Misbehaviour[] = [
  {
    id: 'key-exchange-left-out',
    title: 'RFC 5246 §7.4.3 a ServerKeyExchange that is left out aborts with unexpected_message',
    edits: [leaveOut('ServerKeyExchange')],
    refused: unexpectedMessage,
  },
  {
    id: 'signature',
    title: 'RFC 8422 §5.4 a wrong signature of ServerKeyExchange aborts with decrypt_error',
    edits: [flipLastByte('ServerKeyExchange')],
    refused: decryptError,
  },
  {
    id: 'key-changed',
    title: 'RFC 8422 §5.4 a key that was changed behind its signature aborts with decrypt_error',
    edits: [editMessage('ServerKeyExchange', (message) => patched(message, 8, (message[8] ?? 0) ^ 1))],
    refused: decryptError,
  },
  {
    id: 'scheme-of-another-key',
    title: 'RFC 5246 §7.4.3 a signature scheme for another kind of key aborts with illegal_parameter',
    edits: [withScheme(0x08, 0x04)],
    refused: illegalParameter,
  },
  {
    id: 'scheme-not-offered',
    title: 'RFC 5246 §7.4.3 a signature scheme that was not offered, with SHA-1, aborts with illegal_parameter',
    edits: [withScheme(0x02, 0x03)],
    refused: illegalParameter,
  },
  {
    id: 'curve-not-offered',
    title: 'RFC 8422 §5.4 a curve that was not offered aborts with illegal_parameter',
    edits: [patch('ServerKeyExchange', 5, 0, 24)],
    client: { groups: ['x25519', 'secp256r1'] },
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
    id: 'finished-empty',
    title: 'RFC 5246 §7.4.9 an empty Finished aborts with decrypt_error',
    edits: [editBody('Finished', () => new Uint8Array(0))],
    refused: decryptError,
  },
];

const resumptions = [
  {
    id: 'resumed-suite',
    title: 'RFC 5246 §7.4.1.3 a session resumed under another suite aborts with illegal_parameter',
    server: { cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] },
    edits: [withSuite(suites.ecdsaAes256)],
    refused: illegalParameter,
  },
  {
    id: 'resumed-without-extended-main-secret',
    title: 'RFC 7627 §5.3 a session resumed without extended_master_secret aborts with handshake_failure',
    edits: [editExtensions('ServerHello', without(extendedMasterSecret))],
    refused: illegalByHandshakeFailure,
  },
  {
    id: 'resumed-finished',
    title: 'RFC 5246 §7.4.9 a wrong Finished in an abbreviated handshake aborts with decrypt_error',
    edits: [flipLastByte('Finished')],
    refused: decryptError,
  },
].map((row): Misbehaviour => ({ ...row, resumes: true }));

/** A client of TLS 1.3 sends its session id only for middleboxes; a server that echoes it claims to resume a session. */
const echo: ConformanceCase = {
  id: 'misbehaving-server-1.2/session-id-of-no-session',
  title: '§D.4 the echo of a session id that stands for no session aborts with illegal_parameter in TLS 1.2',
  applies: (roles) =>
    roles.client.capabilities.client.protocols.includes('TLSv1.2') &&
    bothSpeak('TLSv1.3')({ ...roles, server: roles.client }),
  run: async (roles) => {
    let sessionId = new Uint8Array(0);
    const server = misbehavingBackend({
      shapeMessage: (message) =>
        message[0] === HandshakeType.serverHello ? [withSessionId(message, sessionId)] : [message],
    });
    const options = { certificate: 'ecdsa-p256', server: { maxVersion: 'TLSv1.2' } } as const;
    const pair = new MemoryPair({ ...roles, server }, options);
    await pair.settle((batch, from) => {
      if (from === 'client' && sessionId.length === 0) sessionId = batch.slice(44, 76);
      return [batch];
    });
    expectRefused(pair, 'client', illegalParameter);
    expectTold(pair, 'client', illegalParameter);
  },
};

/** How a client answers a server of TLS 1.2 that misbehaves. */
export const misbehavingServer12Cases: readonly ConformanceCase[] = [
  ...misbehaviourCases({ name: 'misbehaving-server-1.2', victim: 'client', protocol: 'TLSv1.2' }, [
    ...serverHellos,
    ...certificateMessages,
    ...keyExchanges,
    ...finished,
    ...resumptions,
  ]),
  echo,
];

function withSuite(suite: readonly number[]): MessageEdit {
  return editMessage('ServerHello', (message) => patched(message, cipherSuiteAt(message), ...suite));
}

/** Writes another signature scheme, which stands behind the header, the curve type, the curve, and the point with its length. */
function withScheme(...scheme: readonly number[]): MessageEdit {
  return editMessage('ServerKeyExchange', (message) => patched(message, 8 + (message[7] ?? 0), ...scheme));
}

/** Gives a session id to a ServerHello whose own is empty. */
function withSessionId(message: Uint8Array, sessionId: Uint8Array): Uint8Array {
  expect(message[sessionIdAt]).toBe(0);
  const longer = join([message.subarray(0, sessionIdAt), vector(1, sessionId), message.subarray(sessionIdAt + 1)]);
  longer.set([(longer.length - 4) >>> 8, longer.length - 4], 2);
  return longer;
}

function chainOf(name: keyof typeof certificates): readonly Uint8Array[] {
  return certificatesInPem(certificates[name].chainPem, 'identity');
}
