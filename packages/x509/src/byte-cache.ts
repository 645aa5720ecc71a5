import { copyBytes, equalBytes } from '@org/tls-core/backend';

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/**
 * What was made of byte strings, for as long as they are among the last that were added. Strings with the same fingerprint take each
 * other's place, so that nobody can make it slow; long ones are not kept, so that nobody can make it large.
 */
export class ByteCache<T> {
  readonly #maxEntries: number;
  readonly #maxLength: number;
  /** Insertion order is age. */
  readonly #entries = new Map<number, Entry<T>>();

  constructor(maxEntries: number, maxLength: number) {
    this.#maxEntries = maxEntries;
    this.#maxLength = maxLength;
  }

  /** @param make is given a copy of the bytes when they are kept, else the bytes themselves */
  get(bytes: Uint8Array, make: (bytes: Uint8Array) => T): T {
    if (bytes.length > this.#maxLength) return make(bytes);
    const key = fingerprint(bytes);
    const found = this.#entries.get(key);
    if (found !== undefined && equalBytes(found.bytes, bytes)) return found.value;
    // a view would keep the whole message alive, and change with it
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

/** A cheap number over the end, where signatures and keys are; equality is checked over all bytes. */
function fingerprint(bytes: Uint8Array): number {
  let value = bytes.length;
  for (let index = Math.max(0, bytes.length - 24); index < bytes.length; index += 1) {
    value = (Math.imul(value, 31) + (bytes[index] ?? 0)) | 0;
  }
  return value;
}
