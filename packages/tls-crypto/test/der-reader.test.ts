import { isTlsError } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { DerReader, DerTag } from '../src/der/der-reader.ts';
import { readTime } from '../src/der/time.ts';

type Read = (reader: DerReader) => unknown;

const refused: readonly (readonly [name: string, hex: string, read: Read])[] = [
  ['an empty input', '', (reader) => reader.any()],
  ['a tag without a length', '30', (reader) => reader.any()],
  ['contents that are cut short', '0403aabb', (reader) => reader.any()],
  ['a length that is cut short', '0482', (reader) => reader.any()],
  ['an indefinite length', '3080020100 0000', (reader) => reader.any()],
  ['a length in long form that fits the short', '04810101', (reader) => reader.any()],
  ['a long length with a leading zero', `04820080${'00'.repeat(128)}`, (reader) => reader.any()],
  ['a length of more than three octets', '048400000001ff', (reader) => reader.any()],
  ['a tag number in several octets', '1f810100', (reader) => reader.any()],
  ['another tag than expected', '0400', (reader) => reader.integer()],
  ['an empty INTEGER', '0200', (reader) => reader.integer()],
  ['an INTEGER with a surplus 00', '02020001', (reader) => reader.integer()],
  ['an INTEGER with a surplus ff', '0202ff80', (reader) => reader.integer()],
  ['zero where a positive INTEGER is wanted', '020100', (reader) => reader.positiveInteger()],
  ['a negative INTEGER where a small one is wanted', '0201ff', (reader) => reader.smallInteger()],
  ['an INTEGER above 2^31 - 1', '02050080000000', (reader) => reader.smallInteger()],
  ['a BOOLEAN of 01', '010101', (reader) => reader.boolean()],
  ['a BOOLEAN of two octets', '0102ffff', (reader) => reader.boolean()],
  ['a NULL with contents', '050100', (reader) => reader.null()],
  ['a BIT STRING without its first octet', '0300', (reader) => reader.bitString()],
  ['a BIT STRING with 8 unused bits', '030208ff', (reader) => reader.bitString()],
  ['a BIT STRING whose unused bits are set', '03020301', (reader) => reader.bitString()],
  ['an empty BIT STRING with unused bits', '030101', (reader) => reader.bitString()],
  ['a BIT STRING that is not whole octets', '03020780', (reader) => reader.bitStringOctets()],
  ['an empty OBJECT IDENTIFIER', '0600', (reader) => reader.objectIdentifier()],
  ['an OBJECT IDENTIFIER that ends within an arc', '06022a86', (reader) => reader.objectIdentifier()],
  ['an OBJECT IDENTIFIER with a padded arc', '06032a8001', (reader) => reader.objectIdentifier()],
  ['trailing bytes', '050000', (reader) => (reader.null(), reader.end())],
  ['endless nesting', '3000', (reader) => nestForever(reader)],
];

function nestForever(reader: DerReader): void {
  for (let inner = reader; ;) inner = inner.within(Uint8Array.of(0x30, 0));
}

describe('the DER reader refuses (X.690 §10)', () => {
  test.each(refused)('%s', (_name, hex, read) => {
    for (const code of ['ERR_TLS_CERTIFICATE_BAD', 'ERR_TLS_IDENTITY'] as const) {
      expect(codeOf(() => read(new DerReader(bytes(hex), 'test', code)))).toBe(code);
    }
  });

  test('an element that is nested 25 deep, and reads one that is nested 24 deep', () => {
    const nested = (depth: number): (() => DerReader) => {
      let der = Uint8Array.of(0x30, 0);
      for (let count = 1; count < depth; count += 1) der = Uint8Array.of(0x30, der.length, ...der);
      return () => {
        let reader = new DerReader(der, 'test');
        for (let count = 0; count < depth; count += 1) reader = reader.sequence();
        return reader;
      };
    };
    expect(nested(24)().isAtEnd).toBe(true);
    expect(codeOf(nested(25))).toBe('ERR_TLS_CERTIFICATE_BAD');
  });

  test('more than 1 MiB', () => {
    expect(codeOf(() => new DerReader(new Uint8Array(2 ** 20 + 1), 'test'))).toBe('ERR_TLS_CERTIFICATE_BAD');
  });
});

describe('the DER reader reads', () => {
  test('object identifiers with arcs of several octets and under all three roots', () => {
    expect(new DerReader(bytes('06092a864886f70d01010b'), 'test').objectIdentifier()).toBe('1.2.840.113549.1.1.11');
    expect(new DerReader(bytes('0603551d11'), 'test').objectIdentifier()).toBe('2.5.29.17');
    expect(new DerReader(bytes('0603883703'), 'test').objectIdentifier()).toBe('2.999.3');
    expect(new DerReader(bytes('06020902'), 'test').objectIdentifier()).toBe('0.9.2');
  });

  test('lengths of two and three octets', () => {
    expect(new DerReader(bytes(`0481c8${'ab'.repeat(200)}`), 'test').contents(DerTag.octetString)).toHaveLength(200);
    expect(new DerReader(bytes(`04820100${'ab'.repeat(256)}`), 'test').contents(DerTag.octetString)).toHaveLength(256);
  });

  test('a positive INTEGER without its sign octet', () => {
    expect(new DerReader(bytes('020200ff'), 'test').positiveInteger()).toEqual(Uint8Array.of(0xff));
  });
});

describe('times (RFC 5280 §4.1.2.5)', () => {
  const time = (tag: number, text: string): number =>
    readTime(new DerReader(Uint8Array.of(tag, text.length, ...new TextEncoder().encode(text)), 'test'));

  test('UTCTime stands for 1950 to 2049', () => {
    expect(time(DerTag.utcTime, '491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(time(DerTag.utcTime, '500101000000Z')).toBe(Date.UTC(1950, 0, 1));
  });

  test('GeneralizedTime stands for any year since 1950', () => {
    expect(time(DerTag.generalizedTime, '20110506000000Z')).toBe(Date.UTC(2011, 4, 6));
    expect(time(DerTag.generalizedTime, '99991231235959Z')).toBe(Date.UTC(9999, 11, 31, 23, 59, 59));
  });

  test.each([
    [DerTag.utcTime, '2401010000Z'],
    [DerTag.utcTime, '240101000000+0100'],
    [DerTag.utcTime, '240230000000Z'],
    [DerTag.utcTime, '241301000000Z'],
    [DerTag.utcTime, '240001000000Z'],
    [DerTag.utcTime, '240101240000Z'],
    [DerTag.utcTime, '240101006000Z'],
    [DerTag.utcTime, '240101000060Z'],
    [DerTag.generalizedTime, '19491231235959Z'],
    [DerTag.generalizedTime, '20500101000000.5Z'],
    [DerTag.generalizedTime, '205001010000Z'],
    [DerTag.ia5String, '240101000000Z'],
  ])('tag %i with %s is refused', (tag, text) => {
    expect(codeOf(() => time(tag, text))).toBe('ERR_TLS_CERTIFICATE_BAD');
  });
});

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return isTlsError(error) ? error.code : undefined;
  }
  return undefined;
}
