import { TlsError } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import {
  aeadNonceLength,
  aeadTagLength,
  maxSpanRecords,
  openSpan,
  sealSpan,
  type Aead,
  type CipherSuite12,
  type CryptoProvider,
} from '@org/tls-crypto';
import { ContentType } from '../wire/content-type.ts';
import type { Protection, RecordLayout } from './protection.ts';
import { fragmentLengthAt, maxPlaintextLength, recordHeaderLength } from './record-reader.ts';
import { endOfFollower, sharedSpan as span } from './record-span.ts';
import { copyFragment, writeHeader } from './write-record.ts';

/** One direction's part of the key block. */
export interface WriteKeys {
  readonly key: Uint8Array;
  /** `fixedIvLength` bytes. */
  readonly iv: Uint8Array;
}

/** One direction's AEAD keys of TLS 1.2, with its sequence number (RFC 5246 §6.2.3.3). */
export class RecordProtection12 implements Protection {
  readonly hidesType = false;
  readonly #aead: Aead;
  readonly #fixedIv: Uint8Array;
  /** Bytes of the nonce that each record carries: 8 of GCM's (RFC 5288 §3), none of ChaCha20-Poly1305's (RFC 7905 §2). */
  readonly #explicitLength: number;
  readonly #recordLimit: number;
  #sequence = 0;
  /** Records of the span that were opened, and the one to be taken next. */
  #opened = 0;
  #next = 0;
  /** The content type of the first of them; the others are application data. */
  #firstType = 0;

  /** @param keys wiped here */
  constructor(crypto: CryptoProvider, suite: CipherSuite12, keys: WriteKeys) {
    this.#aead = crypto.createAead(suite.aead, keys.key);
    this.#fixedIv = copyBytes(keys.iv);
    this.#explicitLength = aeadNonceLength - suite.fixedIvLength;
    this.#recordLimit = suite.recordLimit;
    keys.key.fill(0);
    keys.iv.fill(0);
  }

  sealedLength(contentLength: number): number {
    return recordHeaderLength + this.#explicitLength + contentLength + aeadTagLength;
  }

  plaintextLength(fragmentLength: number): number {
    return fragmentLength - this.#explicitLength - aeadTagLength;
  }

  /** True when `records` more would go over what the key may protect; TLS 1.2 has no other key, so the connection must end. */
  isNearLimit(records: number): boolean {
    return this.#sequence + records > this.#recordLimit;
  }

  seal(type: number, content: Uint8Array, out: Uint8Array, at: number, layout: RecordLayout): number {
    let end = at;
    let offset = 0;
    do {
      span.over(additionalData, out, out);
      do {
        const length = Math.min(layout.maxFragmentLength, content.length - offset);
        const body = writeHeader(out, end, type, this.#explicitLength + length + aeadTagLength);
        const start = body + this.#explicitLength;
        // the sequence number is what makes the explicit nonce unique (RFC 5288 §3)
        if (this.#explicitLength > 0) writeSequence(this.#sequence, out, body);
        copyFragment(content, offset, length, out, start);
        this.#writeNonce(this.#sequence, out, body);
        writeAdditionalData(this.#sequence, type, length);
        span.add(span.count * additionalDataLength, additionalDataLength, start, length, start);
        this.#sequence += 1;
        offset += length;
        end = start + length + aeadTagLength;
      } while (offset < content.length && span.count < maxSpanRecords);
      sealSpan(this.#aead, span);
    } while (offset < content.length);
    span.release();
    return end;
  }

  /** @throws TlsError `ERR_TLS_PROTOCOL_VERSION` on a header of another version (RFC 5246 §6.2.1) */
  open(bytes: Uint8Array, at: number, most: number, out: Uint8Array, outAt: number): number {
    if (!isVersion12(bytes, at)) {
      throw new TlsError(
        'ERR_TLS_PROTOCOL_VERSION',
        `expected a record of version 3.3, got ${bytes[at + 1]}.${bytes[at + 2]} (RFC 5246 §6.2.1)`,
      );
    }
    this.#next = 0;
    this.#opened = 0;
    this.#firstType = bytes[at] ?? 0;
    span.over(additionalData, bytes, out);
    const limit = Math.min(most, maxSpanRecords);
    const overhead = this.#explicitLength + aeadTagLength;
    let end = at + recordHeaderLength + fragmentLengthAt(bytes, at);
    let start = at;
    let outputAt = outAt;
    do {
      const length = end - start - recordHeaderLength - overhead;
      if (length < 0 || outputAt + length > out.length) break;
      const body = start + recordHeaderLength;
      const sequence = this.#sequence + span.count;
      this.#writeNonce(sequence, bytes, body);
      writeAdditionalData(sequence, bytes[start] ?? 0, length);
      const dataAt = span.count * additionalDataLength;
      span.add(dataAt, additionalDataLength, body + this.#explicitLength, length + aeadTagLength, outputAt);
      outputAt += length;
      start = end;
      end = endOfFollower(bytes, start, overhead);
    } while (end >= 0 && isVersion12(bytes, start) && span.count < limit);
    const { count } = span;
    if (count > 0) this.#opened = openSpan(this.#aead, span);
    span.release();
    return Math.max(count, 1);
  }

  take(): number {
    const index = this.#next;
    this.#next += 1;
    this.#sequence += 1;
    if (index >= this.#opened) throw badRecordMac();
    const length = span.inputLength(index) - aeadTagLength;
    if (length > maxPlaintextLength) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxPlaintextLength} bytes of content, got ${length}`,
      );
    }
    this.takenType = index === 0 ? this.#firstType : ContentType.applicationData;
    this.takenAt = span.outputAt(index);
    return length;
  }

  takenType = 0;
  takenAt = 0;

  get sequence(): number {
    return this.#sequence;
  }

  /** Takes back the sequence number of a record that could not be opened. */
  rewind(): void {
    this.#sequence -= 1;
  }

  /**
   * Writes the nonce of the span's next record: the fixed IV and what the record carries (RFC 5288 §3), or the fixed IV and the padded
   * sequence number by XOR (RFC 7905 §2).
   * @param bytes have the explicit part at `body`, as the record has it: a peer may number its nonces otherwise than its records
   */
  #writeNonce(sequence: number, bytes: Uint8Array, body: number): void {
    const { nonces } = span;
    const fixedIv = this.#fixedIv;
    const at = span.count * aeadNonceLength;
    if (this.#explicitLength > 0) {
      nonces.set(fixedIv, at);
      const explicitAt = at + fixedIv.length;
      for (let index = 0; index < this.#explicitLength; index += 1)
        nonces[explicitAt + index] = bytes[body + index] ?? 0;
      return;
    }
    nonces.fill(0, at, at + 4);
    writeSequence(sequence, nonces, at + 4);
    for (let index = 0; index < aeadNonceLength; index += 1)
      nonces[at + index] = (nonces[at + index] ?? 0) ^ (fixedIv[index] ?? 0);
  }
}

const additionalDataLength = 13;
/** The additional data of a span's records, one behind the other. */
const additionalData = new Uint8Array(maxSpanRecords * additionalDataLength);

/** Writes seq_num + type + version + length of the plaintext (RFC 5246 §6.2.3.3) for the span's next record. */
function writeAdditionalData(sequence: number, type: number, length: number): void {
  const at = span.count * additionalDataLength;
  writeSequence(sequence, additionalData, at);
  additionalData[at + 8] = type;
  additionalData[at + 9] = 3;
  additionalData[at + 10] = 3;
  additionalData[at + 11] = length >>> 8;
  additionalData[at + 12] = length;
}

/** In 8 bytes. The number stays far below 2^53. */
function writeSequence(sequence: number, into: Uint8Array, at: number): void {
  const low = sequence >>> 0;
  const high = Math.floor(sequence / 2 ** 32);
  for (let index = 0; index < 4; index += 1) {
    const shift = 24 - 8 * index;
    into[at + index] = high >>> shift;
    into[at + 4 + index] = low >>> shift;
  }
}

function isVersion12(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 3 && bytes[at + 2] === 3;
}

function badRecordMac(): TlsError {
  return new TlsError('ERR_TLS_BAD_RECORD_MAC', 'a record could not be opened: it was changed, or its keys differ');
}
