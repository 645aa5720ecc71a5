/** How long work goes on before others get a turn, in milliseconds. */
const slice = 10;

/** Shares the event loop: long work asks between its steps whether others are due. */
export class Turns {
  #since = performance.now();

  /** Lets the event loop do what else there is, where this work has had it long enough. */
  async share(): Promise<void> {
    if (performance.now() - this.#since < slice) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    this.#since = performance.now();
  }
}
