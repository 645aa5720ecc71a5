import type { EventEmitter } from 'node:events';

/** Counts what keeps a process alive, e.g. `{ TCPServerWrap: 1, Timeout: 2 }`. */
export function activeResources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** How many listeners an object has for each event. */
export function listenersOf(emitter: EventEmitter): Readonly<Record<string, number>> {
  return Object.fromEntries(emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]));
}

/** Remembers objects without keeping them. */
export class Witness {
  #objects: WeakRef<object>[] = [];

  see(object: object): void {
    this.#objects.push(new WeakRef(object));
  }

  /** How many are still there. Those that are gone are forgotten. */
  alive(): number {
    this.#objects = this.#objects.filter((object) => object.deref() !== undefined);
    return this.#objects.length;
  }
}

/** Bytes in use after all garbage has been collected; it needs `--expose-gc`. */
export async function bytesInUse(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    // what is weakly referred to lives until the end of the turn
    await new Promise((resolve) => setImmediate(resolve));
    if (gc === undefined) throw new Error('run it with --expose-gc');
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  // what the addon does for objects that were collected is an Immediate of the next turn
  await new Promise((resolve) => setImmediate(resolve));
  return heapUsed + external;
}
