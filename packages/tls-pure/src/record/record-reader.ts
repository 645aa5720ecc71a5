import { TlsError } from '@org/tls-core';
import { faultOfFirstRecord, isContentType, copyBytes } from '@org/tls-core/backend';

/** Bytes of a record's header (RFC 8446 §5.1). */
export const recordHeaderLength = 5;
/** Longest fragment that is not protected (RFC 8446 §5.1). */
export const maxPlaintextLength = 2 ** 14;
/** Longest `encrypted_record` (RFC 8446 §5.2). */
export const maxCiphertextLength = 2 ** 14 + 256;

/** One record as it came. The object is used again for the next record. */
export interface RawRecord {
  type: number;
  header: Uint8Array;
  fragment: Uint8Array;
}

/**
 * Cuts a byte stream into records (RFC 8446 §5.1). Whole records are views of the input; of a record that is split only that
 * one is copied, into a buffer of its size. Between records nothing is held.
 */
export class RecordReader {
  readonly #record: RawRecord = { type: 0, header: nothing, fragment: nothing };
  #input: Uint8Array = nothing;
  #offset = 0;
  /** The beginning of a record whose rest has not come: its header first, then in full size. */
  #partial: Uint8Array | undefined;
  #filled = 0;
  #sawRecord = false;

  /** @param input read until the next `next()` that returns `undefined`; the former must have been used up */
  push(input: Uint8Array): void {
    this.#input = input;
    this.#offset = 0;
  }

  /** Bytes of the input that were not read yet. */
  get unread(): number {
    return this.#input.length - this.#offset;
  }

  /** Takes back what was not read yet, to be pushed again; a copy. */
  takeUnread(): Uint8Array {
    const rest = copyBytes(this.#input.subarray(this.#offset));
    this.#input = nothing;
    this.#offset = 0;
    return rest;
  }

  /**
   * The next whole record, or `undefined` when the input is used up.
   * @throws TlsError `ERR_TLS_NOT_TLS` when the first bytes are no record, `ERR_TLS_UNEXPECTED_MESSAGE` on an unknown content type,
   *   `ERR_TLS_DECODE` on a version that is not 3.x, `ERR_TLS_RECORD_OVERFLOW` on a length over 2^14 + 256
   */
  next(): RawRecord | undefined {
    if (this.#partial !== undefined) return this.#continuePartial(this.#partial);
    const available = this.#input.length - this.#offset;
    if (available === 0) {
      this.#input = nothing;
      this.#offset = 0;
      return undefined;
    }
    if (available < recordHeaderLength) return this.#startPartial(new Uint8Array(recordHeaderLength));
    const length = recordHeaderLength + this.#fragmentLength(this.#input, this.#offset);
    if (available < length) return this.#startPartial(new Uint8Array(length));
    const at = this.#offset;
    this.#offset = at + length;
    return this.#whole(this.#input, at, length);
  }

  #startPartial(partial: Uint8Array): undefined {
    this.#filled = this.#input.length - this.#offset;
    partial.set(this.#input.subarray(this.#offset));
    // garbage is seen at its first bytes, not when a record's worth of it has come
    if (this.#filled < recordHeaderLength) this.#checkStart(partial, 0, this.#filled);
    this.#partial = partial;
    this.#input = nothing;
    this.#offset = 0;
    return undefined;
  }

  #continuePartial(partial: Uint8Array): RawRecord | undefined {
    const take = Math.min(partial.length - this.#filled, this.#input.length - this.#offset);
    partial.set(this.#input.subarray(this.#offset, this.#offset + take), this.#filled);
    this.#offset += take;
    this.#filled += take;
    if (this.#filled < partial.length) {
      if (partial.length === recordHeaderLength) this.#checkStart(partial, 0, this.#filled);
      this.#input = nothing;
      this.#offset = 0;
      return undefined;
    }
    if (partial.length === recordHeaderLength) {
      const length = recordHeaderLength + this.#fragmentLength(partial, 0);
      if (length > recordHeaderLength) {
        const grown = new Uint8Array(length);
        grown.set(partial);
        this.#partial = grown;
        return this.#continuePartial(grown);
      }
    }
    this.#partial = undefined;
    return this.#whole(partial, 0, partial.length);
  }

  #whole(bytes: Uint8Array, at: number, length: number): RawRecord {
    this.#sawRecord = true;
    this.#record.type = bytes[at] ?? 0;
    this.#record.header = bytes.subarray(at, at + recordHeaderLength);
    this.#record.fragment = bytes.subarray(at + recordHeaderLength, at + length);
    return this.#record;
  }

  #fragmentLength(bytes: Uint8Array, at: number): number {
    this.#checkStart(bytes, at, recordHeaderLength);
    const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    if (length > maxCiphertextLength) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxCiphertextLength} bytes in a record, got ${length}`,
      );
    }
    return length;
  }

  /** Content type and the major version, as far as they have come. */
  #checkStart(bytes: Uint8Array, at: number, count: number): void {
    if (!this.#sawRecord) {
      const fault = faultOfFirstRecord(bytes.subarray(at, at + count));
      if (fault !== undefined) throw fault;
      return;
    }
    const type = bytes[at] ?? 0;
    if (!isContentType(type)) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `unknown content type ${type}`);
    if (count > 1 && bytes[at + 1] !== 3)
      throw new TlsError('ERR_TLS_DECODE', `record version ${bytes[at + 1]} is not 3`);
  }
}

const nothing = new Uint8Array(0);
