import type { CaseReport } from './kit.ts';

/** The reports of one run. The line `[]` says that the run has come to its end. */
export class Reports {
  readonly all: CaseReport[] = [];
  #isComplete = false;

  /** @throws SyntaxError on a line that is not JSON */
  add(line: string): void {
    const report = JSON.parse(line) as CaseReport | readonly [];
    if ('id' in report) this.all.push(report);
    else this.#isComplete = true;
  }

  /** Whether all cases have been run. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get failed(): readonly CaseReport[] {
    return this.all.filter(({ isOk }) => !isOk);
  }
}
