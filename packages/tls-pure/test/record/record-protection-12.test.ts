import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AlertDescription } from '@org/tls-core';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { type CryptoProvider, preferredCipherSuites12, cipherSuites12, type CipherSuite12 } from '@org/tls-crypto';
import type { Protection } from '../../src/record/protection.ts';
import { RecordProtection12 } from '../../src/record/record-protection-12.ts';
import { ContentType } from '../../src/wire/content-type.ts';
import { oneRecord } from '../support/one-record.ts';

const providers = [nodeCrypto, nobleCrypto];
const cases = providers.flatMap((crypto) =>
  cipherSuites12.slice(0, 3).map((suite) => ({ crypto, suite, label: `${suite.aead} over ${crypto.name}` })),
);
const content = Uint8Array.from({ length: 300 }, (_, index) => index);

describe.each(cases)('TLS 1.2 records with $label', ({ crypto, suite }) => {
  it.each([
    ['the content type', 0, AlertDescription.badRecordMac],
    ['the major version', 1, AlertDescription.protocolVersion],
    ['the minor version', 2, AlertDescription.protocolVersion],
    ['the nonce or first byte', 5, AlertDescription.badRecordMac],
    ['the ciphertext', 40, AlertDescription.badRecordMac],
    ['the tag', -1, AlertDescription.badRecordMac],
  ])('refuses a record with another bit in %s', (_, at, alert) => {
    const record = sealed(protectionOf(crypto, suite), content);
    const index = at < 0 ? record.length + at : at;
    record[index] = (record[index] ?? 0) ^ 1;
    expect(() => opened(protectionOf(crypto, suite), record)).toThrow(expect.objectContaining({ alert }));
  });

  it('refuses a fragment without room for nonce and tag', () => {
    const reader = protectionOf(crypto, suite);
    for (let length = 0; length < reader.sealedLength(0, oneRecord) - 5; length += 1) {
      const record = Uint8Array.of(23, 3, 3, 0, length, ...new Uint8Array(length));
      expect(() => opened(reader, record)).toThrow(expect.objectContaining({ code: 'ERR_TLS_BAD_RECORD_MAC' }));
    }
  });

  it('refuses a record that is repeated, left out or of the other direction’s key', () => {
    const writer = protectionOf(crypto, suite);
    const records = [sealed(writer, content), sealed(writer, content)] as const;
    const reader = protectionOf(crypto, suite);
    opened(reader, records[0]);
    expectBadMac(() => opened(reader, records[0]));
    expectBadMac(() => opened(protectionOf(crypto, suite), records[1]));
    expectBadMac(() => opened(protectionOf(crypto, suite, 9), records[0]));
  });

  it('RFC 5246 §6.2.3 refuses a plaintext over 2^14 bytes', () => {
    const record = sealed(protectionOf(crypto, suite), new Uint8Array(2 ** 14 + 1));
    expect(() => opened(protectionOf(crypto, suite), record)).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_RECORD_OVERFLOW', alert: AlertDescription.recordOverflow }),
    );
  });

  it.each([0, 1, 300, 2 ** 14])('opens what it sealed, %d bytes', (length) => {
    const writer = protectionOf(crypto, suite);
    const reader = protectionOf(crypto, suite);
    for (const type of [ContentType.handshake, ContentType.applicationData, ContentType.alert]) {
      const plaintext = randomBytes(length);
      const record = sealed(writer, plaintext, type);
      expect(record.length).toBe(length + 5 + 16 + (suite.fixedIvLength === 4 ? 8 : 0));
      expect(Buffer.from(opened(reader, record)).equals(plaintext)).toBe(true);
      expect(reader.takenType).toBe(type);
    }
    expect([writer.sequence, reader.sequence]).toEqual([3, 3]);
  });

  it('opens the next record after one that was taken back', () => {
    const reader = protectionOf(crypto, suite);
    expectBadMac(() => opened(reader, sealed(protectionOf(crypto, suite, 9), content)));
    reader.rewind();
    expect(opened(reader, sealed(protectionOf(crypto, suite), content))).toEqual(content);
  });

  it('wipes the keys it was given', () => {
    const keys = keysOf(suite, 1);
    void new RecordProtection12(crypto, suite, keys);
    expect([...keys.key, ...keys.iv].every((byte) => byte === 0)).toBe(true);
  });

  it('knows how near its limit it is', () => {
    const protection = protectionOf(crypto, suite);
    expect(protection.isNearLimit(suite.recordLimit)).toBe(false);
    expect(protection.isNearLimit(suite.recordLimit + 1)).toBe(true);
    sealed(protection, content);
    expect(protection.isNearLimit(suite.recordLimit)).toBe(true);
  });

  it('seals at an offset and leaves what is before and behind', () => {
    const writer = protectionOf(crypto, suite);
    const out = new Uint8Array(7 + writer.sealedLength(content.length, oneRecord) + 7).fill(0xee);
    const end = writer.seal(ContentType.applicationData, content, out, 7, oneRecord);
    expect(end).toBe(out.length - 7);
    expect(out.subarray(0, 7).every((byte) => byte === 0xee)).toBe(true);
    expect(out.subarray(end).every((byte) => byte === 0xee)).toBe(true);
    expect(opened(protectionOf(crypto, suite), out.subarray(7, end))).toEqual(content);
  });

  it('RFC 5246 §6.2.3.3 has the bytes that node:crypto makes of nonce and additional data', () => {
    const writer = protectionOf(crypto, suite);
    sealed(writer, content);
    sealed(writer, content);
    const record = sealed(writer, content, ContentType.alert);
    const { key, iv } = keysOf(suite, 1);
    const sequence = [0, 0, 0, 0, 0, 0, 0, 2];
    const isGcm = suite.fixedIvLength === 4;
    const nonce = isGcm ? Uint8Array.of(...iv, ...sequence) : iv.map((byte, at) => (at === 11 ? byte ^ 2 : byte));
    const cipher = createCipheriv(suite.aead as 'aes-128-gcm', key, nonce, { authTagLength: 16 });
    cipher.setAAD(Uint8Array.of(...sequence, ContentType.alert, 3, 3, 300 >> 8, 300 & 0xff));
    const body = [...(isGcm ? sequence : []), ...cipher.update(content), ...cipher.final(), ...cipher.getAuthTag()];
    expect([...record]).toEqual([ContentType.alert, 3, 3, body.length >> 8, body.length & 0xff, ...body]);
  });
});

describe('TLS 1.2 AES-GCM', () => {
  it('RFC 5288 §3 opens a record whose explicit nonce is not its sequence number', () => {
    const [suite] = cipherSuites12;
    if (suite === undefined) throw new Error('there are no suites');
    const { key, iv } = keysOf(suite, 1);
    const explicit = [9, 8, 7, 6, 5, 4, 3, 2];
    const cipher = createCipheriv('aes-128-gcm', key, Uint8Array.of(...iv, ...explicit));
    cipher.setAAD(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 23, 3, 3, 0, 2));
    const body = [...explicit, ...cipher.update(Uint8Array.of(4, 2)), ...cipher.final(), ...cipher.getAuthTag()];
    const record = Uint8Array.of(23, 3, 3, 0, body.length, ...body);
    expect([...opened(protectionOf(nodeCrypto, suite), record)]).toEqual([4, 2]);
  });
});

describe('the TLS 1.2 cipher suites', () => {
  it('begin with ECDSA and AES where AES is done by hardware, and with ChaCha20 where it is not', () => {
    const short = ({ name }: CipherSuite12): string => name.replace('TLS_ECDHE_', '').replace('_WITH_', ' ');
    expect(preferredCipherSuites12(true).map(short)).toEqual([
      'ECDSA AES_128_GCM_SHA256',
      'ECDSA AES_256_GCM_SHA384',
      'ECDSA CHACHA20_POLY1305_SHA256',
      'RSA AES_128_GCM_SHA256',
      'RSA AES_256_GCM_SHA384',
      'RSA CHACHA20_POLY1305_SHA256',
    ]);
    expect(preferredCipherSuites12(false).map(short)).toEqual([
      'ECDSA CHACHA20_POLY1305_SHA256',
      'RSA CHACHA20_POLY1305_SHA256',
      'ECDSA AES_128_GCM_SHA256',
      'ECDSA AES_256_GCM_SHA384',
      'RSA AES_128_GCM_SHA256',
      'RSA AES_256_GCM_SHA384',
    ]);
  });
});

function keysOf(suite: CipherSuite12, seed: number): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  return { key: new Uint8Array(suite.keyLength).fill(seed), iv: new Uint8Array(suite.fixedIvLength).fill(seed + 1) };
}

function protectionOf(crypto: CryptoProvider, suite: CipherSuite12, seed = 1): Protection {
  return new RecordProtection12(crypto, suite, keysOf(suite, seed));
}

function sealed(
  protection: Protection,
  plaintext: Uint8Array,
  type: ContentType = ContentType.applicationData,
): Uint8Array {
  const out = new Uint8Array(protection.sealedLength(plaintext.length, oneRecord));
  expect(protection.seal(type, plaintext, out, 0, oneRecord)).toBe(out.length);
  return out;
}

/** Into a buffer with room on both sides, which must stay as it was. */
function opened(protection: Protection, record: Uint8Array): Uint8Array {
  const out = new Uint8Array(record.length + 6).fill(0xee);
  expect(protection.open(record, 0, 1, out, 3)).toBe(1);
  const length = protection.take(out);
  expect(protection.takenAt).toBe(3);
  expect(out.subarray(0, 3).every((byte) => byte === 0xee)).toBe(true);
  expect(out.subarray(3 + length).every((byte) => byte === 0xee)).toBe(true);
  return out.slice(3, 3 + length);
}

function expectBadMac(act: () => unknown): void {
  expect(act).toThrow(
    expect.objectContaining({ code: 'ERR_TLS_BAD_RECORD_MAC', alert: AlertDescription.badRecordMac }),
  );
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  nodeCrypto.randomFill(bytes);
  return bytes;
}
