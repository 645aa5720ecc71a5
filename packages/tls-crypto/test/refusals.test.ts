import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRoot, keyAlgorithms } from '@org/pki';
import { AlertDescription } from '@org/tls-core';
import { nobleCrypto } from '../src/noble/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { encapsulationLength } from '../src/provider.ts';
import { signatureSchemes } from '../src/signature-schemes.ts';
import { DerTag } from '../src/der/der-reader.ts';
import { derElement } from '../src/der/der-writer.ts';
import { parsePrivateKey } from '../src/keys/private-key.ts';
import { parseSpki } from '../src/keys/spki.ts';

const point = nodeCrypto.generateKeyShare('secp256r1').publicKey;
const parity = (point[64] ?? 0) & 1;
const compressedPoint = Uint8Array.of(2 + parity, ...point.subarray(1, 33));
const hybridShare = nodeCrypto.generateKeyShare('x25519mlkem768').publicKey;
const p256Share = nodeCrypto.generateKeyShare('secp256r1mlkem768').publicKey;
const p384Share = nodeCrypto.generateKeyShare('secp384r1mlkem1024').publicKey;
const kemShare = nodeCrypto.generateKeyShare('mlkem1024').publicKey;
const rsaKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const hybridPoint = Uint8Array.of(6 + parity, ...point.subarray(1));

describe.each([nodeCrypto, nobleCrypto])('the provider $name refuses', (crypto) => {
  it.each([
    ['an even modulus', { modulus: rsaModulus({ last: 2 }), exponent: Uint8Array.of(1, 0, 1) }],
    ['a modulus of 1023 bits', { modulus: rsaModulus({ first: 0x7f, length: 128 }), exponent: Uint8Array.of(1, 0, 1) }],
    ['a modulus over 8192 bits', { modulus: rsaModulus({ length: 1025 }), exponent: Uint8Array.of(1, 0, 1) }],
    ['the exponent 1', { modulus: rsaModulus({}), exponent: Uint8Array.of(1) }],
    ['an even exponent', { modulus: rsaModulus({}), exponent: Uint8Array.of(1, 0, 0) }],
    ['an exponent over 40 bits', { modulus: rsaModulus({}), exponent: new Uint8Array(6).fill(1) }],
  ])('an RSA key with %s', (_, { modulus, exponent }) => {
    expectRefused(() => crypto.importPublicKey({ type: 'rsa', modulus, exponent, spki: rsaSpki(modulus, exponent) }));
  });

  it.each(['rsa-pkcs1', 'rsa-pss'] as const)(
    'RFC 8017 §8.2.2 a signature of %s that is longer than the modulus',
    (type) => {
      const { publicKey, privateKey } = rsaKeys;
      const key = crypto.importPublicKey(parseSpki(Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }))));
      const input = Uint8Array.of(1, 2, 3);
      const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;
      const signed = sign('sha256', input, {
        key: privateKey,
        ...(type === 'rsa-pss'
          ? { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST }
          : { padding: RSA_PKCS1_PADDING }),
      });
      expect(key.verify({ type, hash: 'sha256' }, input, signed)).toBe(true);
      expect(key.verify({ type, hash: 'sha256' }, input, Uint8Array.of(0, ...signed))).toBe(false);
    },
  );

  it('an EC key that is not on its curve', () => {
    const spki = new Uint8Array(ecSpkiPrefix.length + 64);
    spki.set(ecSpkiPrefix);
    spki.fill(1, ecSpkiPrefix.length);
    const offCurve = spki.subarray(ecSpkiPrefix.length - 1);
    expectRefused(() => crypto.importPublicKey({ type: 'ec', curve: 'secp256r1', point: offCurve, spki }));
  });

  it.each(keyAlgorithms)('to sign by another type of key’s algorithm with one of %s', async (algorithm) => {
    const { privateKeyPem } = await (await createRoot()).issue({ algorithm });
    const parsed = parsePrivateKey(privateKeyPem);
    const key = crypto.importPrivateKey(parsed);
    const foreign = signatureSchemes.filter(({ keyType }) => keyType !== parsed.type);
    for (const { algorithm: wrong } of foreign) {
      if (parsed.type === 'rsa' && wrong.type === 'rsa-pss') continue; // a plain key does both
      if (parsed.type === 'rsa-pss' && wrong.type === 'rsa-pss') continue; // the scheme of plain keys, by the same algorithm
      await expect((async () => key.sign(wrong, new Uint8Array(3)))(), wrong.type).rejects.toMatchObject({
        code: 'ERR_TLS_API_MISUSE',
      });
    }
  });

  it.each([
    ['x25519', 'nothing', new Uint8Array(0)],
    ['x25519', '31 bytes', new Uint8Array(31).fill(9)],
    ['x25519', '33 bytes', new Uint8Array(33).fill(9)],
    ['x25519', 'all zeros (RFC 7748 §6.1)', new Uint8Array(32)],
    ['secp256r1', 'nothing', new Uint8Array(0)],
    ['secp256r1', 'the point at infinity', Uint8Array.of(0)],
    ['secp256r1', 'a point off the curve', new Uint8Array(65).fill(4)],
    ['secp256r1', 'a compressed point (RFC 8446 §4.2.8.2)', compressedPoint],
    ['secp256r1', 'a hybrid point (RFC 8446 §4.2.8.2)', hybridPoint],
    ['secp384r1', 'a point of P-256', point],
    ['secp384r1', 'a point off the curve', new Uint8Array(97).fill(4)],
    ['secp521r1', 'a point of P-256', point],
    ['secp521r1', 'a point off the curve', new Uint8Array(133).fill(4)],
  ] as const)('a peer’s share of %s that is %s', async (algorithm, _, share) => {
    const ours = crypto.generateKeyShare(algorithm);
    await expectBadShare(() => ours.deriveSharedSecret(share));
    await expectBadShare(() => crypto.encapsulate(algorithm, share));
  });

  it.each([
    ['x25519mlkem768', 'nothing', new Uint8Array(0)],
    ['x25519mlkem768', 'one byte short', hybridShare.subarray(1)],
    ['x25519mlkem768', 'one byte long', Uint8Array.of(...hybridShare, 0)],
    ['x25519mlkem768', 'the ML-KEM key alone', hybridShare.subarray(0, 1184)],
    ['x25519mlkem768', 'the X25519 key alone', hybridShare.subarray(1184)],
    [
      'x25519mlkem768',
      'of a coefficient out of range (FIPS 203 §7.2)',
      edited(hybridShare, { from: 381, to: 384 }, 0xff),
    ],
    ['x25519mlkem768', 'of an X25519 key of zeros (RFC 7748 §6.1)', edited(hybridShare, { from: 1184, to: 1216 }, 0)],
    ['secp256r1mlkem768', 'nothing', new Uint8Array(0)],
    ['secp256r1mlkem768', 'one byte short', p256Share.subarray(0, -1)],
    ['secp256r1mlkem768', 'one byte long', Uint8Array.of(...p256Share, 0)],
    ['secp256r1mlkem768', 'the point alone', p256Share.subarray(0, 65)],
    ['secp256r1mlkem768', 'the ML-KEM key alone', p256Share.subarray(65)],
    ['secp256r1mlkem768', 'its halves in the other order', swapped(p256Share, 65)],
    ['secp256r1mlkem768', 'a point off the curve', edited(p256Share, { from: 1, to: 65 }, 4)],
    ['secp256r1mlkem768', 'a compressed point (RFC 8446 §4.2.8.2)', edited(p256Share, { from: 0, to: 1 }, 2)],
    ['secp256r1mlkem768', 'a hybrid point (RFC 8446 §4.2.8.2)', edited(p256Share, { from: 0, to: 1 }, 6)],
    [
      'secp256r1mlkem768',
      'of a coefficient out of range (FIPS 203 §7.2)',
      edited(p256Share, { from: 65, to: 68 }, 0xff),
    ],
    ['secp384r1mlkem1024', 'one byte short', p384Share.subarray(0, -1)],
    ['secp384r1mlkem1024', 'one byte long', Uint8Array.of(...p384Share, 0)],
    ['secp384r1mlkem1024', 'its halves in the other order', swapped(p384Share, 97)],
    ['secp384r1mlkem1024', 'a point off the curve', edited(p384Share, { from: 1, to: 97 }, 4)],
    [
      'secp384r1mlkem1024',
      'of a coefficient out of range (FIPS 203 §7.2)',
      edited(p384Share, { from: 97, to: 100 }, 0xff),
    ],
    ['mlkem1024', 'nothing', new Uint8Array(0)],
    ['mlkem1024', 'one byte short', kemShare.subarray(1)],
    ['mlkem1024', 'one byte long', Uint8Array.of(...kemShare, 0)],
    ['mlkem1024', 'of a coefficient out of range (FIPS 203 §7.2)', edited(kemShare, { from: 0, to: 3 }, 0xff)],
  ] as const)('a client’s share of %s that is %s', async (algorithm, _, share) => {
    await expectBadShare(() => crypto.encapsulate(algorithm, share));
    const given = new Uint8Array(encapsulationLength[algorithm]).fill(1);
    await expectBadShare(() => crypto.encapsulate(algorithm, share, given));
  });

  it.each([
    ['x25519mlkem768', 'nothing', 0],
    ['x25519mlkem768', 'one byte short', 1119],
    ['x25519mlkem768', 'one byte long', 1121],
    ['x25519mlkem768', 'of an X25519 key of zeros (RFC 7748 §6.1)', 1120],
    ['secp256r1mlkem768', 'nothing', 0],
    ['secp256r1mlkem768', 'one byte short', 1152],
    ['secp256r1mlkem768', 'one byte long', 1154],
    ['secp256r1mlkem768', 'of no point', 1153],
    ['secp384r1mlkem1024', 'nothing', 0],
    ['secp384r1mlkem1024', 'one byte short', 1664],
    ['secp384r1mlkem1024', 'one byte long', 1666],
    ['secp384r1mlkem1024', 'of no point', 1665],
    ['mlkem1024', 'nothing', 0],
    ['mlkem1024', 'one byte short', 1567],
    ['mlkem1024', 'one byte long', 1569],
  ] as const)('a server’s share of %s that is %s', async (algorithm, _, length) => {
    await expectBadShare(() => crypto.generateKeyShare(algorithm).deriveSharedSecret(new Uint8Array(length)));
  });
});

async function expectBadShare(action: () => unknown): Promise<void> {
  await expect((async () => action())()).rejects.toMatchObject({
    code: 'ERR_TLS_ILLEGAL_PARAMETER',
    alert: AlertDescription.illegalParameter,
  });
}

/** A copy with the bytes of a range set to one value. */
function edited(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  value: number,
): Uint8Array {
  return new Uint8Array(bytes).fill(value, from, to);
}

function swapped(share: Uint8Array, middle: number): Uint8Array {
  return Uint8Array.of(...share.subarray(middle), ...share.subarray(0, middle));
}

function expectRefused(action: () => unknown): void {
  expect(action).toThrow(expect.objectContaining({ code: 'ERR_TLS_CERTIFICATE_BAD' }));
}

function rsaModulus({ first = 0x80, last = 1, length = 256 }): Uint8Array {
  const modulus = new Uint8Array(length).fill(0x55);
  modulus[0] = first;
  modulus[length - 1] = last;
  return modulus;
}

/** SubjectPublicKeyInfo of a plain RSA key. */
function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const positive = (integer: Uint8Array): Uint8Array =>
    derElement(DerTag.integer, (integer[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...integer) : integer);
  const key = derElement(DerTag.sequence, positive(modulus), positive(exponent));
  const algorithm = Buffer.from('300d06092a864886f70d0101010500', 'hex');
  return derElement(DerTag.sequence, algorithm, derElement(DerTag.bitString, Uint8Array.of(0), key));
}

/** SubjectPublicKeyInfo of a P-256 key up to the coordinates of its point. */
const ecSpkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
