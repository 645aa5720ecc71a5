/** Gathers the content of many records in one buffer, so that the sink is called once. */
export class PlaintextBatch {
  #buffer: Uint8Array | undefined;
  #length = 0;

  /** Bytes gathered; where in the buffer the next content goes. */
  get length(): number {
    return this.#length;
  }

  hasRoom(length: number): boolean {
    return this.#buffer === undefined || this.#buffer.length - this.#length >= length;
  }

  /** @param capacity bytes to make room for when there is no buffer yet */
  buffer(capacity: number): Uint8Array {
    this.#buffer ??= new Uint8Array(capacity);
    return this.#buffer;
  }

  /** Content of this length was written at `length`. */
  add(length: number): void {
    this.#length += length;
  }

  /** What was gathered, or `undefined` when there is nothing; the batch is then empty and holds no buffer. */
  take(): Uint8Array | undefined {
    const taken = this.#length === 0 ? undefined : this.#buffer?.subarray(0, this.#length);
    this.#buffer = undefined;
    this.#length = 0;
    return taken;
  }
}
