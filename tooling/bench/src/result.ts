import type { Spread } from './statistics.ts';
import type { WorkloadKind } from './workload.ts';

/** One case of one workload, as it stands in the JSON. */
export interface CaseResult {
  readonly workload: string;
  readonly case: string;
  readonly unit: string;
  readonly measures: WorkloadKind;
  readonly heapMebibytes: number;
  readonly subjects: readonly SubjectResult[];
}

export type SubjectResult = Measurement | Missing;

export interface Measurement {
  readonly subject: string;
  /** The rate, or the memory of both sides, divided by the baseline's in the same round; absent where the baseline cannot do the case. */
  readonly ratio?: Spread;
  readonly figures: Readonly<Record<string, number>>;
}

/** A subject that is not there, or cannot do the case. */
export interface Missing {
  readonly subject: string;
  readonly missing: string;
}

/** The figures of each kind of workload, with the heading of their column. */
export const figureHeadings: Readonly<Record<WorkloadKind, (unit: string) => Readonly<Record<string, string>>>> = {
  rate: (unit) => ({
    rate: `${unit === 'MiB' ? unit : `${unit}s`} per second`,
    clientCpu: `client CPU µs per ${unit}`,
    serverCpu: 'server CPU µs',
  }),
  memory: (unit) => ({ clientKib: `client KiB per ${unit}`, serverKib: 'server KiB' }),
  collections: (unit) => ({ collections: 'major collections', clientCpu: `client CPU µs per ${unit}` }),
};

export function isMeasured(result: SubjectResult): result is Measurement {
  return !('missing' in result);
}
