import { concatBytes, equalBytes } from '@org/tls-core/backend';
import type { HashAlgorithm } from '../provider.ts';
import { bitLength, type RsaPublicKey } from '../provider-rules/rsa-key.ts';
import { hash } from './hashes.ts';

/**
 * Verifies with RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): the signature must encode to exactly what we would have signed. All that it computes
 * with is public, so that its time tells nothing.
 */
export function verifyPkcs1(
  key: RsaPublicKey,
  algorithm: HashAlgorithm,
  input: Uint8Array,
  signature: Uint8Array,
): boolean {
  const encoded = recover(key, signature, key.modulus.length);
  if (encoded === undefined) return false;
  const digestInfo = concatBytes([digestInfoPrefix[algorithm], hash(algorithm, input)]);
  const paddingLength = key.modulus.length - digestInfo.length - 3;
  if (paddingLength < 8) return false;
  const expected = concatBytes([
    Uint8Array.of(0, 1),
    new Uint8Array(paddingLength).fill(0xff),
    Uint8Array.of(0),
    digestInfo,
  ]);
  return equalBytes(encoded, expected);
}

/** Verifies with RSASSA-PSS (RFC 8017 §8.1.2, §9.1.2). MGF1 has the same hash, and the salt is as long as the hash. */
export function verifyPss(
  key: RsaPublicKey,
  algorithm: HashAlgorithm,
  input: Uint8Array,
  signature: Uint8Array,
): boolean {
  const encodedBits = bitLength(key.modulus) - 1;
  const encodedLength = Math.ceil(encodedBits / 8);
  const encoded = recover(key, signature, encodedLength);
  if (encoded === undefined) return false;
  const digest = hash(algorithm, input);
  const maskedLength = encodedLength - digest.length - 1;
  const paddingLength = maskedLength - digest.length - 1;
  if (paddingLength < 0 || encoded[encodedLength - 1] !== 0xbc) return false;
  const masked = encoded.subarray(0, maskedLength);
  const seed = encoded.subarray(maskedLength, encodedLength - 1);
  const unusedBits = 8 * encodedLength - encodedBits;
  if (((masked[0] ?? 0) & ~(0xff >>> unusedBits)) !== 0) return false;
  const mask = mgf1(algorithm, seed, maskedLength);
  const block = masked.map((byte, index) => byte ^ (mask[index] ?? 0));
  block[0] = (block[0] ?? 0) & (0xff >>> unusedBits);
  if (block.subarray(0, paddingLength).some((byte) => byte !== 0) || block[paddingLength] !== 1) return false;
  const salt = block.subarray(paddingLength + 1);
  return equalBytes(seed, hash(algorithm, concatBytes([new Uint8Array(8), digest, salt])));
}

/**
 * Computes RSAVP1 (RFC 8017 §5.2.2) into `length` bytes; `undefined` when the signature is no residue or differs from the
 * modulus in length.
 */
function recover({ modulus, exponent }: RsaPublicKey, signature: Uint8Array, length: number): Uint8Array | undefined {
  if (signature.length !== modulus.length) return undefined;
  const n = toBigInt(modulus);
  const s = toBigInt(signature);
  if (s >= n) return undefined;
  return toBytes(power(s, toBigInt(exponent), n), length);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Computes MGF1 (RFC 8017 §B.2.1). */
function mgf1(algorithm: HashAlgorithm, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 0, made = 0; made < length; counter += 1) {
    const block = hash(
      algorithm,
      concatBytes([seed, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter)]),
    );
    blocks.push(block);
    made += block.length;
  }
  return concatBytes(blocks).subarray(0, length);
}

function toBigInt(bytes: Uint8Array): bigint {
  let hexadecimal = '0x0';
  for (const byte of bytes) hexadecimal += byte.toString(16).padStart(2, '0');
  return BigInt(hexadecimal);
}

/** Writes a number big-endian into `length` bytes; `undefined` when it does not fit. */
function toBytes(value: bigint, length: number): Uint8Array | undefined {
  const digits = value.toString(16).padStart(2 * length, '0');
  if (digits.length > 2 * length) return undefined;
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

/** The DER of a DigestInfo up to the digest (RFC 8017 §9.2, note 1). */
const digestInfoPrefix: Readonly<Record<HashAlgorithm, Uint8Array>> = {
  sha256: digestInfo(1, 32),
  sha384: digestInfo(2, 48),
  sha512: digestInfo(3, 64),
};

/** @param arc the last arc of the hash's identifier, which is 2.16.840.1.101.3.4.2.arc */
function digestInfo(arc: number, length: number): Uint8Array {
  const algorithm = [0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc, 0x05, 0x00];
  return Uint8Array.of(0x30, algorithm.length + 2 + length, ...algorithm, 0x04, length);
}
