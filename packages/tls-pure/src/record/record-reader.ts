import { TlsError } from '@org/tls-core';
import { faultOfFirstRecord, isContentType, copyBytes } from '@org/tls-core/backend';

/** Bytes of a record's header (RFC 8446 §5.1). */
export const recordHeaderLength = 5;
/** Longest fragment that is not protected (RFC 8446 §5.1). */
export const maxPlaintextLength = 2 ** 14;
/** Longest `encrypted_record` (RFC 8446 §5.2). */
export const maxCiphertextLength = 2 ** 14 + 256;

/** The length of a fragment, as the header at `at` has it. */
export function fragmentLengthAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
}

/** One record as it came: `bytes[start…end]`, header included. The object is used again for the next record. */
export interface RawRecord {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Cuts a byte stream into records (RFC 8446 §5.1). Whole records are views of the input; of a record that is split only that one is copied.
 * Between records nothing is held.
 */
export class RecordReader {
  readonly #record: Mutable<RawRecord> = { type: 0, bytes: nothing, start: 0, end: 0 };
  #input: Uint8Array = nothing;
  #offset = 0;
  /** The beginning of a record whose rest has not come: its header first, then room for the whole. */
  #partial: Uint8Array | undefined;
  /** How long what is gathered in `partial` has to become: a header, or a whole record. */
  #wanted = 0;
  #filled = 0;
  /** The buffer of the record that was given last, where it was split. */
  #joined: Uint8Array | undefined;
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
    this.#letGo();
    return rest;
  }

  /**
   * The next whole record, or `undefined` when the input is used up. Its bytes may be written over from the next call on.
   * @throws TlsError `ERR_TLS_NOT_TLS` when the first bytes are no record, `ERR_TLS_UNEXPECTED_MESSAGE` on an unknown content type,
   *   `ERR_TLS_DECODE` on a version that is not 3.x, `ERR_TLS_RECORD_OVERFLOW` on a length over 2^14 + 256
   */
  next(): RawRecord | undefined {
    if (this.#partial !== undefined) return this.#continuePartial(this.#partial);
    const available = this.#input.length - this.#offset;
    if (available === 0) return this.#letGo();
    if (available < recordHeaderLength) return this.#startPartial(recordHeaderLength);
    const length = recordHeaderLength + this.#fragmentLength(this.#input, this.#offset);
    if (available < length) return this.#startPartial(length);
    const at = this.#offset;
    this.#offset = at + length;
    return this.#whole(this.#input, at, length);
  }

  #startPartial(wanted: number): undefined {
    const partial = takeBuffer(wanted);
    this.#filled = this.#input.length - this.#offset;
    partial.set(this.#offset === 0 ? this.#input : this.#input.subarray(this.#offset));
    // garbage is seen at its first bytes, not when a record's worth of it has come
    if (this.#filled < recordHeaderLength) this.#checkStart(partial, 0, this.#filled);
    this.#partial = partial;
    this.#wanted = wanted;
    return this.#letGo();
  }

  #continuePartial(partial: Uint8Array): RawRecord | undefined {
    const take = Math.min(this.#wanted - this.#filled, this.#input.length - this.#offset);
    partial.set(this.#input.subarray(this.#offset, this.#offset + take), this.#filled);
    this.#offset += take;
    this.#filled += take;
    if (this.#filled < this.#wanted) {
      if (this.#wanted === recordHeaderLength) this.#checkStart(partial, 0, this.#filled);
      return this.#letGo();
    }
    if (this.#wanted === recordHeaderLength) {
      const length = recordHeaderLength + this.#fragmentLength(partial, 0);
      if (length > recordHeaderLength) {
        const grown = takeBuffer(length);
        grown.set(partial);
        this.#partial = grown;
        this.#wanted = length;
        return this.#continuePartial(grown);
      }
    }
    this.#partial = undefined;
    const record = this.#whole(partial, 0, this.#wanted);
    this.#joined = partial;
    return record;
  }

  #whole(bytes: Uint8Array, at: number, length: number): RawRecord {
    this.#sawRecord = true;
    this.#giveBack();
    const record = this.#record;
    record.type = bytes[at] ?? 0;
    record.bytes = bytes;
    record.start = at;
    record.end = at + length;
    return record;
  }

  /** The input is used up, and so is the last record. */
  #letGo(): undefined {
    this.#input = nothing;
    this.#offset = 0;
    this.#record.bytes = nothing;
    this.#giveBack();
  }

  #giveBack(): void {
    if (this.#joined !== undefined) giveBackBuffer(this.#joined);
    this.#joined = undefined;
  }

  #fragmentLength(bytes: Uint8Array, at: number): number {
    this.#checkStart(bytes, at, recordHeaderLength);
    const length = fragmentLengthAt(bytes, at);
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

/** The length of the buffers that are used again: any record fits. */
const pooledLength = recordHeaderLength + maxCiphertextLength;
/** Shorter records get a buffer of their size, so that one who sends half a record holds little memory. */
const minPooledLength = 4096;
/** How many buffers wait at most: a process reads one input at a time, and only records that are split over two need one for longer. */
const maxPooled = 8;
/** Buffers of split records of all connections, since one for each large read would keep the garbage collector busy. They hold ciphertext. */
const pool: Uint8Array[] = [];

function takeBuffer(length: number): Uint8Array {
  if (length < minPooledLength) return new Uint8Array(length);
  return pool.pop() ?? new Uint8Array(pooledLength);
}

function giveBackBuffer(buffer: Uint8Array): void {
  if (buffer.length === pooledLength && pool.length < maxPooled) pool.push(buffer);
}
