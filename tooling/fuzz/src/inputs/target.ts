import { mutateBytes } from '../mutate-bytes.ts';
import type { Random } from '../random.ts';
import { namesOf, real, realText } from './corpus.ts';
import { mutateDer } from './mutate-der.ts';
import { mutateText } from './mutate-text.ts';

/** A function that reads what others have made. */
export interface Target {
  readonly name: string;
  /** The names of those files of the corpus that it is given, damaged. */
  readonly seeds: readonly string[];
  readonly damage: (random: Random, seed: string) => Uint8Array;
  /** Reads an input. It throws a TlsError on a bad one; any other error is a finding. */
  readonly act: (input: Uint8Array) => unknown;
}

/** Makes a target that is given DER. */
export function derTarget(name: string, beginnings: readonly string[], act: Target['act']): Target {
  const seeds = namesOf(...beginnings);
  return {
    name,
    seeds,
    act,
    damage: (random, seed) => often(random, real(seed), (der) => mutateDer(random, der, ders)),
  };
}

/** Makes a target that is given bytes of another kind. */
export function bytesTarget(name: string, beginnings: readonly string[], act: Target['act']): Target {
  const seeds = namesOf(...beginnings);
  return {
    name,
    seeds,
    act,
    damage: (random, seed) => often(random, real(seed), (bytes) => mutateBytes(random, bytes, ders)),
  };
}

/** Makes a target that is given text. */
export function textTarget(name: string, beginnings: readonly string[], act: (input: string) => unknown): Target {
  const seeds = namesOf(...beginnings);
  return {
    name,
    seeds,
    act: (input) => act(Buffer.from(input).toString('utf8')),
    damage: (random, seed) =>
      Uint8Array.from(Buffer.from(often(random, realText(seed), (text) => mutateText(random, text, texts)))),
  };
}

/** Applies a change one to four times. */
export function often<T>(random: Random, value: T, change: (value: T) => T): T {
  let result = value;
  for (let left = random.pick([1, 1, 1, 2, 2, 3, 4]); left > 0; left -= 1) result = change(result);
  return result;
}

/** The inputs from which parts are taken. */
export const ders: readonly Uint8Array[] = namesOf('certificate', 'key', 'crl e', 'crl f', 'ocsp', 'pkcs').map(real);
const texts: readonly string[] = namesOf('chain', 'pem', 'crl pem', 'jwk').map(realText);
