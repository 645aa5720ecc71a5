import type { Spread } from './statistics.ts';

/** One case of one workload, as it stands in the JSON. */
export interface CaseResult {
  readonly workload: string;
  readonly case: string;
  readonly unit: string;
  readonly heapMebibytes: number;
  readonly subjects: readonly SubjectResult[];
}

export type SubjectResult = Measurement | Missing;

export interface Measurement {
  readonly subject: string;
  /** The rate divided by the baseline's in the same round; absent where the baseline cannot do the case. */
  readonly ratio?: Spread;
  /** Units for each second. */
  readonly rate: number;
  /** The microseconds of CPU for each unit. */
  readonly clientCpu: number;
  readonly serverCpu: number;
}

/** A subject that is not there, or cannot do the case. */
export interface Missing {
  readonly subject: string;
  readonly missing: string;
}

export function isMeasured(result: SubjectResult): result is Measurement {
  return !('missing' in result);
}
