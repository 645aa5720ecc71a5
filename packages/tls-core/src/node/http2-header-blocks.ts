/** A frame's header: length, type, flags, stream (RFC 9113 §4.1). */
const frameHeaderLength = 9;
const typeHeaders = 0x01;
const typeContinuation = 0x09;
const flagEndStream = 0x01;
const flagEndHeaders = 0x04;

/** Follows the frames that an HTTP/2 server sends, and finds where a header block ends behind which a body may come. */
export class Http2HeaderBlocks {
  readonly #frameHeader = new Uint8Array(frameHeaderLength);
  #frameHeaderFilled = 0;
  #payloadLeft = 0;

  /**
   * Reads on from where the last call stopped.
   * @returns the number of bytes up to the end of the first header block, where the next call has to begin; `undefined` when none ends here
   */
  nextEnd(bytes: Uint8Array): number | undefined {
    let at = 0;
    while (at < bytes.length) {
      at += this.#readFrameHeader(bytes.subarray(at));
      if (this.#frameHeaderFilled < frameHeaderLength) return undefined;
      const inPayload = Math.min(this.#payloadLeft, bytes.length - at);
      this.#payloadLeft -= inPayload;
      at += inPayload;
      if (this.#payloadLeft > 0) return undefined;
      this.#frameHeaderFilled = 0;
      if (this.#endsHeaderBlock()) return at;
    }
    return undefined;
  }

  /** Gives how many bytes it took. */
  #readFrameHeader(bytes: Uint8Array): number {
    const missing = frameHeaderLength - this.#frameHeaderFilled;
    if (missing === 0) return 0;
    const taken = bytes.subarray(0, missing);
    this.#frameHeader.set(taken, this.#frameHeaderFilled);
    this.#frameHeaderFilled += taken.length;
    const [high = 0, middle = 0, low = 0] = this.#frameHeader;
    this.#payloadLeft = (high << 16) | (middle << 8) | low;
    return taken.length;
  }

  /** Trailers, and the headers of an answer without a body, end their stream: nothing of it follows. */
  #endsHeaderBlock(): boolean {
    const [, , , type, flags = 0] = this.#frameHeader;
    if ((flags & flagEndHeaders) === 0) return false;
    return type === typeContinuation || (type === typeHeaders && (flags & flagEndStream) === 0);
  }
}
