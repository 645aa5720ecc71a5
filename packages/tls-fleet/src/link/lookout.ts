import { TlsError } from '@org/tls-core';

/** Looks again and again, one look at a time, without keeping the process alive. */
export class Lookout {
  readonly #look: () => Promise<void>;
  readonly #interval: () => number;
  readonly #warn: (error: TlsError) => void;
  #looks: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSoon = false;
  #isClosed = false;

  /**
   * @param interval gives the milliseconds until the next look
   * @param warn is told what a look fails with; the looks go on
   */
  constructor(look: () => Promise<void>, interval: () => number, warn: (error: TlsError) => void) {
    this.#look = look;
    this.#interval = interval;
    this.#warn = warn;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @returns when the first look is done */
  begin(): Promise<void> {
    const first = this.check();
    void first.then(() => this.#arm());
    return first;
  }

  /** Looks, behind the looks that were begun before. */
  check(): Promise<void> {
    this.#looks = this.#looks.then(() => this.#once());
    return this.#looks;
  }

  /** Looks soon, once for however many calls: a flood of news is one look. */
  soon(): void {
    if (this.#isSoon || this.#isClosed) return;
    this.#isSoon = true;
    setTimeout(() => {
      this.#isSoon = false;
      void this.check();
    }, soon).unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #once(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#look();
    } catch (error) {
      this.#warn(error instanceof TlsError ? error : new TlsError('ERR_TLS_HOOK', 'a look failed', { cause: error }));
    }
  }

  #arm(): void {
    if (this.#isClosed) return;
    // servers that were started together do not look together
    const delay = this.#interval() * (0.75 + Math.random() / 4);
    this.#timer = setTimeout(() => {
      void this.check().then(() => this.#arm());
    }, delay);
    this.#timer.unref();
  }
}

const soon = 50;
