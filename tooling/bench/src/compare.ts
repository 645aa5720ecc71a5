import process from 'node:process';
import type { Identities } from './identities.ts';
import { Pair, type Sample } from './pair.ts';
import type { CaseResult, SubjectResult } from './result.ts';
import { median, noise, ratiosByRound, spreadOf } from './statistics.ts';
import { baseline, subjectNamed } from './subjects.ts';
import type { Case, Workload } from './workload.ts';

/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  /** Milliseconds that a sample shall take at least. */
  readonly sample: number;
  /** What a workload's `warmUp` is multiplied by. */
  readonly warmUp: number;
  /** A case is measured once more, as long as the quartiles of a ratio lie further from each other than this part of it. */
  readonly noise: number;
  readonly repeats: number;
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

/**
 * Measures the subjects in turns, the baseline among them. A ratio is taken within each round, so that what disturbs the machine for
 * longer than a round disturbs both sides of it.
 */
export async function compare(comparison: Comparison): Promise<readonly CaseResult[]> {
  const names = [baseline, ...comparison.subjects.filter((name) => name !== baseline)];
  const missing = new Map<string, string>();
  const pairs = new Map<string, Pair>();
  try {
    for (const subject of names) {
      const { workload, node, heapMebibytes } = comparison;
      const server = subjectNamed(subject).server ?? subject;
      try {
        pairs.set(subject, await Pair.open({ subject, server, workload: workload.id, node, heapMebibytes }));
      } catch (error) {
        missing.set(subject, reason(error));
      }
    }
    const results: CaseResult[] = [];
    for (const [index, each] of comparison.cases.entries()) {
      process.stderr.write(`${comparison.workload.id}: ${each.name}\n`);
      const measured = await new CaseRun(comparison, each, pairs).run(index === 0);
      results.push({
        workload: comparison.workload.id,
        case: each.name,
        unit: comparison.workload.unit,
        heapMebibytes: comparison.heapMebibytes,
        subjects: names.map(
          (name) => measured.get(name) ?? { subject: name, missing: missing.get(name) ?? 'not there' },
        ),
      });
    }
    return results;
  } finally {
    for (const pair of pairs.values()) pair.close();
  }
}

/** One case with all subjects that can do it. */
class CaseRun {
  readonly #comparison: Comparison;
  readonly #case: Case;
  readonly #pairs: ReadonlyMap<string, Pair>;
  readonly #amounts = new Map<string, number>();
  readonly #samples = new Map<string, Sample[]>();

  constructor(comparison: Comparison, each: Case, pairs: ReadonlyMap<string, Pair>) {
    this.#comparison = comparison;
    this.#case = each;
    this.#pairs = pairs;
  }

  async run(isFirst: boolean): Promise<ReadonlyMap<string, SubjectResult>> {
    const { plan, workload } = this.#comparison;
    const results = new Map<string, SubjectResult>();
    for (const [subject, pair] of this.#pairs) {
      try {
        await this.#setUp(pair);
        await this.#findAmount(subject, pair, isFirst ? workload.warmUp * plan.warmUp : 0);
        this.#samples.set(subject, []);
      } catch (error) {
        results.set(subject, { subject, missing: reason(error) });
      }
    }
    await this.#rounds(plan.rounds);
    for (let repeat = 0; repeat < plan.repeats && this.#isNoisy(); repeat += 1) await this.#rounds(plan.rounds);
    for (const subject of this.#samples.keys()) results.set(subject, this.#result(subject));
    return results;
  }

  async #setUp(pair: Pair): Promise<void> {
    const { key } = this.#case.scene;
    const { identities } = this.#comparison;
    const isFirstContact = this.#case.firstContact ?? false;
    await pair.setUp(this.#case.name, await (isFirstContact ? identities.fresh(key, 2) : identities.lasting(key)));
  }

  /** Warms up, and finds how many units take as long as a sample shall. */
  async #findAmount(subject: string, pair: Pair, warmUp: number): Promise<void> {
    const wanted = this.#comparison.plan.sample / 1000;
    let amount = this.#case.least;
    let spent = 0;
    for (;;) {
      const { seconds } = await this.#sample(pair, amount);
      spent += seconds;
      const isLongEnough = seconds >= wanted / 4;
      amount = Math.max(this.#case.least, Math.round(amount * Math.min(8, wanted / seconds)));
      if (isLongEnough && spent * 1000 >= warmUp) break;
    }
    this.#amounts.set(subject, amount);
  }

  async #rounds(count: number): Promise<void> {
    const order = [...this.#samples.keys()];
    for (let round = 0; round < count; round += 1) {
      for (const subject of order) await this.#measure(subject);
      order.reverse();
    }
  }

  async #measure(subject: string): Promise<void> {
    const pair = this.#pairs.get(subject);
    if (pair === undefined) return;
    this.#samples.get(subject)?.push(await this.#sample(pair, this.#amounts.get(subject) ?? this.#case.least));
  }

  async #sample(pair: Pair, amount: number): Promise<Sample> {
    const { identities } = this.#comparison;
    if (this.#case.firstContact === true) {
      const fresh = await identities.fresh(this.#case.scene.key, amount);
      await pair.renew(this.#case.name, fresh.identities);
    }
    return pair.sample(this.#case.name, amount);
  }

  #isNoisy(): boolean {
    const { plan } = this.#comparison;
    return [...this.#samples.keys()].some((subject) => noise(spreadOf(this.#ratios(subject))) > plan.noise);
  }

  #ratios(subject: string): readonly number[] {
    const rates = (name: string): readonly number[] => (this.#samples.get(name) ?? []).map(({ rate }) => rate);
    return ratiosByRound(rates(subject), rates(baseline));
  }

  #result(subject: string): SubjectResult {
    const samples = this.#samples.get(subject) ?? [];
    const ratios = this.#ratios(subject);
    return {
      subject,
      ...(ratios.length > 0 && { ratio: spreadOf(ratios) }),
      rate: median(samples.map(({ rate }) => rate)),
      clientCpu: median(samples.map(({ clientCpu }) => clientCpu)),
      serverCpu: median(samples.map(({ serverCpu }) => serverCpu)),
    };
  }
}

/** Gives the first line, without the names of classes that each process puts before it, and without places on this machine. */
export function reason(error: unknown): string {
  const [line = ''] = String(error).split('\n', 1);
  return line.replace(/^(?:\w*Error(?: \[\w+\])?: )+/, '').replaceAll(/ (?:imported )?(?:in|from) \/\S+/g, '');
}
