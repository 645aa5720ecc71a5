import { copyBytes, equalBytes } from '@org/tls-core/backend';

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/**
 * Remembers what was made of a byte string for as long as the string is among the last that were added. A string takes the place of another
 * one with the same fingerprint, so that nobody can make the cache slow. Long strings are not kept, so that nobody can make it large.
 */
export class ByteCache<T> {
  readonly #maxEntries: number;
  readonly #maxLength: number;
  /** The order of insertion is the order of age. */
  readonly #entries = new Map<number, Entry<T>>();

  constructor(maxEntries: number, maxLength: number) {
    this.#maxEntries = maxEntries;
    this.#maxLength = maxLength;
  }

  /** @param make receives a copy of the bytes when the result is kept, else the bytes themselves */
  get(bytes: Uint8Array, make: (bytes: Uint8Array) => T): T {
    if (bytes.length > this.#maxLength) return make(bytes);
    const key = fingerprint(bytes);
    const found = this.#entries.get(key);
    if (found !== undefined && equalBytes(found.bytes, bytes)) return found.value;
    // A view would keep the whole message alive, and its bytes would change with those of the message.
    const copy = copyBytes(bytes);
    const value = make(copy);
    this.#entries.delete(key);
    this.#entries.set(key, { bytes: copy, value });
    if (this.#entries.size > this.#maxEntries) this.#dropOldest();
    return value;
  }

  #dropOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}

/** Computes a cheap number from the end of the bytes, where signatures and keys are. Equality is checked over all bytes. */
export function fingerprint(bytes: Uint8Array): number {
  let value = bytes.length;
  for (let index = Math.max(0, bytes.length - 24); index < bytes.length; index += 1) {
    value = (Math.imul(value, 31) + (bytes[index] ?? 0)) | 0;
  }
  return value;
}
