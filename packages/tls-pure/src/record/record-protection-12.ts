import { TlsError } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';
import { type Aead, type CryptoProvider, aeadNonceLength, aeadTagLength, type CipherSuite12 } from '@org/tls-crypto';
import type { Protection } from './protection.ts';
import { maxPlaintextLength, recordHeaderLength } from './record-reader.ts';

/** One direction's part of the key block. */
export interface WriteKeys {
  readonly key: Uint8Array;
  /** `fixedIvLength` bytes. */
  readonly iv: Uint8Array;
}

/** One direction's AEAD keys of TLS 1.2, with its sequence number (RFC 5246 §6.2.3.3). */
export class RecordProtection12 implements Protection {
  readonly hidesType = false;
  readonly #overhead: number;
  readonly #aead: Aead;
  readonly #fixedIv: Uint8Array;
  /** Bytes of the nonce that each record carries: 8 of GCM's (RFC 5288 §3), none of ChaCha20-Poly1305's (RFC 7905 §2). */
  readonly #explicitLength: number;
  readonly #nonce = new Uint8Array(aeadNonceLength);
  readonly #additionalData = new Uint8Array(additionalDataLength);
  readonly #recordLimit: number;
  #sequence = 0;

  /** @param keys wiped here */
  constructor(crypto: CryptoProvider, suite: CipherSuite12, keys: WriteKeys) {
    this.#aead = crypto.createAead(suite.aead, keys.key);
    this.#fixedIv = copyBytes(keys.iv);
    this.#explicitLength = aeadNonceLength - suite.fixedIvLength;
    this.#recordLimit = suite.recordLimit;
    this.#overhead = recordHeaderLength + this.#explicitLength + aeadTagLength;
    keys.key.fill(0);
    keys.iv.fill(0);
  }

  sealedLength(contentLength: number): number {
    return this.#overhead + contentLength;
  }

  plaintextLength(fragmentLength: number): number {
    return fragmentLength - this.#explicitLength - aeadTagLength;
  }

  /** True when `records` more would go over what the key may protect; TLS 1.2 has no other key, so the connection must end. */
  isNearLimit(records: number): boolean {
    return this.#sequence + records > this.#recordLimit;
  }

  /**
   * Seals `content` into one record at `out[at…]`.
   * @returns the offset behind the record
   */
  seal(type: number, content: Uint8Array, out: Uint8Array, at: number): number {
    const fragmentLength = this.#explicitLength + content.length + aeadTagLength;
    const body = at + recordHeaderLength;
    const start = body + this.#explicitLength;
    const end = body + fragmentLength;
    out[at] = type;
    out[at + 1] = 3;
    out[at + 2] = 3;
    out[at + 3] = fragmentLength >>> 8;
    out[at + 4] = fragmentLength;
    // the sequence number is what makes the explicit nonce unique (RFC 5288 §3)
    if (this.#explicitLength > 0) writeSequence(this.#sequence, out, body);
    out.set(content, start);
    const nonce = this.#nonceFrom(out.subarray(body, start));
    const plaintext = out.subarray(start, start + content.length);
    this.#aead.seal(nonce, this.#additionalDataOf(type, content.length), plaintext, out.subarray(start, end));
    this.#sequence += 1;
    return end;
  }

  /**
   * Opens a record's fragment into `out[at…]`, which has room for it less its tag.
   * @returns the content's length; its type is then `openedType`
   * @throws TlsError `ERR_TLS_PROTOCOL_VERSION` on a header of another version; `ERR_TLS_BAD_RECORD_MAC`;
   *   `ERR_TLS_RECORD_OVERFLOW` on a plaintext over 2^14 (RFC 5246 §6.2.3)
   */
  open(header: Uint8Array, fragment: Uint8Array, out: Uint8Array, at: number): number {
    if (header[1] !== 3 || header[2] !== 3) {
      throw new TlsError(
        'ERR_TLS_PROTOCOL_VERSION',
        `expected a record of version 3.3, got ${header[1]}.${header[2]} (RFC 5246 §6.2.1)`,
      );
    }
    const type = header[0] ?? 0;
    const length = fragment.length - this.#explicitLength - aeadTagLength;
    if (length < 0) {
      this.#sequence += 1; // counts, whatever becomes of the record: see `rewind`
      throw badRecordMac();
    }
    const nonce = this.#nonceFrom(fragment.subarray(0, this.#explicitLength));
    const additionalData = this.#additionalDataOf(type, length);
    this.#sequence += 1;
    const ciphertext = fragment.subarray(this.#explicitLength);
    if (!this.#aead.open(nonce, additionalData, ciphertext, out.subarray(at, at + length))) throw badRecordMac();
    if (length > maxPlaintextLength) {
      throw new TlsError(
        'ERR_TLS_RECORD_OVERFLOW',
        `expected at most ${maxPlaintextLength} bytes of content, got ${length}`,
      );
    }
    this.openedType = type;
    return length;
  }

  /** Content type of the record that `open` opened last. */
  openedType = 0;

  /** How many records this key has opened or sealed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Takes back the sequence number of a record that could not be opened. */
  rewind(): void {
    this.#sequence -= 1;
  }

  /**
   * The nonce: the fixed IV and what the record carries (RFC 5288 §3), or the fixed IV and the padded sequence number by XOR
   * (RFC 7905 §2).
   * @param explicit as the record has it: a peer may number its nonces otherwise than its records
   */
  #nonceFrom(explicit: Uint8Array): Uint8Array {
    const nonce = this.#nonce;
    if (explicit.length > 0) {
      nonce.set(this.#fixedIv);
      nonce.set(explicit, this.#fixedIv.length);
      return nonce;
    }
    nonce.fill(0, 0, 4);
    writeSequence(this.#sequence, nonce, 4);
    for (let index = 0; index < aeadNonceLength; index += 1) {
      nonce[index] = (nonce[index] ?? 0) ^ (this.#fixedIv[index] ?? 0);
    }
    return nonce;
  }

  /** seq_num + type + version + length of the plaintext (RFC 5246 §6.2.3.3). */
  #additionalDataOf(type: number, length: number): Uint8Array {
    const additionalData = this.#additionalData;
    writeSequence(this.#sequence, additionalData, 0);
    additionalData[8] = type;
    additionalData[9] = 3;
    additionalData[10] = 3;
    additionalData[11] = length >>> 8;
    additionalData[12] = length;
    return additionalData;
  }
}

const additionalDataLength = 13;

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

function badRecordMac(): TlsError {
  return new TlsError('ERR_TLS_BAD_RECORD_MAC', 'a record could not be opened: it was changed, or its keys differ');
}
