/**
 * Gives a reader what came in turns of the event loop: what comes when a turn has been ended waits, in its order, until the next one.
 * Without `end` everything is given at once.
 */
export class ReaderTurns {
  readonly #hasRead: () => boolean;
  readonly #waiting: (() => void)[] = [];
  #isOver = false;
  #isMoreWanted = false;
  #isNextDue = false;

  /** @param hasRead tells whether the reader has taken all that it was given */
  constructor(hasRead: () => boolean) {
    this.#hasRead = hasRead;
  }

  /** True from the end of a turn until the next one, and `give` has what it gets wait. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True while something waits for the next turn. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Gives something to the reader now, or behind what waits. */
  give(something: () => void): void {
    if (this.#isOver) this.#waiting.push(something);
    else something();
  }

  /** Ends the turn. `rest` is what comes first in the next one, which begins once the reader has taken all. */
  end(rest: () => void): void {
    this.#isOver = true;
    this.#isMoreWanted = false;
    this.#waiting.unshift(rest);
    this.#beginSoon();
  }

  /** Says that the reader asks for more, whatever it has taken. */
  wantsMore(): void {
    if (!this.#isOver) return;
    this.#isMoreWanted = true;
    this.#beginSoon();
  }

  #beginSoon(): void {
    if (this.#isNextDue) return;
    this.#isNextDue = true;
    setImmediate(() => {
      this.#isNextDue = false;
      if (!this.#isMoreWanted && !this.#hasRead()) return;
      this.#isOver = false;
      while (!this.#isOver) {
        const something = this.#waiting.shift();
        if (something === undefined) return;
        something();
      }
    });
  }
}
