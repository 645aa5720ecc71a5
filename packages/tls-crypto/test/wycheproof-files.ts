import { readFileSync } from 'node:fs';
import { sharedData } from '@org/pki';

/** A test of Wycheproof; which strings there are depends on the file. */
export interface WycheproofTest {
  readonly tcId: number;
  readonly flags: readonly string[];
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [name: string]: unknown;
}

export interface WycheproofGroup {
  readonly tests: readonly WycheproofTest[];
  readonly [name: string]: unknown;
}

/** The groups of a file. Throws when it is not there, so that the tests that need it fail. */
export function wycheproof(file: string): readonly WycheproofGroup[] {
  const { testGroups } = JSON.parse(readFileSync(sharedData(`wycheproof/${file}.json`), 'utf8')) as {
    readonly testGroups: readonly WycheproofGroup[];
  };
  return testGroups;
}

export function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new TypeError(`expected hexadecimal, got ${typeof value}`);
  return new Uint8Array(Buffer.from(value, 'hex'));
}
