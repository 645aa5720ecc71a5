import { hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import type { HashAlgorithm, SignatureAlgorithm } from '../../provider.ts';
import { keyFitsScheme, signatureSchemes } from '../../tables/signature-schemes.ts';
import type { ProviderCase } from '../provider-case.ts';
import { expectMisuse } from '../refusal.ts';
import { directions, randomBytes } from '../reference.ts';
import { allTestKeys, privateInfoOf, publicInfoOf, testKeys, type TestKey } from '../test-keys.ts';

export const signatureCases: readonly ProviderCase[] = [
  ...allTestKeys.flatMap((key) => [
    ...directions.map(({ id, title, rolesOf }): ProviderCase => ({
      id: `signature/${key.name}/${id}`,
      title: `signatures by ${key.name}, by every scheme that fits: ${title}`,
      async run(provider) {
        const { maker, reader } = rolesOf(provider);
        const info = await publicInfoOf(key);
        const privateKey = maker.importPrivateKey(privateInfoOf(key));
        const publicKey = reader.importPublicKey(info);
        const input = randomBytes(130);
        const fitting = signatureSchemes.filter((scheme) => keyFitsScheme(info, scheme));
        expect(fitting.length).toBeGreaterThan(0);
        for (const { algorithm, name } of fitting) {
          const signature = await privateKey.sign(algorithm, input);
          expect(await publicKey.verify(algorithm, input, signature), name).toBe(true);
          expect(await publicKey.verify(algorithm, input.subarray(1), signature), name).toBe(false);
          expect(await publicKey.verify(algorithm, input, signature.subarray(1)), name).toBe(false);
          expect(await publicKey.verify(algorithm, input, new Uint8Array(0)), name).toBe(false);
        }
      },
    })),
    publicHalf(key),
    otherAlgorithms(key),
  ]),
  boundToHash(testKeys.rsaPssSha256, 'sha256', 'sha384'),
  boundToHash(testKeys.rsaPssSha384, 'sha384', 'sha256'),
  ...[testKeys.p256, testKeys.p384, testKeys.p521, testKeys.rsaPss, testKeys.mlDsa44].map(randomised),
];

function publicHalf(key: TestKey): ProviderCase {
  return {
    id: `signature/${key.name}/public-half`,
    title: `the public half of ${key.name} is the reference’s, as DER`,
    async run(provider) {
      const { type, spki } = await publicInfoOf(key);
      const privateKey = provider.importPrivateKey(privateInfoOf(key));
      expect(hex(await privateKey.publicKeySpki)).toBe(hex(spki));
      expect(privateKey.info.type).toBe(type);
    },
  };
}

function otherAlgorithms(key: TestKey): ProviderCase {
  return {
    id: `signature/${key.name}/other-algorithms`,
    title: `${key.name} signs and verifies nothing by an algorithm for another type of key`,
    async run(provider) {
      const info = await publicInfoOf(key);
      const privateKey = provider.importPrivateKey(privateInfoOf(key));
      const publicKey = provider.importPublicKey(info);
      const input = randomBytes(40);
      // A plain RSA key signs by RSASSA-PSS too, and the schemes of both kinds of key have the same algorithms.
      const own = info.type === 'rsa' ? ['rsa-pkcs1', 'rsa-pss'] : [info.type === 'ec' ? 'ecdsa' : info.type];
      for (const { algorithm, name } of signatureSchemes.filter((scheme) => !own.includes(scheme.algorithm.type))) {
        await expectMisuse(() => privateKey.sign(algorithm, input), name);
        expect(await publicKey.verify(algorithm, input, randomBytes(64)), name).toBe(false);
      }
    },
  };
}

function boundToHash(key: TestKey, hash: HashAlgorithm, other: HashAlgorithm): ProviderCase {
  return {
    id: `signature/${key.name}/bound`,
    title: `RFC 4055 §3.3 an RSASSA-PSS key that is bound to ${hash} signs and verifies with no other hash`,
    async run(provider) {
      const plain = provider.importPrivateKey(privateInfoOf(testKeys.rsaPss));
      const privateKey = provider.importPrivateKey(privateInfoOf(key));
      const publicKey = provider.importPublicKey(await publicInfoOf(key));
      const input = randomBytes(100);
      const wrong: readonly SignatureAlgorithm[] = [
        { type: 'rsa-pss', hash: other },
        { type: 'rsa-pkcs1', hash },
      ];
      for (const algorithm of wrong) await expectMisuse(() => privateKey.sign(algorithm, input), algorithm.type);
      // The same key without the bond makes the signature, so that only the hash is wrong.
      const signature = await plain.sign({ type: 'rsa-pss', hash: other }, input);
      expect(await publicKey.verify({ type: 'rsa-pss', hash: other }, input, signature)).toBe(false);
    },
  };
}

function randomised(key: TestKey): ProviderCase {
  return {
    id: `signature/${key.name}/fresh`,
    title: `${key.name} signs with fresh randomness: two signatures of one input differ`,
    async run(provider) {
      const privateKey = provider.importPrivateKey(privateInfoOf(key));
      const info = await publicInfoOf(key);
      const scheme = signatureSchemes.find((each) => keyFitsScheme(info, each));
      if (scheme === undefined) throw new Error(`no scheme fits ${key.name}`);
      const input = randomBytes(40);
      const first = await privateKey.sign(scheme.algorithm, input);
      expect(hex(first)).not.toBe(hex(await privateKey.sign(scheme.algorithm, input)));
    },
  };
}
