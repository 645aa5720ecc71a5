/** Writes TLS presentation language (RFC 8446 §3) into a buffer that grows. */
export class Writer {
  #buffer: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#buffer = new Uint8Array(capacity);
  }

  uint8(value: number): this {
    const at = this.#advance(1);
    this.#buffer[at] = value;
    return this;
  }

  uint16(value: number): this {
    const at = this.#advance(2);
    this.#buffer[at] = value >>> 8;
    this.#buffer[at + 1] = value;
    return this;
  }

  uint24(value: number): this {
    const at = this.#advance(3);
    this.#buffer[at] = value >>> 16;
    this.#buffer[at + 1] = value >>> 8;
    this.#buffer[at + 2] = value;
    return this;
  }

  /** @param value 0 to 2^32 - 1 */
  uint32(value: number): this {
    return this.uint16(Math.floor(value / 0x1_0000)).uint16(value & 0xffff);
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#advance(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  /** What `write` writes, behind its length in 8 bits. */
  vector8(write: (writer: this) => void): this {
    return this.#vector(1, write);
  }

  /** What `write` writes, behind its length in 16 bits. */
  vector16(write: (writer: this) => void): this {
    return this.#vector(2, write);
  }

  /** What `write` writes, behind its length in 24 bits. */
  vector24(write: (writer: this) => void): this {
    return this.#vector(3, write);
  }

  /** All that was written; the writer must not be used after. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #vector(lengthBytes: 1 | 2 | 3, write: (writer: this) => void): this {
    const at = this.#advance(lengthBytes);
    write(this);
    const length = this.#length - at - lengthBytes;
    if (length >= 2 ** (8 * lengthBytes))
      throw new RangeError(`a vector of ${length} bytes does not fit its length field`);
    for (let index = 0; index < lengthBytes; index += 1)
      this.#buffer[at + index] = length >>> (8 * (lengthBytes - 1 - index));
    return this;
  }

  #advance(length: number): number {
    const at = this.#length;
    this.#length = at + length;
    if (this.#length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#buffer.length * 2));
      grown.set(this.#buffer);
      this.#buffer = grown;
    }
    return at;
  }
}
