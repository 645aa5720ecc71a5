import type { NonSharedBuffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { TicketKey, TicketKeys } from '@org/tls-core';

const hourMs = 3_600_000;
const rotationTime = 6 * hourMs;

/** Bytes of what Node calls ticket keys: a name of 16, and 32 of secret. */
export const ticketKeysLength = 48;

/**
 * The keys that seal a context's tickets. They are random and changed every six hours, with the last ones still opening; from the moment
 * that a program reads or sets them they are the program's to change, as they are in Node.
 */
export class ContextTicketKeys implements TicketKeys {
  #keys: readonly TicketKey[] = [];
  #rotateAt = 0;

  /** @param given 48 bytes; default: random ones */
  constructor(given?: Uint8Array) {
    if (given !== undefined) this.set(given);
  }

  current(): readonly TicketKey[] {
    if (Date.now() >= this.#rotateAt) {
      this.#keys = [keyFrom(randomBytes(ticketKeysLength)), ...this.#keys.slice(0, 1)];
      this.#rotateAt = Date.now() + rotationTime;
    }
    return this.#keys;
  }

  /** Gives the 48 bytes that seal, a copy, and stops changing them. */
  get(): NonSharedBuffer {
    const [key] = this.current();
    this.#rotateAt = Number.POSITIVE_INFINITY;
    return key === undefined ? Buffer.alloc(0) : Buffer.concat([key.name, key.secret]);
  }

  /** Takes 48 bytes, a copy. Tickets under the old keys are no longer opened. */
  set(keys: Uint8Array): void {
    this.#keys = [keyFrom(keys)];
    this.#rotateAt = Number.POSITIVE_INFINITY;
  }
}

function keyFrom(bytes: Uint8Array): TicketKey {
  const copy = Uint8Array.from(bytes);
  return { name: copy.subarray(0, 16), secret: copy.subarray(16, ticketKeysLength) };
}
