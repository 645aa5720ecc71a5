import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TlsError } from '@org/tls-core';
import type { FleetSecret } from '../fleet-secret.ts';

const keyLength = 32;
const nonceLength = 12;
const tagLength = 16;
/** The first byte of a value says how it is kept. */
const unsealed = 0;
const sealed = 1;

/**
 * Makes of values what Redis keeps: text, sealed with AES-256-GCM under a key that is derived from the fleet's secret, for one use and one
 * place alone. Whoever writes Redis can neither make such a value nor move one to another place; whoever reads it learns its length.
 */
export class SealedValues {
  readonly #secrets: readonly FleetSecret[];
  readonly #use: string;

  /** @param secrets the first seals, all open; none: values are kept as they are, and sealed ones are refused */
  constructor(secrets: readonly FleetSecret[], use: string) {
    this.#secrets = secrets;
    this.#use = use;
  }

  /** @param place where the value will lie */
  seal(value: Uint8Array, place: string): string {
    const [secret] = this.#secrets;
    if (secret === undefined) return encode([Uint8Array.of(unsealed), value]);
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(secret, place), nonce);
    const head = Uint8Array.of(sealed);
    cipher.setAAD(head);
    return encode([head, nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  }

  /**
   * @param place where it lay
   * @throws TlsError `ERR_TLS_DECODE` on anything that a server of the fleet did not put there
   */
  open(text: string, place: string): Uint8Array {
    const bytes = Buffer.from(text, 'base64url');
    // Node passes over what is no base64url
    if (bytes.toString('base64url') !== text) throw wrong(place, 'it is no value of a fleet');
    if (this.#secrets.length === 0) {
      if (bytes[0] !== unsealed) throw wrong(place, 'it is sealed, and there is no secret');
      return new Uint8Array(bytes.subarray(1));
    }
    if (bytes[0] !== sealed || bytes.length < 1 + nonceLength + tagLength) throw wrong(place, 'it is not sealed');
    for (const secret of this.#secrets) {
      const value = this.#unseal(bytes, this.#keyOf(secret, place));
      if (value !== undefined) return value;
    }
    throw wrong(place, 'it was sealed with another secret or for another place, or it is damaged');
  }

  #unseal(bytes: Buffer, key: Uint8Array): Uint8Array | undefined {
    const nonce = bytes.subarray(1, 1 + nonceLength);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
    decipher.setAAD(bytes.subarray(0, 1));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagLength));
    try {
      const value = decipher.update(bytes.subarray(1 + nonceLength, bytes.length - tagLength));
      return new Uint8Array(Buffer.concat([value, decipher.final()]));
    } catch {
      return undefined; // Node's error says no more than that the tag is another one
    }
  }

  #keyOf(secret: FleetSecret, place: string): Uint8Array {
    return secret.derive(`${this.#use} ${place}`, keyLength);
  }
}

/** Characters of base64url for a value of so many bytes, at most. */
export function sealedLength(length: number): number {
  return Math.ceil(((1 + nonceLength + length + tagLength) * 4) / 3);
}

function encode(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('base64url');
}

function wrong(place: string, why: string): TlsError {
  return new TlsError('ERR_TLS_DECODE', `the value of ${place} in redis is refused: ${why}`);
}
