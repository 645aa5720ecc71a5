import { turn } from './turn.ts';

interface Timer {
  readonly run: () => void;
  readonly due: number;
}

/**
 * Runs `act` while `setTimeout` goes by a clock that moves on by `step` in every turn of the event loop, so that no limit of time is waited
 * for.
 * @param step in milliseconds
 * @returns what `act` gives, and how many timers it has left behind
 */
export async function withFastClock<Result>(
  act: () => Promise<Result>,
  step: number,
): Promise<{ readonly result: Result; readonly timersLeft: number }> {
  const { setTimeout, clearTimeout } = globalThis;
  const timers = new Map<number, Timer>();
  let [now, lastId] = [0, 0];
  Object.assign(globalThis, {
    setTimeout: (run: (...given: unknown[]) => void, delay = 0, ...given: unknown[]): number => {
      lastId += 1;
      timers.set(lastId, { run: () => run(...given), due: now + delay });
      return lastId;
    },
    clearTimeout: (id: number) => timers.delete(id),
  });
  try {
    let isDone = false;
    const result = act().finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await turn();
      now += step;
      const ripe = [...timers].filter(([, { due }]) => due <= now).sort(([, one], [, other]) => one.due - other.due);
      for (const [id, { run }] of ripe) if (timers.delete(id)) run();
    }
    return { result: await result, timersLeft: timers.size };
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
}
