import { concatBytes } from '@org/tls-core/backend';
import { ContentType } from '../wire/content-type.ts';
import type { Protection, RecordLayout } from './protection.ts';
import { maxPlaintextLength, recordHeaderLength } from './record-reader.ts';
import { copyFragment, legacyVersion, writeHeader } from './write-record.ts';

/** What goes into records of one type. */
export interface RecordContent {
  readonly type: number;
  readonly content: Uint8Array;
}

/**
 * Turns messages into records (RFC 8446 §5.1) and gathers them until `flush`, so that a flight is one buffer. Handshake messages
 * that follow each other under the same keys share records.
 */
export class RecordWriter implements RecordLayout {
  #protection: Protection | undefined;
  #records: Uint8Array[] = [];
  #handshake: Uint8Array[] = [];
  /** The version in the header of an unprotected handshake record: 0x0301 for a first ClientHello, and for nothing else (RFC 8446 §5.1). */
  legacyRecordVersion: number = legacyVersion;
  /** Content that goes into one record: ours to choose, and the peer's `record_size_limit` (RFC 8449 §4). */
  maxFragmentLength = maxPlaintextLength;
  /** Protected contents are padded to a multiple of so many bytes (RFC 8446 §5.4), as far as `maxFragmentLength` allows. */
  padding = 1;

  /** Lends memory of at least so many bytes for what is written next, or none. */
  lend: ((length: number) => Uint8Array | undefined) | undefined;

  /** Only for tests: replaces what is written. */
  shapeContent: ((content: RecordContent) => readonly RecordContent[]) | undefined;

  handshake(message: Uint8Array): void {
    this.#handshake.push(message);
  }

  /** A ChangeCipherSpec, never protected: the record of middlebox compatibility mode (RFC 8446 §D.4), or TLS 1.2's first one. */
  changeCipherSpec(): void {
    this.#finishHandshake();
    this.#records.push(Uint8Array.of(ContentType.changeCipherSpec, 3, 3, 0, 1, 1));
  }

  alert(level: number, description: number): void {
    this.#finishHandshake();
    this.#write(ContentType.alert, Uint8Array.of(level, description));
  }

  /** @param plaintext any length; it becomes as few records as it fits */
  applicationData(plaintext: Uint8Array): void {
    this.#finishHandshake();
    this.#write(ContentType.applicationData, plaintext);
  }

  /** The keys of all that is written from here on; `undefined`: none. */
  protectWith(protection: Protection | undefined): void {
    this.#finishHandshake();
    this.#protection = protection;
  }

  /** True when `length` bytes more would go over what the key may protect, one record for a KeyUpdate or an alert included. */
  isNearLimit(length: number): boolean {
    return this.#protection?.isNearLimit(Math.ceil(length / this.maxFragmentLength) + 1) === true;
  }

  /** All records since the last call, or `undefined` when there are none; they may lie in memory that was lent. */
  flush(): Uint8Array | undefined {
    this.#finishHandshake();
    if (this.#records.length === 0) return undefined;
    const batch = concatBytes(this.#records);
    this.#records = [];
    return batch;
  }

  #finishHandshake(): void {
    if (this.#handshake.length === 0) return;
    const messages = concatBytes(this.#handshake);
    this.#handshake = [];
    this.#write(ContentType.handshake, messages);
  }

  #write(type: ContentType, content: Uint8Array): void {
    if (this.shapeContent !== undefined) {
      for (const shaped of this.shapeContent({ type, content })) this.#writeRecords(shaped.type, shaped.content);
    } else if (content.length > 0) {
      this.#writeRecords(type, content);
    }
  }

  /** Content without a byte becomes one record. */
  #writeRecords(type: number, content: Uint8Array): void {
    const most = this.maxFragmentLength;
    const whole = Math.floor(content.length / most);
    const rest = content.length % most;
    const hasRest = rest > 0 || whole === 0;
    const length = whole * this.#recordLength(most) + (hasRest ? this.#recordLength(rest) : 0);
    const out = this.#buffer(length);
    if (this.#protection === undefined) this.#writePlain(type, content, out);
    else this.#protection.seal(type, content, out, 0, this);
    this.#records.push(out.length === length ? out : out.subarray(0, length));
  }

  /** Nothing else may be in the batch when memory is lent: it would have to be copied. */
  #buffer(length: number): Uint8Array {
    const lent = this.#records.length === 0 ? this.lend?.(length) : undefined;
    return lent ?? new Uint8Array(length);
  }

  #recordLength(contentLength: number): number {
    return this.#protection?.sealedLength(contentLength, this) ?? recordHeaderLength + contentLength;
  }

  #writePlain(type: number, content: Uint8Array, out: Uint8Array): void {
    const version = type === ContentType.handshake ? this.legacyRecordVersion : legacyVersion;
    let at = 0;
    let offset = 0;
    do {
      const length = Math.min(this.maxFragmentLength, content.length - offset);
      const body = writeHeader(out, at, type, length, version);
      copyFragment(content, offset, length, out, body);
      offset += length;
      at = body + length;
    } while (offset < content.length);
  }
}
