import { concatBytes, hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import { hashLength, type CryptoProvider, type HashAlgorithm } from '../../provider.ts';
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
  ]),
  ...hashAlgorithms.flatMap((algorithm) => macCases(algorithm)),
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

function macCases(algorithm: HashAlgorithm): readonly ProviderCase[] {
  return [
    {
      id: `hmac/${algorithm}/agrees`,
      title: `HMAC with ${algorithm}: it agrees with the reference for keys and inputs of any length`,
      run(provider) {
        for (const keyLength of lengths) {
          const [key, input] = [randomBytes(keyLength), randomBytes(keyLength + 3)];
          expect(hex(macBy(provider, algorithm, key, input)), `a key of ${keyLength} bytes`).toBe(
            hex(macBy(reference, algorithm, key, input)),
          );
        }
      },
    },
    {
      id: `hmac/${algorithm}/out`,
      title: `HMAC with ${algorithm}: it is written to the beginning of the buffer alone, which may be the key or the input`,
      run(provider) {
        const length = hashLength[algorithm];
        const [key, input] = [randomBytes(length), randomBytes(length)];
        const expected = hex(macBy(reference, algorithm, key, input));
        const whole = new Uint8Array(length + 40).fill(0xee);
        provider.hmac(algorithm, key, input, whole.subarray(20, length + 30));
        expect(hex(whole.subarray(20, length + 20))).toBe(expected);
        expect([...whole.subarray(0, 20), ...whole.subarray(length + 20)].every((byte) => byte === 0xee)).toBe(true);
        for (const kind of ['key', 'input'] as const) {
          const buffers = { key: Uint8Array.from(key), input: Uint8Array.from(input) };
          provider.hmac(algorithm, buffers.key, buffers.input, buffers[kind]);
          expect(hex(buffers[kind]), `over the ${kind}`).toBe(expected);
        }
      },
    },
  ];
}

function macBy(provider: CryptoProvider, algorithm: HashAlgorithm, key: Uint8Array, input: Uint8Array): Uint8Array {
  const out = new Uint8Array(hashLength[algorithm]);
  provider.hmac(algorithm, key, input, out);
  return out;
}
