import { expect } from 'vitest';
import { DerTag } from '../../der/der-reader.ts';
import { derElement } from '../../der/der-writer.ts';
import { fromHex } from '../encoded-bytes.ts';
import type { ProviderCase } from '../provider-case.ts';
import { expectRefusedKey } from '../refusal.ts';
import { rsaSpki } from '../rsa-spki.ts';
import { reference } from '../reference.ts';
import { privateInfoOf, privateKeyInfo, publicInfoOf, testKeys } from '../test-keys.ts';

const usualExponent = Uint8Array.of(1, 0, 1);

const rsaKeys: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
  ['an even modulus', rsaModulus({ last: 2 }), usualExponent],
  ['a modulus of 1023 bits', rsaModulus({ first: 0x7f, length: 128 }), usualExponent],
  ['a modulus over 8192 bits', rsaModulus({ length: 1025 }), usualExponent],
  ['the exponent 1', rsaModulus({}), Uint8Array.of(1)],
  ['an even exponent', rsaModulus({}), Uint8Array.of(1, 0, 0)],
  ['an exponent over 40 bits', rsaModulus({}), new Uint8Array(6).fill(1)],
];

export const refusedKeyCases: readonly ProviderCase[] = [
  ...rsaKeys.map(([what, modulus, exponent]): ProviderCase => ({
    id: `refused-key/rsa/${what.replaceAll(' ', '-')}`,
    title: `an RSA key with ${what} is refused`,
    run(provider) {
      const spki = rsaSpki(modulus, exponent);
      expectRefusedKey(
        () => provider.importPublicKey({ type: 'rsa', modulus, exponent, spki }),
        'ERR_TLS_CERTIFICATE_BAD',
      );
    },
  })),
  ...(['rsa-pkcs1', 'rsa-pss'] as const).map((type): ProviderCase => ({
    id: `refused-signature/${type}/too-long`,
    title: `RFC 8017 §8.1.2, §8.2.2 a signature of ${type} that is longer than the modulus is refused`,
    async run(provider) {
      const publicKey = provider.importPublicKey(await publicInfoOf(testKeys.rsa));
      const input = Uint8Array.of(1, 2, 3);
      const signature = await reference
        .importPrivateKey(privateInfoOf(testKeys.rsa))
        .sign({ type, hash: 'sha256' }, input);
      expect(await publicKey.verify({ type, hash: 'sha256' }, input, signature)).toBe(true);
      expect(await publicKey.verify({ type, hash: 'sha256' }, input, Uint8Array.of(0, ...signature))).toBe(false);
    },
  })),
  {
    id: 'refused-key/ec/off-the-curve',
    title: 'an EC key that is not on its curve is refused',
    run(provider) {
      const point = new Uint8Array(65).fill(1);
      point[0] = 4;
      const spki = derElement(
        DerTag.sequence,
        fromHex('301306072a8648ce3d020106082a8648ce3d030107'),
        derElement(DerTag.bitString, Uint8Array.of(0), point),
      );
      expectRefusedKey(
        () => provider.importPublicKey({ type: 'ec', curve: 'secp256r1', point, spki }),
        'ERR_TLS_CERTIFICATE_BAD',
      );
    },
  },
  {
    id: 'refused-key/ml-dsa/parts-of-two-keys',
    title: 'RFC 9881 §8.2 an expanded ML-DSA key that is not the seed’s is refused',
    run(provider) {
      const info = privateInfoOf(testKeys.mlDsa44);
      const pkcs8 = bothForms(info.secret ?? new Uint8Array(32), new Uint8Array(2560).fill(1));
      expectRefusedKey(
        () => provider.importPrivateKey({ ...info, pkcs8, expandedKey: new Uint8Array(2560).fill(1) }),
        'ERR_TLS_IDENTITY',
      );
    },
  },
  ...(['zero', 'the-order', 'all-ones'] as const).map((what): ProviderCase => ({
    id: `refused-key/ec/private-key-of-${what}`,
    title: `SEC 1 §3.2.1 an EC private key of ${what.replace('-', ' ')} is refused`,
    run(provider) {
      const secret = fromHex(scalars[what]);
      const sec1 = derElement(DerTag.sequence, Uint8Array.of(2, 1, 1), derElement(DerTag.octetString, secret));
      const pkcs8 = privateKeyInfo(fromHex('301306072a8648ce3d020106082a8648ce3d030107'), sec1);
      expectRefusedKey(
        () => provider.importPrivateKey({ type: 'ec', curve: 'secp256r1', pkcs8, secret }),
        'ERR_TLS_IDENTITY',
      );
    },
  })),
];

/** Private keys of P-256 that are out of range. */
const scalars = {
  zero: '00'.repeat(32),
  'the-order': 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  'all-ones': 'ff'.repeat(32),
} as const;

/** Writes an ML-DSA-44-PrivateKey with seed and expanded key (RFC 9881 §6) into a PrivateKeyInfo. */
function bothForms(seed: Uint8Array, expandedKey: Uint8Array): Uint8Array {
  const both = derElement(
    DerTag.sequence,
    derElement(DerTag.octetString, seed),
    derElement(DerTag.octetString, expandedKey),
  );
  return privateKeyInfo(fromHex('300b0609608648016503040311'), both);
}

function rsaModulus({ first = 0x80, last = 1, length = 256 }): Uint8Array {
  const modulus = new Uint8Array(length).fill(0x55);
  modulus[0] = first;
  modulus[length - 1] = last;
  return modulus;
}
