import type { Random } from './random.ts';

/** Keeps what one case did; it is shown when the case fails. */
export type Note = (line: string) => void;

/** Runs one case: it draws an input, gives it to the product, and throws when a promise was broken. */
export type FuzzCase = (random: Random, note: Note) => void | Promise<void>;

export interface Fuzzer {
  readonly name: string;
  /** How many cases run in `npm test`. */
  readonly casesInTests: number;
  /** Makes what all cases share. */
  start(): Promise<FuzzCase>;
  /** Tells the application's own exceptions, which nobody need catch. Default: there are none. */
  readonly isOwn?: (error: unknown) => boolean;
}

/** A promise that the product broke. */
export class Finding extends Error {
  override readonly name = 'Finding';
}
