import { TlsError } from '../tls-error.ts';

/** Reads TLS presentation language (RFC 8446 §3) from bytes. Every read is checked; what it returns are views. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #offset = 0;

  /**
   * @param bytes not copied
   * @param what the name of the structure, for error messages
   */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(): number {
    const at = this.#advance(1);
    return this.#byte(at);
  }

  uint16(): number {
    const at = this.#advance(2);
    return (this.#byte(at) << 8) | this.#byte(at + 1);
  }

  uint24(): number {
    const at = this.#advance(3);
    return (this.#byte(at) << 16) | (this.#byte(at + 1) << 8) | this.#byte(at + 2);
  }

  uint32(): number {
    const at = this.#advance(4);
    return (
      this.#byte(at) * 0x1_00_00_00 + ((this.#byte(at + 1) << 16) | (this.#byte(at + 2) << 8) | this.#byte(at + 3))
    );
  }

  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A `opaque v<minimum..2^8-1>`. */
  vector8(minimum = 0, maximum = 0xff): Uint8Array {
    return this.#vector(this.uint8(), minimum, maximum);
  }

  /** A `opaque v<minimum..2^16-1>`. */
  vector16(minimum = 0, maximum = 0xffff): Uint8Array {
    return this.#vector(this.uint16(), minimum, maximum);
  }

  /** A `opaque v<minimum..2^24-1>`. */
  vector24(minimum = 0, maximum = 0xffffff): Uint8Array {
    return this.#vector(this.uint24(), minimum, maximum);
  }

  /** Goes over so many bytes. */
  skip(length: number): void {
    this.#advance(length);
  }

  /** Goes over an `opaque v<minimum..2^16-1>`. */
  skip16(minimum: number): void {
    const length = this.uint16();
    this.#checkLength(length, minimum, 0xffff);
    this.#advance(length);
  }

  /**
   * A vector with a 16-bit length, to be read element by element; `read` runs until it is used up. What a peer may send by the thousand
   * is no list for this: see `numbers16`, `ByteStringList` and `NumberedVectors`.
   * @param most elements that there may be
   * @throws TlsError `ERR_TLS_LIMIT` when there are more
   */
  list16<T>(minimum: number, most: number, read: (reader: Reader) => T): T[] {
    return this.#list(this.vector16(minimum), most, read);
  }

  /** As `list16`, with a 24-bit length. */
  list24<T>(minimum: number, most: number, read: (reader: Reader) => T): T[] {
    return this.#list(this.vector24(minimum), most, read);
  }

  /** A vector of 16-bit numbers with an 8-bit length; two bytes are held for each. */
  numbers8(minimum: number): Uint16Array {
    return this.#numbers(this.vector8(minimum));
  }

  /** As `numbers8`, with a 16-bit length. */
  numbers16(minimum: number): Uint16Array {
    return this.#numbers(this.vector16(minimum));
  }

  /** @throws TlsError `ERR_TLS_DECODE` when something is left */
  end(): void {
    if (this.remaining !== 0) throw decodeError(`${this.#what}: ${this.remaining} bytes left over`);
  }

  #list<T>(bytes: Uint8Array, most: number, read: (reader: Reader) => T): T[] {
    const reader = new Reader(bytes, this.#what);
    const values: T[] = [];
    while (reader.remaining > 0) {
      if (values.length === most)
        throw new TlsError('ERR_TLS_LIMIT', `${this.#what}: expected at most ${most} entries, got more`);
      values.push(read(reader));
    }
    return values;
  }

  #numbers(bytes: Uint8Array): Uint16Array {
    if (bytes.length % 2 !== 0) throw decodeError(`${this.#what}: half a number is left over`);
    const numbers = new Uint16Array(bytes.length / 2);
    for (let index = 0; index < numbers.length; index += 1)
      numbers[index] = ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0);
    return numbers;
  }

  #vector(length: number, minimum: number, maximum: number): Uint8Array {
    this.#checkLength(length, minimum, maximum);
    return this.bytes(length);
  }

  #checkLength(length: number, minimum: number, maximum: number): void {
    if (length >= minimum && length <= maximum) return;
    throw decodeError(`${this.#what}: expected a vector of ${minimum} to ${maximum} bytes, got ${length}`);
  }

  #advance(length: number): number {
    const at = this.#offset;
    if (length > this.#bytes.length - at) {
      throw decodeError(`${this.#what}: expected ${length} more bytes, got ${this.#bytes.length - at}`);
    }
    this.#offset = at + length;
    return at;
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0; // `at` was checked by `#advance`
  }
}

/** Decodes the whole of `bytes`: `read` must leave nothing. */
export function decodeAll<T>(bytes: Uint8Array, what: string, read: (reader: Reader) => T): T {
  const reader = new Reader(bytes, what);
  const value = read(reader);
  reader.end();
  return value;
}

export function decodeError(message: string): TlsError {
  return new TlsError('ERR_TLS_DECODE', message);
}
