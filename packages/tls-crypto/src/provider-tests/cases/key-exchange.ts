import { concatBytes, hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import { namedGroups } from '../../tables/named-groups.ts';
import { nobleMlKem } from '../../noble/ml-kem.ts';
import {
  encapsulationLength,
  privateKeyLength,
  type Ecdh,
  type HybridAlgorithm,
  type KeyExchangeAlgorithm,
  type MlKem,
} from '../../key-exchange.ts';
import type { ProviderCase } from '../provider-case.ts';
import { directions, randomBytes, reference } from '../reference.ts';
import { flipped } from './aead.ts';

/** The lengths of shares in bytes (RFC 8446 §4.2.8.2, draft-ietf-tls-ecdhe-mlkem §4). */
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

/** The two parts of each hybrid, and which of them stands first. */
const hybrids: Readonly<Record<HybridAlgorithm, { readonly kem: MlKem; readonly ecdh: Ecdh; readonly first: string }>> =
  {
    x25519mlkem768: { kem: 'ml-kem-768', ecdh: 'x25519', first: 'ml-kem-768' },
    secp256r1mlkem768: { kem: 'ml-kem-768', ecdh: 'secp256r1', first: 'secp256r1' },
    secp384r1mlkem1024: { kem: 'ml-kem-1024', ecdh: 'secp384r1', first: 'secp384r1' },
  };

const algorithms = namedGroups.map(({ algorithm }) => algorithm);

export const keyExchangeCases: readonly ProviderCase[] = [
  ...algorithms.flatMap((algorithm) => [
    ...directions.map(({ id, title, rolesOf }): ProviderCase => ({
      id: `key-exchange/${algorithm}/${id}`,
      title: `a share of ${algorithm}, and the answer to it: ${title}`,
      async run(provider) {
        const { maker, reader } = rolesOf(provider);
        const ours = maker.generateKeyShare(algorithm);
        const { keyExchange, sharedSecret } = await reader.encapsulate(algorithm, ours.publicKey);
        const derived = await ours.deriveSharedSecret(keyExchange);
        expect(hex(derived)).toBe(hex(sharedSecret));
        const { client, server, secret } = shareLengths[algorithm];
        expect([ours.publicKey.length, keyExchange.length, derived.length]).toEqual([client, server, secret]);
        expect(ours.algorithm).toBe(algorithm);
      },
    })),
    freshness(algorithm),
    exactness(algorithm),
  ]),
  ...(Object.keys(hybrids) as readonly HybridAlgorithm[]).map(composition),
  {
    id: 'key-exchange/mlkem1024/implicit-rejection',
    title: 'FIPS 203 §6.3 a changed ciphertext gives another secret, and no error',
    async run(provider) {
      const ours = provider.generateKeyShare('mlkem1024');
      const { keyExchange, sharedSecret } = await reference.encapsulate('mlkem1024', ours.publicKey);
      const derived = await ours.deriveSharedSecret(flipped(keyExchange, 7));
      expect(derived).toHaveLength(32);
      expect(hex(derived)).not.toBe(hex(sharedSecret));
    },
  },
];

function freshness(algorithm: KeyExchangeAlgorithm): ProviderCase {
  return {
    id: `key-exchange/${algorithm}/fresh`,
    title: `${algorithm}: no key pair and no encapsulation is drawn twice`,
    async run(provider) {
      const [one, two] = [provider.generateKeyShare(algorithm), provider.generateKeyShare(algorithm)];
      expect(hex(one.publicKey)).not.toBe(hex(two.publicKey));
      const first = await provider.encapsulate(algorithm, one.publicKey);
      const second = await provider.encapsulate(algorithm, one.publicKey);
      expect(hex(first.keyExchange)).not.toBe(hex(second.keyExchange));
      expect(hex(first.sharedSecret)).not.toBe(hex(second.sharedSecret));
    },
  };
}

function exactness(algorithm: KeyExchangeAlgorithm): ProviderCase {
  return {
    id: `key-exchange/${algorithm}/exact`,
    title: `${algorithm}: from given randomness it makes what the reference makes, to the byte`,
    async run(provider) {
      const secret = counted(privateKeyLength[algorithm], 1);
      const random = counted(encapsulationLength[algorithm], 7);
      const [ours, theirs] = [provider, reference].map((each) => each.generateKeyShare(algorithm, secret));
      expect(hex(ours?.publicKey ?? secret)).toBe(hex(theirs?.publicKey ?? random));
      const share = theirs?.publicKey ?? secret;
      const left = await provider.encapsulate(algorithm, share, random);
      const right = await reference.encapsulate(algorithm, share, random);
      expect(hex(left.keyExchange)).toBe(hex(right.keyExchange));
      expect(hex(left.sharedSecret)).toBe(hex(right.sharedSecret));
    },
  };
}

/** Gives bytes that count up. They begin with a zero, so that they are below the order of P-521. */
function counted(length: number, step: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (step * index) % 251);
}

function composition(algorithm: HybridAlgorithm): ProviderCase {
  const { kem, ecdh, first } = hybrids[algorithm];
  const second = first === kem ? ecdh : kem;
  return {
    id: `key-exchange/${algorithm}/composition`,
    title: `draft-ietf-tls-ecdhe-mlkem §4 ${algorithm} is ${first}’s part and ${second}’s behind it`,
    async run(provider) {
      const secret = randomBytes(privateKeyLength[algorithm]);
      const random = randomBytes(encapsulationLength[algorithm]);
      const hybrid = provider.generateKeyShare(algorithm, secret);
      const answer = await provider.encapsulate(algorithm, hybrid.publicKey, random);
      const clientEcdh = reference.generateKeyShare(ecdh, secret.subarray(64));
      const serverEcdh = reference.generateKeyShare(ecdh, random.subarray(32));
      const kemPair = nobleMlKem[kem].generate(secret.subarray(0, 64));
      const kemAnswer = nobleMlKem[kem].encapsulate(kemPair.publicKey, random.subarray(0, 32));
      const ecdhe = await clientEcdh.deriveSharedSecret(serverEcdh.publicKey);
      const joined = (ofKem: Uint8Array, ofEcdh: Uint8Array): string =>
        hex(concatBytes(first === kem ? [ofKem, ofEcdh] : [ofEcdh, ofKem]));
      expect(hex(hybrid.publicKey)).toBe(joined(kemPair.publicKey, clientEcdh.publicKey));
      expect(hex(answer.keyExchange)).toBe(joined(kemAnswer.ciphertext, serverEcdh.publicKey));
      expect(hex(answer.sharedSecret)).toBe(joined(kemAnswer.sharedSecret, ecdhe));
    },
  };
}
