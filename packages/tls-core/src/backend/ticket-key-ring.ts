import type { TicketKey, TicketKeys } from '../hooks.ts';

const rotationInterval = 6 * 60 * 60 * 1000;
/** The newest seals, the others only open. Time bounds them, and this does where somebody rotates by hand again and again. */
const keptKeys = 16;

/** Ticket keys in memory, made at random and changed as time goes by. Whoever has a key reads what it sealed: none is kept long. */
export class TicketKeyRing implements TicketKeys {
  readonly #clock: () => number;
  readonly #randomFill: (into: Uint8Array) => void;
  readonly #lifetime: number;
  readonly #interval: number;
  #keys: readonly { readonly key: TicketKey; readonly madeAt: number }[] = [];

  /**
   * @param lifetime of a session, in milliseconds: a key opens for as long after it last sealed
   * @param interval after which another key seals, in milliseconds; default: 6 hours
   */
  constructor(
    clock: () => number,
    randomFill: (into: Uint8Array) => void,
    lifetime: number,
    interval = rotationInterval,
  ) {
    this.#clock = clock;
    this.#randomFill = randomFill;
    this.#lifetime = lifetime;
    this.#interval = interval;
  }

  current(): readonly TicketKey[] {
    const now = this.#clock();
    const [newest] = this.#keys;
    if (newest === undefined || now - newest.madeAt >= this.#interval) this.#add(now);
    return this.#keys.map(({ key }) => key);
  }

  /**
   * Has a new key seal from now on, before its time. Those that were there go on opening for as long as they would have; with more than 15 of
   * them, the oldest are dropped.
   */
  rotate(): void {
    this.#add(this.#clock());
  }

  #add(now: number): void {
    const name = new Uint8Array(16);
    const secret = new Uint8Array(32);
    this.#randomFill(name);
    this.#randomFill(secret);
    const isUseful = ({ madeAt }: { readonly madeAt: number }): boolean =>
      now - madeAt < this.#interval + this.#lifetime;
    const most = Math.max(keptKeys, Math.ceil(this.#lifetime / this.#interval) + 1);
    this.#keys = [{ key: { name, secret }, madeAt: now }, ...this.#keys.filter(isUseful)].slice(0, most);
  }
}
