import { concatBytes, hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import type { HashAlgorithm } from '../../provider.ts';
import type { ProviderCase } from '../provider-case.ts';
import { randomBytes, reference } from '../reference.ts';

export const hashAlgorithms: readonly HashAlgorithm[] = ['sha256', 'sha384', 'sha512'];

/** Lengths around the block of each hash, and one of more than a block. */
const lengths = [0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000];

export const hashCases: readonly ProviderCase[] = [
  ...hashAlgorithms.flatMap((algorithm): readonly ProviderCase[] => [
    {
      id: `hash/${algorithm}/agrees`,
      title: `${algorithm}: at once and running it agrees with the reference`,
      run(provider) {
        for (const length of lengths) {
          const input = randomBytes(length);
          const expected = hex(reference.hash(algorithm, input));
          expect(hex(provider.hash(algorithm, input)), `${length} bytes`).toBe(expected);
          const running = provider.createHash(algorithm);
          running.update(input.subarray(0, length >> 1));
          running.update(input.subarray(length >> 1));
          expect(hex(running.snapshot()), `${length} bytes in two parts`).toBe(expected);
        }
      },
    },
    {
      id: `hash/${algorithm}/snapshots`,
      title: `${algorithm}: a snapshot ends nothing, and what is hashed behind it is not part of it afterwards`,
      run(provider) {
        const [one, extra, two] = [randomBytes(70), randomBytes(70), randomBytes(70)];
        const running = provider.createHash(algorithm);
        expect(hex(running.snapshot())).toBe(hex(reference.hash(algorithm, new Uint8Array(0))));
        running.update(one);
        expect(hex(running.snapshot())).toBe(hex(reference.hash(algorithm, one)));
        expect(hex(running.snapshot(extra))).toBe(hex(reference.hash(algorithm, concatBytes([one, extra]))));
        running.update(two);
        expect(hex(running.snapshot())).toBe(hex(reference.hash(algorithm, concatBytes([one, two]))));
      },
    },
    {
      id: `hmac/${algorithm}/agrees`,
      title: `HMAC with ${algorithm}: it agrees with the reference for keys and inputs of any length`,
      run(provider) {
        for (const keyLength of lengths) {
          const [key, input] = [randomBytes(keyLength), randomBytes(keyLength + 3)];
          expect(hex(provider.hmac(algorithm, key, input)), `a key of ${keyLength} bytes`).toBe(
            hex(reference.hmac(algorithm, key, input)),
          );
        }
      },
    },
  ]),
  {
    id: 'hash/sha1/agrees',
    title: 'SHA-1: it agrees with the reference',
    run(provider) {
      for (const length of lengths) {
        const input = randomBytes(length);
        expect(hex(provider.sha1(input)), `${length} bytes`).toBe(hex(reference.sha1(input)));
      }
    },
  },
];
