import type { CryptoProvider, HashAlgorithm } from '../crypto/provider.ts';

/** HKDF-Extract (RFC 5869 §2.2). */
export function hkdfExtract(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  salt: Uint8Array,
  inputKeyingMaterial: Uint8Array,
): Uint8Array {
  return crypto.hmac(hash, salt, inputKeyingMaterial);
}

/** HKDF-Expand (RFC 5869 §2.3); `length` is at most 255 times the hash's. */
export function hkdfExpand(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  pseudorandomKey: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const block = new Uint8Array(info.length + 1);
  block.set(info);
  block[info.length] = 1;
  const first = crypto.hmac(hash, pseudorandomKey, block);
  if (length === first.length) return first;
  if (length < first.length) return first.subarray(0, length);
  const output = new Uint8Array(length);
  let previous = first;
  for (let offset = 0, counter = 1; ; counter += 1) {
    output.set(previous.subarray(0, length - offset), offset);
    offset += previous.length;
    if (offset >= length) return output;
    const next = new Uint8Array(previous.length + info.length + 1);
    next.set(previous);
    next.set(info, previous.length);
    next[next.length - 1] = counter + 1;
    previous = crypto.hmac(hash, pseudorandomKey, next);
  }
}

/**
 * HKDF-Expand-Label (RFC 8446 §7.1).
 * @param label without the prefix "tls13 ", at most 249 bytes of ASCII
 * @param context at most 255 bytes
 */
export function hkdfExpandLabel(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const labelLength = prefix.length + label.length;
  const info = new Uint8Array(4 + labelLength + context.length);
  info[0] = length >>> 8;
  info[1] = length;
  info[2] = labelLength;
  for (let index = 0; index < prefix.length; index += 1) info[3 + index] = prefix.charCodeAt(index);
  for (let index = 0; index < label.length; index += 1) info[3 + prefix.length + index] = label.charCodeAt(index);
  info[3 + labelLength] = context.length;
  info.set(context, 4 + labelLength);
  return hkdfExpand(crypto, hash, secret, info, length);
}

const prefix = 'tls13 ';
