import type { RoutePhase } from './routes/route.ts';

/** The steps of making a connection, in their order. */
export type ConnectionPhase = RoutePhase | 'handshake';

/** How long each step took, in milliseconds of a monotonic clock; `undefined`: there was no such step. */
export type ConnectionTimings = { readonly [Phase in ConnectionPhase]: number | undefined };

/** Notes how long each step of one connection takes, and which one it is at. */
export class PhaseClock {
  readonly #spent: { [Phase in ConnectionPhase]?: number } = {};
  #phase: ConnectionPhase | undefined;
  #since: number | undefined;

  /** The step that is under way, or was the last one; `undefined` before the first. */
  get phase(): ConnectionPhase | undefined {
    return this.#phase;
  }

  get timings(): ConnectionTimings {
    const { lookup, connect, proxy, handshake } = this.#spent;
    return { lookup, connect, proxy, handshake };
  }

  /** Ends the step under way and begins one, for which time may have been noted before. */
  readonly begin = (phase: ConnectionPhase): void => {
    this.end();
    this.#phase = phase;
    this.#since = performance.now();
  };

  /** Ends the step under way. A second call does nothing. */
  end(): void {
    if (this.#phase === undefined || this.#since === undefined) return;
    this.#spent[this.#phase] = (this.#spent[this.#phase] ?? 0) + performance.now() - this.#since;
    this.#since = undefined;
  }
}
