import { hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import type { AeadAlgorithm } from '../../provider.ts';
import type { ProviderCase } from '../provider-case.ts';
import { directions, randomBytes } from '../reference.ts';

export const aeadKeyLengths: Readonly<Record<AeadAlgorithm, number>> = {
  'aes-128-gcm': 16,
  'aes-256-gcm': 32,
  'chacha20-poly1305': 32,
};
export const aeadAlgorithms = Object.keys(aeadKeyLengths) as readonly AeadAlgorithm[];

/** Lengths around one block, and that of a whole record (RFC 8446 §5.1). */
const plaintextLengths = [0, 1, 15, 16, 17, 1000, 2 ** 14];

export const aeadCases: readonly ProviderCase[] = aeadAlgorithms.flatMap((algorithm) => [
  ...directions.map(({ id, title, rolesOf }): ProviderCase => ({
    id: `aead/${algorithm}/${id}`,
    title: `${algorithm}: ${title}`,
    run(provider) {
      const { maker, reader } = rolesOf(provider);
      const key = randomBytes(aeadKeyLengths[algorithm]);
      const [sealer, opener] = [maker.createAead(algorithm, key), reader.createAead(algorithm, key)];
      for (const length of plaintextLengths) {
        const [nonce, additionalData, plaintext] = [randomBytes(12), randomBytes(5), randomBytes(length)];
        const sealed = new Uint8Array(length + 16);
        sealer.seal(nonce, additionalData, plaintext, sealed);
        const opened = new Uint8Array(length);
        expect(opener.open(nonce, additionalData, sealed, opened), `${length} bytes`).toBe(true);
        expect(hex(opened)).toBe(hex(plaintext));
      }
    },
  })),
  {
    id: `aead/${algorithm}/refuses`,
    title: `RFC 5116 §2.2 ${algorithm}: a change of tag, ciphertext, nonce or additional data is found`,
    run(provider) {
      const key = randomBytes(aeadKeyLengths[algorithm]);
      const aead = provider.createAead(algorithm, key);
      const [nonce, additionalData, plaintext] = [randomBytes(12), randomBytes(5), randomBytes(40)];
      const sealed = new Uint8Array(56);
      aead.seal(nonce, additionalData, plaintext, sealed);
      const opens = (by: Uint8Array, beside: Uint8Array, what: Uint8Array): boolean =>
        aead.open(by, beside, what, new Uint8Array(what.length - 16));
      expect(opens(nonce, additionalData, sealed)).toBe(true);
      for (const place of [0, 39, 40, 55]) expect(opens(nonce, additionalData, flipped(sealed, place))).toBe(false);
      for (const place of [0, 11]) expect(opens(flipped(nonce, place), additionalData, sealed)).toBe(false);
      for (const place of [0, 4]) expect(opens(nonce, flipped(additionalData, place), sealed)).toBe(false);
      expect(opens(nonce, additionalData.subarray(1), sealed), 'shorter additional data').toBe(false);
      expect(opens(nonce, additionalData, sealed.subarray(1)), 'a shorter ciphertext').toBe(false);
      expect(opens(nonce, additionalData, new Uint8Array(16)), 'a tag alone').toBe(false);
    },
  },
]);

/** Gives a copy in which the lowest bit of one byte is changed. */
export function flipped(bytes: Uint8Array, place: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[place] = (copy[place] ?? 0) ^ 1;
  return copy;
}
