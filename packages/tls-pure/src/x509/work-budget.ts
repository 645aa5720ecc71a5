/** How much work one verification may be, so that a peer cannot make it take long. */
export const defaultLimits = {
  signatures: 100,
  steps: 200_000,
  nameComparisons: 250_000,
  /** Certificates between leaf and anchor. */
  intermediates: 6,
} as const;

/** Counts down; each method says whether there was enough left. */
export class WorkBudget {
  #signatures: number = defaultLimits.signatures;
  #steps: number = defaultLimits.steps;
  #nameComparisons: number = defaultLimits.nameComparisons;
  #isExhausted = false;

  /** Whether a limit was reached: the search then ends. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  takeSignature(): boolean {
    this.#signatures -= 1;
    return this.#check(this.#signatures);
  }

  takeStep(): boolean {
    this.#steps -= 1;
    return this.#check(this.#steps);
  }

  takeNameComparisons(count: number): boolean {
    this.#nameComparisons -= count;
    return this.#check(this.#nameComparisons);
  }

  #check(left: number): boolean {
    this.#isExhausted ||= left < 0;
    return !this.#isExhausted;
  }
}
