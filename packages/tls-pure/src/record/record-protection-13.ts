import { TlsError } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import { type Aead, type CryptoProvider, aeadNonceLength, aeadTagLength, type CipherSuite13 } from '@org/tls-crypto';
import type { TrafficKeys } from '../schedule/key-schedule.ts';
import { ContentType } from '../wire/content-type.ts';
import type { Protection } from './protection.ts';
import { maxPlaintextLength, recordHeaderLength } from './record-reader.ts';

/** One direction's keys of TLS 1.3, with its sequence number (RFC 8446 §5.2, §5.3). */
export class RecordProtection13 implements Protection {
  readonly hidesType = true;
  readonly #aead: Aead;
  readonly #iv: Uint8Array;
  readonly #nonce = new Uint8Array(aeadNonceLength);
  readonly #recordLimit: number;
  #sequence = 0;

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

  sealedLength(contentLength: number): number {
    return recordHeaderLength + contentLength + 1 + aeadTagLength;
  }

  plaintextLength(fragmentLength: number): number {
    return fragmentLength - aeadTagLength;
  }

  /**
   * Seals `content` into one record at `out[at…]`, with zeros behind it (RFC 8446 §5.4) up to `paddedLength`.
   * @returns the offset behind the record
   */
  seal(type: number, content: Uint8Array, out: Uint8Array, at: number, paddedLength = content.length): number {
    const length = paddedLength + 1 + aeadTagLength;
    const body = at + recordHeaderLength;
    out[at] = ContentType.applicationData;
    out[at + 1] = 3;
    out[at + 2] = 3;
    out[at + 3] = length >>> 8;
    out[at + 4] = length;
    out.set(content, body);
    out[body + content.length] = type;
    out.fill(0, body + content.length + 1, body + paddedLength + 1);
    const innerPlaintext = out.subarray(body, body + paddedLength + 1);
    this.#aead.seal(this.#nextNonce(), out.subarray(at, body), innerPlaintext, out.subarray(body, body + length));
    return body + length;
  }

  /**
   * Opens a record's fragment into `out[at…]`, which has room for it less its tag.
   * @returns the content's length; its type is then `openedType`
   * @throws TlsError `ERR_TLS_BAD_RECORD_MAC`; `ERR_TLS_RECORD_OVERFLOW` on a plaintext over 2^14;
   *   `ERR_TLS_UNEXPECTED_MESSAGE` when there is only padding (RFC 8446 §5.4)
   */
  open(header: Uint8Array, fragment: Uint8Array, out: Uint8Array, at: number): number {
    const innerLength = fragment.length - aeadTagLength;
    const nonce = this.#nextNonce(); // counts, whatever becomes of the record: see `rewind`
    if (innerLength < 1) throw badRecordMac();
    const inner = out.subarray(at, at + innerLength);
    if (!this.#aead.open(nonce, header, fragment, inner)) throw badRecordMac();
    if (innerLength > maxPlaintextLength + 1) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxPlaintextLength} bytes of content, got ${innerLength - 1}`,
      );
    }
    let end = innerLength - 1;
    while (end >= 0 && inner[end] === 0) end -= 1;
    if (end < 0) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a record holds only padding');
    this.openedType = inner[end] ?? 0;
    return end;
  }

  /** Content type of the record that `open` opened last. */
  openedType = 0;

  /** How many records this key has opened or sealed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Takes back the sequence number of a record that could not be opened, to skip rejected early data (RFC 8446 §4.2.10). */
  rewind(): void {
    this.#sequence -= 1;
  }

  /** The per-record nonce (RFC 8446 §5.3). The number stays far below 2^53. */
  #nextNonce(): Uint8Array {
    const nonce = this.#nonce;
    nonce.set(this.#iv);
    const low = this.#sequence >>> 0;
    const high = Math.floor(this.#sequence / 2 ** 32);
    nonce[11] = (nonce[11] ?? 0) ^ low;
    nonce[10] = (nonce[10] ?? 0) ^ (low >>> 8);
    nonce[9] = (nonce[9] ?? 0) ^ (low >>> 16);
    nonce[8] = (nonce[8] ?? 0) ^ (low >>> 24);
    nonce[7] = (nonce[7] ?? 0) ^ high;
    nonce[6] = (nonce[6] ?? 0) ^ (high >>> 8);
    nonce[5] = (nonce[5] ?? 0) ^ (high >>> 16);
    this.#sequence += 1;
    return nonce;
  }
}

function badRecordMac(): TlsError {
  return new TlsError('ERR_TLS_BAD_RECORD_MAC', 'a record could not be opened: it was changed, or its keys differ');
}
