/**
 * Counts checks, and prints a line for each. A check is a name and the faults that were found: none is a pass.
 * @param print takes each line; it is the console's when it is left out
 */
export function createTally(print = (line) => console.log(line)) {
  let passed = 0;
  let failed = 0;

  /**
   * Runs a check, and prints what it found. What a check throws is a fault of it.
   * @param find gives a list of one-line faults, or a promise of one
   * @returns whether there was none
   */
  async function check(name, find) {
    const faults = await faultsOf(find);
    if (faults.length === 0) passed += 1;
    else failed += 1;
    print(`${faults.length === 0 ? 'ok' : 'FAILED'}  ${name}`);
    for (const fault of faults) print(`        ${fault}`);
    return faults.length === 0;
  }

  /** As `check`, of a step without which the following ones have no sense: it throws when there was a fault. */
  async function step(name, find) {
    if (!(await check(name, find))) throw new StepFailed(name);
  }

  /** Prints the last line, `N passed, N failed`. Gives whether all is well: that nothing was checked is not. */
  function finish() {
    print(`${passed} passed, ${failed} failed`);
    return failed === 0 && passed > 0;
  }

  return { check, step, finish };
}

/** Says that a step has failed, which has been printed already. */
export class StepFailed extends Error {}

async function faultsOf(find) {
  try {
    const faults = await find();
    if (!Array.isArray(faults)) throw new TypeError('a check gives a list of faults');
    return faults;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
