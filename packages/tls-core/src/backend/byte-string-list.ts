import { checkDescribedEntries } from './described-entries.ts';
import { decodeError } from './reader.ts';

/**
 * A list of byte strings as it stands on the wire, each behind its length. It is checked once, and searched where it lies: a peer that is
 * not authenticated may send tens of thousands of strings, and none of them becomes an object before somebody asks for it.
 */
export class ByteStringList implements Iterable<Uint8Array> {
  readonly #bytes: Uint8Array;
  readonly #prefix: 1 | 2;
  readonly #what: string;
  /** How many byte strings there are. */
  readonly size: number;

  /**
   * @param bytes the list without its own length; not copied
   * @param prefix bytes of each string's length
   * @param minimum bytes that each string has at least
   * @param what the name of the list, for error messages
   * @throws TlsError `ERR_TLS_DECODE` when it is cut off, or a string is too short
   */
  constructor(bytes: Uint8Array, prefix: 1 | 2, minimum: number, what: string) {
    this.#bytes = bytes;
    this.#prefix = prefix;
    this.#what = what;
    this.size = checkByteStrings(bytes, prefix, minimum, what);
  }

  /** The list that is not there. */
  static readonly empty = new ByteStringList(new Uint8Array(0), 2, 0, 'nothing');

  /** Whether this byte string is one of them. */
  includes(wanted: Uint8Array): boolean {
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.length;) {
      const length = lengthAt(this.#bytes, this.#prefix, at);
      const from = at + this.#prefix;
      if (length === wanted.length && isAt(bytes, from, wanted)) return true;
      at = from + length;
    }
    return false;
  }

  /** Views, in order; each is made when it is asked for. */
  *[Symbol.iterator](): Generator<Uint8Array, void> {
    for (let at = 0; at < this.#bytes.length;) {
      const from = at + this.#prefix;
      at = from + lengthAt(this.#bytes, this.#prefix, at);
      yield this.#bytes.subarray(from, at);
    }
  }

  /**
   * All of them, as views, for a hook.
   * @throws TlsError `ERR_TLS_LIMIT` when there are more than a hook is told
   */
  describe(): readonly Uint8Array[] {
    checkDescribedEntries(this.#what, this.size);
    return [...this];
  }
}

/**
 * Checks such a list without keeping it; the parameters are those of `ByteStringList`.
 * @returns how many byte strings there are
 * @throws TlsError `ERR_TLS_DECODE` when it is cut off, or a string is too short
 */
export function checkByteStrings(bytes: Uint8Array, prefix: 1 | 2, minimum: number, what: string): number {
  let size = 0;
  for (let at = 0; at < bytes.length; size += 1) {
    if (at + prefix > bytes.length) throw decodeError(`${what}: a length is cut off`);
    const length = lengthAt(bytes, prefix, at);
    if (length < minimum) throw decodeError(`${what}: expected at least ${minimum} bytes in a vector, got ${length}`);
    at += prefix + length;
    if (at > bytes.length) throw decodeError(`${what}: a vector is cut off`);
  }
  return size;
}

function lengthAt(bytes: Uint8Array, prefix: 1 | 2, at: number): number {
  return prefix === 1 ? (bytes[at] ?? 0) : ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function isAt(bytes: Uint8Array, from: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) if (bytes[from + index] !== wanted[index]) return false;
  return true;
}
