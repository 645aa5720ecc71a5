/** Fires when nothing happened for a while. To refresh it costs no new timer. */
export class IdleTimer {
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;
  #duration: number | undefined;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** Milliseconds, 0 where it was turned off; `undefined` where it was never set. */
  get duration(): number | undefined {
    return this.#duration;
  }

  /** @param duration milliseconds; 0 turns it off */
  set(duration: number): void {
    this.stop();
    this.#duration = duration;
    this.#timer = duration === 0 ? undefined : setTimeout(this.#onIdle, duration).unref();
  }

  /** Ends the time for good. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Says that something happened, so that the time begins anew. */
  refresh(): void {
    this.#timer?.refresh();
  }
}
