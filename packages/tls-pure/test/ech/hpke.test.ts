import { describe, expect, test } from 'vitest';
import { AEAD_AES_128_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke';
import { hex } from '@org/tls-core/backend';
import { HpkeAeadId, HpkeKdfId, HpkeKemId } from '../../src/ech/hpke-algorithms.ts';
import { generateKeyPair, isHpkeSuiteSupported, setupReceiver, setupSender } from '../../src/ech/hpke.ts';
import { hpkeVectors } from './hpke-vectors.ts';
import { ascii, fromHex, providers, rejection } from './support.ts';

const suite = {
  kemId: HpkeKemId.dhkemX25519HkdfSha256,
  kdfId: HpkeKdfId.hkdfSha256,
  aeadId: HpkeAeadId.aes128Gcm,
};
const info = ascii('info');

describe.each(providers)('HPKE over %s (RFC 9180)', (_name, crypto) => {
  describe.each(hpkeVectors)('vector of KEM $kemId, KDF $kdfId, AEAD $aeadId', (vector) => {
    test('opens each message in its turn', async () => {
      const receiver = await setupReceiver(
        crypto,
        vector,
        fromHex(vector.skRm),
        fromHex(vector.enc),
        fromHex(vector.info),
      );
      for (const { aad, pt, ct } of vector.messages) {
        expect(await receiver.open(fromHex(aad), fromHex(ct))).toEqual(fromHex(pt));
      }
    });
  });

  // for P-256 the generator gives the seed of the ephemeral key only
  const withEphemeral = hpkeVectors.flatMap(({ skEm, ...vector }) => (skEm === undefined ? [] : [{ skEm, ...vector }]));
  describe.each(withEphemeral)('vector of KEM $kemId, KDF $kdfId, AEAD $aeadId', (vector) => {
    test('seals each message to the same bytes', async () => {
      const ephemeral = crypto.generateKeyShare('x25519', fromHex(vector.skEm));
      const sender = await setupSender(crypto, vector, fromHex(vector.pkRm), fromHex(vector.info), ephemeral);
      expect(hex(sender.enc)).toBe(vector.enc);
      for (const { aad, pt, ct } of vector.messages) {
        expect(await sender.seal(fromHex(aad), fromHex(pt))).toEqual(fromHex(ct));
      }
    });
  });

  test('§5.2 a message that does not open leaves the context as it was', async () => {
    const { publicKey, privateKey } = generateKeyPair(crypto, suite.kemId);
    const sender = await setupSender(crypto, suite, publicKey, info);
    const receiver = await setupReceiver(crypto, suite, privateKey, sender.enc, info);
    const first = await sender.seal(ascii('aad'), ascii('one'));
    expect((await rejection(receiver.open(ascii('other'), first))).code).toBe('ERR_TLS_DECRYPT');
    expect((await rejection(receiver.open(ascii('aad'), first.subarray(0, 15)))).code).toBe('ERR_TLS_DECRYPT');
    expect(await receiver.open(ascii('aad'), first)).toEqual(ascii('one'));
    const second = await sender.seal(ascii('aad'), ascii('two'));
    expect((await rejection(receiver.open(ascii('aad'), first))).code).toBe('ERR_TLS_DECRYPT');
    expect(await receiver.open(ascii('aad'), second)).toEqual(ascii('two'));
  });

  test('another info gives another context', async () => {
    const { publicKey, privateKey } = generateKeyPair(crypto, suite.kemId);
    const sender = await setupSender(crypto, suite, publicKey, info);
    const receiver = await setupReceiver(crypto, suite, privateKey, sender.enc, ascii('other'));
    const sealed = await sender.seal(ascii(''), ascii('text'));
    expect((await rejection(receiver.open(ascii(''), sealed))).alert).toBe(51);
  });

  test.each([
    ['a wrong length', new Uint8Array(31).fill(9)],
    ['no secret but zeros (RFC 7748 §6.1)', new Uint8Array(32)],
  ])('§7.1.4 refuses a public key of %s', async (_case, key) => {
    expect((await rejection(setupSender(crypto, suite, key, info))).code).toBe('ERR_TLS_CONFIG');
    const { privateKey } = generateKeyPair(crypto, suite.kemId);
    expect((await rejection(setupReceiver(crypto, suite, privateKey, key, info))).code).toBe('ERR_TLS_DECRYPT');
  });

  test('refuses a P-256 point that is not on the curve', async () => {
    const p256 = { ...suite, kemId: HpkeKemId.dhkemP256HkdfSha256 };
    const point = generateKeyPair(crypto, p256.kemId).publicKey.with(64, 0).with(63, 0).with(62, 0);
    expect((await rejection(setupSender(crypto, p256, point, info))).code).toBe('ERR_TLS_CONFIG');
  });

  test('makes P-256 keys that the library’s own KEM understands', async () => {
    const p256 = { ...suite, kemId: HpkeKemId.dhkemP256HkdfSha256 };
    const { publicKey, privateKey } = generateKeyPair(crypto, p256.kemId);
    const library = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_128_GCM);
    const { encapsulatedSecret, ctx } = await library.SetupSender(await library.DeserializePublicKey(publicKey), {
      info,
    });
    const receiver = await setupReceiver(crypto, p256, privateKey, encapsulatedSecret, info);
    expect(await receiver.open(ascii('aad'), await ctx.Seal(ascii('text'), ascii('aad')))).toEqual(ascii('text'));
  });

  test.each(['kemId', 'kdfId', 'aeadId'] as const)('refuses an unknown %s', async (part) => {
    const unknown = { ...suite, [part]: 0x7777 };
    expect(isHpkeSuiteSupported(unknown)).toBe(false);
    const key = new Uint8Array(32).fill(9);
    expect((await rejection(setupSender(crypto, unknown, key, info))).code).toBe('ERR_TLS_UNSUPPORTED');
    expect((await rejection(setupReceiver(crypto, unknown, key, key, info))).code).toBe('ERR_TLS_UNSUPPORTED');
  });
});
