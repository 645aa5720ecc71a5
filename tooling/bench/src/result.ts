import type { Spread } from './statistics.ts';
import type { WorkloadKind } from './workload.ts';

/** What was measured under one line of Node, as it stands in `results/node-LINE.json`. */
export interface NodeResults {
  readonly line: string;
  /** The version, e.g. `v24.21.0`. */
  readonly node: string;
  readonly openssl: string;
  /** What tls-native used. */
  readonly nativeLibrary: string;
  readonly results: readonly CaseResult[];
  readonly tables: readonly TableResult[];
}

/** When and where something was measured, and how much of it. */
export interface Measuring {
  /** The day, e.g. `2026-11-29`. */
  readonly date: string;
  readonly commit: string;
  readonly plan: string;
  /** The processor and how much of it, e.g. `2 cores of AMD EPYC`. */
  readonly machine: string;
}

/** What fits no case: figures of something else than subjects. */
export interface Table {
  readonly id: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export type TableResult = Table & Measuring;

/** One case of one workload, as it stands in the JSON. */
export interface CaseResult extends Measuring {
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
