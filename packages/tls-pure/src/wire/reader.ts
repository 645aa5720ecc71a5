import { TlsError } from '@org/tls-core';

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

  /** A vector with a 16-bit length, to be read element by element; `read` runs until it is used up. */
  list16<T>(minimum: number, read: (reader: Reader) => T): T[] {
    return readAll(new Reader(this.vector16(minimum), this.#what), read);
  }

  /** As `list16`, with an 8-bit length. */
  list8<T>(minimum: number, read: (reader: Reader) => T): T[] {
    return readAll(new Reader(this.vector8(minimum), this.#what), read);
  }

  /** As `list16`, with a 24-bit length. */
  list24<T>(minimum: number, read: (reader: Reader) => T): T[] {
    return readAll(new Reader(this.vector24(minimum), this.#what), read);
  }

  /** @throws TlsError `ERR_TLS_DECODE` when something is left */
  end(): void {
    if (this.remaining !== 0) throw decodeError(`${this.#what}: ${this.remaining} bytes left over`);
  }

  #vector(length: number, minimum: number, maximum: number): Uint8Array {
    if (length < minimum || length > maximum) {
      throw decodeError(`${this.#what}: expected a vector of ${minimum} to ${maximum} bytes, got ${length}`);
    }
    return this.bytes(length);
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

function readAll<T>(reader: Reader, read: (reader: Reader) => T): T[] {
  const values: T[] = [];
  while (reader.remaining > 0) values.push(read(reader));
  return values;
}
