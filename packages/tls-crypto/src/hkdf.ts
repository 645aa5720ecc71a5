import { hashLength, type CryptoProvider, type HashAlgorithm } from './provider.ts';

/**
 * Computes HKDF-Extract (RFC 5869 §2.2).
 * @param out gets the pseudorandom key in its first bytes, as many as the hash has; it may be one of the inputs
 */
export function hkdfExtract(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  salt: Uint8Array,
  inputKeyingMaterial: Uint8Array,
  out: Uint8Array,
): void {
  crypto.hmac(hash, salt, inputKeyingMaterial, out);
}

/**
 * Computes HKDF-Expand (RFC 5869 §2.3).
 * @param out is filled, and has at most 255 times as many bytes as the hash; it overlaps no input
 */
export function hkdfExpand(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  pseudorandomKey: Uint8Array,
  info: Uint8Array,
  out: Uint8Array,
): void {
  const length = hashLength[hash];
  const first = new Uint8Array(info.length + 1);
  first.set(info);
  first[info.length] = 1;
  hkdfExpandBlock(crypto, hash, pseudorandomKey, first, out);
  if (out.length <= length) return;
  const input = new Uint8Array(length + info.length + 1);
  input.set(info, length);
  for (let offset = length, counter = 2; offset < out.length; offset += length, counter += 1) {
    input.set(out.subarray(offset - length, offset));
    input[input.length - 1] = counter;
    hkdfExpandBlock(crypto, hash, pseudorandomKey, input, out.subarray(offset));
  }
  input.fill(0);
}

/**
 * Computes one block of HKDF-Expand, T(N) of RFC 5869 §2.3.
 * @param input T(N-1), the info and the number of the block, as the RFC joins them
 * @param out gets the block, or its first bytes where it is shorter
 */
export function hkdfExpandBlock(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  pseudorandomKey: Uint8Array,
  input: Uint8Array,
  out: Uint8Array,
): void {
  const length = hashLength[hash];
  if (out.length >= length) {
    crypto.hmac(hash, pseudorandomKey, input, out);
    return;
  }
  crypto.hmac(hash, pseudorandomKey, input, scratch);
  out.set(scratch.subarray(0, out.length));
  scratch.fill(0);
}

/** For a block of which not all is wanted; wiped after each use. */
const scratch = new Uint8Array(hashLength.sha512);
