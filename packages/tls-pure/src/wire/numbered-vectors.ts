import { decodeError } from '@org/tls-core/backend';

/**
 * A list of a 16-bit number and an `opaque v<0..2^16-1>` each, as extensions and key shares are on the wire. It is checked once; a body
 * becomes a view when it is asked for, so that a message of thousands of them costs no more than its bytes.
 */
export class NumberedVectors implements Iterable<readonly [number, Uint8Array]> {
  readonly #bytes: Uint8Array;
  /** Where the bodies begin; their lengths stand before them. */
  readonly #offsets: Uint16Array;
  /** In the order of the wire. */
  readonly numbers: Uint16Array;

  /**
   * @param bytes the list without its own length, at most 2^16 - 1; not copied
   * @param minimum bytes that each vector has at least
   * @param what the name of the list, for error messages
   * @throws TlsError `ERR_TLS_DECODE` when it is cut off, or a vector is too short
   */
  constructor(bytes: Uint8Array, minimum: number, what: string) {
    const most = Math.floor(bytes.length / (headLength + minimum));
    const numbers = new Uint16Array(most);
    const offsets = new Uint16Array(most);
    let count = 0;
    for (let at = 0; at < bytes.length; count += 1) {
      if (at + headLength > bytes.length) throw decodeError(`${what}: an entry is cut off`);
      const length = uint16(bytes, at + 2);
      if (length < minimum) throw decodeError(`${what}: expected at least ${minimum} bytes in a vector, got ${length}`);
      numbers[count] = uint16(bytes, at);
      at += headLength;
      offsets[count] = at;
      at += length;
      if (at > bytes.length) throw decodeError(`${what}: a vector is cut off`);
    }
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.numbers = numbers.subarray(0, count);
  }

  get size(): number {
    return this.numbers.length;
  }

  has(number: number): boolean {
    return this.numbers.includes(number);
  }

  /** A view of the body of the first entry with this number. */
  get(number: number): Uint8Array | undefined {
    const index = this.numbers.indexOf(number);
    return index === -1 ? undefined : this.at(index);
  }

  /** What the first entry with this number holds; `undefined`: there is none. */
  decode<Value>(number: number, decodeBody: (body: Uint8Array) => Value): Value | undefined {
    const body = this.get(number);
    return body === undefined ? undefined : decodeBody(body);
  }

  /** A view of the body of the entry at this place. */
  at(index: number): Uint8Array {
    const from = this.#offsets[index] ?? 0;
    return this.#bytes.subarray(from, from + uint16(this.#bytes, from - 2));
  }

  keys(): Iterable<number> {
    return this.numbers;
  }

  *[Symbol.iterator](): Generator<readonly [number, Uint8Array], void> {
    for (const [index, number] of this.numbers.entries()) yield [number, this.at(index)];
  }
}

/** Bytes of an entry's number and length. */
const headLength = 4;

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
