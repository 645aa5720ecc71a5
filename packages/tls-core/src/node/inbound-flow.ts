import type { Transport } from './transport.ts';

/** Who can want no more bytes for now: the reader, whose buffer is full, or the engine, which holds input already. */
export type Consumer = 'reader' | 'engine';

/** Lets a transport's bytes come only while both of their consumers want them. */
export class InboundFlow {
  readonly #transport: Transport;
  readonly #sated = new Set<Consumer>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Lets the first bytes come, unless a consumer has had enough by then. */
  start(): void {
    if (this.#sated.size === 0) this.#transport.resume();
  }

  pauseFor(consumer: Consumer): void {
    this.#sated.add(consumer);
    this.#transport.pause();
  }

  resumeFor(consumer: Consumer): void {
    if (this.#sated.delete(consumer)) this.start();
  }
}
