import { TlsError } from '@org/tls-core';

/** How many requests run at a time, and how many may wait for their turn. */
const maxRunning = 16;
const maxWaiting = 10_000;

/** Lets so many requests run at a time, in the order in which they came. */
export class RequestTurns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws (rejects with) TlsError `ERR_TLS_CERTIFICATE_STATUS` when too many wait; what `act` fails with */
  async run<Value>(act: () => Promise<Value>): Promise<Value> {
    if (this.#running < maxRunning) this.#running += 1;
    else await this.#turn();
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  /** A turn is handed on, so that nobody who comes later takes it. */
  async #turn(): Promise<void> {
    if (this.#waiting.length >= maxWaiting)
      throw new TlsError('ERR_TLS_CERTIFICATE_STATUS', `more than ${maxWaiting} questions wait for an answer`);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
