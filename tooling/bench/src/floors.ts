import { readFile, writeFile } from 'node:fs/promises';

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
  /** What was measured, or estimated, before the code was made faster; it counts as long as nothing else was seen. */
  readonly before?: Readonly<Record<string, number>>;
}

/**
 * Reads the floors of a line of Node from `floors.json`.
 * @throws Error on a bound without a reason or without a figure that it goes by
 */
export async function readFloors(line: string): Promise<readonly Floor[]> {
  const floors = (await readAll())[line] ?? [];
  for (const floor of floors) {
    if (floor.reason === '' || figuresOf(floor).length === 0)
      throw new Error(`${floor.subject} in ${floor.workload}, ${floor.case}: expected a reason and what was seen`);
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

/** A figure that was measured for a floor. */
export interface Seen {
  readonly floor: Floor;
  readonly measured: number;
  readonly isCeiling: boolean;
}

/**
 * Writes what a machine had into `floors.json`, and sets each bound by the worst figure of all machines. It is for a quiet machine and for
 * code that became faster; a figure that got worse needs another reason than that it did.
 */
export async function recordFigures(line: string, machine: string, figures: readonly Seen[]): Promise<void> {
  const renewed = figures.map(({ floor, measured, isCeiling }): Floor => {
    const seen = { ...floor.seen, [machine]: Number(measured.toFixed(2)) };
    return { ...floor, bound: boundOf(Object.values(seen), isCeiling), seen };
  });
  await writeFile(file, `${JSON.stringify({ ...(await readAll()), [line]: renewed }, null, 2)}\n`);
}

/** Gives the figures that a bound goes by. */
export function figuresOf({ seen, before = {} }: Floor): readonly number[] {
  const figures = Object.values(seen);
  return figures.length > 0 ? figures : Object.values(before);
}

/** Leaves room of a quarter: so much do two runs of one machine differ. */
export function boundOf(seen: readonly number[], isCeiling: boolean): number {
  const bound = isCeiling ? Math.max(...seen) * 1.25 : Math.min(...seen) * 0.75;
  return Number(bound.toFixed(2));
}

const file = new URL('../floors.json', import.meta.url);

async function readAll(): Promise<Readonly<Record<string, readonly Floor[]>>> {
  return JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, readonly Floor[]>>;
}
