import { AlertDescription } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { decodeSignatureAlgorithms } from '../../src/wire/extensions/signature-algorithms.ts';
import { decodeSupportedGroups } from '../../src/wire/extensions/supported-groups.ts';
import { decodeSupportedVersions } from '../../src/wire/extensions/supported-versions.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { decodeClientHello } from '../../src/wire/messages/client-hello.ts';
import { enginePair } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, instead, patched, withBody } from '../support/message-edits.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

/** The reserved values (RFC 8701 §2) that a ClientHello has. */
interface Reserved {
  readonly extensions: readonly number[];
  readonly cipherSuite: number;
  readonly group: number;
  readonly scheme: number;
  /** 0: none. */
  readonly version: number;
}

const isReserved = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);

function reservedIn(record: Uint8Array): Reserved {
  const { cipherSuites, extensions } = decodeClientHello(record.subarray(9));
  const one = (values: Iterable<number>): number => [...values].find((value) => isReserved(value)) ?? 0;
  const list = (type: number, decode: (body: Uint8Array) => Iterable<number>): number =>
    one(decode(extensions.get(type) ?? Uint8Array.of(2, 3, 3)));
  return {
    extensions: [...extensions.keys()].filter((type) => isReserved(type)),
    cipherSuite: one(cipherSuites),
    group: list(10, decodeSupportedGroups),
    scheme: list(13, decodeSignatureAlgorithms),
    version: list(43, decodeSupportedVersions),
  };
}

const high = (value: number): number => value >> 8;
const low = (value: number): number => value & 255;
/** Offset of legacy_session_id_echo's length in a ServerHello message. */
const sessionIdAt = 38;
const { serverHello, certificate, certificateVerify, serverKeyExchange } = HandshakeType;

interface Case {
  readonly where: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly echo: (reserved: Reserved, index: number) => HandshakeOverrides;
  readonly code: string;
  readonly alert: number;
  readonly retries?: true;
}

const unsupported = { code: 'ERR_TLS_UNSUPPORTED_EXTENSION', alert: AlertDescription.unsupportedExtension } as const;
const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.illegalParameter } as const;

const extensionIn =
  (carrier: string): Case['echo'] =>
  ({ extensions }, index) =>
    editExtensions(carrier, also(extensions[index] ?? 0));
const suiteIn: Case['echo'] = ({ cipherSuite }) =>
  editMessages(serverHello, (message) => [
    patched(message, sessionIdAt + 1 + (message[sessionIdAt] ?? 0), high(cipherSuite), low(cipherSuite)),
  ]);

const cases: readonly Case[] = [
  { where: 'an extension of ServerHello', version: 'TLSv1.3', echo: extensionIn('ServerHello'), ...unsupported },
  { where: 'an extension of ServerHello', version: 'TLSv1.2', echo: extensionIn('ServerHello'), ...unsupported },
  {
    where: 'an extension of HelloRetryRequest',
    version: 'TLSv1.3',
    echo: extensionIn('HelloRetryRequest'),
    retries: true,
    ...unsupported,
  },
  {
    where: 'an extension of EncryptedExtensions',
    version: 'TLSv1.3',
    echo: extensionIn('EncryptedExtensions'),
    ...unsupported,
  },
  {
    where: 'an extension of Certificate',
    version: 'TLSv1.3',
    echo: ({ extensions }, index) =>
      editMessages(certificate, (message) => [withBody(message, withExtension(message, extensions[index] ?? 0))]),
    ...unsupported,
  },
  { where: 'the cipher suite', version: 'TLSv1.3', echo: suiteIn, ...illegal },
  { where: 'the cipher suite', version: 'TLSv1.2', echo: suiteIn, ...illegal },
  { where: 'the cipher suite of HelloRetryRequest', version: 'TLSv1.3', echo: suiteIn, retries: true, ...illegal },
  {
    where: 'the version',
    version: 'TLSv1.3',
    echo: ({ version }) => editExtensions('ServerHello', instead(43, high(version), low(version))),
    ...illegal,
  },
  {
    where: 'the group of the key share',
    version: 'TLSv1.3',
    echo: ({ group }) => editExtensions('ServerHello', instead(51, high(group), low(group), 0, 1, 0)),
    ...illegal,
  },
  {
    where: 'the group of HelloRetryRequest',
    version: 'TLSv1.3',
    echo: ({ group }) => editExtensions('HelloRetryRequest', instead(51, high(group), low(group))),
    retries: true,
    ...illegal,
  },
  {
    where: 'the group of ServerKeyExchange',
    version: 'TLSv1.2',
    echo: ({ group }) => editMessages(serverKeyExchange, (message) => [patched(message, 5, high(group), low(group))]),
    ...illegal,
  },
  {
    where: 'the scheme of CertificateVerify',
    version: 'TLSv1.3',
    echo: ({ scheme }) =>
      editMessages(certificateVerify, (message) => [patched(message, 4, high(scheme), low(scheme))]),
    ...illegal,
  },
  {
    where: 'the scheme of ServerKeyExchange',
    version: 'TLSv1.2',
    echo: ({ scheme }) =>
      editMessages(serverKeyExchange, (message) => [
        patched(message, 8 + (message[7] ?? 0), high(scheme), low(scheme)),
      ]),
    ...illegal,
  },
];

/** The Certificate message's body with an empty extension on its only entry. */
function withExtension(message: Uint8Array, type: number): Uint8Array {
  const body = message.slice(4, -2); // without the entry's empty list
  const extensions = [0, 4, high(type), low(type), 0, 0];
  const length = ((body[1] ?? 0) << 16) + ((body[2] ?? 0) << 8) + (body[3] ?? 0) + extensions.length - 2;
  return Uint8Array.of(...patched(body, 1, length >>> 16, length >>> 8, length), ...extensions);
}

/** A client that sends reserved values, against a server that sends one of them back. */
function echoed({ version, echo, retries }: Case, index: number) {
  let current: HandshakeOverrides = {};
  const versions = { minVersion: version, maxVersion: version };
  const engines = enginePair({
    client: { ...pair.client, ...versions, grease: true },
    server: { ...pair.server, ...versions, ...(retries && { groups: ['secp256r1'] }) },
    serverOverrides: {
      shapeExtensions: (carrier, planned) => current.shapeExtensions?.(carrier, planned) ?? planned,
      shapeMessage: (message) => current.shapeMessage?.(message) ?? [message],
    },
  });
  engines.server.start();
  engines.client.start();
  let isFirst = true;
  engines.pump((batch, from) => {
    if (from === 'client' && isFirst) current = echo(reservedIn(batch), index);
    isFirst = false;
    return [batch];
  });
  return engines;
}

describe('RFC 8701 §3.1 a reserved value that we sent', () => {
  it.each(cases)('ends the handshake where it comes back as $where in $version', (each) => {
    for (const index of [0, 1]) {
      const { clientSink, serverSink } = echoed(each, index);
      expect(clientSink.failure).toMatchObject({ code: each.code, alert: each.alert, direction: 'sent' });
      expect(clientSink.info).toBeUndefined();
      expect(serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: each.alert });
    }
  });

  it('does no harm where it does not', () => {
    const nothing = { version: 'TLSv1.3', where: '', echo: () => ({}), ...illegal } as const;
    expect(echoed(nothing, 0).clientSink.info?.protocol).toBe('TLSv1.3');
  });
});
