import type { ConformanceCase } from './conformance-case.ts';
import { uncaughtDuring } from './uncaught.ts';
import { planOf, type ConformanceOptions, type PlannedCase } from './plan.ts';

/** What came of one case. */
export interface CaseResult {
  readonly id: string;
  readonly title: string;
  /** Whether all is as it should be: the case held, or it is a known deviation and failed. */
  readonly isOk: boolean;
  /** Why the case is known to fail, if it is. */
  readonly deviation: string | undefined;
  /** What the case threw, or what nothing caught while it ran, if there was such. */
  readonly error: unknown;
  /** How long it took. */
  readonly milliseconds: number;
}

/**
 * Runs cases one after the other without a test framework, wherever there is a JavaScript engine, and gives each result as it comes. Cases
 * that do not apply to the two backends give none.
 * @throws TypeError on a deviation that names no case
 */
export async function* runConformance(
  cases: readonly ConformanceCase[],
  options: ConformanceOptions,
): AsyncGenerator<CaseResult, void, undefined> {
  for (const planned of await planOf(cases, options)) yield await resultOf(planned);
}

async function resultOf({ id, title, deviation, ...planned }: PlannedCase): Promise<CaseResult> {
  const began = performance.now();
  const thrown = await outcomeOf(() => planned.run());
  return {
    id,
    title,
    isOk: (thrown === undefined) === (deviation === undefined),
    deviation,
    error: thrown?.error,
    milliseconds: performance.now() - began,
  };
}

/** This only ends a case that hangs; it says nothing of how long one may take. */
const patienceSeconds = 600;

/** The clock of the machine. A case may put another in its place, which runs ahead. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** @returns what the case threw or left uncaught, or `undefined` where it held */
async function outcomeOf(run: () => Promise<void> | void): Promise<{ readonly error: unknown } | undefined> {
  let timer: ReturnType<typeof startTimer> | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = startTimer(
      () => reject(new Error(`the case hangs: ${patienceSeconds} s are over`)),
      patienceSeconds * 1000,
    );
  });
  try {
    const uncaught = await uncaughtDuring(() => Promise.race([Promise.resolve().then(run), patience]));
    return uncaught.length === 0 ? undefined : { error: uncaught[0] };
  } catch (error) {
    return { error };
  } finally {
    stopTimer(timer);
  }
}
