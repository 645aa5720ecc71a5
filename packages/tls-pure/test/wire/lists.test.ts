import { describe, expect, it } from 'vitest';
import { AlertDescription } from '@org/tls-core';
import { maxDescribedEntries, Writer } from '@org/tls-core/backend';
import { decodeAlpn } from '../../src/wire/extensions/alpn.ts';
import { decodeClientKeyShares } from '../../src/wire/extensions/key-share.ts';
import { decodeOfferedPsks } from '../../src/wire/extensions/pre-shared-key.ts';
import { decodeServerName } from '../../src/wire/extensions/server-name.ts';
import { decodeCertificate13, maxCertificates } from '../../src/wire/messages/certificate-13.ts';
import { decodeCertificate12 } from '../../src/wire/messages/certificate-12.ts';
import { hasTwice, isSubset } from '../../src/wire/number-set.ts';

const filled = (write: (writer: Writer) => void): Uint8Array => {
  const writer = new Writer();
  write(writer);
  return writer.finish();
};

const code = (read: () => unknown): unknown => {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('A list of byte strings', () => {
  const names = (count: number): Uint8Array =>
    filled((writer) => {
      writer.vector16(() => {
        for (let index = 0; index < count; index += 1) writer.vector8(() => writer.uint16(index));
      });
    });

  it('finds each of its strings, and nothing else', () => {
    const list = decodeAlpn(names(300));
    expect(list.size).toBe(300);
    expect(list.includes(Uint8Array.of(1, 43))).toBe(true); // 299
    expect(list.includes(Uint8Array.of(1, 44))).toBe(false);
    expect(list.includes(Uint8Array.of(1))).toBe(false);
    expect([...list].map((name) => (name[0] ?? 0) * 256 + (name[1] ?? 0))).toEqual(
      Array.from({ length: 300 }, (_, index) => index),
    );
  });

  it('is not described for a hook when it is longer than any honest one', () => {
    expect(decodeAlpn(names(maxDescribedEntries)).describe()).toHaveLength(maxDescribedEntries);
    expect(code(() => decodeAlpn(names(maxDescribedEntries + 1)).describe())).toMatchObject({ code: 'ERR_TLS_LIMIT' });
  });

  it.each([
    ['is cut off in a string', Uint8Array.of(0, 3, 3, 1, 2)],
    ['has an empty string', Uint8Array.of(0, 3, 1, 1, 0)],
    ['is empty', Uint8Array.of(0, 0)],
  ])('is refused when it %s', (_, body) => {
    expect(code(() => decodeAlpn(body))).toMatchObject({
      code: 'ERR_TLS_DECODE',
      alert: AlertDescription.decodeError,
    });
  });
});

describe('A list of numbered vectors', () => {
  const shares = (groups: readonly number[]): Uint8Array =>
    filled((writer) => {
      writer.vector16(() => {
        for (const group of groups) writer.uint16(group).vector16(() => writer.uint16(group));
      });
    });

  it('finds a body by its number', () => {
    const list = decodeClientKeyShares(shares([0x1d, 0x17, 0x11ec]));
    expect([...list.numbers]).toEqual([0x1d, 0x17, 0x11ec]);
    expect(list.get(0x17)).toEqual(Uint8Array.of(0, 0x17));
    expect(list.get(0x18)).toBeUndefined();
    expect(new Map(list).get(0x11ec)).toEqual(Uint8Array.of(0x11, 0xec));
  });

  it.each([
    ['a number is cut off', Uint8Array.of(0, 3, 0, 0x1d, 0)],
    ['a body is cut off', Uint8Array.of(0, 5, 0, 0x1d, 0, 2, 1)],
    ['a body is too short', Uint8Array.of(0, 4, 0, 0x1d, 0, 0)],
    ['something is left over', Uint8Array.of(0, 5, 0, 0x1d, 0, 1, 1, 0)],
  ])('is refused when %s', (_, body) => {
    expect(code(() => decodeClientKeyShares(body))).toMatchObject({ code: 'ERR_TLS_DECODE' });
  });

  it('§4.2.8 is refused as key_share when a group stands twice, however far apart', () => {
    const groups = Array.from({ length: 5000 }, (_, index) => index);
    expect(decodeClientKeyShares(shares(groups)).size).toBe(5000);
    expect(code(() => decodeClientKeyShares(shares([...groups, 0])))).toMatchObject({
      code: 'ERR_TLS_ILLEGAL_PARAMETER',
    });
  });
});

describe('Numbers', () => {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, index) => index);

  it('of any size are compared as sets', () => {
    expect(hasTwice(all)).toBe(false);
    expect(hasTwice(Uint16Array.of(...all.subarray(0, 100), 99))).toBe(true);
    expect(isSubset(Uint16Array.of(0xffff, 0), all)).toBe(true);
    expect(isSubset(all, all.subarray(1))).toBe(false);
  });
});

describe('pre_shared_key', () => {
  const psks = (count: number, binders = count): Uint8Array =>
    filled((writer) => {
      writer.vector16(() => {
        for (let index = 0; index < count; index += 1) writer.vector16(() => writer.uint16(index)).uint32(index);
      });
      writer.vector16(() => {
        for (let index = 0; index < binders; index += 1) writer.vector8(() => writer.uint8(index));
      });
    });

  it('keeps the first eight of any number of identities, each with its binder', () => {
    const { psks: kept, bindersLength } = decodeOfferedPsks(psks(5000));
    expect(kept).toHaveLength(8);
    expect(kept[7]).toEqual({ identity: Uint8Array.of(0, 7), obfuscatedTicketAge: 7, binder: Uint8Array.of(7) });
    expect(bindersLength).toBe(2 + 2 * 5000);
  });

  it('§4.2.11 is refused when there are not as many binders as identities', () => {
    expect(code(() => decodeOfferedPsks(psks(5000, 4999)))).toMatchObject({ code: 'ERR_TLS_ILLEGAL_PARAMETER' });
    expect(code(() => decodeOfferedPsks(psks(1, 2)))).toMatchObject({ code: 'ERR_TLS_ILLEGAL_PARAMETER' });
  });
});

describe('server_name', () => {
  it('RFC 6066 §3 is refused when it has more names than there are types', () => {
    const names = (count: number): Uint8Array =>
      filled((writer) => {
        writer.vector16(() => {
          for (let index = 0; index < count; index += 1)
            writer.uint8(1 + (index % 255)).vector16(() => writer.uint8(1));
        });
      });
    expect(decodeServerName(names(256))).toBeUndefined();
    expect(code(() => decodeServerName(names(257)))).toMatchObject({ code: 'ERR_TLS_ILLEGAL_PARAMETER' });
  });
});

describe('A Certificate message', () => {
  const entries = (count: number, isTls13: boolean): Uint8Array =>
    filled((writer) => {
      if (isTls13) writer.uint8(0);
      writer.vector24(() => {
        for (let index = 0; index < count; index += 1) {
          writer.vector24(() => writer.uint8(0x30));
          if (isTls13) writer.uint16(0);
        }
      });
    });

  it.each([
    ['TLS 1.3', true, decodeCertificate13],
    ['TLS 1.2', false, decodeCertificate12],
  ] as const)('of %s is refused when it has more certificates than any chain', (_, isTls13, decode) => {
    expect(decode(entries(maxCertificates, isTls13))).toBeDefined();
    expect(code(() => decode(entries(maxCertificates + 1, isTls13)))).toMatchObject({
      code: 'ERR_TLS_LIMIT',
      alert: AlertDescription.unexpectedMessage,
    });
  });
});
