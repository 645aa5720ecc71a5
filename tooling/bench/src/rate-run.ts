import { reason, setUpCase, type CaseRun } from './case-run.ts';
import type { Pair, Sample } from './pair.ts';
import type { SubjectResult } from './result.ts';
import { median, noise, ratiosByRound, spreadOf } from './statistics.ts';
import { baseline } from './subjects.ts';

/** What another case has of the first one's warm-up, since much of its code is compiled by then. */
const laterWarmUp = 0.125;

/** A subject that takes its turns. */
interface Turns {
  readonly pair: Pair;
  /** Seconds of warm-up that it has before it. */
  left: number;
  /** How many units a sample has. */
  amount: number;
  /** Whether so many units take about as long as a sample shall. */
  isLongEnough: boolean;
  readonly samples: Sample[];
}

/**
 * Measures how fast one case goes, for all subjects in turns, the baseline among them. A ratio is taken within each round, so that what
 * disturbs the machine for longer than a round disturbs both sides of it.
 */
export class RateRun {
  readonly #run: CaseRun;
  readonly #turns = new Map<string, Turns>();

  constructor(run: CaseRun) {
    this.#run = run;
  }

  async run(): Promise<ReadonlyMap<string, SubjectResult>> {
    const { plan, pairs } = this.#run;
    const results = new Map<string, SubjectResult>();
    /** Does without a subject that cannot do the case. */
    const attempt = async (subject: string, act: () => Promise<void>): Promise<void> => {
      try {
        await act();
      } catch (error) {
        this.#turns.delete(subject);
        results.set(subject, { subject, missing: reason(error) });
      }
    };
    for (const [subject, pair] of pairs) await attempt(subject, () => this.#begin(subject, pair));
    for (let next = this.#coldest(); next !== undefined; next = this.#coldest()) {
      const [subject, turns] = next;
      await attempt(subject, () => this.#warm(turns));
    }
    await this.#rounds(plan.rounds);
    for (let repeat = 0; repeat < plan.repeats && this.#isNoisy(); repeat += 1) await this.#rounds(plan.rounds);
    for (const [subject, { samples }] of this.#turns) results.set(subject, this.#result(subject, samples));
    return results;
  }

  async #begin(subject: string, pair: Pair): Promise<void> {
    const { plan, workload, warm, case: each } = this.#run;
    await setUpCase(this.#run, subject, pair);
    const later = each.firstContact === true ? plan.firstContactWarmUp : laterWarmUp;
    const share = warm.has(subject) ? later : 1;
    const left = (workload.warmUp * plan.warmUp * share) / 1000;
    this.#turns.set(subject, { pair, left, amount: each.least, isLongEnough: false, samples: [] });
  }

  /** Gives the subject with the most warm-up left, so that they take turns and none rests before it is measured: V8 lets go of code that rests. */
  #coldest(): [string, Turns] | undefined {
    const cold = [...this.#turns].filter(([, { left, isLongEnough }]) => left > 0 || !isLongEnough);
    return cold.toSorted(([, one], [, other]) => other.left - one.left)[0];
  }

  /** Takes a sample that does not count, and finds how many units take as long as a sample shall. */
  async #warm(turns: Turns): Promise<void> {
    const { plan, case: each } = this.#run;
    const wanted = plan.sample / 1000;
    const { seconds } = await this.#sample(turns);
    turns.left -= seconds;
    turns.amount = Math.max(each.least, Math.round(turns.amount * Math.min(8, wanted / seconds)));
    turns.isLongEnough = seconds >= wanted / 4;
  }

  async #rounds(count: number): Promise<void> {
    const order = [...this.#turns.values()];
    for (let round = 0; round < count; round += 1) {
      for (const turns of order) turns.samples.push(await this.#sample(turns));
      order.reverse();
    }
  }

  async #sample({ pair, amount }: Turns): Promise<Sample> {
    const { identities, case: each } = this.#run;
    if (each.firstContact === true) {
      const fresh = await identities.fresh(amount);
      await pair.renew(each.name, fresh.identities);
    }
    return pair.sample(each.name, amount);
  }

  #isNoisy(): boolean {
    const { plan } = this.#run;
    return [...this.#turns.keys()].some((subject) => noise(spreadOf(this.#ratios(subject))) > plan.noise);
  }

  #ratios(subject: string): readonly number[] {
    const rates = (name: string): readonly number[] => (this.#turns.get(name)?.samples ?? []).map(({ rate }) => rate);
    return ratiosByRound(rates(subject), rates(baseline));
  }

  #result(subject: string, samples: readonly Sample[]): SubjectResult {
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
