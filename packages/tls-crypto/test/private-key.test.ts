import { generateKeyPairSync } from 'node:crypto';
import { isTlsError } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { derElement } from '../src/der/index.ts';
import { parsePrivateKey } from '../src/keys/index.ts';

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isTlsError(error) && error.code === 'ERR_TLS_IDENTITY') return error.message;
  }
  throw new Error('expected ERR_TLS_IDENTITY');
}

const pkcs8 = { format: 'der', type: 'pkcs8' } as const;
const keys = {
  Ed448: () => generateKeyPairSync('ed448').privateKey.export(pkcs8),
  X25519: () => generateKeyPairSync('x25519').privateKey.export(pkcs8),
  DSA: () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey.export(pkcs8),
  secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export(pkcs8),
  brainpoolP256r1: () => generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' }).privateKey.export(pkcs8),
};

describe('a private key that TLS has no scheme for', () => {
  test.each(Object.entries(keys))('is refused by its name: %s', (name, make) => {
    expect(refusal(() => parsePrivateKey(make()))).toContain(name);
  });
});

describe('an RSA key that would take long', () => {
  /** RFC 8017 §A.1.2: the version, the modulus and seven more numbers, within PKCS#8. */
  function rsaKey(modulusLength: number, otherLength: number): Uint8Array {
    const integer = (length: number): Uint8Array => derElement(2, new Uint8Array(length).fill(0x7f));
    const numbers = [modulusLength, ...Array.from({ length: 7 }, () => otherLength)].map(integer);
    const algorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex');
    const version = Uint8Array.of(2, 1, 0);
    return derElement(0x30, version, algorithm, derElement(4, derElement(0x30, version, ...numbers)));
  }

  test('is refused where its modulus has more than 8192 bits', () => {
    expect(parsePrivateKey(rsaKey(1024, 512)).type).toBe('rsa');
    expect(refusal(() => parsePrivateKey(rsaKey(1025, 512)))).toContain('8192 at most');
    expect(refusal(() => parsePrivateKey(rsaKey(100_000, 512)))).toContain('8192 at most');
  });

  test('is refused where another number is longer than its modulus', () => {
    expect(refusal(() => parsePrivateKey(rsaKey(256, 100_000)))).toContain('longer than the modulus');
  });
});
