import { AlertDescription, type ServerConfig, type TlsErrorCode, type TlsSession } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair, type EnginePair, type PairOptions } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, instead, patched, withBody, without } from '../support/message-edits.ts';
import { tls12Peers, type Tls12Peers } from '../support/tls12-attempts.ts';

let peers: Tls12Peers;
beforeAll(async () => {
  peers = await tls12Peers();
});

const ticketKeys = { current: () => [{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(2) }] };

/** A handshake of TLS 1.2 with a server that misbehaves. */
interface Attempt {
  readonly overrides?: HandshakeOverrides;
  readonly clientOverrides?: HandshakeOverrides;
  readonly client?: PairOptions['client'];
  readonly server?: Partial<ServerConfig>;
  readonly session?: TlsSession | undefined;
  /** Changes the server's first flight. */
  readonly cut?: (flight: Uint8Array) => Uint8Array;
}

function against(attempt: Attempt): EnginePair {
  const { overrides = {}, clientOverrides = {}, client, server, session, cut = (flight) => flight } = attempt;
  const engines = enginePair({
    client: { ...peers.client, ...client },
    server: { ...peers.server, ticketKeys, ...server },
    serverOverrides: overrides,
    clientOverrides,
    ...(session && { engine: { session } }),
  });
  engines.server.start();
  engines.client.start();
  let isFirst = true;
  engines.pump((batch, from) => {
    if (from === 'client' || !isFirst) return [batch];
    isFirst = false;
    return [cut(batch)];
  });
  return engines;
}

const { illegalParameter, decodeError, decryptError, unexpectedMessage, unsupportedExtension, handshakeFailure } =
  AlertDescription;
const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: illegalParameter } as const;
const decode = { code: 'ERR_TLS_DECODE', alert: decodeError } as const;
const decrypt = { code: 'ERR_TLS_DECRYPT', alert: decryptError } as const;
const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: unexpectedMessage } as const;
const unsupported = { code: 'ERR_TLS_UNSUPPORTED_EXTENSION', alert: unsupportedExtension } as const;
/** A fault for which RFC 5746 §3.4 and RFC 7627 §5.3 want another alert. */
const handshakeRefused = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: handshakeFailure } as const;

const supportedGroups = 10;
const extendedMasterSecret = 23;
const keyShare = 51;
const renegotiationInfo = 0xff01;
const suites = { ecdsaAes128: [0xc0, 0x2b], ecdsaAes256: [0xc0, 0x2c], rsaAes128: [0xc0, 0x2f] } as const;

const last = (message: Uint8Array): number => message.at(-1) ?? 0;
const flipped = (message: Uint8Array): Uint8Array => patched(message, -1, last(message) ^ 1);
const withSuite = (suite: readonly number[]): HandshakeOverrides =>
  editMessages(HandshakeType.serverHello, (message) => [patched(message, 39 + (message[38] ?? 0), ...suite)]);
const keyExchange = (edit: (message: Uint8Array) => Uint8Array): HandshakeOverrides =>
  editMessages(HandshakeType.serverKeyExchange, (message) => [edit(message)]);
/** Offset of the signature scheme in a ServerKeyExchange message: header 4, curve type 1, curve 2, the point and its length. */
const schemeAt = (message: Uint8Array): number => 8 + (message[7] ?? 0);

interface Case extends Attempt {
  readonly title: string;
  readonly code: TlsErrorCode;
  readonly alert: number;
}

const cases: readonly Case[] = [
  {
    title: 'RFC 5246 §7.4.1.4 an extension that was not offered aborts with unsupported_extension',
    overrides: editExtensions('ServerHello', also(0xfafa)),
    ...unsupported,
  },
  {
    title: 'an extension that only TLS 1.3 has there aborts with unsupported_extension',
    client: { maxVersion: 'TLSv1.3' },
    overrides: editExtensions('ServerHello', also(keyShare, 0, 29, 0, 1, 4)),
    ...unsupported,
  },
  {
    title: 'RFC 5746 §3.4 a renegotiation_info that is not empty aborts with handshake_failure',
    overrides: editExtensions('ServerHello', instead(renegotiationInfo, 1, 7)),
    ...handshakeRefused,
  },
  {
    title: 'RFC 8422 §5.3 a certificate whose key is of another kind than the suite’s aborts with illegal_parameter',
    overrides: withSuite(suites.rsaAes128),
    ...illegal,
  },
  {
    title: 'RFC 8422 §5.1.1 a certificate on a curve that was not offered aborts with illegal_parameter',
    client: { groups: ['x25519'] },
    clientOverrides: editExtensions('ClientHello', instead(supportedGroups, 0, 4, 0, 29, 0, 23)),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.2 an empty Certificate aborts with decode_error',
    overrides: editMessages(HandshakeType.certificate, (message) => [withBody(message, Uint8Array.of(0, 0, 0))]),
    ...decode,
  },
  {
    title: 'RFC 5246 §7.4.2 a Certificate that is left out aborts with unexpected_message',
    overrides: editMessages(HandshakeType.certificate, () => []),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.4.3 a ServerKeyExchange that is left out aborts with unexpected_message',
    overrides: editMessages(HandshakeType.serverKeyExchange, () => []),
    ...unexpected,
  },
  {
    title: 'RFC 8422 §5.4 a wrong signature of ServerKeyExchange aborts with decrypt_error',
    overrides: keyExchange(flipped),
    ...decrypt,
  },
  {
    title: 'RFC 8422 §5.4 a key that was changed aborts with decrypt_error',
    overrides: keyExchange((message) => patched(message, 8, (message[8] ?? 0) ^ 1)),
    ...decrypt,
  },
  {
    title: 'RFC 5246 §7.4.3 a signature scheme for another kind of key aborts with illegal_parameter',
    overrides: keyExchange((message) => patched(message, schemeAt(message), 0x08, 0x04)),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.3 a signature scheme that was not offered, with SHA-1, aborts with illegal_parameter',
    overrides: keyExchange((message) => patched(message, schemeAt(message), 0x02, 0x03)),
    ...illegal,
  },
  {
    title: 'RFC 8422 §5.4 a curve that was not offered aborts with illegal_parameter',
    overrides: keyExchange((message) => patched(message, 5, 0, 24)),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.9 a wrong Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [flipped(message)]),
    ...decrypt,
  },
  {
    title: 'RFC 5246 §7.4.9 an empty Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [withBody(message, new Uint8Array(0))]),
    ...decrypt,
  },
  {
    title: 'a ChangeCipherSpec before the ServerHello aborts with unexpected_message',
    cut: (flight) => Buffer.concat([Uint8Array.of(20, 3, 3, 0, 1, 1), flight]),
    ...unexpected,
  },
];

function expectRefusal({ clientSink }: EnginePair, refusal: Pick<Case, 'code' | 'alert'>): void {
  expect(clientSink.failure).toMatchObject({ code: refusal.code, alert: refusal.alert, direction: 'sent' });
  expect(clientSink.info).toBeUndefined();
}

describe('a TLS 1.2 client', () => {
  it('completes a handshake when nobody misbehaves', () => {
    const { clientSink, serverSink } = against({});
    expect([clientSink.failure, serverSink.failure]).toEqual([undefined, undefined]);
    expect(clientSink.info).toMatchObject({ protocol: 'TLSv1.2', resumed: false });
  });

  it.each(cases)('$title', ({ title: _title, code, alert, ...attempt }) => {
    expectRefusal(against(attempt), { code, alert });
  });

  it('RFC 5246 §7.4.1.1 refuses to renegotiate', () => {
    const helloRequest = Uint8Array.of(0, 0, 0, 0);
    const { clientSink } = against({
      overrides: editMessages(HandshakeType.finished, (message) => [message, helloRequest]),
    });
    expect(clientSink.failure).toMatchObject({
      code: 'ERR_TLS_NO_RENEGOTIATION',
      alert: AlertDescription.noRenegotiation,
    });
  });
});

describe('a TLS 1.2 client that has a session', () => {
  const connected = (): TlsSession | undefined => against({}).clientSink.sessions[0];

  it('resumes it when nobody misbehaves', () => {
    expect(against({ session: connected() }).clientSink.info).toMatchObject({ resumed: true });
  });

  it.each([
    ['RFC 5246 §7.4.1.3 another suite aborts with illegal_parameter', withSuite(suites.ecdsaAes256), illegal],
    [
      'RFC 7627 §5.3 no extended_master_secret aborts with handshake_failure',
      editExtensions('ServerHello', without(extendedMasterSecret)),
      handshakeRefused,
    ],
    [
      'RFC 5246 §7.4.9 a wrong Finished aborts with decrypt_error',
      editMessages(HandshakeType.finished, (message) => [flipped(message)]),
      decrypt,
    ],
  ] as const)('%s', (_title, overrides, refusal) => {
    const cipherSuites = ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'];
    const session = against({ client: { cipherSuites: cipherSuites.slice(0, 1) } }).clientSink.sessions[0];
    expectRefusal(against({ session, overrides, client: { cipherSuites } }), refusal);
  });
});

it('RFC 8446 §D.4 the session id of a client without a session is no session: its echo aborts with illegal_parameter', () => {
  let sessionId: Uint8Array = new Uint8Array(0);
  const engines = against({
    client: { maxVersion: 'TLSv1.3' },
    clientOverrides: editMessages(HandshakeType.clientHello, (message) => {
      sessionId = message.slice(39, 39 + 32);
      return [message];
    }),
    overrides: editMessages(HandshakeType.serverHello, (message) => [
      withBody(message, Uint8Array.of(...message.subarray(4, 38), 32, ...sessionId, ...message.subarray(39))),
    ]),
  });
  expect(sessionId).toHaveLength(32);
  expectRefusal(engines, illegal);
});
