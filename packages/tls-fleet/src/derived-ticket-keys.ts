import type { TicketKey, TicketKeys } from '@org/tls-core';
import { ownOptions } from '@org/tls-core/backend';
import { readSecrets, type FleetSecret } from './fleet-secret.ts';
import { readRotation, rotationOptions, type Rotation, type RotationOptions } from './rotation.ts';
import { ticketKeyFrom, ticketKeyLength } from './ticket-key-bytes.ts';

export interface DerivedTicketKeysOptions extends RotationOptions {
  /**
   * Holds at least 32 random bytes that all servers of the fleet share, or a list of up to 4 such secrets: the first seals, all open, so that
   * a secret can be replaced. It is copied.
   */
  readonly secret: Uint8Array | readonly Uint8Array[];
}

/**
 * Gives ticket keys that servers with the same secret and nearly the same time agree on without a word: each interval of time has a key of
 * its own, derived by HKDF-SHA256 (RFC 5869). The key of this interval seals. Those before it open for as long as sessions live, and one
 * interval longer; the next one opens too, so that clocks may differ by one interval.
 *
 * **There is no forward secrecy past the secret.** Whoever gets it has every key that ever was or will be: they can read each TLS 1.2
 * connection that was resumable and was recorded, and all early data, and can play resumed clients. Keys that come and go for good are in
 * `memoryTicketKeys`, and in `redisFleet` of `@org/tls-fleet/redis`.
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range
 */
export function derivedTicketKeys(options: DerivedTicketKeysOptions): TicketKeys {
  const own = ownOptions(options, ['secret', ...rotationOptions], 'derivedTicketKeys');
  return new DerivedTicketKeys(readSecrets(own.secret, 'secret'), readRotation(own));
}

class DerivedTicketKeys implements TicketKeys {
  readonly #secrets: readonly FleetSecret[];
  readonly #rotation: Rotation;
  #derived: ReadonlyMap<string, TicketKey> = new Map();
  #epoch: number | undefined;

  constructor(secrets: readonly FleetSecret[], rotation: Rotation) {
    this.#secrets = secrets;
    this.#rotation = rotation;
  }

  current(): readonly TicketKey[] {
    const { interval, now } = this.#rotation;
    const epoch = Math.floor(now() / interval);
    if (epoch !== this.#epoch) this.#begin(epoch);
    return [...this.#derived.values()];
  }

  /** A key that stays is the same object, since backends keep what they made of it. */
  #begin(epoch: number): void {
    const derived = new Map<string, TicketKey>();
    for (const [index, secret] of this.#secrets.entries())
      for (const each of this.#epochsAround(epoch)) {
        const place = `${index} ${each}`;
        derived.set(place, this.#derived.get(place) ?? this.#derive(secret, each));
      }
    this.#derived = derived;
    this.#epoch = epoch;
  }

  #epochsAround(epoch: number): readonly number[] {
    const { interval, lifetime } = this.#rotation;
    const past = Math.ceil(lifetime / interval) + 1;
    const before = Array.from({ length: past }, (_, index) => epoch - 1 - index);
    return [epoch, epoch + 1, ...before];
  }

  #derive(secret: FleetSecret, epoch: number): TicketKey {
    return ticketKeyFrom(secret.derive(`ticket key ${this.#rotation.interval} ${epoch}`, ticketKeyLength));
  }
}
