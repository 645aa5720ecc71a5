import { readFile } from 'node:fs/promises';

/** The least ratio that a subject may have in a case, why it is that one, and what machines had. */
export interface Floor {
  readonly workload: string;
  readonly case: string;
  readonly subject: string;
  /** The least that passes; of memory and of collections, the most. */
  readonly bound: number;
  readonly reason: string;
  /** What was measured with code as it is now, by machine and day. */
  readonly seen: Readonly<Record<string, number>>;
  /** What was measured before the code was made faster. */
  readonly before?: Readonly<Record<string, number>>;
}

/**
 * Reads the floors of a line of Node from `floors.json`.
 * @throws Error on a bound without a reason or without a figure that it goes by
 */
export async function readFloors(line: string): Promise<readonly Floor[]> {
  const all = JSON.parse(await readFile(new URL('../floors.json', import.meta.url), 'utf8')) as Readonly<
    Record<string, readonly Floor[]>
  >;
  const floors = all[line] ?? [];
  for (const { workload, case: name, subject, reason, seen } of floors) {
    if (reason === '' || Object.keys(seen).length === 0)
      throw new Error(`${subject} in ${workload}, ${name}: expected a reason and what was seen`);
  }
  return floors;
}

/** Says what is wrong with a figure, or nothing where it is within its bound. */
export function fault(floor: Floor, measured: number, isCeiling: boolean): string | undefined {
  const { workload, case: name, subject, bound } = floor;
  const isWithin = isCeiling ? measured <= bound : measured >= bound;
  if (isWithin) return undefined;
  return `${subject} in ${workload}, ${name}: expected at ${isCeiling ? 'most' : 'least'} ${bound}, got ${measured.toFixed(2)}`;
}
