/** Gathers the content of many records, so that the sink is called once for them. */
export class PlaintextBatch {
  /** Buffers that had no room for the next record. */
  #full: Uint8Array[] = [];
  #buffer: Uint8Array | undefined;
  #length = 0;

  /** Lends memory of at least so many bytes for what comes next, or none. */
  lend: ((length: number) => Uint8Array | undefined) | undefined;

  /** Where in the buffer the next content goes. */
  get length(): number {
    return this.#length;
  }

  /**
   * The buffer that the next content goes into, at `length`.
   * @param room bytes that must fit
   * @param ahead bytes that are likely to follow, for which a new buffer makes room as well
   */
  buffer(room: number, ahead: number): Uint8Array {
    if (this.#buffer !== undefined && this.#buffer.length - this.#length >= room) return this.#buffer;
    this.#close();
    const capacity = room + ahead;
    this.#buffer = this.lend?.(capacity) ?? new Uint8Array(capacity);
    return this.#buffer;
  }

  /** Content of this length was written to the buffer at `at`, which is `length` or lies behind it: it joins what is there. */
  add(at: number, length: number): void {
    if (at !== this.#length) this.#buffer?.copyWithin(this.#length, at, at + length);
    this.#length += length;
  }

  /** What was gathered, in order; the batch is then empty and holds no buffer. */
  take(): readonly Uint8Array[] {
    this.#close();
    const taken = this.#full;
    if (taken.length > 0) this.#full = [];
    return taken;
  }

  #close(): void {
    if (this.#buffer !== undefined && this.#length > 0) this.#full.push(this.#buffer.subarray(0, this.#length));
    this.#buffer = undefined;
    this.#length = 0;
  }
}
