/** Fires when nothing happened for a while. To refresh it costs no new timer. */
export class IdleTimer {
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;
  #duration = 0;

  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  /** Milliseconds; `undefined` while it is off. */
  get duration(): number | undefined {
    return this.#duration === 0 ? undefined : this.#duration;
  }

  /** @param duration milliseconds; 0 turns it off */
  set(duration: number): void {
    clearTimeout(this.#timer);
    this.#duration = duration;
    this.#timer = duration === 0 ? undefined : setTimeout(this.#onIdle, duration).unref();
  }

  /** Says that something happened, so that the time begins anew. */
  refresh(): void {
    this.#timer?.refresh();
  }
}
