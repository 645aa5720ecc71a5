import { concatBytes } from '@org/tls-core/backend';
import { DerReader, DerTag } from './der-reader.ts';
import { derElement } from './der-writer.ts';

/**
 * Turns a DER ECDSA-Sig-Value (RFC 3279 §2.2.3) into r and s as WebCrypto wants them, each as long as the field.
 * @throws TlsError on anything that is not strict DER of two integers from 0 to what the field's length holds
 */
export function rawSignature(signature: Uint8Array, length: number): Uint8Array {
  const outer = new DerReader(signature, 'ECDSA-Sig-Value');
  const reader = outer.sequence();
  outer.end();
  const [r, s] = [reader.positiveInteger(), reader.positiveInteger()];
  reader.end();
  if (r.length > length || s.length > length) throw new RangeError('ECDSA-Sig-Value: longer than the field');
  const raw = new Uint8Array(2 * length);
  raw.set(r, length - r.length);
  raw.set(s, 2 * length - s.length);
  return raw;
}

/** Turns r and s, each half of the bytes, into a DER ECDSA-Sig-Value. */
export function derSignature(raw: Uint8Array): Uint8Array {
  const middle = raw.length / 2;
  return derElement(DerTag.sequence, derInteger(raw.subarray(0, middle)), derInteger(raw.subarray(middle)));
}

/** Encodes a positive integer (X.690 §8.3): without leading zeros, but with one where the first bit is set. */
function derInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = bytes.subarray(first);
  const contents = (significant[0] ?? 0) < 0x80 ? significant : concatBytes([Uint8Array.of(0), significant]);
  return derElement(DerTag.integer, contents);
}
