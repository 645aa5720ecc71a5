import { readFileSync } from 'node:fs';

const stored = JSON.parse(readFileSync(new URL('../../corpus.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>;

/** Gives the bytes of a real file. Throws when there is none of that name. */
export function real(name: string): Uint8Array {
  const base64 = stored[name];
  if (base64 === undefined) throw new RangeError(`the corpus has no ${name}`);
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

export function realText(name: string): string {
  return Buffer.from(real(name)).toString('utf8');
}

/** Gives the names that begin so. */
export function namesOf(...beginnings: readonly string[]): readonly string[] {
  return Object.keys(stored).filter((name) => beginnings.some((beginning) => name.startsWith(beginning)));
}

/** The time at which everything in the corpus is valid. */
export const corpusTime = Date.parse('2026-12-01T00:00:00Z');
