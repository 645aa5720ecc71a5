import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { DerReader, DerTag, derElement } from '@org/tls-crypto/der';
import { readExtensions } from '../src/extensions/extensions.ts';
import { readName } from '../src/names/distinguished-name.ts';
import { parseOcspResponse } from '../src/ocsp-response.ts';
import { thrown } from '@org/pki';

const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => derElement(tag, ...parts);
const repeated = (count: number, each: Uint8Array): readonly Uint8Array[] => Array.from({ length: count }, () => each);
const oid = (...octets: readonly number[]): Uint8Array => der(DerTag.objectIdentifier, Uint8Array.from(octets));
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Extensions with this one alone. */
const extension = (last: number, value: Uint8Array): Uint8Array =>
  der(DerTag.sequence, der(DerTag.sequence, oid(0x55, 0x1d, last), der(DerTag.octetString, value)));

const read = (extensions: Uint8Array): unknown => readExtensions(new DerReader(extensions, 'Extensions').sequence());
const dns = der(0x82, ascii('a'));

/** A list of a certificate, and how many elements it may have. */
const lists: readonly [name: string, most: number, make: (count: number) => Uint8Array][] = [
  ['names', 2048, (count) => extension(17, der(DerTag.sequence, ...repeated(count, dns)))],
  [
    'name constraints',
    2048,
    (count) => extension(30, der(DerTag.sequence, der(0xa0, ...repeated(count, der(DerTag.sequence, dns))))),
  ],
  ['purposes', 64, (count) => extension(37, der(DerTag.sequence, ...repeated(count, oid(0x2a))))],
  [
    'distribution points',
    64,
    (count) => extension(31, der(DerTag.sequence, ...repeated(count, der(DerTag.sequence, der(0xa0, der(0xa0, dns)))))),
  ],
  [
    'names of a distribution point',
    64,
    (count) => extension(31, der(DerTag.sequence, der(DerTag.sequence, der(0xa0, der(0xa0, ...repeated(count, dns)))))),
  ],
  [
    'names of an issuer',
    16,
    (count) => extension(35, der(DerTag.sequence, der(0xa1, ...repeated(count, dns)), Uint8Array.of(0x82, 1, 1))),
  ],
  [
    'extensions',
    64,
    (count) =>
      der(
        DerTag.sequence,
        ...Array.from({ length: count }, (_, index) =>
          der(DerTag.sequence, oid(0x2a, 0x81, index), der(DerTag.octetString)),
        ),
      ),
  ],
];

describe('A certificate', () => {
  it.each(lists)('may have so many %s, and no more: %i', (_, most, make) => {
    expect(read(make(most))).toBeDefined();
    expect(thrown(() => read(make(most + 1))).code).toBe('ERR_TLS_CERTIFICATE_BAD');
  });

  it.each([
    ['names within its names', 64, (count: number) => repeated(count, der(DerTag.set, attribute))],
    ['attributes at once', 16, (count: number) => [der(DerTag.set, ...repeated(count, attribute))]],
  ] as const)('may have so many %s, and no more: %i', (_, most, make) => {
    const name = (count: number): unknown => readName(new DerReader(der(DerTag.sequence, ...make(count)), 'Name'));
    expect(name(most)).toBeDefined();
    expect(thrown(() => name(most + 1)).code).toBe('ERR_TLS_CERTIFICATE_BAD');
  });

  it('may have object identifiers of 128 octets, and no longer ones', () => {
    const identifier = (length: number): unknown =>
      new DerReader(der(DerTag.objectIdentifier, new Uint8Array(length).fill(1)), 'it').objectIdentifier();
    expect(identifier(128)).toBeTypeOf('string');
    expect(thrown(() => identifier(129)).code).toBe('ERR_TLS_CERTIFICATE_BAD');
  });

  it('is at most 64 KiB', () => {
    expect(thrown(() => parseCertificate(der(DerTag.sequence, new Uint8Array(2 ** 16)))).code).toBe(
      'ERR_TLS_CERTIFICATE_BAD',
    );
  });
});

const attribute = der(DerTag.sequence, oid(0x55, 4, 3), der(DerTag.utf8String, ascii('a')));

describe('An OCSP response', () => {
  const time = der(DerTag.generalizedTime, ascii('20260101000000Z'));
  const single = der(
    DerTag.sequence,
    der(
      DerTag.sequence,
      der(DerTag.sequence, oid(0x2b, 0x0e, 3, 2, 0x1a)),
      der(DerTag.octetString, Uint8Array.of(1)),
      der(DerTag.octetString, Uint8Array.of(1)),
      der(DerTag.integer, Uint8Array.of(1)),
    ),
    der(0x80),
    time,
  );
  const response = (singles: number, certificates: number): Uint8Array => {
    const tbs = der(
      DerTag.sequence,
      der(0xa2, der(DerTag.octetString, new Uint8Array(20))),
      time,
      der(DerTag.sequence, ...repeated(singles, single)),
    );
    const basic = der(
      DerTag.sequence,
      tbs,
      der(DerTag.sequence, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)),
      der(DerTag.bitString, Uint8Array.of(0)),
      der(0xa0, der(DerTag.sequence, ...repeated(certificates, der(DerTag.sequence)))),
    );
    const type = oid(0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1);
    const bytes = der(DerTag.sequence, type, der(DerTag.octetString, basic));
    return der(DerTag.sequence, der(DerTag.enumerated, Uint8Array.of(0)), der(0xa0, bytes));
  };

  it.each([
    ['responses', 17, 0],
    ['certificates', 1, 17],
  ])('may have 16 %s, and no more', (_, singles, certificates) => {
    const most = response(Math.min(singles, 16), Math.min(certificates, 16));
    expect(parseOcspResponse(most).responses).toHaveLength(Math.min(singles, 16));
    expect(thrown(() => parseOcspResponse(response(singles, certificates))).code).toBe('ERR_TLS_CERTIFICATE_BAD');
  });
});
