// How a record lies in the input, for every AEAD: its additional data, zeros up to a multiple of 16, its plaintext or ciphertext, zeros again.
// That is also what both authenticators read (RFC 8439 §2.8, NIST SP 800-38D §7.1), so that they run over it in one piece. The host has
// seen to it that all of it lies within the input, and wipes it afterwards.

import { inputAddress } from './memory';

/** How many bytes a tag has. */
export const tagLength: u32 = 16;

/** The next multiple of 16. */
export function padded(length: u32): u32 {
  return (length + 15) & ~15;
}

/** Where the plaintext or ciphertext begins. */
export function messageAddress(additionalLength: u32): usize {
  return inputAddress + padded(additionalLength);
}

/** Combines a message with as many bytes of a key stream, whose place holds a multiple of 16. */
export function addKeyStream(message: usize, stream: usize, length: u32): void {
  const whole = length & ~15;
  for (let at: u32 = 0; at < whole; at += 16)
    v128.store(message + at, v128.xor(v128.load(message + at), v128.load(stream + at)));
  for (let at: u32 = whole; at < length; at += 1)
    store<u8>(message + at, load<u8>(message + at) ^ load<u8>(stream + at));
}
