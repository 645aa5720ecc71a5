// AEAD_CHACHA20_POLY1305 (RFC 8439 §2.8). The key and the nonce lie where the host has put them, and the record in the input.

import { addKeyStream, messageAddress, padded, tagLength } from './aead-input';
import { beginChaCha20, keyStream, nextBlocks, wipeChaCha20 } from './chacha20';
import { inputAddress, keyAddress, nonceAddress } from './memory';
import { addPoly1305Blocks, beginPoly1305, finishPoly1305 } from './poly1305';

/** The lengths that are authenticated last, and the tag that is computed. */
const lengths: usize = memory.data(16, 16);
const computedTag: usize = memory.data(16, 16);

/** Seals the plaintext in the input where it lies, and leaves the tag behind it. */
export function chachaSeal(additionalLength: u32, length: u32): void {
  const message = messageAddress(additionalLength);
  begin();
  crypt(message, length);
  authenticate(additionalLength, length);
  v128.store(message + length, v128.load(computedTag));
  wipe();
}

/**
 * Opens the ciphertext in the input where it lies, behind which its tag lies. The tag is checked first, in constant time.
 * @returns 1, or 0 where the tag is wrong and nothing was decrypted
 */
export function chachaOpen(additionalLength: u32, length: u32): u32 {
  const message = messageAddress(additionalLength);
  const tag = v128.load(message + length);
  memory.fill(message + length, 0, tagLength);
  begin();
  authenticate(additionalLength, length);
  const isWrong = v128.any_true(v128.xor(tag, v128.load(computedTag)));
  if (!isWrong) crypt(message, length);
  wipe();
  return isWrong ? 0 : 1;
}

/** Makes the first four blocks of the key stream. The first is Poly1305's key (RFC 8439 §2.6). */
function begin(): void {
  beginChaCha20(keyAddress, nonceAddress);
  nextBlocks();
  beginPoly1305(keyStream);
}

/** Encrypts or decrypts. Three of the four blocks that are there already come first. */
function crypt(message: usize, length: u32): void {
  addKeyStream(message, keyStream + 64, min<u32>(length, 192));
  for (let at: u32 = 192; at < length; at += 256) {
    nextBlocks();
    addKeyStream(message + at, keyStream, min<u32>(length - at, 256));
  }
}

/** Computes the tag of the additional data and of the ciphertext (RFC 8439 §2.8). */
function authenticate(additionalLength: u32, length: u32): void {
  addPoly1305Blocks(inputAddress, (padded(additionalLength) + padded(length)) >> 4);
  store<u64>(lengths, additionalLength);
  store<u64>(lengths, length, 8);
  addPoly1305Blocks(lengths, 1);
  finishPoly1305(computedTag);
}

function wipe(): void {
  wipeChaCha20();
  memory.fill(lengths, 0, 16);
  memory.fill(computedTag, 0, 16);
}
