import { concatBytes } from '@noble/hashes/utils.js';
import { weight, type Effort } from './effort.ts';
import { iteratedHash } from './iterated-hash.ts';
import type { HashFunction } from './platform/hash-function.ts';

/** What a key of PKCS#12 is derived from. */
export interface Pkcs12Derivation {
  readonly hash: HashFunction;
  /** The passphrase as a BMPString with its two zeros at the end (RFC 7292 §B.1); no bytes for the null passphrase. */
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** What is derived, by the numbers of RFC 7292 §B.3. */
  readonly purpose: keyof typeof purposes;
  readonly length: number;
}

const purposes = { key: 1, iv: 2, mac: 3 } as const;

/**
 * Derives a key as RFC 7292 §B.2 has it.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when the iterations are too many
 */
export async function derivePkcs12(derivation: Pkcs12Derivation, effort: Effort): Promise<Uint8Array> {
  const { hash, passphrase, salt, iterations, purpose, length } = derivation;
  const { outputLen, blockLen } = hash.byNoble;
  const count = Math.ceil(length / outputLen);
  effort.spend(count * iterations, weight.hash);
  const diversifier = new Uint8Array(blockLen).fill(purposes[purpose]);
  const input = concatBytes(filled(salt, blockLen), filled(passphrase, blockLen));
  const derived = new Uint8Array(count * outputLen);
  for (let index = 0; index < count; index += 1) {
    // Each block needs the one before.
    // oxlint-disable-next-line no-await-in-loop
    const block = await iteratedHash(hash, concatBytes(diversifier, input), iterations);
    derived.set(block, index * outputLen);
    addToBlocks(input, filled(block, blockLen));
  }
  return derived.subarray(0, length);
}

/** Repeats bytes so that they fill whole blocks. */
function filled(bytes: Uint8Array, blockLength: number): Uint8Array {
  const whole = new Uint8Array(blockLength * Math.ceil(bytes.length / blockLength));
  for (let at = 0; at < whole.length; at += bytes.length) whole.set(bytes.subarray(0, whole.length - at), at);
  return whole;
}

/** Adds a number and one to each block of the input, big-endian and without what is carried out of the block. */
function addToBlocks(input: Uint8Array, addend: Uint8Array): void {
  for (let from = 0; from < input.length; from += addend.length) {
    let carry = 1;
    for (let index = addend.length - 1; index >= 0; index -= 1) {
      carry += (input[from + index] ?? 0) + (addend[index] ?? 0);
      input[from + index] = carry & 0xff;
      carry >>= 8;
    }
  }
}
