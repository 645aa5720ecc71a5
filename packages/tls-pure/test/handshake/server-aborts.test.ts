import { beforeAll, describe, expect, it } from 'vitest';
import { AlertDescription, type TlsErrorCode } from '@org/tls-core';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair, type EnginePair } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, instead, patched, withBody, without } from '../support/message-edits.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** Runs a handshake against a client that misbehaves. */
function against(
  clientOverrides: HandshakeOverrides,
  server: Partial<TestPair['server']> = {},
  client: Partial<TestPair['client']> = {},
): EnginePair {
  const engines = enginePair({
    client: { ...pair.client, ...client },
    server: { ...pair.server, ...server },
    clientOverrides,
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines;
}

interface Case {
  readonly title: string;
  readonly overrides: HandshakeOverrides;
  readonly code: TlsErrorCode;
  readonly alert: number;
  readonly client?: Partial<TestPair['client']>;
  readonly server?: Partial<TestPair['server']>;
}

const serverName = 0;
const supportedGroups = 10;
const signatureAlgorithms = 13;
const alpn = 16;
const preSharedKey = 41;
const earlyData = 42;
const supportedVersions = 43;
const pskKeyExchangeModes = 45;
const keyShare = 51;
/** Offset of cipher_suites' length in a ClientHello message: header 4, version 2, random 32, session id 1 + 32. */
const cipherSuitesAt = 71;
const compressionAt = cipherSuitesAt + 2 + 6;

const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.illegalParameter } as const;
const decode = { code: 'ERR_TLS_DECODE', alert: AlertDescription.decodeError } as const;
const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: AlertDescription.unexpectedMessage } as const;
const missing = { code: 'ERR_TLS_MISSING_EXTENSION', alert: AlertDescription.missingExtension } as const;
const version = { code: 'ERR_TLS_PROTOCOL_VERSION', alert: AlertDescription.protocolVersion } as const;
const noCommon = { code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: AlertDescription.handshakeFailure } as const;
const retrying = { server: { groups: ['secp256r1'] } } as const;

/** Changes only the second ClientHello. */
function second(edit: (message: Uint8Array) => Uint8Array): HandshakeOverrides {
  let hellos = 0;
  return editMessages(HandshakeType.clientHello, (message) => {
    hellos += 1;
    return [hellos === 2 ? edit(message) : message];
  });
}

function secondExtensions(edit: ReturnType<typeof also>): HandshakeOverrides {
  let hellos = 0;
  return editExtensions('ClientHello', (planned) => {
    hellos += 1;
    return hellos === 2 ? edit(planned) : planned;
  });
}

const cases: readonly Case[] = [
  {
    title: '§4.2.1 a ClientHello without supported_versions is refused with protocol_version',
    overrides: editExtensions('ClientHello', without(supportedVersions)),
    ...version,
  },
  {
    title: '§4.2.1 a ClientHello that offers TLS 1.2 only is refused with protocol_version',
    overrides: editExtensions('ClientHello', instead(supportedVersions, 2, 3, 3)),
    ...version,
  },
  {
    title: '§4.2.1 an empty supported_versions aborts with decode_error',
    overrides: editExtensions('ClientHello', instead(supportedVersions, 0)),
    ...decode,
  },
  {
    title: '§D.5 a legacy_version below 0x0303 is refused with protocol_version',
    overrides: editMessages(HandshakeType.clientHello, (message) => [patched(message, 4, 3, 1)]),
    ...version,
  },
  {
    title: '§4.1.2 a compression method other than null aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.clientHello, (message) => [patched(message, compressionAt + 1, 1)]),
    ...illegal,
  },
  {
    title: '§4.1.2 an empty cipher_suites aborts with decode_error',
    overrides: editMessages(HandshakeType.clientHello, (message) => [patched(message, cipherSuitesAt, 0, 0)]),
    ...decode,
  },
  {
    title: '§4.1.2 bytes behind a ClientHello abort with decode_error',
    overrides: editMessages(HandshakeType.clientHello, (message) => [
      withBody(message, Uint8Array.of(...message.subarray(4), 0)),
    ]),
    ...decode,
  },
  {
    title: '§4.1.2 a session id of more than 32 bytes aborts with decode_error',
    overrides: editMessages(HandshakeType.clientHello, (message) => [patched(message, 38, 33)]),
    ...decode,
  },
  {
    title: '§4.2 an extension that stands twice aborts with decode_error',
    overrides: editExtensions('ClientHello', (list) => [...list, ...list]),
    ...decode,
  },
  {
    title: '§4.2 an extension that may not be in a ClientHello aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', also(48, 0, 0)),
    ...illegal,
  },
  {
    title: '§9.2 a ClientHello without key_share aborts with missing_extension',
    overrides: editExtensions('ClientHello', without(keyShare)),
    ...missing,
  },
  {
    title: '§9.2 a ClientHello without supported_groups aborts with missing_extension',
    overrides: editExtensions('ClientHello', without(supportedGroups)),
    ...missing,
  },
  {
    title: '§9.2 a ClientHello without signature_algorithms aborts with missing_extension',
    overrides: editExtensions('ClientHello', without(signatureAlgorithms)),
    ...missing,
  },
  {
    title: '§4.2.9 pre_shared_key without psk_key_exchange_modes aborts with missing_extension',
    overrides: editExtensions('ClientHello', (list) => [
      ...without(pskKeyExchangeModes)(list),
      { type: preSharedKey, body: new Uint8Array(2) },
    ]),
    ...missing,
  },
  {
    title: '§4.2.11 pre_shared_key that is not last aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', (list) => [{ type: preSharedKey, body: new Uint8Array(2) }, ...list]),
    ...illegal,
  },
  {
    title: '§4.2.8 a key_share of a group that is not in supported_groups aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(supportedGroups, 0, 2, 0, 23)),
    ...illegal,
  },
  {
    title: '§4.2.8 two key_shares of one group abort with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(keyShare, 0, 10, 0, 29, 0, 1, 1, 0, 29, 0, 1, 1)),
    ...illegal,
  },
  {
    title: '§4.2.8.2 an X25519 share of a wrong length aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(keyShare, 0, 5, 0, 29, 0, 1, 1)),
    ...illegal,
  },
  {
    title: '§7.4.2 an X25519 share that gives all zeros aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(keyShare, 0, 36, 0, 29, 0, 32, ...new Uint8Array(32))),
    ...illegal,
  },
  {
    title: '§4.2.7 no group in common aborts with handshake_failure',
    overrides: editExtensions('ClientHello', (list) =>
      instead(keyShare, 0, 0)(instead(supportedGroups, 0, 2, 0, 30)(list)),
    ),
    ...noCommon,
  },
  {
    title: '§4.1.1 no cipher suite in common aborts with handshake_failure',
    overrides: {},
    client: { cipherSuites: ['TLS_AES_256_GCM_SHA384'] },
    server: { cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    ...noCommon,
  },
  {
    title: '§4.4.3 no signature scheme in common aborts with handshake_failure',
    overrides: {},
    client: { signatureSchemes: ['ed25519'] },
    ...noCommon,
  },
  {
    title: 'RFC 6066 §3 two host names abort with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(serverName, 0, 8, 0, 0, 1, 97, 0, 0, 1, 98)),
    ...illegal,
  },
  {
    title: 'RFC 6066 §3 an empty server_name list aborts with decode_error',
    overrides: editExtensions('ClientHello', instead(serverName, 0, 0)),
    ...decode,
  },
  {
    title: 'RFC 6066 §3 a host name with a zero byte aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(serverName, 0, 6, 0, 0, 3, 97, 0, 98)),
    ...illegal,
  },
  {
    title: 'RFC 7301 §3.1 an empty protocol name aborts with decode_error',
    overrides: editExtensions('ClientHello', also(alpn, 0, 1, 0)),
    ...decode,
  },
  {
    title: 'RFC 7301 §3.2 no protocol in common aborts with no_application_protocol',
    overrides: {},
    client: { alpnProtocols: ['h2'] },
    server: { alpnProtocols: ['http/1.1'] },
    code: 'ERR_TLS_NO_APPLICATION_PROTOCOL',
    alert: AlertDescription.noApplicationProtocol,
  },
  {
    title: '§4.2.8 a second ClientHello without the group that was asked for aborts with illegal_parameter',
    overrides: secondExtensions(instead(keyShare, 0, 36, 0, 29, 0, 32, ...new Uint8Array(32).fill(9))),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.2 a second ClientHello with another random aborts with illegal_parameter',
    overrides: second((message) => patched(message, 6, 1, 2, 3, 4)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.2 a second ClientHello with other cipher suites aborts with illegal_parameter',
    overrides: second((message) => patched(message, cipherSuitesAt + 4, 0x13, 0x05)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.2 a second ClientHello with one extension more aborts with illegal_parameter',
    overrides: secondExtensions(also(0xfafa)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.2 a second ClientHello with one extension less aborts with illegal_parameter',
    overrides: secondExtensions(without(serverName)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.2 a second ClientHello with another server_name aborts with illegal_parameter',
    overrides: secondExtensions(instead(serverName, 0, 4, 0, 0, 1, 97)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.2 a second ClientHello with early_data aborts with illegal_parameter',
    overrides: secondExtensions(also(earlyData)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.4.4 a wrong Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [patched(message, -1, (message.at(-1) ?? 0) ^ 1)]),
    code: 'ERR_TLS_DECRYPT',
    alert: AlertDescription.decryptError,
  },
  {
    title: '§4.4 a message other than Finished aborts with unexpected_message',
    overrides: editMessages(HandshakeType.finished, () => [Uint8Array.of(24, 0, 0, 1, 0)]),
    ...unexpected,
  },
  {
    title: '§5.1 a message behind the client’s Finished in the same record aborts with unexpected_message',
    overrides: editMessages(HandshakeType.finished, (message) => [message, Uint8Array.of(24, 0, 0, 1, 0)]),
    ...unexpected,
  },
];

describe('a server', () => {
  it.each(cases)('$title', ({ overrides, code, alert, client, server }) => {
    const { clientSink, serverSink, server: engine } = against(overrides, server, client);
    expect(serverSink.failure).toMatchObject({ code, alert, direction: 'sent' });
    expect(serverSink.info).toBeUndefined();
    expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
    const { failure } = serverSink;
    expect(() => engine.receive(Uint8Array.of(1))).toThrow(failure);
    expect(() => engine.send(Uint8Array.of(1))).toThrow(failure);
  });

  it('gives ChaCha20-Poly1305 to a client that puts it first', () => {
    const { serverSink } = against(
      {},
      {},
      { cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] },
    );
    expect(serverSink.info?.cipherSuite).toBe('TLS_CHACHA20_POLY1305_SHA256');
  });

  it('§4.2.10 skips early data that it rejects, up to its limit', () => {
    const engines = enginePair({ ...pair, clientOverrides: editExtensions('ClientHello', also(earlyData)) });
    engines.server.start();
    engines.client.start();
    const earlyRecord = Uint8Array.of(23, 3, 3, 0, 40, ...new Uint8Array(40).fill(7));
    engines.server.receive(engines.clientSink.outgoing.shift() ?? new Uint8Array(0));
    for (let index = 0; index < 10; index += 1) engines.server.receive(earlyRecord);
    engines.pump();
    expect(engines.serverSink.failure).toBeUndefined();
    expect(engines.serverSink.info?.earlyData).toBe('rejected');
  });

  it('§4.2.10 skips nothing once a record has opened', () => {
    const engines = enginePair({ ...pair, clientOverrides: editExtensions('ClientHello', also(earlyData)) });
    engines.server.start();
    engines.client.start();
    engines.pump();
    expect(engines.serverSink.info?.earlyData).toBe('rejected');
    engines.server.receive(Uint8Array.of(23, 3, 3, 0, 40, ...new Uint8Array(40).fill(7)));
    expect(engines.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_BAD_RECORD_MAC',
      alert: AlertDescription.badRecordMac,
    });
  });

  it('§4.2.10 refuses more early data than its limit', () => {
    const engines = enginePair({ ...pair, clientOverrides: editExtensions('ClientHello', also(earlyData)) });
    engines.server.start();
    engines.client.start();
    engines.server.receive(engines.clientSink.outgoing.shift() ?? new Uint8Array(0));
    const earlyRecord = Uint8Array.of(23, 3, 3, 0x20, 0, ...new Uint8Array(0x2000));
    engines.server.receive(earlyRecord);
    engines.server.receive(earlyRecord);
    engines.server.receive(earlyRecord);
    expect(engines.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_LIMIT',
      alert: AlertDescription.unexpectedMessage,
    });
  });

  it('§4.2.10 refuses records that do not open when no early data was announced', () => {
    const engines = enginePair(pair);
    engines.server.start();
    engines.client.start();
    engines.server.receive(engines.clientSink.outgoing.shift() ?? new Uint8Array(0));
    engines.server.receive(Uint8Array.of(23, 3, 3, 0, 40, ...new Uint8Array(40)));
    expect(engines.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_BAD_RECORD_MAC',
      alert: AlertDescription.badRecordMac,
    });
  });
});
