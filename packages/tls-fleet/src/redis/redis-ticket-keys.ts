import { randomBytes } from 'node:crypto';
import { TlsError, type TicketKey, type TicketKeys } from '@org/tls-core';
import { Reader, Writer } from '@org/tls-core/backend';
import type { Rotation } from '../rotation.ts';
import { ticketKeyFrom, ticketKeyLength } from '../ticket-key-bytes.ts';
import type { RedisClock } from './redis-clock.ts';
import { unhurried, type Link } from '../link/link.ts';
import { isThere, listReply, textReply } from '../link/replies.ts';
import { sealedLength, type SealedValues } from './sealed-values.ts';
import { TicketKeyTable, type EpochKey } from './ticket-key-table.ts';

export interface RedisTicketKeysSettings {
  readonly link: Link;
  readonly clock: RedisClock;
  readonly values: SealedValues;
  readonly rotation: Pick<Rotation, 'interval' | 'lifetime'>;
  /** What all keys in Redis begin with; its hash tag puts them onto one server of a cluster. */
  readonly prefix: string;
  /** Milliseconds from the making of a key to its first ticket: in that time all servers look at least twice. */
  readonly settling: number;
  readonly warn: (error: TlsError) => void;
}

const activeAtLength = 6;
const valueLength = activeAtLength + ticketKeyLength;

/**
 * Ticket keys that servers agree on through Redis, without a leader. Each interval of Redis's time has a key in Redis. Whoever finds none
 * makes it, an interval ahead, with `SET NX`, so that the first one counts for all. It opens tickets from when it is found, and seals from
 * the beginning of its interval.
 *
 * `current` never waits: what it gives was fetched before.
 */
export class RedisTicketKeys implements TicketKeys {
  readonly #settings: RedisTicketKeysSettings;
  readonly #table: TicketKeyTable;
  #isClosed = false;

  constructor(settings: RedisTicketKeysSettings) {
    this.#settings = settings;
    this.#table = new TicketKeyTable(settings.rotation);
  }

  current(): readonly TicketKey[] {
    const now = this.#settings.clock.now();
    return this.#isClosed || now === undefined ? [] : this.#table.at(now);
  }

  /**
   * Looks once: fetches what is new, and makes or puts back what is missing.
   * @returns whether it put something there that the other servers may not know
   * @throws (rejects with) TlsError what `Link.ask` and `RedisClock.read` do
   */
  async look(): Promise<boolean> {
    const { link, clock } = this.#settings;
    const now = await clock.read(link);
    const epochs = this.#table.epochsAt(now);
    const names = epochs.flatMap((epoch) => [this.#nameOf(epoch), this.#nameBefore(epoch)]);
    const replies = listReply(await link.ask(['MGET', ...names], names[0], unhurried), names.length);
    if (replies === undefined) throw new TlsError('ERR_TLS_DECODE', 'redis: MGET gave no list of that length');
    const missing = epochs.filter((_, index) => !isThere(replies[2 * index]));
    for (const [index, epoch] of epochs.entries()) {
      const [current, before] = replies.slice(2 * index);
      if (isThere(current)) this.#adopt(epoch, current, now);
      if (isThere(before)) this.#adoptBefore(epoch, before);
    }
    const added = await Promise.all(missing.map((epoch) => this.#fill(epoch, now)));
    return added.includes(true);
  }

  /**
   * Puts new keys in the place of this interval's and the next one's. The old ones go on opening for as long as they would have.
   * @throws (rejects with) TlsError what `Link.ask` and `RedisClock.read` do; `ERR_TLS_CONFIG` where this server knows none of the fleet's keys,
   *   as one with another secret
   */
  async rotate(): Promise<void> {
    const { link, clock } = this.#settings;
    const now = await clock.read(link);
    const [next, current] = this.#table.epochsAt(now);
    const sealing = this.#table.sealingAt(now);
    if (sealing === undefined)
      throw new TlsError('ERR_TLS_CONFIG', 'this server knows no ticket key of the fleet, and takes the place of none');
    // first: whoever finds the new ones finds this one too
    const before = this.#nameBefore(sealing.epoch);
    await link.ask(this.#setCommand(sealing, now, before), before, unhurried);
    const set = async (epoch: number): Promise<void> => {
      const made = this.#make(epoch, now);
      await link.ask(this.#setCommand(made, now), this.#nameOf(epoch), unhurried);
      this.#table.adopt(made, now);
    };
    await Promise.all([next, current].flatMap((epoch) => (epoch === undefined ? [] : [set(epoch)])));
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Fills the place of a key that is not there: with the one that we know, as after a loss of data, else with a new one. */
  async #fill(epoch: number, now: number): Promise<boolean> {
    const { link, rotation } = this.#settings;
    const isOver = (epoch + 1) * rotation.interval <= now;
    const known = this.#table.of(epoch);
    if (known === undefined && isOver) return false;
    const entry = known ?? this.#make(epoch, now);
    const name = this.#nameOf(epoch);
    if (isThere(await link.ask([...this.#setCommand(entry, now), 'NX'], name, unhurried))) {
      this.#table.adopt(entry, now);
      return true;
    }
    const reply = await link.ask(['GET', name], name, unhurried);
    if (isThere(reply)) this.#adopt(epoch, reply, now);
    return false;
  }

  #make(epoch: number, now: number): EpochKey {
    const { rotation, settling } = this.#settings;
    const activeAt = Math.max(epoch * rotation.interval, Math.ceil(now + settling));
    return { epoch, key: ticketKeyFrom(randomBytes(ticketKeyLength)), activeAt };
  }

  #adopt(epoch: number, reply: unknown, now: number): void {
    this.#reading(() => this.#table.adopt(this.#decode(epoch, reply, this.#nameOf(epoch)), now));
  }

  #adoptBefore(epoch: number, reply: unknown): void {
    this.#reading(() => this.#table.adoptBefore(this.#decode(epoch, reply, this.#nameBefore(epoch))));
  }

  /** What cannot be read is told, and stays: it may be another's, of a later version or of another secret. */
  #reading(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      this.#settings.warn(error);
    }
  }

  #setCommand(entry: EpochKey, now: number, name = this.#nameOf(entry.epoch)): readonly string[] {
    const writer = new Writer(valueLength);
    writer.uint16(Math.floor(entry.activeAt / 2 ** 32)).uint32(entry.activeAt % 2 ** 32);
    writer.bytes(entry.key.name).bytes(entry.key.secret);
    const lifetime = Math.ceil(this.#table.endOf(entry.epoch) - now);
    return ['SET', name, this.#settings.values.seal(writer.finish(), name), 'PX', String(lifetime)];
  }

  /** @throws TlsError `ERR_TLS_DECODE` on what no server of the fleet has put there */
  #decode(epoch: number, reply: unknown, name: string): EpochKey {
    const text = textReply(reply, sealedLength(valueLength));
    if (text === undefined)
      throw new TlsError('ERR_TLS_DECODE', `the value of ${name} in redis is refused: it is no text of that length`);
    const reader = new Reader(this.#settings.values.open(text, name), name);
    const activeAt = reader.uint16() * 2 ** 32 + reader.uint32();
    const key = ticketKeyFrom(reader.bytes(ticketKeyLength));
    reader.end();
    if (activeAt > this.#table.endOf(epoch))
      throw new TlsError(
        'ERR_TLS_DECODE',
        `the value of ${name} in redis is refused: the key would seal when it is over`,
      );
    return { epoch, key, activeAt };
  }

  /** Where the key lies that sealed when another took its place before the interval was over. */
  #nameBefore(epoch: number): string {
    return `${this.#nameOf(epoch)}:before`;
  }

  #nameOf(epoch: number): string {
    const { prefix, rotation } = this.#settings;
    return `${prefix}:ticket-key:${rotation.interval}:${epoch}`;
  }
}
