/** The middle of some values, and the two between which half of them lie. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Gives the median and the quartiles, between two values where none is in the middle. All are NaN without values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: sorted.length,
  };
}

export function median(values: readonly number[]): number {
  return spreadOf(values).median;
}

/** Gives how far the quartiles lie from each other, as a part of the median. */
export function noise({ median: middle, low, high }: Spread): number {
  return (high - low) / middle;
}

/** Divides each value by the one of the same round. A round that lacks one of the two is left out. */
export function ratiosByRound(values: readonly number[], dividedBy: readonly number[]): readonly number[] {
  return values.map((value, round) => value / (dividedBy[round] ?? Number.NaN)).filter((ratio) => !Number.isNaN(ratio));
}

function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
