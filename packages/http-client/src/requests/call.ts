import type { HttpPhase } from './http-client-error.ts';

/** What is known of one call while it runs, from its first attempt to the end of its last body. */
export class Call {
  readonly method: string;
  readonly url: string;
  /** How far the current request has come. */
  phase: HttpPhase = 'connect';
  #open = 0;
  #isSettled = false;
  #isEnded = false;
  readonly #onEnd: ((error: Error | undefined) => void)[] = [];
  #error: Error | undefined;

  constructor(method: string, url: string) {
    this.method = method.toUpperCase();
    this.url = url;
  }

  /** Calls back once when nothing of the call is left: neither a request under way nor a body. */
  whenEnded(act: (error: Error | undefined) => void): void {
    this.#onEnd.push(act);
  }

  requestBegins(): void {
    this.#open += 1;
    this.phase = 'connect';
  }

  requestEnds(error?: Error): void {
    this.#open -= 1;
    this.#error = error;
    this.#endIfOver();
  }

  /** The caller has its response, and reads its body now. */
  answered(): void {
    this.#isSettled = true;
    this.#endIfOver();
  }

  /** The caller has its error. What is still under way is nobody's. */
  failed(error: Error): void {
    this.#error = error;
    this.#isSettled = true;
    this.#open = 0;
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#isEnded || !this.#isSettled || this.#open > 0) return;
    this.#isEnded = true;
    for (const act of this.#onEnd) act(this.#error);
  }
}
