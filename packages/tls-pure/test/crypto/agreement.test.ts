import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRoot, keyAlgorithms } from '@org/pki';
import { nobleCrypto } from '../../src/crypto/noble/index.ts';
import { nodeCrypto } from '../../src/crypto/node/index.ts';
import type {
  AeadAlgorithm,
  CryptoProvider,
  HashAlgorithm,
  KeyExchangeAlgorithm,
  SignatureAlgorithm,
} from '../../src/crypto/provider.ts';
import { keyFitsScheme, signatureSchemes } from '../../src/crypto/signature-schemes.ts';
import { parseCertificate } from '../../src/x509/certificate.ts';
import { parsePrivateKey } from '../../src/x509/private-key.ts';
import { parseSpki } from '../../src/x509/spki.ts';

const pairs: readonly (readonly [CryptoProvider, CryptoProvider])[] = [
  [nodeCrypto, nobleCrypto],
  [nobleCrypto, nodeCrypto],
];

describe.each(pairs)('what $0.name makes, $1.name understands', (maker, reader) => {
  it.each(['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305'] satisfies AeadAlgorithm[])('%s', (algorithm) => {
    const key = randomOf(maker, algorithm === 'aes-128-gcm' ? 16 : 32);
    const [sealer, opener] = [maker.createAead(algorithm, key), reader.createAead(algorithm, key)];
    key.fill(0); // it is the caller's again
    for (const length of [0, 1, 15, 16, 17, 1000, 2 ** 14]) {
      const [nonce, additionalData, plaintext] = [randomOf(maker, 12), randomOf(maker, 5), randomOf(maker, length)];
      const sealed = new Uint8Array(length + 16);
      sealer.seal(nonce, additionalData, plaintext, sealed);
      const opened = new Uint8Array(length);
      expect(opener.open(nonce, additionalData, sealed, opened)).toBe(true);
      expect(Buffer.from(opened).equals(plaintext)).toBe(true);
      sealed[0] = (sealed[0] ?? 0) ^ 1;
      expect(opener.open(nonce, additionalData, sealed, opened)).toBe(false);
    }
  });

  it.each(['x25519', 'secp256r1'] satisfies KeyExchangeAlgorithm[])('a key share of %s', async (algorithm) => {
    const [ours, theirs] = [maker.generateKeyShare(algorithm), reader.generateKeyShare(algorithm)];
    const [left, right] = [
      await ours.deriveSharedSecret(theirs.publicKey),
      await theirs.deriveSharedSecret(ours.publicKey),
    ];
    expect(Buffer.from(left).equals(right)).toBe(true);
    expect(left).toHaveLength(32);
  });

  it.each(['sha256', 'sha384', 'sha512'] satisfies HashAlgorithm[])('%s, running and at once', (algorithm) => {
    const running = maker.createHash(algorithm);
    running.update(Buffer.from('one'));
    expect(Buffer.from(running.snapshot()).equals(reader.hash(algorithm, Buffer.from('one')))).toBe(true);
    running.update(Buffer.from('two'));
    expect(Buffer.from(running.snapshot()).equals(reader.hash(algorithm, Buffer.from('onetwo')))).toBe(true);
  });

  it.each(keyAlgorithms)('signatures of %s, by every scheme that fits', async (algorithm) => {
    const { certificateDer, privateKeyPem } = await (await createRoot()).issue({ algorithm });
    const info = parseCertificate(certificateDer).publicKey;
    const privateKey = maker.importPrivateKey(parsePrivateKey(privateKeyPem));
    expect(Buffer.from(await privateKey.publicKeySpki).equals(info.spki)).toBe(true);
    const publicKey = reader.importPublicKey(info);
    const input = randomOf(maker, 130);
    const fitting = signatureSchemes.filter((scheme) => keyFitsScheme(info, scheme));
    expect(fitting.length).toBeGreaterThan(0);
    for (const scheme of fitting) {
      const signature = await privateKey.sign(scheme.algorithm, input);
      expect(await publicKey.verify(scheme.algorithm, input, signature), scheme.name).toBe(true);
      expect(await publicKey.verify(scheme.algorithm, input.subarray(1), signature), scheme.name).toBe(false);
      expect(await publicKey.verify(scheme.algorithm, input, signature.subarray(1)), scheme.name).toBe(false);
      expect(await publicKey.verify(scheme.algorithm, input, new Uint8Array(0)), scheme.name).toBe(false);
    }
    for (const scheme of signatureSchemes.filter(({ keyType }) => keyType !== info.type && info.type !== 'rsa')) {
      expect(await publicKey.verify(scheme.algorithm, input, new Uint8Array(64)), scheme.name).toBe(false);
    }
  });

  it.each(['sha256', 'sha384'] satisfies HashAlgorithm[])(
    'an RSASSA-PSS key that is bound to %s signs and verifies with no other hash (RFC 4055 §3.3)',
    async (hash) => {
      const other = hash === 'sha256' ? 'sha384' : 'sha256';
      const { spki, pkcs8 } = boundPssKey(hash);
      const info = parseSpki(spki);
      const [privateKey, publicKey] = [
        maker.importPrivateKey({ type: 'rsa-pss', pkcs8 }),
        reader.importPublicKey(info),
      ];
      const input = randomOf(maker, 100);
      const signature = await privateKey.sign({ type: 'rsa-pss', hash }, input);
      expect(await publicKey.verify({ type: 'rsa-pss', hash }, input, signature)).toBe(true);
      expect(await publicKey.verify({ type: 'rsa-pss', hash: other }, input, signature)).toBe(false);
      expect(await publicKey.verify({ type: 'rsa-pkcs1', hash }, input, signature)).toBe(false);
      for (const wrong of [
        { type: 'rsa-pss', hash: other },
        { type: 'rsa-pkcs1', hash },
      ] satisfies SignatureAlgorithm[])
        await expect((async () => privateKey.sign(wrong, input))()).rejects.toMatchObject({
          code: 'ERR_TLS_API_MISUSE',
        });
      expect(
        signatureSchemes.filter((scheme) => keyFitsScheme(info, scheme)).map(({ algorithm }) => algorithm),
      ).toEqual([{ type: 'rsa-pss', hash }]);
    },
  );
});

/** SubjectPublicKeyInfo and PKCS#8 of a key for RSASSA-PSS with one hash. */
function boundPssKey(hash: HashAlgorithm): { readonly spki: Uint8Array; readonly pkcs8: Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa-pss', {
    modulusLength: 2048,
    hashAlgorithm: hash,
    mgf1HashAlgorithm: hash,
    saltLength: (hash === 'sha256' ? 32 : 48) as unknown as string, // the types want a string where Node wants a number
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { spki: publicKey, pkcs8: privateKey };
}

function randomOf(crypto: CryptoProvider, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  crypto.randomFill(bytes);
  return bytes;
}
