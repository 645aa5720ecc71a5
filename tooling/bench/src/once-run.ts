import { reason, setUpCase, type CaseRun } from './case-run.ts';
import type { Pair } from './pair.ts';
import type { Measurement, SubjectResult } from './result.ts';
import { spreadOf } from './statistics.ts';
import { baseline, subjectNamed } from './subjects.ts';

/** Measures what a case takes besides time: each subject does its units once, because memory hardly differs between two runs. */
export async function runOnce(run: CaseRun): Promise<ReadonlyMap<string, SubjectResult>> {
  const results = new Map<string, SubjectResult>();
  const kind = run.workload.measures;
  for (const [subject, pair] of run.pairs) {
    try {
      await setUpCase(run, subject, pair);
      const measured = kind === 'memory' ? await memory(run, subject, pair) : await collections(run, subject, pair);
      results.set(subject, withRatio(measured, results.get(baseline)));
    } catch (error) {
      results.set(subject, { subject, missing: reason(error) });
    }
  }
  return results;
}

async function memory({ case: each, plan }: CaseRun, subject: string, pair: Pair): Promise<Measurement> {
  const amount = Math.ceil(each.least * plan.once);
  await pair.prepare(each.name);
  const [client, server] = await pair.measure(true);
  await pair.drive(each.name, amount);
  const [clientAfter, serverAfter] = await pair.measure(true);
  const figures = {
    clientKib: (clientAfter.rss - client.rss) / 1024 / amount,
    serverKib: (serverAfter.rss - server.rss) / 1024 / amount,
  };
  return { subject, figures };
}

async function collections({ case: each, plan }: CaseRun, subject: string, pair: Pair): Promise<Measurement> {
  if (subjectNamed(subject).isSlow === true) throw new Error('it would take minutes');
  await pair.prepare(each.name);
  const amount = Math.ceil(each.least * plan.once);
  const [client] = await pair.measure(false);
  await pair.drive(each.name, amount);
  const [clientAfter] = await pair.measure(false);
  const figures = {
    collections: clientAfter.collections - client.collections,
    clientCpu: (clientAfter.cpu - client.cpu) / amount,
  };
  return { subject, figures };
}

/** Divides the memory of both sides by the baseline's. */
function withRatio(measured: Measurement, divisor: SubjectResult | undefined): Measurement {
  const total = ({ figures }: Measurement): number =>
    (figures['clientKib'] ?? Number.NaN) + (figures['serverKib'] ?? 0);
  const own = divisor ?? measured;
  const ratio = 'missing' in own ? Number.NaN : total(measured) / total(own);
  return Number.isNaN(ratio) ? measured : { ...measured, ratio: spreadOf([ratio]) };
}
