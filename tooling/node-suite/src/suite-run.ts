import { runTest, type Outcome, type Site } from './run-test.ts';
import type { TestFile } from './test-file.ts';

/**
 * Runs tests side by side. One that fails runs again when the others are done, alone: a busy machine is no fault of the subject.
 * @param jobs how many run at a time
 * @returns the outcomes by the tests' names
 */
export async function runTests(
  tests: readonly TestFile[],
  site: Site,
  jobs: number,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const waiting = [...tests];
  const work = async (slot: number) => {
    for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
      outcomes.set(test.name, await runTest(test, site, slot));
    }
  };
  await Promise.all(Array.from({ length: jobs }, (_, slot) => work(slot)));
  for (const test of tests) {
    if (outcomes.get(test.name)?.kind === 'failed') outcomes.set(test.name, await runTest(test, site, jobs));
  }
  return outcomes;
}
