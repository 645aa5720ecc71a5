import { TlsError } from '@org/tls-core';
import { unhurried, type Link } from '../link/link.ts';
import { integerReply, listReply } from '../link/replies.ts';

/** The time that a fleet agrees on is that of Redis: what the clocks of its hosts say does not matter. */
export class RedisClock {
  #known: { readonly time: number; readonly at: number } | undefined;

  /**
   * Asks for the time.
   * @returns milliseconds since the epoch
   * @throws (rejects with) TlsError what `Link.ask` does; `ERR_TLS_DECODE` where the reply is no time
   */
  async read(link: Link): Promise<number> {
    const sent = performance.now();
    const reply = await link.ask(['TIME'], undefined, unhurried);
    const received = performance.now();
    const [seconds, microseconds] = (listReply(reply, 2) ?? []).map(integerReply);
    // the last time that a Date can have
    if (seconds === undefined || microseconds === undefined || seconds < 0 || seconds > 8.64e12)
      throw new TlsError('ERR_TLS_DECODE', 'redis: TIME gave no time');
    const time = seconds * 1000 + Math.floor(microseconds / 1000);
    this.#known = { time, at: (sent + received) / 2 };
    return this.now() ?? time;
  }

  /** @returns milliseconds since the epoch; `undefined` before the first reply */
  now(): number | undefined {
    return this.#known === undefined ? undefined : this.#known.time + (performance.now() - this.#known.at);
  }
}
