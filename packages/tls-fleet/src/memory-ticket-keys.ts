import { randomFillSync } from 'node:crypto';
import type { TicketKeys } from '@org/tls-core';
import { ownOptions, TicketKeyRing } from '@org/tls-core/backend';
import { readRotation, rotationOptions, type RotationOptions } from './rotation.ts';

/** Ticket keys that can be changed before their time. */
export interface MemoryTicketKeys extends TicketKeys {
  /**
   * Has a new key seal from now on. Those that were there go on opening for as long as they would have; with more than 15 of them, the oldest
   * are dropped.
   */
  rotate(): void;
}

/**
 * Gives ticket keys for all contexts of one process, made at random and kept in its memory alone. The newest seals for
 * `rotationInterval`, and opens for a session's life more.
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range
 */
export function memoryTicketKeys(options: RotationOptions = {}): MemoryTicketKeys {
  const { interval, lifetime, now } = readRotation(ownOptions(options, rotationOptions, 'memoryTicketKeys'));
  return new TicketKeyRing(now, (into) => void randomFillSync(into), lifetime, interval);
}
