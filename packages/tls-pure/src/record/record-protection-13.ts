import { TlsError } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import {
  aeadNonceLength,
  aeadTagLength,
  maxSpanRecords,
  openSpan,
  sealSpan,
  type Aead,
  type CipherSuite13,
  type CryptoProvider,
} from '@org/tls-crypto';
import type { TrafficKeys } from '../schedule/key-schedule.ts';
import { ContentType } from '../wire/content-type.ts';
import type { Protection, RecordLayout } from './protection.ts';
import { fragmentLengthAt, maxPlaintextLength, recordHeaderLength } from './record-reader.ts';
import { endOfFollower, sharedSpan as span } from './record-span.ts';
import { copyFragment, writeHeader } from './write-record.ts';

/** A fragment has a content type and a tag at least (RFC 8446 §5.2). */
const minFragmentLength = 1 + aeadTagLength;

/** One direction's keys of TLS 1.3, with its sequence number (RFC 8446 §5.2, §5.3). */
export class RecordProtection13 implements Protection {
  readonly hidesType = true;
  readonly #aead: Aead;
  readonly #iv: Uint8Array;
  readonly #recordLimit: number;
  #sequence = 0;
  /** Records of the span that were opened, and the one to be taken next. */
  #opened = 0;
  #next = 0;

  /** @param keys wiped here */
  constructor(crypto: CryptoProvider, suite: CipherSuite13, keys: TrafficKeys) {
    this.#aead = crypto.createAead(suite.aead, keys.key);
    this.#iv = copyBytes(keys.iv);
    this.#recordLimit = suite.recordLimit;
    keys.key.fill(0);
    keys.iv.fill(0);
  }

  /** True when the key has protected as many records as it may, less `records` (RFC 8446 §5.5). */
  isNearLimit(records: number): boolean {
    return this.#sequence + records > this.#recordLimit;
  }

  sealedLength(contentLength: number, layout: RecordLayout): number {
    return recordHeaderLength + paddedLength(contentLength, layout) + minFragmentLength;
  }

  plaintextLength(fragmentLength: number): number {
    return fragmentLength - aeadTagLength;
  }

  /** Seals `content`, with zeros behind it (RFC 8446 §5.4) as the layout has it. */
  seal(type: number, content: Uint8Array, out: Uint8Array, at: number, layout: RecordLayout): number {
    let end = at;
    let offset = 0;
    do {
      span.over(out, out, out);
      do {
        const length = Math.min(layout.maxFragmentLength, content.length - offset);
        const innerLength = paddedLength(length, layout) + 1;
        const body = writeHeader(out, end, ContentType.applicationData, innerLength + aeadTagLength);
        copyFragment(content, offset, length, out, body);
        out[body + length] = type;
        if (innerLength > length + 1) out.fill(0, body + length + 1, body + innerLength);
        this.#writeNonce(span.count, this.#sequence);
        span.add(end, recordHeaderLength, body, innerLength, body);
        this.#sequence += 1;
        offset += length;
        end = body + innerLength + aeadTagLength;
      } while (offset < content.length && span.count < maxSpanRecords);
      sealSpan(this.#aead, span);
    } while (offset < content.length);
    span.release();
    return end;
  }

  open(bytes: Uint8Array, at: number, most: number, out: Uint8Array, outAt: number): number {
    this.#next = 0;
    this.#opened = 0;
    span.over(bytes, bytes, out);
    const limit = Math.min(most, maxSpanRecords);
    let end = at + recordHeaderLength + fragmentLengthAt(bytes, at);
    let start = at;
    let outputAt = outAt;
    do {
      const fragmentLength = end - start - recordHeaderLength;
      const innerLength = fragmentLength - aeadTagLength;
      if (innerLength < 1 || outputAt + innerLength > out.length) break;
      this.#writeNonce(span.count, this.#sequence + span.count);
      span.add(start, recordHeaderLength, start + recordHeaderLength, fragmentLength, outputAt);
      outputAt += innerLength - 1; // upon the content type, of which the span keeps a copy
      start = end;
      end = endOfFollower(bytes, start, minFragmentLength);
    } while (end >= 0 && span.count < limit);
    const { count } = span;
    if (count > 0) this.#opened = openSpan(this.#aead, span);
    span.release();
    return Math.max(count, 1);
  }

  /** @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` when there is only padding (RFC 8446 §5.4), and what the interface says */
  take(out: Uint8Array): number {
    const index = this.#next;
    this.#next += 1;
    this.#sequence += 1;
    if (index >= this.#opened) throw badRecordMac();
    const innerLength = span.inputLength(index) - aeadTagLength;
    if (innerLength > maxPlaintextLength + 1) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxPlaintextLength} bytes of content, got ${innerLength - 1}`,
      );
    }
    const start = span.outputAt(index);
    let type = span.lastBytes[index] ?? 0;
    let end = start + innerLength - 1;
    while (type === 0) {
      end -= 1;
      if (end < start) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a record holds only padding');
      type = out[end] ?? 0;
    }
    this.takenType = type;
    this.takenAt = start;
    return end - start;
  }

  takenType = 0;
  takenAt = 0;

  get sequence(): number {
    return this.#sequence;
  }

  /** Takes back the sequence number of a record that could not be opened, to skip rejected early data (RFC 8446 §4.2.10). */
  rewind(): void {
    this.#sequence -= 1;
  }

  /** Writes the per-record nonce (RFC 8446 §5.3). The number stays far below 2^53. */
  #writeNonce(index: number, sequence: number): void {
    const { nonces } = span;
    const at = index * aeadNonceLength;
    nonces.set(this.#iv, at);
    const low = sequence >>> 0;
    const high = Math.floor(sequence / 2 ** 32);
    nonces[at + 11] = (nonces[at + 11] ?? 0) ^ low;
    nonces[at + 10] = (nonces[at + 10] ?? 0) ^ (low >>> 8);
    nonces[at + 9] = (nonces[at + 9] ?? 0) ^ (low >>> 16);
    nonces[at + 8] = (nonces[at + 8] ?? 0) ^ (low >>> 24);
    nonces[at + 7] = (nonces[at + 7] ?? 0) ^ high;
    nonces[at + 6] = (nonces[at + 6] ?? 0) ^ (high >>> 8);
    nonces[at + 5] = (nonces[at + 5] ?? 0) ^ (high >>> 16);
  }
}

function paddedLength(contentLength: number, { maxFragmentLength, padding }: RecordLayout): number {
  if (padding === 1) return contentLength;
  return Math.min(Math.ceil(contentLength / padding) * padding, maxFragmentLength);
}

function badRecordMac(): TlsError {
  return new TlsError('ERR_TLS_BAD_RECORD_MAC', 'a record could not be opened: it was changed, or its keys differ');
}
