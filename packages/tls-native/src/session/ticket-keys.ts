import { createHmac } from 'node:crypto';
import type { TicketKey } from '@org/tls-core';

const derived = new WeakMap<TicketKey, Uint8Array>();

/**
 * Makes of a ticket key what C++ takes: its name, and two keys that are derived from its secret, one to encrypt tickets and one to
 * authenticate them (RFC 5077 §4). That is done once for each key, which must not be changed after it was given.
 * @returns 80 bytes: 16 of the name and 32 of each key
 */
export function expanded(key: TicketKey): Uint8Array {
  const known = derived.get(key);
  if (known !== undefined) return known;
  const { name, secret } = key;
  const part = (purpose: string): Uint8Array => createHmac('sha256', secret).update(purpose).digest();
  const whole = Buffer.concat([name, part('ticket encryption'), part('ticket authentication')]);
  derived.set(key, whole);
  return whole;
}
