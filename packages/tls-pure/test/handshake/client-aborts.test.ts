import { beforeAll, describe, expect, it } from 'vitest';
import { AlertDescription, type TlsErrorCode } from '@org/tls-core';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { byteByByte, enginePair, type EnginePair } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, instead, patched, withBody, without } from '../support/message-edits.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** Runs a handshake against a server that misbehaves. */
function against(
  serverOverrides: HandshakeOverrides,
  client: Partial<TestPair['client']> = {},
  server: Partial<TestPair['server']> = {},
): EnginePair {
  const engines = enginePair({
    client: { ...pair.client, ...client },
    server: { ...pair.server, ...server },
    serverOverrides,
  });
  engines.server.start();
  engines.client.start();
  engines.pump();
  return engines;
}

const serverNameType = 0;
const alpnType = 16;
const supportedVersionsType = 43;
const cookieType = 44;
const keyShareType = 51;
/** Offset of legacy_session_id_echo's length in a ServerHello message: header 4, version 2, random 32. */
const sessionIdAt = 38;

interface Case {
  readonly title: string;
  readonly overrides: HandshakeOverrides;
  readonly code: TlsErrorCode;
  readonly alert: number;
  readonly client?: Partial<TestPair['client']>;
  readonly server?: Partial<TestPair['server']>;
}

const {
  illegalParameter,
  decodeError,
  missingExtension,
  unsupportedExtension,
  unexpectedMessage,
  decryptError,
  protocolVersion,
} = AlertDescription;
const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: illegalParameter } as const;
const decode = { code: 'ERR_TLS_DECODE', alert: decodeError } as const;
const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: unexpectedMessage } as const;
const unsupported = { code: 'ERR_TLS_UNSUPPORTED_EXTENSION', alert: unsupportedExtension } as const;
const decrypt = { code: 'ERR_TLS_DECRYPT', alert: decryptError } as const;
const retrying = { server: { groups: ['secp256r1'] } } as const;

const cases: readonly Case[] = [
  {
    title: '§4.1.3 a ServerHello without supported_versions is refused with protocol_version',
    overrides: editExtensions('ServerHello', without(supportedVersionsType)),
    code: 'ERR_TLS_PROTOCOL_VERSION',
    alert: protocolVersion,
  },
  {
    title: '§4.1.3 the downgrade sentinel aborts with illegal_parameter',
    overrides: {
      ...editExtensions('ServerHello', without(supportedVersionsType)),
      ...editMessages(HandshakeType.serverHello, (message) => [
        patched(message, 30, 0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 0x01),
      ]),
    },
    code: 'ERR_TLS_DOWNGRADE',
    alert: illegalParameter,
  },
  {
    title: '§4.2.1 a selected version other than TLS 1.3 aborts with illegal_parameter',
    overrides: editExtensions('ServerHello', instead(supportedVersionsType, 3, 3)),
    ...illegal,
  },
  {
    title: '§4.1.3 a legacy_version other than 0x0303 aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.serverHello, (message) => [patched(message, 4, 3, 4)]),
    ...illegal,
  },
  {
    title: '§4.1.3 a legacy_session_id_echo that differs aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.serverHello, (message) => [patched(message, sessionIdAt + 1, 0, 0, 0, 0)]),
    ...illegal,
  },
  {
    title: '§4.1.3 a cipher suite that was not offered aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.serverHello, (message) => [patched(message, sessionIdAt + 33, 0x13, 0x05)]),
    ...illegal,
  },
  {
    title: '§4.1.3 a compression method other than null aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.serverHello, (message) => [patched(message, sessionIdAt + 35, 1)]),
    ...illegal,
  },
  {
    title: '§4.2 an extension that was not offered in a ServerHello aborts with unsupported_extension',
    overrides: editExtensions('ServerHello', also(0xfafa)),
    ...unsupported,
  },
  {
    title: '§4.2 an extension that may not be in a ServerHello aborts with illegal_parameter',
    overrides: editExtensions('ServerHello', also(serverNameType)),
    ...illegal,
  },
  {
    title: '§4.2 an extension that stands twice aborts with decode_error',
    overrides: editExtensions('ServerHello', (list) => [...list, ...list]),
    ...decode,
  },
  {
    title: '§4.2.11 a pre_shared_key that was not offered aborts with unsupported_extension',
    overrides: editExtensions('ServerHello', also(41, 0, 0)),
    ...unsupported,
  },
  {
    title: '§9.2 a ServerHello without key_share aborts with missing_extension',
    overrides: editExtensions('ServerHello', without(keyShareType)),
    code: 'ERR_TLS_MISSING_EXTENSION',
    alert: missingExtension,
  },
  {
    title: '§4.2.8 a key_share of a group without our share aborts with illegal_parameter',
    overrides: editExtensions('ServerHello', instead(keyShareType, 0, 23, 0, 1, 4)),
    ...illegal,
  },
  {
    title: '§4.2.8.2 an X25519 share of a wrong length aborts with illegal_parameter',
    overrides: editExtensions('ServerHello', instead(keyShareType, 0, 29, 0, 1, 4)),
    ...illegal,
  },
  {
    title: '§7.4.2 an X25519 share that gives all zeros aborts with illegal_parameter',
    overrides: editExtensions('ServerHello', instead(keyShareType, 0, 29, 0, 32, ...new Uint8Array(32))),
    ...illegal,
  },
  {
    title: '§4.2.8.2 a P-256 share that is not on the curve aborts with illegal_parameter',
    overrides: editExtensions('ServerHello', instead(keyShareType, 0, 23, 0, 65, 4, ...new Uint8Array(64).fill(1))),
    client: { groups: ['secp256r1'] },
    ...illegal,
  },
  {
    title: '§4.1.3 bytes behind a ServerHello abort with decode_error',
    overrides: editMessages(HandshakeType.serverHello, (message) => [
      withBody(message, Uint8Array.of(...message.subarray(4), 0)),
    ]),
    ...decode,
  },
  {
    title: '§4.1.3 a ServerHello that is cut short aborts with decode_error',
    overrides: editMessages(HandshakeType.serverHello, (message) => [withBody(message, message.subarray(4, 30))]),
    ...decode,
  },
  {
    title: '§5.1 a message behind ServerHello in the same record aborts with unexpected_message',
    overrides: editMessages(HandshakeType.serverHello, (message) => [message, Uint8Array.of(8, 0, 0, 2, 0, 0)]),
    server: {},
    ...unexpected,
  },
  {
    title: '§4.1.4 a HelloRetryRequest for a group that was not offered aborts with illegal_parameter',
    overrides: editExtensions('HelloRetryRequest', instead(keyShareType, 0, 24)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.4 a HelloRetryRequest for a group whose share was sent aborts with illegal_parameter',
    overrides: editExtensions('HelloRetryRequest', instead(keyShareType, 0, 29)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.1.4 a HelloRetryRequest that changes nothing aborts with illegal_parameter',
    overrides: editExtensions('HelloRetryRequest', without(keyShareType)),
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.2.2 an empty cookie aborts with decode_error',
    overrides: editExtensions('HelloRetryRequest', also(cookieType, 0, 0)),
    ...retrying,
    ...decode,
  },
  {
    title: '§4.1.4 a second HelloRetryRequest aborts with unexpected_message',
    overrides: editMessages(HandshakeType.serverHello, (message) => [
      patched(
        message,
        6,
        0xcf,
        0x21,
        0xad,
        0x74,
        0xe5,
        0x9a,
        0x61,
        0x11,
        0xbe,
        0x1d,
        0x8c,
        0x02,
        0x1e,
        0x65,
        0xb8,
        0x91,
        0xc2,
        0xa2,
        0x11,
        0x16,
        0x7a,
        0xbb,
        0x8c,
        0x5e,
        0x07,
        0x9e,
        0x09,
        0xe2,
        0xc8,
        0xa8,
        0x33,
        0x9c,
      ),
    ]),
    ...retrying,
    ...unexpected,
  },
  {
    title: '§4.1.4 a cipher suite other than the HelloRetryRequest’s aborts with illegal_parameter',
    overrides: {
      shapeMessage: (message) =>
        message[0] === HandshakeType.serverHello && message[6] !== 0xcf
          ? [patched(message, sessionIdAt + 33, 0x13, 0x02)]
          : [message],
    },
    ...retrying,
    ...illegal,
  },
  {
    title: '§4.3.1 an extension in EncryptedExtensions that was not offered aborts with unsupported_extension',
    overrides: editExtensions('EncryptedExtensions', also(0xfafa)),
    ...unsupported,
  },
  {
    title: '§4.3.1 an extension that may not be in EncryptedExtensions aborts with illegal_parameter',
    overrides: editExtensions('EncryptedExtensions', also(keyShareType, 0, 29)),
    ...illegal,
  },
  {
    title: 'RFC 7301 §3.2 a protocol that was not offered aborts with illegal_parameter',
    overrides: editExtensions('EncryptedExtensions', () => [
      { type: alpnType, body: Uint8Array.of(0, 3, 2, 0x68, 0x33) },
    ]),
    client: { alpnProtocols: ['h2'] },
    ...illegal,
  },
  {
    title: 'RFC 7301 §3.1 two protocols in the answer abort with decode_error',
    overrides: editExtensions('EncryptedExtensions', () => [
      { type: alpnType, body: Uint8Array.of(0, 6, 2, 0x68, 0x32, 2, 0x68, 0x32) },
    ]),
    client: { alpnProtocols: ['h2'] },
    ...decode,
  },
  {
    title: 'RFC 7301 §3.2 ALPN that was not asked for aborts with unsupported_extension',
    overrides: editExtensions('EncryptedExtensions', () => [
      { type: alpnType, body: Uint8Array.of(0, 3, 2, 0x68, 0x32) },
    ]),
    ...unsupported,
  },
  {
    title: 'RFC 6066 §3 a server_name acknowledgement that is not empty aborts with decode_error',
    overrides: editExtensions('EncryptedExtensions', instead(serverNameType, 0)),
    ...decode,
  },
  {
    title: '§4.4.2 a Certificate with a context aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.certificate, (message) => [
      withBody(message, Uint8Array.of(1, 7, ...message.subarray(5))),
    ]),
    ...illegal,
  },
  {
    title: '§4.4.2.4 an empty Certificate aborts with decode_error',
    overrides: editMessages(HandshakeType.certificate, (message) => [withBody(message, Uint8Array.of(0, 0, 0, 0))]),
    ...decode,
  },
  {
    title: '§4.4.2 an extension of a certificate that was not offered aborts with unsupported_extension',
    overrides: editMessages(HandshakeType.certificate, (message) => [withBody(message, growFirstEntry(message))]),
    ...unsupported,
  },
  {
    title: '§4.4 EncryptedExtensions left out abort with unexpected_message',
    overrides: editMessages(HandshakeType.encryptedExtensions, () => []),
    ...unexpected,
  },
  {
    title: '§4.4 a Certificate left out aborts with unexpected_message',
    overrides: editMessages(HandshakeType.certificate, () => []),
    ...unexpected,
  },
  {
    title: '§4.4.3 a CertificateVerify left out aborts with unexpected_message',
    overrides: editMessages(HandshakeType.certificateVerify, () => []),
    ...unexpected,
  },
  {
    title: '§4.4.3 a scheme that was not offered aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 0x02, 0x03)]),
    ...illegal,
  },
  {
    title: '§4.4.3 a scheme that does not fit the key aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 0x08, 0x04)]),
    ...illegal,
  },
  {
    title: '§4.4.3 RSASSA-PKCS1-v1_5 in CertificateVerify aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 0x04, 0x01)]),
    ...illegal,
  },
  {
    title: '§4.4.3 a wrong signature aborts with decrypt_error',
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [
      patched(message, -1, (message.at(-1) ?? 0) ^ 1),
    ]),
    ...decrypt,
  },
  {
    title: '§4.4.4 a wrong Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [patched(message, -1, (message.at(-1) ?? 0) ^ 1)]),
    ...decrypt,
  },
  {
    title: '§4.4.4 a Finished of a wrong length aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [withBody(message, message.subarray(4, 20))]),
    ...decrypt,
  },
  {
    title: '§4.3.2 a CertificateRequest without signature_algorithms aborts with missing_extension',
    overrides: editMessages(HandshakeType.encryptedExtensions, (message) => [
      message,
      Uint8Array.of(13, 0, 0, 3, 0, 0, 0),
    ]),
    code: 'ERR_TLS_MISSING_EXTENSION',
    alert: missingExtension,
  },
  {
    title: '§4.3.2 a CertificateRequest with a context in the handshake aborts with illegal_parameter',
    overrides: editMessages(HandshakeType.encryptedExtensions, (message) => [
      message,
      Uint8Array.of(13, 0, 0, 12, 1, 9, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3),
    ]),
    ...illegal,
  },
  {
    title: '§4.6.1 a message of a client from the server aborts with unexpected_message',
    overrides: editMessages(HandshakeType.encryptedExtensions, (message) => [message, Uint8Array.of(5, 0, 0, 0)]),
    ...unexpected,
  },
  {
    title: 'a handshake message of more than 64 KiB is refused at its header',
    overrides: editMessages(HandshakeType.encryptedExtensions, () => [Uint8Array.of(8, 1, 0, 1, 0)]),
    code: 'ERR_TLS_LIMIT',
    alert: unexpectedMessage,
  },
];

/** The Certificate message's body with an extension on its first (and only) entry. */
function growFirstEntry(message: Uint8Array): Uint8Array {
  const body = message.slice(4, -2); // without the entry's empty extension list
  const extension = [0, 6, 0xfa, 0xfa, 0, 2, 1, 1];
  const listLength = ((body[1] ?? 0) << 16) + ((body[2] ?? 0) << 8) + (body[3] ?? 0) + extension.length - 2;
  return Uint8Array.of(...patched(body, 1, listLength >>> 16, listLength >>> 8, listLength), ...extension);
}

describe('a client', () => {
  it.each(cases)('$title', ({ overrides, code, alert, client, server }) => {
    const { clientSink, serverSink, client: engine } = against(overrides, client, server);
    expect(clientSink.failure).toMatchObject({ code, alert, direction: 'sent' });
    expect(clientSink.info).toBeUndefined();
    expect(serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
    // the failure is sticky
    const { failure } = clientSink;
    expect(() => engine.receive(Uint8Array.of(1))).toThrow(failure);
    expect(() => engine.send(Uint8Array.of(1))).toThrow(failure);
    expect(() => engine.close()).toThrow(failure);
  });

  it('answers a CertificateRequest with an empty Certificate (§4.4.2)', () => {
    const seen: string[] = [];
    const request = Uint8Array.of(13, 0, 0, 11, 0, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3);
    const { clientSink, serverSink } = against({
      shapeMessage: (message) => (message[0] === HandshakeType.encryptedExtensions ? [message, request] : [message]),
    });
    seen.push(serverSink.failure?.code ?? '');
    expect(clientSink.info?.clientAuthentication).toBe('requested');
    // this server did not ask, as far as it knows: it is told a Certificate where it expects a Finished
    expect(seen).toEqual(['ERR_TLS_UNEXPECTED_MESSAGE']);
  });

  it.each(['whole', 'byte by byte'])('completes a handshake, %s', (how) => {
    const engines = enginePair({
      client: { ...pair.client, alpnProtocols: ['h2', 'http/1.1'] },
      server: { ...pair.server, alpnProtocols: ['http/1.1'] },
    });
    engines.server.start();
    engines.client.start();
    engines.client.send(Buffer.from('early bird'));
    engines.pump(how === 'whole' ? undefined : byteByByte);
    expect(engines.clientSink.failure).toBeUndefined();
    expect(engines.serverSink.failure).toBeUndefined();
    expect(engines.clientSink.info).toMatchObject({
      role: 'client',
      alpnProtocol: 'http/1.1',
      helloRetryRequest: false,
    });
    expect(engines.serverSink.info).toMatchObject({
      role: 'server',
      alpnProtocol: 'http/1.1',
      serverName: 'localhost',
    });
    expect(engines.serverSink.text).toBe('early bird');
  });
});
