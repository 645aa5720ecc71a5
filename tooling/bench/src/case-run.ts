import type { Identities } from './identities.ts';
import type { Pair } from './pair.ts';
import { subjectNamed } from './subjects.ts';
import type { Case, Workload } from './workload.ts';

/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  /** Milliseconds that a sample shall take at least. */
  readonly sample: number;
  /** What a workload's `warmUp` is multiplied by. */
  readonly warmUp: number;
  /** What the first contact has of that: each of its chains is new, so that code runs which rests in other cases. */
  readonly firstContactWarmUp: number;
  /** A case is measured once more, as long as the quartiles of a ratio lie further from each other than this part of it. */
  readonly noise: number;
  readonly repeats: number;
  /** What the amounts of memory and collections are multiplied by. */
  readonly once: number;
}

export interface Comparison {
  readonly workload: Workload;
  readonly cases: readonly Case[];
  /** The baseline is measured in any case. */
  readonly subjects: readonly string[];
  readonly node: string;
  readonly heapMebibytes: number;
  readonly plan: Plan;
  readonly identities: Identities;
}

/** One case for the pairs that are there. */
export interface CaseRun extends Comparison {
  readonly case: Case;
  readonly pairs: ReadonlyMap<string, Pair>;
  /** The subjects whose processes have done another case of the workload before. */
  readonly warm: ReadonlySet<string>;
}

/** Sets a case up in the pair of a subject. */
export async function setUpCase({ case: each, identities }: CaseRun, subject: string, pair: Pair): Promise<void> {
  const scene = { ...each.scene, ...subjectNamed(subject).scene };
  const credentials = await (each.firstContact === true ? identities.fresh(2) : identities.lasting(scene.key));
  await pair.setUp(each.name, scene, credentials);
}

/** Gives the first line, without the names of classes that each process puts before it, and without places on this machine. */
export function reason(error: unknown): string {
  const [line = ''] = String(error).split('\n', 1);
  return line.replace(/^(?:\w*Error(?: \[\w+\])?: )+/, '').replaceAll(/ (?:imported )?(?:in|from) \/\S+/g, '');
}
