import type { CryptoProvider, HashAlgorithm } from './provider.ts';

/** Computes HKDF-Extract (RFC 5869 §2.2). */
export function hkdfExtract(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  salt: Uint8Array,
  inputKeyingMaterial: Uint8Array,
): Uint8Array {
  return crypto.hmac(hash, salt, inputKeyingMaterial);
}

/** Computes HKDF-Expand (RFC 5869 §2.3). `length` is in bytes and at most 255 times that of the hash. */
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
