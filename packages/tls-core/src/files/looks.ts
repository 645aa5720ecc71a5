/**
 * Looks that somebody asks for, or that come by themselves: one after the other. Who asks while one is under way waits for one that begins
 * later, since the first may have passed what has changed meanwhile; all who wait share it. No look keeps the process alive.
 */
export class Looks {
  readonly #look: () => Promise<boolean>;
  readonly #interval: number;
  #running: Promise<unknown> | undefined;
  #waiting: Promise<boolean> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /**
   * @param interval milliseconds from the end of a look to the next one; 0: none comes by itself
   * @param look says whether it has found something new. Where a look that came by itself rejects, nobody hears of it
   */
  constructor(interval: number, look: () => Promise<boolean>) {
    this.#interval = interval;
    this.#look = look;
    this.#arm();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @returns what the look gives; false behind `close` */
  ask(): Promise<boolean> {
    this.#waiting ??= this.#lookBehind(this.#running);
    return this.#waiting;
  }

  /** No look begins any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #lookBehind(running: Promise<unknown> | undefined): Promise<boolean> {
    await running;
    this.#waiting = undefined;
    if (this.#isClosed) return false;
    const look = this.#look();
    this.#running = look.catch(() => undefined);
    return look;
  }

  #arm(): void {
    if (this.#interval === 0 || this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#lookByTime(), this.#interval);
    this.#timer.unref();
  }

  async #lookByTime(): Promise<void> {
    try {
      await this.ask();
    } catch {
      // The look has told its owner.
    }
    this.#arm();
  }
}
