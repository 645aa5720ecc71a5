import { AlertDescription } from '@org/tls-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cipherSuites13, cipherSuites12 } from '@org/tls-crypto';
import { FloodLimits } from '../../src/record/flood-limits.ts';
import { enginePair, type EnginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

const recordSizeLimit = 28;
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});

function start(version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3', cipherSuite?: string): EnginePair {
  const versions = { minVersion: version, maxVersion: version, ...(cipherSuite && { cipherSuites: [cipherSuite] }) };
  const engines = enginePair({ client: { ...pair.client, ...versions }, server: { ...pair.server, ...versions } });
  engines.server.start();
  engines.client.start();
  return engines;
}

/** Lengths of the records in some bytes, headers not counted. */
function recordLengths(bytes: Uint8Array): readonly number[] {
  const lengths: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Buffer.from(bytes).readUInt16BE(at + 3);
    lengths.push(length);
    at += 5 + length;
  }
  return lengths;
}

/** 2^24 records would take minutes: the test lowers the figure of the suite. */
function withRecordLimit(suite: { readonly recordLimit: number } | undefined, limit: number, run: () => void): void {
  if (suite === undefined) throw new Error('there is no such suite');
  const lowered = suite as { recordLimit: number };
  const before = lowered.recordLimit;
  lowered.recordLimit = limit;
  try {
    run();
  } finally {
    lowered.recordLimit = before;
  }
}

describe('RFC 8446 §5.5 what a key may protect', () => {
  it('is 2^24 records at most with AES-GCM', () => {
    const ofGcm = [...cipherSuites13, ...cipherSuites12].filter(({ aead }) => aead !== 'chacha20-poly1305');
    expect(new Set(ofGcm.map(({ recordLimit }) => recordLimit))).toEqual(new Set([2 ** 24]));
  });

  it('is followed by a KeyUpdate in TLS 1.3, as often as needed', () => {
    const suite = cipherSuites13.find(({ name }) => name === 'TLS_AES_128_GCM_SHA256');
    withRecordLimit(suite, 10, () => {
      const engines = start('TLSv1.3', 'TLS_AES_128_GCM_SHA256');
      engines.pump();
      const sent: number[] = [];
      for (let index = 0; index < 40; index += 1) engines.client.send(Uint8Array.of(0x61 + (index % 26)));
      engines.pump((batch, from) => {
        if (from === 'client') sent.push(...recordLengths(batch));
        return [batch];
      });
      expect(engines.serverSink.text).toBe('abcdefghijklmnopqrstuvwxyzabcdefghijklmn');
      const isKeyUpdate = (length: number): boolean => length === 4 + 1 + 1 + 16;
      const runs = sent.map((length) => (isKeyUpdate(length) ? '|' : '.')).join('');
      // a key's last record is the KeyUpdate itself
      expect(runs.split('|').every((run) => run.length <= 9)).toBe(true);
      expect(runs.match(/\|/g)?.length).toBeGreaterThanOrEqual(4);
    });
  });

  it('ends the connection in TLS 1.2, which has no other key', () => {
    const name = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    withRecordLimit(
      cipherSuites12.find((suite) => suite.name === name),
      10,
      () => {
        const engines = start('TLSv1.2', name);
        engines.pump();
        const send = (): void => engines.client.send(Uint8Array.of(1));
        for (let index = 0; index < 8; index += 1) send(); // Finished was the first
        send();
        expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT' });
        engines.pump();
        expect(engines.serverSink.received).toHaveLength(8);
        expect(engines.serverSink.failure).toBeDefined();
      },
    );
  });
});

describe('a handshake message', () => {
  /** A record with the beginning of a message of so many bytes. */
  const begin = (length: number): Uint8Array =>
    Uint8Array.of(22, 3, 3, 0, 4, 2, length >>> 16, (length >>> 8) & 255, length & 255);

  it('of 64 KiB is waited for', () => {
    const engines = start();
    engines.client.receive(begin(0x1_00_00));
    expect(engines.clientSink.failure).toBeUndefined();
  });

  it('of more than 64 KiB is refused by its header', () => {
    const engines = start();
    engines.client.receive(begin(0x1_00_01));
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT' });
  });

  it.each([true, false])(
    'RFC 8446 §5.1 that goes on under other keys aborts with unexpected_message, %s',
    (compatible) => {
      // without the ChangeCipherSpec of middlebox compatibility nothing but the keys stands between the parts
      const engines = enginePair({ ...pair, clientOverrides: { middleboxCompatibility: compatible } });
      engines.server.start();
      engines.client.start();
      engines.server.receive(Buffer.concat(engines.clientSink.outgoing.splice(0)));
      const flight = Buffer.concat(engines.serverSink.outgoing.splice(0));
      const length = flight.readUInt16BE(3);
      const serverHello = Buffer.concat([flight.subarray(0, 5 + length), Uint8Array.of(8)]); // and EncryptedExtensions' first byte
      serverHello.writeUInt16BE(length + 1, 3);
      engines.client.receive(Buffer.concat([serverHello, flight.subarray(5 + length)]));
      expect(engines.clientSink.failure).toMatchObject({
        code: 'ERR_TLS_UNEXPECTED_MESSAGE',
        alert: AlertDescription.unexpectedMessage,
      });
    },
  );
});

describe.each([
  ['emptyRecord', 32],
  ['warningAlert', 4],
  ['postHandshakeMessage', 32],
] as const)('%s', (count, most) => {
  it(`is let pass ${most} times in a row, and data begins the row anew`, () => {
    const limits = new FloodLimits();
    for (let row = 0; row < 2; row += 1) {
      for (let index = 0; index < most; index += 1) limits[count]();
      expect(() => limits[count]()).toThrow(expect.objectContaining({ code: 'ERR_TLS_LIMIT' }));
      limits.reset();
    }
  });
});

describe('RFC 8446 §4.6.3 a KeyUpdate', () => {
  it('that answers one of ours counts for nothing, and any other counts', () => {
    const limits = new FloodLimits();
    for (let index = 0; index < 100; index += 1) limits.awaitKeyUpdate();
    for (let index = 0; index < 100; index += 1) limits.keyUpdate(false);
    for (let index = 0; index < 32; index += 1) limits.keyUpdate(index % 2 === 0);
    expect(() => limits.keyUpdate(false)).toThrow(expect.objectContaining({ code: 'ERR_TLS_LIMIT' }));
  });

  it('that asks for one itself is no answer', () => {
    const limits = new FloodLimits();
    for (let index = 0; index < 100; index += 1) limits.awaitKeyUpdate();
    for (let index = 0; index < 32; index += 1) limits.keyUpdate(true);
    expect(() => limits.keyUpdate(true)).toThrow(expect.objectContaining({ code: 'ERR_TLS_LIMIT' }));
  });
});

describe('RFC 8449 §4 the record_size_limit that we sent', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is enforced from the first protected record of %s on', (version) => {
    const versions = { minVersion: version, maxVersion: version };
    const engines = enginePair({
      client: { ...pair.client, ...versions, recordSizeLimit: 64 },
      server: { ...pair.server, ...versions, recordSizeLimit: 16_384 },
      // the server reads another limit than the client means
      clientOverrides: {
        shapeExtensions: (_, list) =>
          list.map((each) => (each.type === recordSizeLimit ? { ...each, body: Uint8Array.of(0x40, 0) } : each)),
      },
    });
    engines.server.start();
    engines.client.start();
    engines.pump();
    // in TLS 1.3 the whole flight came in one record, and what was agreed stands within it
    expect(engines.clientSink.failure === undefined).toBe(version === 'TLSv1.2');
    if (version === 'TLSv1.2') engines.server.send(new Uint8Array(65));
    engines.pump();
    expect(engines.clientSink.failure).toMatchObject({
      code: 'ERR_TLS_RECORD_OVERFLOW',
      alert: AlertDescription.recordOverflow,
      direction: 'sent',
    });
    expect(engines.clientSink.received).toEqual([]);
  });

  it('does not bind a server that does not know it', () => {
    const engines = enginePair({ client: { ...pair.client, recordSizeLimit: 64 }, server: pair.server });
    engines.server.start();
    engines.client.start();
    engines.pump();
    engines.server.send(new Uint8Array(1000));
    engines.pump();
    expect(engines.clientSink.failure).toBeUndefined();
  });
});
