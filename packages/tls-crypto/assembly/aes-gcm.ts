// AES-GCM (NIST SP 800-38D §7) with nonces of 12 bytes and tags of 16. The key's schedule and the nonce lie where the host has put them, and
// the record in the input.

import { blocks, encryptBlocks, scheduleAddress, wipeBlocks } from './aes';
import { addKeyStream, messageAddress, padded, tagLength } from './aead-input';
import { addGhashBlocks, beginGhash, finishGhash } from './ghash';
import { inputAddress, nonceAddress } from './memory';

/** The lengths that are authenticated last, in bits, and the tag that is computed. */
const lengths: usize = memory.data(16, 16);
const computedTag: usize = memory.data(16, 16);

/** The encrypted first counter block, which covers the tag. */
const tagCover: usize = memory.data(16, 16);

/** Seals the plaintext in the input where it lies, and leaves the tag behind it. `rounds` is 10 for AES-128 and 14 for AES-256. */
export function gcmSeal(rounds: u32, additionalLength: u32, length: u32): void {
  const message = messageAddress(additionalLength);
  begin(rounds);
  crypt(rounds, message, length);
  authenticate(additionalLength, length);
  v128.store(message + length, v128.load(computedTag));
  wipe();
}

/**
 * Opens the ciphertext in the input where it lies, behind which its tag lies. The tag is checked first, in constant time.
 * @returns 1, or 0 where the tag is wrong and nothing was decrypted
 */
export function gcmOpen(rounds: u32, additionalLength: u32, length: u32): u32 {
  const message = messageAddress(additionalLength);
  const tag = v128.load(message + length);
  memory.fill(message + length, 0, tagLength);
  begin(rounds);
  authenticate(additionalLength, length);
  const isWrong = v128.any_true(v128.xor(tag, v128.load(computedTag)));
  if (!isWrong) crypt(rounds, message, length);
  wipe();
  return isWrong ? 0 : 1;
}

/** Makes the first eight blocks of the key stream. The first of them covers the tag. */
function begin(rounds: u32): void {
  makeKeyStream(rounds, 1);
  v128.store(tagCover, v128.load(blocks));
}

/** Encrypts or decrypts (§6.5). Seven of the eight blocks that are there already come first. */
function crypt(rounds: u32, message: usize, length: u32): void {
  addKeyStream(message, blocks + 16, min<u32>(length, 112));
  let counter: u32 = 9;
  for (let at: u32 = 112; at < length; at += 128) {
    makeKeyStream(rounds, counter);
    addKeyStream(message + at, blocks, min<u32>(length - at, 128));
    counter += 8;
  }
}

/** Encrypts eight counter blocks: the nonce and the number of the block, big-endian. */
function makeKeyStream(rounds: u32, counter: u32): void {
  const nonce = v128.load(nonceAddress);
  for (let block: u32 = 0; block < 8; block += 1)
    v128.store(blocks + 16 * block, i32x4.replace_lane(nonce, 3, bswap<u32>(counter + block)));
  encryptBlocks(rounds);
}

/** Computes the tag of the additional data and of the ciphertext (§7.1, steps 4 to 6). */
function authenticate(additionalLength: u32, length: u32): void {
  beginGhash(scheduleAddress);
  addGhashBlocks(inputAddress, (padded(additionalLength) + padded(length)) >> 4);
  store<u64>(lengths, bswap<u64>(u64(additionalLength) << 3));
  store<u64>(lengths, bswap<u64>(u64(length) << 3), 8);
  addGhashBlocks(lengths, 1);
  finishGhash(computedTag);
  v128.store(computedTag, v128.xor(v128.load(computedTag), v128.load(tagCover)));
}

function wipe(): void {
  wipeBlocks();
  memory.fill(lengths, 0, 16);
  memory.fill(computedTag, 0, 16);
  memory.fill(tagCover, 0, 16);
}
