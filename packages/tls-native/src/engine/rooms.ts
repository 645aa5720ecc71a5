import { copyBytes } from '@org/tls-core/backend';

/**
 * The room for what the addon writes when the owner lends none. Every call copies what is in it before the next call can begin, and so one
 * is enough for all engines of an environment.
 */
let shared: Uint8Array | undefined;

/** As much as a socket reads at once, and a record that had begun before. */
const sharedSize = 2 ** 16 + 2 ** 14;
/** Bytes of plaintext from which on a copy costs more than memory of its own. */
const ownFrom = 2 ** 13;
/** The most content of a record, and the most bytes that any suite adds to it; both are in bytes. */
const recordSize = 2 ** 14;
const recordOverhead = 32;

/** @returns room for the plaintext of what has come */
export function plaintextRoom(): Uint8Array {
  shared ??= Buffer.allocUnsafeSlow(sharedSize);
  return shared;
}

/** @returns the length of the longest records that so many bytes can become, in bytes */
export function mostCiphertext(length: number): number {
  return length + (Math.floor(length / recordSize) + 1) * recordOverhead;
}

/** @returns room for the records of so many bytes; what is written there may have to be copied, see `written` */
export function ciphertextRoom(length: number): Uint8Array {
  return length < ownFrom ? plaintextRoom() : Buffer.allocUnsafeSlow(mostCiphertext(length));
}

/** @returns what the addon wrote, in memory of its own: the owner may keep it, and may transfer it */
export function written(room: Uint8Array, length: number): Uint8Array {
  const part = room.subarray(0, length);
  return room === shared ? copyBytes(part) : part;
}
