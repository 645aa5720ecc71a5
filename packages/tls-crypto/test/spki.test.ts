import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyFitsAlgorithm } from '../src/provider-rules/key-use.ts';
import { parseSpki, pssKeyHash } from '../src/keys/spki.ts';
import { thrown } from '@org/pki';

function spkiOf({ publicKey }: { readonly publicKey: KeyObject }): Uint8Array {
  return Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
}

function edited(spki: Uint8Array, from: string, to: string): Uint8Array {
  const hex = Buffer.from(spki).toString('hex');
  expect(hex).toContain(from);
  return Uint8Array.from(Buffer.from(hex.replace(from, to), 'hex'));
}

// Node's types take saltLength for text
const generatePssKeyPair = generateKeyPairSync.bind(undefined, 'rsa-pss' as never) as unknown as (
  options: Readonly<Record<string, unknown>>,
) => { readonly publicKey: KeyObject };

const p256 = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
const ed25519 = spkiOf(generateKeyPairSync('ed25519'));
const rsa = spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));

describe('a SubjectPublicKeyInfo', () => {
  test('is taken apart', () => {
    expect(parseSpki(p256)).toMatchObject({ type: 'ec', curve: 'secp256r1' });
    expect(parseSpki(ed25519)).toMatchObject({ type: 'ed25519' });
    expect(parseSpki(rsa)).toMatchObject({ type: 'rsa', exponent: Uint8Array.of(1, 0, 1) });
  });

  test('RFC 4055 §3.3 of RSASSA-PSS may be bound to a hash', () => {
    const free = spkiOf(generatePssKeyPair({ modulusLength: 2048 }));
    const bound = spkiOf(
      generatePssKeyPair({
        modulusLength: 2048,
        hashAlgorithm: 'sha384',
        mgf1HashAlgorithm: 'sha384',
        saltLength: 48,
      }),
    );
    expect(parseSpki(free).type).toBe('rsa-pss');
    expect(pssKeyHash(free)).toBeUndefined();
    expect(pssKeyHash(bound)).toBe('sha384');
    const fits = (spki: Uint8Array, hash: 'sha256' | 'sha384'): boolean =>
      keyFitsAlgorithm({ type: 'rsa-pss', spki }, { type: 'rsa-pss', hash });
    expect([fits(free, 'sha256'), fits(free, 'sha384')]).toEqual([true, true]);
    expect([fits(bound, 'sha256'), fits(bound, 'sha384')]).toEqual([false, true]);
  });

  test('with RSASSA-PSS parameters that TLS has no scheme for is unsupported', () => {
    const mixed = generatePssKeyPair({
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha1',
      saltLength: 32,
    });
    expect(thrown(() => parseSpki(spkiOf(mixed))).code).toBe('ERR_TLS_CERTIFICATE_UNSUPPORTED');
  });

  test.each(['secp256k1', 'secp224r1'])('on %s is unsupported', (namedCurve) => {
    const spki = spkiOf(generateKeyPairSync('ec', { namedCurve }));
    expect(thrown(() => parseSpki(spki)).code).toBe('ERR_TLS_CERTIFICATE_UNSUPPORTED');
  });

  test('RFC 5480 §2.1.1 with explicit curve parameters is unsupported', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
    expect(thrown(() => parseSpki(spkiOf({ publicKey }))).code).toBe('ERR_TLS_CERTIFICATE_UNSUPPORTED');
  });

  test.each<readonly [string, () => Uint8Array]>([
    ['RFC 8410 §3 of Ed25519 with parameters', () => edited(ed25519, '302a300506032b6570', '302c300706032b65700500')],
    [
      'RFC 3279 §2.3.1 of RSA without NULL',
      () => edited(rsa, '30820122300d06092a864886f70d0101010500', '30820120300b06092a864886f70d010101'),
    ],
    ['with trailing bytes', () => Uint8Array.from([...p256, 0])],
  ])('%s is malformed', (_name, spki) => {
    expect(thrown(() => parseSpki(spki())).code).toBe('ERR_TLS_CERTIFICATE_BAD');
    expect(thrown(() => parseSpki(spki(), 'ERR_TLS_IDENTITY')).code).toBe('ERR_TLS_IDENTITY');
  });
});
