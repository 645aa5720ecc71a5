import { TlsError } from '@org/tls-core';
import { handshakeHeaderLength, type HandshakeMessage } from '../wire/handshake-message.ts';

/** Longest handshake message body that is accepted; rustls's figure. */
export const maxHandshakeLength = 0x1_00_00;

/** Joins the fragments of handshake messages (RFC 8446 §5.1). */
export class HandshakeJoiner {
  /** What has come of messages not yet taken: `#bytes[#start…#end]`. */
  #bytes: Uint8Array = nothing;
  #start = 0;
  #end = 0;

  /** True when no message is unfinished or waits: keys may change and other records may come. */
  get isEmpty(): boolean {
    return this.#start === this.#end;
  }

  /** @param fragment kept as a view when it can be, until its messages are taken; the caller must not write to it */
  push(fragment: Uint8Array): void {
    if (this.isEmpty) {
      this.#bytes = fragment;
      this.#start = 0;
      this.#end = fragment.length;
      return;
    }
    const length = this.#end - this.#start + fragment.length;
    if (this.#bytes.length - this.#start < length || !this.#isOwn) {
      const grown = new Uint8Array(length * 2);
      grown.set(this.#bytes.subarray(this.#start, this.#end));
      this.#end -= this.#start;
      this.#start = 0;
      this.#bytes = grown;
      this.#isOwn = true;
    }
    this.#bytes.set(fragment, this.#end);
    this.#end += fragment.length;
  }

  #isOwn = false;

  /**
   * The next whole message, or `undefined`. Its views stay valid: their bytes are not written again.
   * @throws TlsError `ERR_TLS_LIMIT` on a length over 64 KiB
   */
  take(): HandshakeMessage | undefined {
    const available = this.#end - this.#start;
    if (available < handshakeHeaderLength) return undefined;
    const bytes = this.#bytes;
    const at = this.#start;
    const length = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (length > maxHandshakeLength) {
      throw new TlsError(
        'ERR_TLS_LIMIT',
        `expected at most ${maxHandshakeLength} bytes in a handshake message, got ${length}`,
      );
    }
    if (available < handshakeHeaderLength + length) return undefined;
    const end = at + handshakeHeaderLength + length;
    this.#start = end;
    if (this.isEmpty) {
      this.#bytes = nothing;
      this.#start = 0;
      this.#end = 0;
      this.#isOwn = false;
    }
    return {
      type: bytes[at] ?? 0,
      body: bytes.subarray(at + handshakeHeaderLength, end),
      raw: bytes.subarray(at, end),
    };
  }
}

const nothing = new Uint8Array(0);
