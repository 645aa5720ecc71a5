import type { Random } from './random.ts';

/** Keeps what one case did, to be told when it fails. */
export type Note = (line: string) => void;

/** One case: draws an input, gives it to the product, and throws when a promise was broken. */
export type FuzzCase = (random: Random, note: Note) => void | Promise<void>;

export interface Fuzzer {
  readonly name: string;
  /** Cases of a run in `npm test`. */
  readonly casesInTests: number;
  /** Makes what all cases share. */
  start(): Promise<FuzzCase>;
}

/** A promise that the product broke. */
export class Finding extends Error {
  override readonly name = 'Finding';
}
