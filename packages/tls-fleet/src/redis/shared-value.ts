import { randomUUID } from 'node:crypto';
import { TlsError } from '@org/tls-core';
import { callback, integer, ownOptions, Reader, Writer, wrongType } from '@org/tls-core/backend';
import { keyPart } from './key-part.ts';
import { Lookout } from '../link/lookout.ts';
import { unhurried, type Link } from '../link/link.ts';
import { isThere, textReply } from '../link/replies.ts';
import { sealedLength, type SealedValues } from './sealed-values.ts';

/** A value and its end. */
export interface ExpiringValue {
  /** 1 to 1,048,576 bytes. */
  readonly bytes: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface SharedValueOptions {
  /** Names the value in the fleet: 1 to 64 letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /**
   * Makes a new value, e.g. fetches an OCSP response. One server of the fleet is asked at a time; where Redis does not answer, each makes its
   * own. What it fails with is told by `onWarning`, and it is asked again half a minute later. The signal is aborted after 25 seconds.
   */
  readonly make: (signal: AbortSignal) => PromiseLike<ExpiringValue>;
  /**
   * Says how many milliseconds before its end a value is made anew, 1000 to 604,800,000; at the latest in the middle of its life. Default: an
   * hour.
   */
  readonly renewBefore?: number;
}

/** One value that all servers of a fleet have, and one of them makes. */
export interface SharedValue extends Disposable {
  /** Is `undefined` where there is none, or it is over. */
  readonly current: Uint8Array | undefined;
  /** Looks now. It never fails: what goes wrong is told by `onWarning`. */
  check(): Promise<void>;
  /** Ends the looks. There is no value any more. */
  close(): void;
}

export interface SharedValueSettings {
  readonly link: Link;
  readonly values: SealedValues;
  readonly now: () => number;
  readonly prefix: string;
  readonly warn: (error: TlsError) => void;
  readonly onClose: (value: SharedValue) => void;
}

const longestValue = 2 ** 20;
const numberLength = 6;
const defaultRenewBefore = 3_600_000;
/** Milliseconds for which one server has the turn to make a value. A maker that fails keeps it, so that the fleet does not insist. */
const turn = 30_000;
const makeTimeout = 25_000;
/** Milliseconds between two looks, with a value and without. */
const restingInterval = 60_000;
const needyInterval = 5000;

/** Gives the turn back, unless another has it by now. */
const givingBack = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/**
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range
 */
export function shareValue(settings: SharedValueSettings, options: SharedValueOptions): SharedValue {
  const own = ownOptions(options, ['name', 'make', 'renewBefore'], 'sharedValue');
  const place = `${settings.prefix}:value:${keyPart(own.name, 'name')}`;
  const make = callback(own.make, 'make') as (signal: AbortSignal) => PromiseLike<unknown>;
  const renewBefore = integer(1000, 604_800_000)(own.renewBefore ?? defaultRenewBefore, 'renewBefore');
  return new ValueInRedis({ ...settings, place, make, renewBefore });
}

interface ValueSettings extends SharedValueSettings {
  readonly place: string;
  readonly make: (signal: AbortSignal) => PromiseLike<unknown>;
  readonly renewBefore: number;
}

class ValueInRedis implements SharedValue {
  readonly #settings: ValueSettings;
  readonly #lookout: Lookout;
  #value: ExpiringValue | undefined;
  #dueAt = 0;
  /** When this server may next make a value that it does not share, in milliseconds since the epoch. */
  #nextOwn = 0;

  constructor(settings: ValueSettings) {
    this.#settings = settings;
    const interval = (): number => (this.current === undefined ? needyInterval : restingInterval);
    this.#lookout = new Lookout(() => this.#look(), interval, settings.warn);
    void this.#lookout.begin();
  }

  get current(): Uint8Array | undefined {
    return this.#isOver() ? undefined : this.#value?.bytes;
  }

  check(): Promise<void> {
    return this.#lookout.check();
  }

  close(): void {
    this.#lookout.close();
    this.#value = undefined;
    this.#settings.onClose(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #look(): Promise<void> {
    try {
      await this.#fetchOurs();
      if (this.#isDue()) await this.#renewInTurn();
    } catch (error) {
      this.#settings.warn(error as TlsError);
      if (!this.#settings.link.answers && this.#isDue()) await this.#renewAlone();
    }
  }

  async #fetch(): Promise<void> {
    const { link, place, values } = this.#settings;
    const reply = await link.ask(['GET', place], place, unhurried);
    if (!isThere(reply)) return;
    const text = textReply(reply, sealedLength(longestValue + numberLength));
    if (text === undefined)
      throw new TlsError('ERR_TLS_DECODE', `the value of ${place} in redis is refused: it is no text of that length`);
    const reader = new Reader(values.open(text, place), place);
    const expiresAt = reader.uint16() * 2 ** 32 + reader.uint32();
    this.#take({ bytes: reader.bytes(reader.remaining), expiresAt });
  }

  /** What no server of the fleet has put there is told, and another value takes its place. */
  async #fetchOurs(): Promise<void> {
    try {
      await this.#fetch();
    } catch (error) {
      if (!(error instanceof TlsError) || error.code !== 'ERR_TLS_DECODE') throw error;
      this.#settings.warn(error);
    }
  }

  async #renewInTurn(): Promise<void> {
    const { link, place } = this.#settings;
    const token = randomUUID();
    const lock = `${place}:turn`;
    const reply = await link.ask(['SET', lock, token, 'NX', 'PX', String(turn)], lock, unhurried);
    if (!isThere(reply)) return;
    // who had the turn before may have made one since the last look
    await this.#fetchOurs();
    const value = this.#isDue() ? await this.#make() : undefined;
    if (value !== undefined) await this.#put(value);
    // a maker that has failed keeps the turn
    if (!this.#isDue()) await link.ask(['EVAL', givingBack, '1', lock, token], lock, unhurried);
  }

  async #put(value: ExpiringValue): Promise<void> {
    const { link, place, values, now } = this.#settings;
    const writer = new Writer(numberLength + value.bytes.length);
    writer
      .uint16(Math.floor(value.expiresAt / 2 ** 32))
      .uint32(value.expiresAt % 2 ** 32)
      .bytes(value.bytes);
    const lifetime = String(Math.max(1, Math.ceil(value.expiresAt - now())));
    await link.ask(['SET', place, values.seal(writer.finish(), place), 'PX', lifetime], place, unhurried);
  }

  async #renewAlone(): Promise<void> {
    const { now } = this.#settings;
    if (now() < this.#nextOwn) return;
    this.#nextOwn = now() + turn;
    await this.#make();
  }

  async #make(): Promise<ExpiringValue | undefined> {
    const { make, place, warn } = this.#settings;
    try {
      const value = readValue(await withTimeout(make));
      this.#take(value);
      return value;
    } catch (cause) {
      warn(new TlsError('ERR_TLS_HOOK', `making the value of ${place} failed`, { cause }));
      return undefined;
    }
  }

  /** An older value does not take the place of a newer one. */
  #take(value: ExpiringValue): void {
    if (this.#lookout.isClosed || value.expiresAt <= (this.#value?.expiresAt ?? 0)) return;
    const { now, renewBefore } = this.#settings;
    // one that lives no longer than that is renewed in the middle of its life
    this.#dueAt = value.expiresAt - Math.min(renewBefore, (value.expiresAt - now()) / 2);
    this.#value = value;
  }

  #isOver(): boolean {
    return this.#value === undefined || this.#value.expiresAt <= this.#settings.now();
  }

  #isDue(): boolean {
    return this.#dueAt <= this.#settings.now();
  }
}

function withTimeout(make: (signal: AbortSignal) => PromiseLike<unknown>): Promise<unknown> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new TlsError('ERR_TLS_TIMEOUT', `no value within ${makeTimeout} ms`);
      controller.abort(error);
      reject(error);
    }, makeTimeout);
    timer.unref();
    const settle = (): void => clearTimeout(timer);
    Promise.resolve()
      .then(() => make(controller.signal))
      .finally(settle)
      .then(resolve, reject);
  });
}

function readValue(given: unknown): ExpiringValue {
  const { bytes, expiresAt } = (typeof given === 'object' && given !== null ? given : {}) as Partial<ExpiringValue>;
  if (!(bytes instanceof Uint8Array)) throw wrongType('bytes', 'a Uint8Array', bytes);
  if (typeof expiresAt !== 'number') throw wrongType('expiresAt', 'a number', expiresAt);
  if (bytes.length === 0 || bytes.length > longestValue)
    throw new TlsError('ERR_TLS_LIMIT', `expected 1 to ${longestValue} bytes, got ${bytes.length}`);
  if (!(expiresAt >= 0 && expiresAt <= 8.64e15)) throw new TlsError('ERR_TLS_CONFIG', 'expiresAt: expected a time');
  return { bytes: new Uint8Array(bytes), expiresAt: Math.floor(expiresAt) };
}
