import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRoot, keyAlgorithms } from '@org/pki';
import { namedGroups } from '../src/named-groups.ts';
import { nobleCrypto } from '../src/noble/index.ts';
import { nobleMlKem } from '../src/noble/ml-kem.ts';
import { nodeCrypto } from '../src/node/index.ts';
import {
  encapsulationLength,
  privateKeyLength,
  type AeadAlgorithm,
  type CryptoProvider,
  type HashAlgorithm,
  type KeyExchangeAlgorithm,
  type SignatureAlgorithm,
} from '../src/provider.ts';
import { keyFitsScheme, signatureSchemes } from '../src/signature-schemes.ts';
import { parsePrivateKey } from '../src/keys/private-key.ts';
import { parseSpki } from '../src/keys/spki.ts';

const pairs: readonly (readonly [CryptoProvider, CryptoProvider])[] = [
  [nodeCrypto, nobleCrypto],
  [nobleCrypto, nodeCrypto],
];

const hybrids = [
  {
    name: 'X25519MLKEM768',
    algorithm: 'x25519mlkem768',
    kem: 'ml-kem-768',
    ecdh: 'x25519',
    first: 'ml-kem-768',
    second: 'x25519',
  },
  {
    name: 'SecP256r1MLKEM768',
    algorithm: 'secp256r1mlkem768',
    kem: 'ml-kem-768',
    ecdh: 'secp256r1',
    first: 'secp256r1',
    second: 'ml-kem-768',
  },
  {
    name: 'SecP384r1MLKEM1024',
    algorithm: 'secp384r1mlkem1024',
    kem: 'ml-kem-1024',
    ecdh: 'secp384r1',
    first: 'secp384r1',
    second: 'ml-kem-1024',
  },
] as const;

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

  it.each(namedGroups)('a key share of $name, and the answer to it', async ({ algorithm }) => {
    const ours = maker.generateKeyShare(algorithm);
    const { keyExchange, sharedSecret } = await reader.encapsulate(algorithm, ours.publicKey);
    const derived = await ours.deriveSharedSecret(keyExchange);
    expect(Buffer.from(derived).equals(sharedSecret)).toBe(true);
    expect(derived).toHaveLength(shareLengths[algorithm].secret);
    expect(ours.publicKey).toHaveLength(shareLengths[algorithm].client);
    expect(keyExchange).toHaveLength(shareLengths[algorithm].server);
    // nothing is drawn twice
    const again = await reader.encapsulate(algorithm, ours.publicKey);
    expect(Buffer.from(again.keyExchange).equals(keyExchange)).toBe(false);
    expect(Buffer.from(again.sharedSecret).equals(sharedSecret)).toBe(false);
  });

  it.each(namedGroups)('a key share of $name from given randomness, to the byte', async ({ algorithm }) => {
    const secret = new Uint8Array(privateKeyLength[algorithm]).map((_, index) => index % 251);
    const random = new Uint8Array(encapsulationLength[algorithm]).map((_, index) => (7 * index) % 251);
    secret[0] = 0; // below the order of P-521
    random[0] = 0;
    const [ours, theirs] = [maker.generateKeyShare(algorithm, secret), reader.generateKeyShare(algorithm, secret)];
    expect(Buffer.from(ours.publicKey).equals(theirs.publicKey)).toBe(true);
    const left = await maker.encapsulate(algorithm, ours.publicKey, random);
    const right = await reader.encapsulate(algorithm, ours.publicKey, random);
    expect(Buffer.from(left.keyExchange).equals(right.keyExchange)).toBe(true);
    expect(Buffer.from(left.sharedSecret).equals(right.sharedSecret)).toBe(true);
  });

  it.each(hybrids)(
    '$name is made of $first’s part and $second’s behind it (draft-ietf-tls-ecdhe-mlkem §4)',
    async ({ algorithm, kem, ecdh, first }) => {
      const secret = randomOf(maker, privateKeyLength[algorithm]);
      const random = randomOf(maker, encapsulationLength[algorithm]);
      const hybrid = maker.generateKeyShare(algorithm, secret);
      const answer = await reader.encapsulate(algorithm, hybrid.publicKey, random);
      const [clientEcdh, serverEcdh] = [
        reader.generateKeyShare(ecdh, secret.subarray(64)),
        maker.generateKeyShare(ecdh, random.subarray(32)),
      ];
      const kemPair = nobleMlKem[kem].generate(secret.subarray(0, 64));
      const kemAnswer = nobleMlKem[kem].encapsulate(kemPair.publicKey, random.subarray(0, 32));
      const ecdhe = await clientEcdh.deriveSharedSecret(serverEcdh.publicKey);
      const joined = (ofKem: Uint8Array, ofEcdh: Uint8Array): Buffer =>
        Buffer.concat(first === kem ? [ofKem, ofEcdh] : [ofEcdh, ofKem]);
      expect(Buffer.from(hybrid.publicKey)).toEqual(joined(kemPair.publicKey, clientEcdh.publicKey));
      expect(Buffer.from(answer.keyExchange)).toEqual(joined(kemAnswer.ciphertext, serverEcdh.publicKey));
      expect(Buffer.from(answer.sharedSecret)).toEqual(joined(kemAnswer.sharedSecret, ecdhe));
    },
  );

  it('a changed ciphertext gives another secret, and no error (FIPS 203 §6.3)', async () => {
    const ours = maker.generateKeyShare('mlkem1024');
    const { keyExchange, sharedSecret } = await reader.encapsulate('mlkem1024', ours.publicKey);
    const changed = Buffer.from(keyExchange);
    changed[7] = (changed[7] ?? 0) ^ 1;
    const derived = await ours.deriveSharedSecret(changed);
    expect(derived).toHaveLength(32);
    expect(Buffer.from(derived).equals(sharedSecret)).toBe(false);
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
    const info = parseSpki(new X509Certificate(certificateDer).publicKey.export({ format: 'der', type: 'spki' }));
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

/** Lengths in bytes (RFC 8446 §4.2.8.2, draft-ietf-tls-ecdhe-mlkem §4). */
const shareLengths: Readonly<
  Record<KeyExchangeAlgorithm, { readonly client: number; readonly server: number; readonly secret: number }>
> = {
  x25519: { client: 32, server: 32, secret: 32 },
  secp256r1: { client: 65, server: 65, secret: 32 },
  secp384r1: { client: 97, server: 97, secret: 48 },
  secp521r1: { client: 133, server: 133, secret: 66 },
  x25519mlkem768: { client: 1216, server: 1120, secret: 64 },
  secp256r1mlkem768: { client: 1249, server: 1153, secret: 64 },
  secp384r1mlkem1024: { client: 1665, server: 1665, secret: 80 },
  mlkem1024: { client: 1568, server: 1568, secret: 32 },
};
