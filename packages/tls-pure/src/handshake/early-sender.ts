import { copyBytes } from '@org/tls-core/backend';

/** Counts a client's early data (RFC 8446 §4.2.10) and keeps it: what the server rejects is sent again. */
export class EarlySender {
  #left: number;
  readonly #sent: Uint8Array[] = [];

  readonly #isSentAgain: boolean;

  /** @param maxLength bytes; the session's `max_early_data_size` */
  constructor(maxLength: number, isSentAgain: boolean) {
    this.#left = maxLength;
    this.#isSentAgain = isSentAgain;
  }

  /** All early data so far, which is to be sent again if the server rejects it; empty when it is not to be. */
  get sent(): readonly Uint8Array[] {
    return this.#sent;
  }

  /** @returns what may be sent now, and what must wait */
  take(plaintext: Uint8Array): readonly [now: Uint8Array | undefined, later: Uint8Array | undefined] {
    const length = Math.min(plaintext.length, this.#left);
    // data must not overtake what already has to wait
    if (length === 0) return [undefined, plaintext];
    this.#left -= length;
    const now = copyBytes(plaintext.subarray(0, length));
    if (this.#isSentAgain) this.#sent.push(now);
    if (length === plaintext.length) return [now, undefined];
    this.#left = 0;
    return [now, plaintext.subarray(length)];
  }
}
