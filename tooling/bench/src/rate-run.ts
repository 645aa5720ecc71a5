import { reason, setUpCase, type CaseRun } from './case-run.ts';
import type { Pair, Sample } from './pair.ts';
import type { SubjectResult } from './result.ts';
import { median, noise, ratiosByRound, spreadOf } from './statistics.ts';
import { baseline } from './subjects.ts';

/** What a case has of the first one's warm-up, since much of its code is compiled by then. */
const laterWarmUp = 0.125;

/**
 * Measures how fast one case goes, for all subjects in turns, the baseline among them. A ratio is taken within each round, so that what
 * disturbs the machine for longer than a round disturbs both sides of it.
 */
export class RateRun {
  readonly #run: CaseRun;
  readonly #amounts = new Map<string, number>();
  readonly #samples = new Map<string, Sample[]>();

  constructor(run: CaseRun) {
    this.#run = run;
  }

  async run(): Promise<ReadonlyMap<string, SubjectResult>> {
    const { plan, pairs } = this.#run;
    const results = new Map<string, SubjectResult>();
    for (const [subject, pair] of pairs) {
      try {
        await setUpCase(this.#run, subject, pair);
        await this.#findAmount(subject, pair);
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

  /** Warms up, and finds how many units take as long as a sample shall. */
  async #findAmount(subject: string, pair: Pair): Promise<void> {
    const { plan, workload, warm, case: each } = this.#run;
    const wanted = plan.sample / 1000;
    const warmUp = (workload.warmUp * plan.warmUp * (warm.has(subject) ? laterWarmUp : 1)) / 1000;
    let amount = each.least;
    let spent = 0;
    let isLongEnough = false;
    while (!isLongEnough || spent < warmUp) {
      const { seconds } = await this.#sample(pair, amount);
      spent += seconds;
      isLongEnough = seconds >= wanted / 4;
      amount = Math.max(each.least, Math.round(amount * Math.min(8, wanted / seconds)));
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
    const { pairs, case: each } = this.#run;
    const pair = pairs.get(subject);
    if (pair === undefined) return;
    this.#samples.get(subject)?.push(await this.#sample(pair, this.#amounts.get(subject) ?? each.least));
  }

  async #sample(pair: Pair, amount: number): Promise<Sample> {
    const { identities, case: each } = this.#run;
    if (each.firstContact === true) {
      const fresh = await identities.fresh(amount);
      await pair.renew(each.name, fresh.identities);
    }
    return pair.sample(each.name, amount);
  }

  #isNoisy(): boolean {
    const { plan } = this.#run;
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
      figures: {
        rate: median(samples.map(({ rate }) => rate)),
        clientCpu: median(samples.map(({ clientCpu }) => clientCpu)),
        serverCpu: median(samples.map(({ serverCpu }) => serverCpu)),
      },
    };
  }
}
