import process from 'node:process';
import { reason, type Comparison } from './case-run.ts';
import { runOnce } from './once-run.ts';
import { Pair } from './pair.ts';
import { RateRun } from './rate-run.ts';
import { isMeasured, type CaseResult, type Measuring, type SubjectResult } from './result.ts';
import { baseline, subjectNamed } from './subjects.ts';

export type UndatedResult = Omit<CaseResult, keyof Measuring>;

/**
 * Measures cases of one workload, the last first: the usual case stands first, and is measured when the code is compiled. Each subject has two
 * processes for all of them.
 */
export async function compare(comparison: Comparison): Promise<readonly UndatedResult[]> {
  const { workload, heapMebibytes } = comparison;
  const hasPeers = comparison.cases.some(({ withPeers }) => withPeers === true);
  const wanted = comparison.subjects.filter((name) => {
    const { isPeer = false, only = [workload.id] } = subjectNamed(name);
    return only.includes(workload.id) && (hasPeers || !isPeer);
  });
  const subjects = [baseline, ...wanted.filter((name) => name !== baseline)];
  const missing = new Map<string, string>();
  const pairs = new Map<string, Pair>();
  try {
    for (const subject of subjects) {
      const opened = await openPair(comparison, subject);
      if (typeof opened === 'string') missing.set(subject, opened);
      else pairs.set(subject, opened);
    }
    const results: UndatedResult[] = [];
    const warm = new Set<string>();
    for (const each of comparison.cases.toReversed()) {
      process.stderr.write(`${workload.id}: ${each.name}\n`);
      const isIn = (subject: string): boolean => each.withPeers === true || subjectNamed(subject).isPeer !== true;
      const own = new Map([...pairs].filter(([subject]) => isIn(subject)));
      const run = { ...comparison, case: each, pairs: own, warm };
      const measured = await (workload.measures === 'rate' ? new RateRun(run).run() : runOnce(run));
      for (const [subject, result] of measured) if (isMeasured(result)) warm.add(subject);
      results.unshift({
        workload: workload.id,
        case: each.name,
        unit: workload.unit,
        measures: workload.measures,
        heapMebibytes,
        subjects: subjects.filter(isIn).map((subject) => measured.get(subject) ?? absent(subject, missing)),
      });
    }
    return results;
  } finally {
    for (const pair of pairs.values()) pair.close();
  }
}

/** @returns a sentence where the subject is not there */
async function openPair(comparison: Comparison, subject: string): Promise<Pair | string> {
  const { workload, node, heapMebibytes } = comparison;
  const server = subjectNamed(subject).server ?? subject;
  try {
    return await Pair.open({ subject, server, workload: workload.id, node, heapMebibytes });
  } catch (error) {
    return reason(error);
  }
}

function absent(subject: string, missing: ReadonlyMap<string, string>): SubjectResult {
  return { subject, missing: missing.get(subject) ?? 'not there' };
}
