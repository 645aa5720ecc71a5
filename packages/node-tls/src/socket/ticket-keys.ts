import { randomBytes } from 'node:crypto';
import type { TicketKey, TicketKeys } from '@org/tls-core';
import type { SecureContext } from '../secure-context.ts';

/** Bytes of ticket keys in Node's form: a name of 16 bytes and a secret of 32. */
export const ticketKeyLength = 48;

/** The keys that seal the tickets of a context's connections. They can be shared between servers and set anew. */
class ContextTicketKeys implements TicketKeys {
  #bytes: Buffer = randomBytes(ticketKeyLength);
  #keys: readonly TicketKey[] = [keyOf(this.#bytes)];

  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  set bytes(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
    this.#keys = [keyOf(this.#bytes)];
  }

  current(): readonly TicketKey[] {
    return this.#keys;
  }
}

const known = new WeakMap<SecureContext, ContextTicketKeys>();

/** The ticket keys of a context, which are random unless they are set. */
export function ticketKeysOf(context: SecureContext): ContextTicketKeys {
  const found = known.get(context) ?? new ContextTicketKeys();
  known.set(context, found);
  return found;
}

/** Has a context use the keys of another, as the contexts of one server do. */
export function shareTicketKeys(from: SecureContext, to: SecureContext): void {
  known.set(to, ticketKeysOf(from));
}

function keyOf(bytes: Buffer): TicketKey {
  return { name: bytes.subarray(0, 16), secret: bytes.subarray(16) };
}
