import { createHmac } from 'node:crypto';
import type { TicketKey } from '@org/tls-core';

const derived = new WeakMap<TicketKey, Uint8Array>();

/**
 * A key as C++ takes it: its name, and two keys of its secret, one that encrypts and one that authenticates tickets (RFC 5077 §4). They are
 * derived once for each key, which is not to be changed once it was given.
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
