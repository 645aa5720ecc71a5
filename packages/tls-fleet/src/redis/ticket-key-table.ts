import type { TicketKey } from '@org/tls-core';
import { equalSecret } from '@org/tls-core/backend';
import type { Rotation } from '../rotation.ts';

/** The key of one interval. */
export interface EpochKey {
  /** The interval's number since the epoch of Unix time. */
  readonly epoch: number;
  readonly key: TicketKey;
  /** When it begins to seal, in milliseconds since the epoch: all servers have it by then. */
  readonly activeAt: number;
}

/** The keys of a time, both ends in milliseconds since the epoch. */
interface KeyList {
  readonly keys: readonly TicketKey[];
  readonly from: number;
  readonly until: number;
}

/** Handshakes take 256 keys. Whoever rotates that often has no use for the oldest. */
const mostKeys = 240;

/** The keys that a server of the fleet knows. */
export class TicketKeyTable {
  readonly #rotation: Pick<Rotation, 'interval' | 'lifetime'>;
  /** The first of each interval is the one in Redis; the others were there before. */
  readonly #keys = new Map<number, readonly EpochKey[]>();
  #list: KeyList | undefined;

  constructor(rotation: Pick<Rotation, 'interval' | 'lifetime'>) {
    this.#rotation = rotation;
  }

  /** The intervals whose keys matter: from the first whose tickets may still live to the next one. */
  epochsAt(now: number): readonly number[] {
    const { interval, lifetime } = this.#rotation;
    const epoch = Math.floor(now / interval);
    const past = 1 + Math.ceil(lifetime / interval);
    return Array.from({ length: past + 2 }, (_, index) => epoch + 1 - index);
  }

  /** When a key is over, in milliseconds since the epoch: it may have sealed for one interval more than its own. */
  endOf(epoch: number): number {
    return (epoch + 2) * this.#rotation.interval + this.#rotation.lifetime;
  }

  of(epoch: number): EpochKey | undefined {
    return this.#keys.get(epoch)?.[0];
  }

  /**
   * Takes the key that Redis has for an interval. The one that was there goes on opening where it has sealed. Where its time to seal is yet to
   * come, it never will: others may not have seen it.
   * @returns false: it is known
   */
  adopt(given: EpochKey, now: number): boolean {
    const known = this.#keys.get(given.epoch) ?? [];
    const [first] = known;
    if (first !== undefined && first.activeAt === given.activeAt && isSame(first, given)) return false;
    // an object that is known stays, since backends keep what they made of it
    const same = known.find((each) => isSame(each, given));
    const [sealing] = this.at(now);
    const others = known.filter((each) => each !== same && (each.activeAt <= now || each.key === sealing));
    this.#keys.set(given.epoch, [same === undefined ? given : { ...given, key: same.key }, ...others]);
    this.#list = undefined;
    this.#forgetOldest();
    return true;
  }

  /** Takes a key that another took the place of, as a server that was there before has put it aside. It opens, and seals until the other does. */
  adoptBefore(given: EpochKey): void {
    const known = this.#keys.get(given.epoch) ?? [];
    const [first] = known;
    if (first === undefined || known.some((each) => isSame(each, given))) return;
    this.#keys.set(given.epoch, [...known, given]);
    this.#list = undefined;
    this.#forgetOldest();
  }

  /** The key that seals now. */
  sealingAt(now: number): EpochKey | undefined {
    const [sealing] = this.at(now);
    return [...this.#keys.values()].flat().find(({ key }) => key === sealing);
  }

  /**
   * Gives the keys of now: the one that seals, then all that open. There are none where no key is young enough to seal.
   */
  at(now: number): readonly TicketKey[] {
    if (this.#list === undefined || now < this.#list.from || now >= this.#list.until) this.#list = this.#make(now);
    return this.#list.keys;
  }

  #make(now: number): KeyList {
    for (const epoch of this.#keys.keys()) if (this.endOf(epoch) <= now) this.#keys.delete(epoch);
    const entries = [...this.#keys.values()].flat().toSorted((a, b) => b.activeAt - a.activeAt);
    const young = entries.filter(({ epoch }) => this.#sealsUntil(epoch) > now);
    // a fleet that has just begun has none that all servers know by now, and a full handshake is the worst that can come of it
    const sealing = young.find(({ activeAt }) => activeAt <= now) ?? young.at(-1);
    const changes = entries.flatMap(({ epoch, activeAt }) => [activeAt, this.#sealsUntil(epoch), this.endOf(epoch)]);
    const until = Math.min(...changes.filter((each) => each > now));
    if (sealing === undefined) return { keys: [], from: now, until };
    const keys = [sealing, ...entries.filter((each) => each !== sealing)].map(({ key }) => key);
    return { keys, from: now, until };
  }

  #forgetOldest(): void {
    const count = [...this.#keys.values()].reduce((sum, { length }) => sum + length, 0);
    const [oldest] = [...this.#keys.values()]
      .flatMap((each) => each.slice(1))
      .toSorted((a, b) => a.activeAt - b.activeAt);
    if (count <= mostKeys || oldest === undefined) return;
    this.#keys.set(
      oldest.epoch,
      (this.#keys.get(oldest.epoch) ?? []).filter((each) => each !== oldest),
    );
  }

  /** Where Redis is gone and there is no next key, one goes on sealing for an interval. */
  #sealsUntil(epoch: number): number {
    return (epoch + 2) * this.#rotation.interval;
  }
}

function isSame({ key: left }: EpochKey, { key: right }: EpochKey): boolean {
  return equalSecret(left.secret, right.secret) && equalSecret(left.name, right.name);
}
