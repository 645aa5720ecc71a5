import { reason, setUpCase, type CaseRun } from './case-run.ts';
import type { Pair, Sample } from './pair.ts';
import type { SubjectResult } from './result.ts';
import { median, noise, ratiosByRound, spreadOf } from './statistics.ts';
import { baseline } from './subjects.ts';

/** What a case has of the first one's warm-up, since much of its code is compiled by then. */
const laterWarmUp = 0.125;

interface WarmUp {
  /** Seconds. */
  readonly left: number;
  /** How many units a sample has. */
  readonly amount: number;
  /** Whether so many units take about as long as a sample shall. */
  readonly isLongEnough: boolean;
}

/**
 * Measures how fast one case goes, for all subjects in turns, the baseline among them. A ratio is taken within each round, so that what
 * disturbs the machine for longer than a round disturbs both sides of it.
 */
export class RateRun {
  readonly #run: CaseRun;
  readonly #warmUps = new Map<string, WarmUp>();
  readonly #samples = new Map<string, Sample[]>();

  constructor(run: CaseRun) {
    this.#run = run;
  }

  async run(): Promise<ReadonlyMap<string, SubjectResult>> {
    const { plan, pairs } = this.#run;
    const results = new Map<string, SubjectResult>();
    /** Does without a subject that cannot do the case. */
    const attempt = async (subject: string, act: (pair: Pair) => Promise<void>): Promise<void> => {
      const pair = pairs.get(subject);
      try {
        if (pair !== undefined) await act(pair);
      } catch (error) {
        this.#warmUps.delete(subject);
        results.set(subject, { subject, missing: reason(error) });
      }
    };
    for (const subject of pairs.keys()) {
      await attempt(subject, async (pair) => {
        await setUpCase(this.#run, subject, pair);
        this.#warmUps.set(subject, this.#warmUpOf(subject));
      });
    }
    for (let next = this.#coldest(); next !== undefined; next = this.#coldest()) {
      const subject = next;
      await attempt(subject, (pair) => this.#warm(subject, pair));
    }
    for (const subject of this.#warmUps.keys()) this.#samples.set(subject, []);
    await this.#rounds(plan.rounds);
    for (let repeat = 0; repeat < plan.repeats && this.#isNoisy(); repeat += 1) await this.#rounds(plan.rounds);
    for (const subject of this.#samples.keys()) results.set(subject, this.#result(subject));
    return results;
  }

  #warmUpOf(subject: string): WarmUp {
    const { plan, workload, warm, case: each } = this.#run;
    const seconds = (workload.warmUp * plan.warmUp * (warm.has(subject) ? laterWarmUp : 1)) / 1000;
    return { left: seconds, amount: each.least, isLongEnough: false };
  }

  /** Gives the subject with the most warm-up left, so that they take turns and none rests before it is measured: V8 lets go of code that rests. */
  #coldest(): string | undefined {
    const cold = [...this.#warmUps].filter(([, { left, isLongEnough }]) => left > 0 || !isLongEnough);
    return cold.toSorted(([, one], [, other]) => other.left - one.left)[0]?.[0];
  }

  /** Takes a sample that does not count, and finds how many units take as long as a sample shall. */
  async #warm(subject: string, pair: Pair): Promise<void> {
    const { plan, case: each } = this.#run;
    const warmUp = this.#warmUps.get(subject) ?? this.#warmUpOf(subject);
    const wanted = plan.sample / 1000;
    const { seconds } = await this.#sample(pair, warmUp.amount);
    this.#warmUps.set(subject, {
      left: warmUp.left - seconds,
      amount: Math.max(each.least, Math.round(warmUp.amount * Math.min(8, wanted / seconds))),
      isLongEnough: seconds >= wanted / 4,
    });
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
    this.#samples.get(subject)?.push(await this.#sample(pair, this.#warmUps.get(subject)?.amount ?? each.least));
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
