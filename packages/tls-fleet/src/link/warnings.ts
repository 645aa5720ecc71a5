import type { TlsError } from '@org/tls-core';

/** Milliseconds for which a fault that was told is not told again. */
const silence = 60_000;
/** Faults that are remembered; more different ones are told more often. */
const mostFaults = 64;

/** Tells the owner what is out of order, each fault once a minute at most. */
export class Warnings {
  readonly #tell: (warning: TlsError) => void;
  readonly #toldAt = new Map<string, number>();

  constructor(tell: (warning: TlsError) => void = emitWarning) {
    this.#tell = tell;
  }

  tell(warning: TlsError): void {
    const now = performance.now();
    const at = this.#toldAt.get(warning.message);
    if (at !== undefined && now - at < silence) return;
    this.#toldAt.delete(warning.message);
    const [oldest] = this.#toldAt.keys();
    if (this.#toldAt.size >= mostFaults && oldest !== undefined) this.#toldAt.delete(oldest);
    this.#toldAt.set(warning.message, now);
    // what the owner throws is an uncaught exception of the owner's, and stops nothing here
    queueMicrotask(() => this.#tell(warning));
  }
}

function emitWarning({ message }: TlsError): void {
  process.emitWarning(`the fleet of servers is not whole: ${message}`, 'TlsWarning');
}
