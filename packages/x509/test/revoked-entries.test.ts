import { isTlsError } from '@org/tls-core';
import { concatBytes } from '@org/tls-core/backend';
import { derElement, DerReader, DerTag, readTime } from '@org/tls-crypto/der';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eachExtension } from '../src/extensions/each-extension.ts';
import { RevokedEntries } from '../src/revoked-entries.ts';

const revokedAt = derElement(DerTag.utcTime, new TextEncoder().encode('261130000000Z'));
const reason = Uint8Array.of(0x30, 0x0a, 6, 3, 0x55, 0x1d, 0x15, 4, 3, 0x0a, 1, 1);
const invalidSince = derElement(
  DerTag.sequence,
  Uint8Array.of(6, 3, 0x55, 0x1d, 0x18),
  derElement(DerTag.octetString, derElement(DerTag.generalizedTime, new TextEncoder().encode('20261130000000Z'))),
);
const holdInstruction = Uint8Array.of(0x30, 0x0b, 6, 3, 0x55, 0x1d, 0x17, 1, 1, 0, 4, 1, 5);
const critical = Uint8Array.of(0x30, 0x0d, 6, 3, 0x55, 0x1d, 0x15, 1, 1, 0xff, 4, 3, 0x0a, 1, 1);

function entry(serial: Uint8Array, ...extensions: readonly Uint8Array[]): Uint8Array {
  const tail = extensions.length === 0 ? [] : [derElement(DerTag.sequence, ...extensions)];
  return derElement(DerTag.sequence, derElement(DerTag.integer, serial), revokedAt, ...tail);
}

function entriesOf(...parts: readonly Uint8Array[]): RevokedEntries {
  const bytes = concatBytes(parts);
  return new RevokedEntries(bytes, new DerReader(bytes, 'revokedCertificates', 'ERR_TLS_CERTIFICATE_BAD', 2 ** 24));
}

/** Reads the entries one by one with the reader of DER, which is the rule. @returns `undefined` where they are refused */
function serialsByReader(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const reader = new DerReader(bytes, 'revokedCertificates');
    return reader.list(100, () => {
      const each = reader.sequence();
      const serial = each.integer();
      readTime(each);
      if (serial.length > 64) throw each.fault('too long');
      if (!each.isAtEnd)
        for (const { isCritical } of eachExtension(each.sequence())) if (isCritical) throw each.fault('critical');
      each.end();
      return serial;
    });
  } catch (error) {
    if (isTlsError(error)) return undefined;
    throw error;
  }
}

function isAccepted(bytes: Uint8Array): boolean {
  try {
    entriesOf(bytes);
    return true;
  } catch (error) {
    if (isTlsError(error)) return false;
    throw error;
  }
}

function numbered(count: number, from = 0): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index + from;
    return Uint8Array.of(1, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff);
  });
}

describe('The entries of a revocation list', () => {
  test('are found, and no others', () => {
    const serials = numbered(5000);
    const entries = entriesOf(...serials.map((serial, index) => entry(serial, ...(index % 2 === 0 ? [reason] : []))));
    for (const serial of serials) expect(entries.has(serial)).toBe(true);
    for (const serial of numbered(5000, 5000)) expect(entries.has(serial)).toBe(false);
    for (const serial of [Uint8Array.of(1), Uint8Array.of(1, 0, 0), Uint8Array.of(1, 0, 0, 0, 0), new Uint8Array(0)])
      expect(entries.has(serial)).toBe(false);
  });

  test('are found behind entries of every form', () => {
    const long = derElement(DerTag.sequence, Uint8Array.of(6, 3, 0x55, 0x1d, 0x17), derElement(4, new Uint8Array(300)));
    const forms = [[], [reason], [invalidSince], [reason, invalidSince], [holdInstruction], [long], [reason, long]];
    const serials = numbered(forms.length);
    const entries = entriesOf(
      ...forms.map((extensions, index) => entry(serials[index] ?? Uint8Array.of(9), ...extensions)),
    );
    for (const serial of serials) expect(entries.has(serial)).toBe(true);
    expect(entries.has(Uint8Array.of(9))).toBe(false);
  });

  test('are found when one stands there many times', () => {
    const [one = Uint8Array.of(1), two = Uint8Array.of(2)] = numbered(2);
    const entries = entriesOf(...Array.from({ length: 1000 }, () => entry(one)), entry(two));
    for (const serial of [one, two]) expect(entries.has(serial)).toBe(true);
    expect(entries.has(Uint8Array.of(9))).toBe(false);
  });

  test('are found where an issuer has chosen numbers that fall into one place', () => {
    const serials = colliding(200);
    const entries = entriesOf(...serials.map((serial) => entry(serial)));
    for (const serial of serials) expect(entries.has(serial)).toBe(true);
    for (const serial of colliding(210).slice(200)) expect(entries.has(serial)).toBe(false);
  });

  test.each([
    ['there is none', new Uint8Array(0)],
    ['an entry is cut', entry(Uint8Array.of(5)).subarray(0, -1)],
    ['a number is not minimal', entry(Uint8Array.of(0, 5))],
    ['a number is empty', entry(new Uint8Array(0))],
    ['a number is too long', entry(new Uint8Array(65).fill(1))],
    ['an extension is critical', entry(Uint8Array.of(5), critical)],
    ['an extension stands there twice', entry(Uint8Array.of(5), reason, reason)],
    ['there are no extensions where they begin', entry(Uint8Array.of(5), new Uint8Array(0))],
  ])('are refused when %s', (_, bytes) => {
    expect(() => entriesOf(bytes)).toThrow(expect.objectContaining({ code: 'ERR_TLS_CERTIFICATE_BAD' }));
  });

  test('are accepted exactly when the reader of DER accepts each, and say the same', () => {
    const seed = [
      concatBytes([
        entry(Uint8Array.of(5)),
        entry(Uint8Array.of(0, 0xff), reason),
        entry(Uint8Array.of(7), invalidSince),
      ]),
      concatBytes([entry(Uint8Array.of(0x80, 1), reason, invalidSince), entry(Uint8Array.of(1, 2), holdInstruction)]),
      entry(Uint8Array.of(1, 2), critical),
    ];
    const change = fc.record({
      at: fc.nat(200),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x30, 0x80, 0x81, 0xff)),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...seed),
        fc.array(change, { maxLength: 3 }),
        fc.boolean(),
        (bytes, changes, isCut) => {
          const changed = new Uint8Array(isCut ? bytes.subarray(0, bytes.length - 1) : bytes);
          for (const { at, value } of changes) changed[at % changed.length] = value;
          const serials = serialsByReader(changed);
          expect(isAccepted(changed)).toBe(serials !== undefined);
          if (serials === undefined) return;
          const entries = entriesOf(changed);
          for (const serial of serials) expect(entries.has(serial)).toBe(true);
          expect(entries.has(Uint8Array.of(42, 42))).toBe(serials.some((serial) => serial.join() === '42,42'));
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

/** Gives serial numbers whose hashes have the same lowest bits, so that an index of this size has one place for all. */
function colliding(count: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let number = 0; found.length < count; number += 1) {
    const serial = Uint8Array.of(
      1,
      (number >>> 24) & 0xff,
      (number >>> 16) & 0xff,
      (number >>> 8) & 0xff,
      number & 0xff,
    );
    let hash = 0x811c9dc5;
    for (const octet of serial) hash = Math.imul(hash ^ octet, 0x01000193);
    if (((hash ^ (hash >>> 15)) & 0x3ff) === 0) found.push(serial);
  }
  return found;
}
