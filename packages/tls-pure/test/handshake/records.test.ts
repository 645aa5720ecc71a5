import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AlertDescription, TlsError } from '@org/tls-core';
import { RecordProtection13 } from '../../src/record/record-protection-13.ts';
import { ContentType } from '../../src/wire/content-type.ts';
import { openRecord, sealRecord } from '../support/one-record.ts';
import { byteByByte, enginePair, type EnginePair } from '../support/engine-pair.ts';
import { testPair, type TestPair } from '../support/test-identity.ts';

let pair: TestPair;
let engines: EnginePair;
beforeAll(async () => {
  pair = await testPair();
});
beforeEach(() => {
  engines = enginePair(pair);
  engines.server.start();
  engines.client.start();
});

function connect(): void {
  engines.pump();
  expect(engines.clientSink.info).toBeDefined();
  expect(engines.serverSink.info).toBeDefined();
}

/** Bytes from the client that the server has not got. */
function takeFromClient(): Uint8Array {
  return Buffer.concat(engines.clientSink.outgoing.splice(0));
}

const unexpected = { code: 'ERR_TLS_UNEXPECTED_MESSAGE', alert: AlertDescription.unexpectedMessage };

describe('the record layer before there are keys', () => {
  it.each([
    ['text of another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['its first two bytes', 'SS'],
    ['a TLS content type with another major version', '\x16\x02\x00'],
  ])('knows %s as no TLS', (_title, text) => {
    engines.client.receive(Buffer.from(text, 'latin1'));
    expect(engines.clientSink.failure).toMatchObject({
      code: 'ERR_TLS_NOT_TLS',
      alert: AlertDescription.unexpectedMessage,
    });
  });

  it('§5.2 a length over 2^14 + 256 aborts with record_overflow', () => {
    engines.client.receive(Uint8Array.of(22, 3, 3, 0x41, 0x01));
    expect(engines.clientSink.failure).toMatchObject({
      code: 'ERR_TLS_RECORD_OVERFLOW',
      alert: AlertDescription.recordOverflow,
    });
  });

  it('§5.1 a plaintext record of more than 2^14 bytes aborts with record_overflow', () => {
    engines.client.receive(Uint8Array.of(22, 3, 3, 0x40, 0x01, ...new Uint8Array(0x4001)));
    expect(engines.clientSink.failure).toMatchObject({
      code: 'ERR_TLS_RECORD_OVERFLOW',
      alert: AlertDescription.recordOverflow,
    });
  });

  it.each([
    ['an empty handshake record', [22, 3, 3, 0, 0]],
    ['an empty alert record', [21, 3, 3, 0, 0]],
    ['application data', [23, 3, 3, 0, 1, 0]],
    ['ChangeCipherSpec with another value', [20, 3, 3, 0, 1, 2]],
    ['ChangeCipherSpec of two bytes', [20, 3, 3, 0, 2, 1, 1]],
    ['a third ChangeCipherSpec', [20, 3, 3, 0, 1, 1, 20, 3, 3, 0, 1, 1, 20, 3, 3, 0, 1, 1]],
    ['a ChangeCipherSpec between the fragments of a message', [22, 3, 3, 0, 1, 2, 20, 3, 3, 0, 1, 1]],
    ['an alert between the fragments of a message', [22, 3, 3, 0, 1, 2, 21, 3, 3, 0, 2, 1, 0]],
  ])('§5 %s aborts with unexpected_message', (_title, bytes) => {
    engines.client.receive(Uint8Array.from(bytes));
    expect(engines.clientSink.failure).toMatchObject(unexpected);
  });

  it('§5 ChangeCipherSpec before the ClientHello aborts with unexpected_message', () => {
    engines.server.receive(Uint8Array.of(20, 3, 3, 0, 1, 1));
    expect(engines.serverSink.failure).toMatchObject(unexpected);
  });

  it('§5.1 an alert of three bytes aborts with decode_error', () => {
    engines.client.receive(Uint8Array.of(21, 3, 3, 0, 3, 2, 40, 0));
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_DECODE', alert: AlertDescription.decodeError });
  });

  it('§6.1 close_notify in the middle of a handshake ends it', () => {
    engines.client.receive(Uint8Array.of(21, 3, 3, 0, 2, 1, 0));
    expect(engines.clientSink.failure).toMatchObject({
      code: 'ERR_TLS_ALERT',
      alert: AlertDescription.closeNotify,
      direction: 'received',
    });
  });

  it('§6.1 user_canceled is let pass four times, and no more', () => {
    const userCanceled = Uint8Array.of(21, 3, 3, 0, 2, 1, 90);
    for (let index = 0; index < 4; index += 1) engines.client.receive(userCanceled);
    expect(engines.clientSink.failure).toBeUndefined();
    engines.client.receive(userCanceled);
    expect(engines.clientSink.failure).toMatchObject({
      code: 'ERR_TLS_LIMIT',
      alert: AlertDescription.unexpectedMessage,
    });
  });

  it('§6.2 an unknown alert is fatal, its number kept', () => {
    engines.client.receive(Uint8Array.of(21, 3, 3, 0, 2, 2, 199));
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 199, direction: 'received' });
  });

  it('the end of the transport is ERR_TLS_TRUNCATED', () => {
    engines.client.receiveEnd();
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_TRUNCATED', alert: undefined });
  });

  it('takes an alert in the clear from a server that could not make keys', () => {
    engines.pump((batch, from) =>
      from === 'client' && engines.serverSink.info === undefined && batch[0] === 20
        ? [Uint8Array.of(21, 3, 3, 0, 2, 2, 40)]
        : [batch],
    );
    expect(engines.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_ALERT',
      alert: AlertDescription.handshakeFailure,
    });
  });
});

describe('the record layer of an open connection', () => {
  beforeEach(connect);

  it('seals 1 MiB in one batch, and opens it with one call of the sink', () => {
    const sent = new Uint8Array(2 ** 20).map((_, index) => index * 31);
    engines.client.send(sent);
    expect(engines.clientSink.outgoing).toHaveLength(1);
    engines.pump();
    expect(engines.serverSink.received).toHaveLength(1);
    expect(Buffer.concat(engines.serverSink.received).equals(sent)).toBe(true);
  });

  it('is the same when every byte comes by itself', () => {
    const sent = new Uint8Array(20_000).map((_, index) => index * 17);
    engines.client.send(sent);
    engines.pump(byteByByte);
    expect(Buffer.concat(engines.serverSink.received).equals(sent)).toBe(true);
  });

  it('§5.2 a record that was changed aborts with bad_record_mac, and what came before is delivered', () => {
    engines.client.send(Buffer.from('before'));
    const before = takeFromClient();
    engines.client.send(Buffer.from('after'));
    const after = takeFromClient();
    after[after.length - 1] = (after.at(-1) ?? 0) ^ 1;
    engines.server.receive(Buffer.concat([before, after]));
    expect(engines.serverSink.text).toBe('before');
    expect(engines.serverSink.failure).toMatchObject({
      code: 'ERR_TLS_BAD_RECORD_MAC',
      alert: AlertDescription.badRecordMac,
    });
    engines.pump();
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: AlertDescription.badRecordMac });
  });

  it('§5.2 a record that comes twice aborts with bad_record_mac', () => {
    engines.client.send(Buffer.from('once'));
    const record = takeFromClient();
    engines.server.receive(Buffer.concat([record, record]));
    expect(engines.serverSink.text).toBe('once');
    expect(engines.serverSink.failure).toMatchObject({ code: 'ERR_TLS_BAD_RECORD_MAC' });
  });

  it.each([
    ['ChangeCipherSpec', [20, 3, 3, 0, 1, 1]],
    ['a handshake record in the clear', [22, 3, 3, 0, 4, 0, 0, 0, 0]],
    ['an alert in the clear', [21, 3, 3, 0, 2, 1, 0]],
    ['an unknown content type', [99, 3, 3, 0, 1, 0]],
  ])('§5 %s aborts with unexpected_message', (_title, bytes) => {
    engines.server.receive(Uint8Array.from(bytes));
    expect(engines.serverSink.failure).toMatchObject(unexpected);
  });

  it('§5.2 a record too short for its tag aborts with bad_record_mac', () => {
    engines.server.receive(Uint8Array.of(23, 3, 3, 0, 16, ...new Uint8Array(16)));
    expect(engines.serverSink.failure).toMatchObject({ code: 'ERR_TLS_BAD_RECORD_MAC' });
  });

  it('§4.6.3 new keys are used in both directions after requestKeyUpdate', () => {
    engines.client.requestKeyUpdate();
    engines.client.send(Buffer.from('new keys'));
    engines.pump();
    engines.server.send(Buffer.from('answered'));
    engines.pump();
    engines.server.requestKeyUpdate();
    engines.pump();
    engines.client.send(Buffer.from(', again'));
    engines.pump();
    expect(engines.serverSink.text).toBe('new keys, again');
    expect(engines.clientSink.text).toBe('answered');
    expect(engines.clientSink.failure).toBeUndefined();
    expect(engines.serverSink.failure).toBeUndefined();
  });

  it('refuses more than 32 post-handshake messages without data between them', () => {
    for (let index = 0; index < 32; index += 1) engines.client.requestKeyUpdate();
    engines.pump();
    expect(engines.serverSink.failure).toBeUndefined();
    engines.client.requestKeyUpdate();
    engines.pump();
    expect(engines.serverSink.failure).toMatchObject({ code: 'ERR_TLS_LIMIT' });
  });

  it('§6.1 ignores what comes behind close_notify, and can still send', () => {
    engines.client.close();
    engines.pump();
    expect(engines.serverSink.isClosed).toBe(true);
    engines.server.receive(Buffer.from('anything'));
    engines.server.receiveEnd();
    engines.server.send(Buffer.from('still here'));
    engines.pump();
    expect(engines.clientSink.text).toBe('still here');
    expect(engines.serverSink.failure).toBeUndefined();
  });

  it('§6.1 an end without close_notify is ERR_TLS_TRUNCATED', () => {
    engines.client.receiveEnd();
    expect(engines.clientSink.failure).toMatchObject({ code: 'ERR_TLS_TRUNCATED' });
  });

  it('fail() sends the alert of the reason that it was given', () => {
    const reason = new TlsError('ERR_TLS_TIMEOUT', 'a reason of the adapter');
    engines.client.fail(reason);
    expect(engines.clientSink.failure).toBe(reason);
    engines.pump();
    expect(engines.serverSink.failure === undefined).toBe(true); // user_canceled is not an error by itself (§6.1)
    expect(() => engines.client.send(Uint8Array.of(1))).toThrow(reason);
  });

  it('destroy() silences', () => {
    engines.client.destroy();
    engines.client.destroy();
    expect(engines.clientSink.failure).toBeUndefined();
    expect(() => engines.client.send(Uint8Array.of(1))).toThrow(TlsError);
  });

  it('exports the same keying material on both sides (§7.5)', () => {
    const ours = engines.client.exportKeyingMaterial('EXPORTER-test', undefined, 40);
    expect(ours).toHaveLength(40);
    expect(engines.server.exportKeyingMaterial('EXPORTER-test', new Uint8Array(0), 40)).toEqual(ours);
    expect(engines.server.exportKeyingMaterial('EXPORTER-test', Uint8Array.of(1), 40)).not.toEqual(ours);
    expect(engines.server.exportKeyingMaterial('EXPORTER-other', undefined, 40)).not.toEqual(ours);
    expect(() => engines.client.exportKeyingMaterial('EXPORTER-test', undefined, 255 * 48 + 1)).toThrow(RangeError);
  });
});

describe('the protection of a record', () => {
  it('§5.4 padding is taken off, and a record of padding alone is refused', async () => {
    const { nodeCrypto } = await import('@org/tls-crypto/node');
    const { cipherSuites13 } = await import('@org/tls-crypto');
    const [suite] = cipherSuites13;
    if (suite === undefined) throw new Error('there is no cipher suite');
    const make = () =>
      new RecordProtection13(nodeCrypto, suite, { key: new Uint8Array(16).fill(1), iv: new Uint8Array(12).fill(2) });
    const padded = Uint8Array.of(1, 2, 3, ContentType.applicationData, 0, 0, 0);
    const reader = make();
    expect([...openRecord(reader, sealRecord(make(), 0, padded))]).toEqual([1, 2, 3]);
    expect(reader.takenType).toBe(ContentType.applicationData);
    const empty = sealRecord(make(), 0, new Uint8Array(9));
    expect(() => openRecord(make(), empty)).toThrow(expect.objectContaining(unexpected));
  });

  it('§5.4 a plaintext of more than 2^14 bytes is refused, padding included', async () => {
    const { nodeCrypto } = await import('@org/tls-crypto/node');
    const { cipherSuites13 } = await import('@org/tls-crypto');
    const [suite] = cipherSuites13;
    if (suite === undefined) throw new Error('there is no cipher suite');
    const make = () =>
      new RecordProtection13(nodeCrypto, suite, { key: new Uint8Array(16).fill(1), iv: new Uint8Array(12).fill(2) });
    const padded = (length: number): Uint8Array =>
      sealRecord(make(), ContentType.applicationData, Uint8Array.of(1), { maxFragmentLength: length, padding: length });
    expect([...openRecord(make(), padded(2 ** 14))]).toEqual([1]);
    expect(() => openRecord(make(), padded(2 ** 14 + 1))).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_RECORD_OVERFLOW', alert: AlertDescription.recordOverflow }),
    );
  });
});
