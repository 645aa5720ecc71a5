import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { AlertDescription, type TlsErrorCode } from '@org/tls-core';
import type { HandshakeOverrides } from '../../src/handshake/settings.ts';
import { HandshakeType } from '../../src/wire/handshake-message.ts';
import { enginePair, type EnginePair } from '../support/engine-pair.ts';
import { also, editExtensions, editMessages, instead, patched, withBody, without } from '../support/message-edits.ts';
import {
  attemptHandshake,
  headerLength,
  tls12Peers,
  type Attempt,
  type Tls12Peers,
} from '../support/tls12-attempts.ts';

const supportedGroups = 10;
const ecPointFormats = 11;
const signatureAlgorithms = 13;
const extendedMasterSecret = 23;
const recordSizeLimit = 28;
const supportedVersions = 43;
const renegotiationInfo = 0xff01;
const contentType = { changeCipherSpec: 20, handshake: 22, applicationData: 23 } as const;

const illegal = { code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.illegalParameter } as const;
const decode = { code: 'ERR_TLS_DECODE', alert: AlertDescription.decodeError } as const;
const decrypt = { code: 'ERR_TLS_DECRYPT', alert: AlertDescription.decryptError } as const;
const badMac = { code: 'ERR_TLS_BAD_RECORD_MAC', alert: AlertDescription.badRecordMac } as const;
const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: AlertDescription.unexpectedMessage } as const;
const noCommon = { code: 'ERR_TLS_NO_COMMON_PARAMETERS', alert: AlertDescription.handshakeFailure } as const;
const version = { code: 'ERR_TLS_PROTOCOL_VERSION', alert: AlertDescription.protocolVersion } as const;

let peers: Tls12Peers;
beforeAll(async () => {
  peers = await tls12Peers();
});

const against = (attempt: Attempt): EnginePair => attemptHandshake(peers, attempt);

/** Bytes that look random and are the same in each run. */
function garbage(seed: string, length: number): Uint8Array {
  return createHash('shake256', { outputLength: Math.max(1, length) })
    .update(seed)
    .digest()
    .subarray(0, length);
}

/** Changes the client's second flight, in which are ClientKeyExchange, ChangeCipherSpec and Finished. */
function secondFlight(edit: (records: readonly Uint8Array[]) => readonly Uint8Array[]): Pick<Attempt, 'cut'> {
  return { cut: (flight, records) => (flight === 1 ? edit(records) : records) };
}

const isChangeCipherSpec = ([type]: Uint8Array): boolean => type === contentType.changeCipherSpec;
const changeCipherSpec = Uint8Array.of(contentType.changeCipherSpec, 3, 3, 0, 1, 1);
const body = (message: Uint8Array): Uint8Array => message.subarray(4);
const last = (message: Uint8Array): number => message.at(-1) ?? 0;

const hello = (edit: (message: Uint8Array) => Uint8Array): HandshakeOverrides =>
  editMessages(HandshakeType.clientHello, (message) => [edit(message)]);
const keyExchange = (edit: (message: Uint8Array) => readonly Uint8Array[]): HandshakeOverrides =>
  editMessages(HandshakeType.clientKeyExchange, edit);

/** Offset of what follows cipher_suites in a ClientHello message. */
function compressionAt(message: Uint8Array): number {
  const suitesAt = 39 + (message[38] ?? 0);
  return suitesAt + 2 + ((message[suitesAt] ?? 0) << 8) + (message[suitesAt + 1] ?? 0);
}

interface Case extends Attempt {
  readonly title: string;
  readonly code: TlsErrorCode;
  readonly alert: number;
}

const hellos: readonly Case[] = [
  {
    title: 'RFC 5246 §7.4.1.2 without the null compression method aborts with illegal_parameter',
    overrides: hello((message) => patched(message, compressionAt(message) + 1, 1)),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.1.2 without any compression method aborts with decode_error',
    overrides: hello((message) => patched(message, compressionAt(message), 0)),
    ...decode,
  },
  {
    title: 'RFC 5246 §E.1 of version 1.1 aborts with protocol_version',
    overrides: {
      ...editExtensions('ClientHello', without(supportedVersions)),
      ...hello((message) => patched(message, 4, 3, 2)),
    },
    ...version,
  },
  {
    title: 'RFC 5746 §3.6 with a renegotiation_info that is not empty aborts with handshake_failure',
    overrides: editExtensions('ClientHello', instead(renegotiationInfo, 1, 9)),
    ...{ code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.handshakeFailure },
  },
  {
    title: 'RFC 5746 §3.2 with a renegotiation_info without its length aborts with decode_error',
    overrides: editExtensions('ClientHello', instead(renegotiationInfo)),
    ...decode,
  },
  {
    title: 'RFC 8422 §5.1.2 with point formats but uncompressed aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', instead(ecPointFormats, 1, 1)),
    ...illegal,
  },
  {
    title: 'RFC 8422 §5.1.2 with an empty ec_point_formats aborts with decode_error',
    overrides: editExtensions('ClientHello', instead(ecPointFormats, 0)),
    ...decode,
  },
  {
    title: 'RFC 7627 §5.1 with an extended_master_secret that is not empty aborts with decode_error',
    overrides: editExtensions('ClientHello', instead(extendedMasterSecret, 0)),
    ...decode,
  },
  {
    title: 'RFC 8449 §4 with a record_size_limit below 64 aborts with illegal_parameter',
    overrides: editExtensions('ClientHello', also(recordSizeLimit, 0, 63)),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.1.4.1 without signature_algorithms, which means SHA-1, aborts with handshake_failure',
    overrides: editExtensions('ClientHello', without(signatureAlgorithms)),
    ...noCommon,
  },
  {
    title: 'RFC 8422 §5.1 with no group of ours aborts with handshake_failure',
    overrides: editExtensions('ClientHello', instead(supportedGroups, 0, 2, 0, 30)),
    ...noCommon,
  },
  {
    title: 'RFC 8422 §5.1 without the curve of our certificate aborts with handshake_failure',
    overrides: editExtensions('ClientHello', instead(supportedGroups, 0, 2, 0, 29)),
    ...noCommon,
  },
  {
    title: 'RFC 5246 §7.4.1.3 with no suite of ours aborts with handshake_failure',
    client: { cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] },
    server: { cipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'] },
    ...noCommon,
  },
  {
    title: 'with another message in the same record aborts with unexpected_message',
    overrides: editMessages(HandshakeType.clientHello, (message) => [message, Uint8Array.of(16, 0, 0, 1, 0)]),
    ...unexpected,
  },
  {
    title: 'with ChangeCipherSpec behind it aborts with unexpected_message',
    cut: (flight, records) => (flight === 0 ? [...records, changeCipherSpec] : records),
    ...unexpected,
  },
  {
    title: 'with ChangeCipherSpec before it aborts with unexpected_message',
    cut: (flight, records) => (flight === 0 ? [changeCipherSpec, ...records] : records),
    ...unexpected,
  },
];

const flights: readonly Case[] = [
  {
    title: 'RFC 8422 §5.7 an empty ClientKeyExchange aborts with decode_error',
    overrides: keyExchange((message) => [withBody(message, new Uint8Array(0))]),
    ...decode,
  },
  {
    title: 'RFC 8422 §5.7 bytes behind the point of ClientKeyExchange abort with decode_error',
    overrides: keyExchange((message) => [withBody(message, Uint8Array.of(...body(message), 0))]),
    ...decode,
  },
  {
    title: 'RFC 8422 §5.11 an X25519 key of low order aborts with illegal_parameter',
    overrides: keyExchange((message) => [withBody(message, Uint8Array.of(32, ...new Uint8Array(32)))]),
    ...illegal,
  },
  {
    title: 'RFC 8422 §5.11 a point that is not on the curve aborts with illegal_parameter',
    server: { groups: ['secp256r1'] },
    overrides: keyExchange((message) => [patched(message, -1, last(message) ^ 1)]),
    ...illegal,
  },
  {
    title: 'a ClientKeyExchange that is left out aborts with unexpected_message',
    overrides: keyExchange(() => []),
    ...unexpected,
  },
  {
    title: 'a ClientKeyExchange that comes twice aborts with unexpected_message',
    overrides: keyExchange((message) => [message, message]),
    ...unexpected,
  },
  {
    title: 'a Certificate that was not asked for aborts with unexpected_message',
    overrides: keyExchange((message) => [Uint8Array.of(11, 0, 0, 3, 0, 0, 0), message]),
    ...unexpected,
  },
  {
    title: 'a CertificateVerify without a certificate aborts with unexpected_message',
    server: { clientAuthentication: 'request', dangerous: { acceptAnyClientCertificate: true } },
    overrides: keyExchange((message) => [message, Uint8Array.of(15, 0, 0, 5, 8, 4, 0, 1, 0)]),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.4.6 a Certificate that is asked for and left out aborts with unexpected_message',
    authenticates: true,
    overrides: editMessages(HandshakeType.certificate, () => []),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.4.8 a CertificateVerify that is left out aborts with unexpected_message',
    authenticates: true,
    overrides: editMessages(HandshakeType.certificateVerify, () => []),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.4.8 a wrong CertificateVerify aborts with decrypt_error',
    authenticates: true,
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [patched(message, -1, last(message) ^ 1)]),
    ...decrypt,
  },
  {
    title: 'RFC 5246 §7.4.8 a CertificateVerify by a scheme that was not offered aborts with illegal_parameter',
    authenticates: true,
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 2, 3)]),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.8 a CertificateVerify by a scheme for another kind of key aborts with illegal_parameter',
    authenticates: true,
    overrides: editMessages(HandshakeType.certificateVerify, (message) => [patched(message, 4, 8, 4)]),
    ...illegal,
  },
  {
    title: 'RFC 5246 §7.4.9 a wrong Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [patched(message, -1, last(message) ^ 1)]),
    ...decrypt,
  },
  {
    title: 'RFC 5246 §7.4.9 a Finished that is too short aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [withBody(message, body(message).subarray(1))]),
    ...decrypt,
  },
  {
    title: 'RFC 5246 §7.4.9 an empty Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [withBody(message, new Uint8Array(0))]),
    ...decrypt,
  },
  {
    title: 'a message in place of Finished aborts with unexpected_message',
    overrides: editMessages(HandshakeType.finished, () => [Uint8Array.of(24, 0, 0, 1, 0)]),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.1 a Finished without ChangeCipherSpec aborts with unexpected_message',
    ...secondFlight((records) => records.filter((record) => !isChangeCipherSpec(record))),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.1 a second ChangeCipherSpec aborts with unexpected_message',
    ...secondFlight((records) =>
      records.flatMap((record) => (isChangeCipherSpec(record) ? [record, record] : [record])),
    ),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.1 a ChangeCipherSpec of two bytes aborts with unexpected_message',
    ...secondFlight((records) =>
      records.map((record) => (isChangeCipherSpec(record) ? Uint8Array.of(20, 3, 3, 0, 2, 1, 1) : record)),
    ),
    ...unexpected,
  },
  {
    title: 'CVE-2014-0224 a ChangeCipherSpec before ClientKeyExchange aborts with unexpected_message',
    ...secondFlight((records) => [changeCipherSpec, ...records]),
    ...unexpected,
  },
  {
    title: 'a Finished in the clear does not open',
    ...secondFlight((records) => [
      ...records.slice(0, -1),
      Uint8Array.of(contentType.handshake, 3, 3, 0, 16, 20, 0, 0, 12, ...new Uint8Array(12)),
    ]),
    ...badMac,
  },
  {
    title: 'application data in the clear before the handshake is done aborts with unexpected_message',
    ...secondFlight((records) => [Uint8Array.of(contentType.applicationData, 3, 3, 0, 1, 65), ...records]),
    ...unexpected,
  },
];

function expectAbort({ clientSink, serverSink }: EnginePair, { code, alert }: Case): void {
  expect(serverSink.failure).toMatchObject({ code, alert, direction: 'sent' });
  expect(serverSink.info).toBeUndefined();
  expect(serverSink.received).toEqual([]);
  expect(clientSink.info).toBeUndefined();
  expect(clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
}

describe('a TLS 1.2 server', () => {
  it.each([{}, { authenticates: true }])('is reached when nobody misbehaves (%o)', (attempt) => {
    const { clientSink, serverSink } = against(attempt);
    for (const { info, failure } of [clientSink, serverSink]) {
      expect(failure).toBeUndefined();
      expect(info).toMatchObject({ protocol: 'TLSv1.2', resumed: false });
    }
    expect(serverSink.info?.clientAuthentication).toBe(attempt.authenticates === true ? 'provided' : 'none');
  });

  it('RFC 8422 §4 takes a client without supported_groups for one that knows them all', () => {
    const overrides = editExtensions('ClientHello', without(supportedGroups));
    const { serverSink } = against({ overrides, server: { groups: ['x25519', 'secp256r1'] } });
    expect(serverSink.failure).toBeUndefined();
    expect(serverSink.info?.group).toBe('secp256r1');
  });

  it.each([
    ['renegotiation_info', renegotiationInfo],
    ['ec_point_formats', ecPointFormats],
  ])('does without %s where the client has none', (_, type) => {
    const client = { requireSecureRenegotiation: false };
    const { serverSink } = against({ overrides: editExtensions('ClientHello', without(type)), client });
    expect(serverSink.failure).toBeUndefined();
    expect(serverSink.info).toBeDefined();
  });

  it('RFC 6066 §4 does not answer max_fragment_length', () => {
    const { clientSink, serverSink } = against({ overrides: editExtensions('ClientHello', also(1, 1)) });
    expect([clientSink.failure, serverSink.failure]).toEqual([undefined, undefined]);
    expect(serverSink.info).toBeDefined();
  });

  it('RFC 8446 §4.1.3 shows a client of TLS 1.3 that somebody took its best version away', () => {
    const both = { maxVersion: 'TLSv1.3' } as const;
    const overrides = editExtensions('ClientHello', instead(supportedVersions, 2, 3, 3));
    const { clientSink, serverSink } = against({ overrides, client: both, server: both });
    expect(clientSink.failure).toMatchObject({
      code: 'ERR_TLS_DOWNGRADE',
      alert: AlertDescription.illegalParameter,
      direction: 'sent',
    });
    expect(serverSink.info).toBeUndefined();
    // a server that could do no better says nothing of the kind
    expect(against({ overrides, client: both }).clientSink.info).toMatchObject({ protocol: 'TLSv1.2' });
  });
});

describe('a ClientHello for a TLS 1.2 server', () => {
  it.each(hellos)('$title', (attempt) => {
    expectAbort(against(attempt), attempt);
  });
});

describe('in the client’s second flight of TLS 1.2', () => {
  it.each(flights)('$title', (attempt) => {
    expectAbort(against(attempt), attempt);
  });
});

const suites = ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'] as const;
const ticketKeys = { current: () => [{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(7) }] };

/** As `against`, with a session that an honest handshake gave. */
function resuming(attempt: Attempt): EnginePair {
  const server12 = { ...attempt.server, ticketKeys };
  const [session] = against({ client: attempt.client ?? {}, server: server12 }).clientSink.sessions;
  if (session === undefined) throw new Error('the server gave no session');
  return against({ ...attempt, server: server12, session });
}

const abbreviated: readonly Case[] = [
  {
    title: 'RFC 5246 §7.4.9 a wrong Finished aborts with decrypt_error',
    overrides: editMessages(HandshakeType.finished, (message) => [patched(message, -1, last(message) ^ 1)]),
    ...decrypt,
  },
  {
    title: 'RFC 5246 §7.1 a Finished without ChangeCipherSpec aborts with unexpected_message',
    ...secondFlight((records) => records.filter((record) => !isChangeCipherSpec(record))),
    ...unexpected,
  },
  {
    title: 'RFC 5246 §7.3 a ClientKeyExchange aborts with unexpected_message',
    ...secondFlight((records) => [Uint8Array.of(contentType.handshake, 3, 3, 0, 5, 16, 0, 0, 1, 0), ...records]),
    ...unexpected,
  },
];

describe('in the client’s second flight of an abbreviated handshake of TLS 1.2', () => {
  it('there is nothing to refuse when nobody misbehaves', () => {
    const { clientSink, serverSink } = resuming({});
    for (const { info, failure } of [clientSink, serverSink]) {
      expect(failure).toBeUndefined();
      expect(info).toMatchObject({ protocol: 'TLSv1.2', resumed: true });
    }
  });

  it.each(abbreviated)('$title', (attempt) => {
    const { serverSink } = resuming(attempt);
    const { code, alert } = attempt;
    // the client is done before its own Finished is judged (RFC 5246 §7.3)
    expect(serverSink.failure).toMatchObject({ code, alert, direction: 'sent' });
    expect(serverSink.info).toBeUndefined();
    expect(serverSink.received).toEqual([]);
  });

  it('RFC 5246 §7.4.1.2 a session whose suite is not offered again is not resumed', () => {
    const suiteOf = (message: Uint8Array): number => 39 + (message[38] ?? 0) + 2;
    // the first suite is the session's; 0x1a1a is none at all (RFC 8701)
    const overrides = hello((message) => patched(message, suiteOf(message), 0x1a, 0x1a));
    const { serverSink } = resuming({ overrides, client: { cipherSuites: suites } });
    expect(serverSink.failure).toBeUndefined();
    expect(serverSink.info).toMatchObject({ resumed: false, cipherSuite: suites[1] });
  });
});

describe('a network cannot change what a TLS 1.2 client says', () => {
  it.each([0, 1])('in flight %i', (changed) => {
    const lengths: number[] = [];
    const honest = against({
      authenticates: true,
      cut: (flight, records) => {
        if (flight === changed) lengths.push(...records.map(({ length }) => length));
        return records;
      },
    });
    expect(honest.serverSink.info).toBeDefined();
    for (const [which, length] of lengths.entries()) {
      // every third: a handshake for each byte takes too long
      for (let at = headerLength + (which % 3); at < length; at += 3) {
        const { serverSink, clientSink } = against({
          authenticates: true,
          cut: (flight, records) =>
            records.map((record, index) => {
              if (flight !== changed || index !== which) return record;
              const place = Math.min(at, record.length - 1); // an ECDSA signature is not always as long
              return patched(record, place, (record[place] ?? 0) ^ 0x41);
            }),
        });
        expect([which, at, serverSink.info]).toEqual([which, at, undefined]);
        expect(clientSink.info).toBeUndefined();
        for (const { failure } of [serverSink, clientSink]) expect(failure?.code).not.toBe('ERR_TLS_BACKEND');
      }
    }
  });

  it('nor does garbage do more than fail', () => {
    for (let turn = 0; turn < 300; turn += 1) {
      const engines = enginePair(peers);
      engines.server.start();
      const content = garbage(`content ${turn}`, turn);
      const framed = Buffer.concat([Uint8Array.of(22, 3, 1, content.length >>> 8, content.length), content]);
      engines.server.receive(
        turn % 2 === 0 ? framed : Buffer.concat([garbage(`header ${turn}`, headerLength), content]),
      );
      const { failure, info } = engines.serverSink;
      expect(info).toBeUndefined();
      expect(failure?.code).not.toBe('ERR_TLS_BACKEND');
      if (failure === undefined) engines.server.destroy();
    }
  });
});
