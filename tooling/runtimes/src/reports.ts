import type { CaseReport } from './kit.ts';

/** The reports of a run in one or more parts. The line `[]` says that a part has come to its end. */
export class Reports {
  readonly all: CaseReport[] = [];
  #partsLeft: number;

  constructor(parts = 1) {
    this.#partsLeft = parts;
  }

  /** @throws SyntaxError on a line that is not JSON */
  add(line: string): void {
    const report = JSON.parse(line) as CaseReport | readonly [];
    if ('id' in report) this.all.push(report);
    else this.#partsLeft -= 1;
  }

  /** Whether all cases have been run. */
  get isComplete(): boolean {
    return this.#partsLeft === 0;
  }

  get failed(): readonly CaseReport[] {
    return this.all.filter(({ isOk }) => !isOk);
  }
}
