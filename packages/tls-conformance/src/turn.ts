/** The clock of the machine. A case may put another in its place, which runs ahead. */
const { setTimeout: startTimer } = globalThis;

/** Node, Bun and Deno have `setImmediate`, and browsers do not. */
const inNextTurn: (run: () => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : (run) => startTimer(run, 0);

/** Waits until the turn of the event loop ends, with all microtasks and ticks. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    inNextTurn(resolve);
  });
}
