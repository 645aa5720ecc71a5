// Running hashes and HMAC over SHA-256, SHA-384 and SHA-512. How a message is cut into blocks depends on lengths alone, which are public.

import { digestAddress, inputAddress, keyAddress, runningHashAddress, runningHashLength } from './memory';
import { addSha256Blocks, beginSha256, wipeSha256 } from './sha256';
import { addSha512Blocks, beginSha384, beginSha512, wipeSha512 } from './sha512';

/** The names of the hash functions at the module's border. */
const sha256: u32 = 0;
const sha384: u32 = 1;

/** What a running hash holds behind its state: the block that is not full yet, and the length of all that came, in bytes. */
const state: usize = runningHashAddress;
const pending: usize = runningHashAddress + 64;
const totalLength: usize = runningHashAddress + 192;

/** The inner and the outer key of an HMAC, one block each (RFC 2104 §2). */
const innerPad: u8 = 0x36;
const outerPad: u8 = 0x5c;

/** Begins a running hash. */
export function hashBegin(algorithm: u32): void {
  if (algorithm === sha256) beginSha256(state);
  else if (algorithm === sha384) beginSha384(state);
  else beginSha512(state);
  store<u64>(totalLength, 0);
}

/** Adds `length` bytes of the input to the running hash, and wipes them. */
export function hashUpdate(algorithm: u32, length: u32): void {
  add(algorithm, inputAddress, length);
  memory.fill(inputAddress, 0, length);
}

/** Leaves the digest of the running hash, and wipes the hash. */
export function hashFinish(algorithm: u32): void {
  finish(algorithm);
  wipeHash();
}

/** Leaves the digest of `length` bytes of the input. */
export function hash(algorithm: u32, length: u32): void {
  hashBegin(algorithm);
  hashUpdate(algorithm, length);
  hashFinish(algorithm);
}

/** Begins an HMAC. The key has at most one block; a longer one is hashed first (RFC 2104 §2). It stays where it is, for the end. */
export function hmacBegin(algorithm: u32): void {
  addPaddedKey(algorithm, innerPad);
}

/** Leaves the HMAC of all that was added since it began, and wipes the key and the hash. */
export function hmacFinish(algorithm: u32): void {
  finish(algorithm);
  addPaddedKey(algorithm, outerPad);
  add(algorithm, digestAddress, digestLength(algorithm));
  finish(algorithm);
  memory.fill(keyAddress, 0, 128);
  wipeHash();
}

/** Leaves the HMAC of `length` bytes of the input. */
export function hmac(algorithm: u32, length: u32): void {
  hmacBegin(algorithm);
  hashUpdate(algorithm, length);
  hmacFinish(algorithm);
}

function blockLength(algorithm: u32): u32 {
  return algorithm === sha256 ? 64 : 128;
}

function digestLength(algorithm: u32): u32 {
  return algorithm === sha256 ? 32 : algorithm === sha384 ? 48 : 64;
}

/** Begins a hash with the key, padded by zeros to a block, of which each byte is combined with `pad`. */
function addPaddedKey(algorithm: u32, pad: u8): void {
  hashBegin(algorithm);
  const block = blockLength(algorithm);
  const pads = i8x16.splat(pad);
  for (let at: u32 = 0; at < block; at += 16) v128.store(pending + at, v128.xor(v128.load(keyAddress + at), pads));
  addBlocks(algorithm, pending, 1);
  store<u64>(totalLength, block);
}

function addBlocks(algorithm: u32, input: usize, count: u32): void {
  if (algorithm === sha256) addSha256Blocks(state, input, count);
  else addSha512Blocks(state, input, count);
}

/** Adds bytes: what fills the block that is not full, then whole blocks, then what is left over. */
function add(algorithm: u32, input: usize, length: u32): void {
  const block = blockLength(algorithm);
  const held = u32(load<u64>(totalLength)) & (block - 1);
  store<u64>(totalLength, load<u64>(totalLength) + length);
  let taken: u32 = 0;
  if (held > 0) {
    taken = min<u32>(block - held, length);
    memory.copy(pending + held, input, taken);
    if (held + taken < block) return;
    addBlocks(algorithm, pending, 1);
  }
  const count = (length - taken) / block;
  addBlocks(algorithm, input + taken, count);
  taken += count * block;
  memory.copy(pending, input + taken, length - taken);
}

/** Adds the padding and leaves the digest (FIPS 180-4 §5.1). */
function finish(algorithm: u32): void {
  const block = blockLength(algorithm);
  const bits = load<u64>(totalLength) << 3;
  const held = u32(load<u64>(totalLength)) & (block - 1);
  const lengthField: u32 = block >> 3;
  store<u8>(pending + held, 0x80);
  memory.fill(pending + held + 1, 0, block - held - 1);
  if (held + 1 + lengthField > block) {
    addBlocks(algorithm, pending, 1);
    memory.fill(pending, 0, block);
  }
  store<u64>(pending + block - 8, bswap<u64>(bits));
  addBlocks(algorithm, pending, 1);
  leaveDigest(algorithm);
}

/** Leaves the state as bytes, of SHA-384 only its first six words. */
function leaveDigest(algorithm: u32): void {
  const length = digestLength(algorithm);
  if (algorithm === sha256) {
    for (let at: usize = 0; at < length; at += 4)
      store<u32>(digestAddress + at, bswap<u32>(load<u32>(runningHashAddress + at)));
    return;
  }
  for (let at: usize = 0; at < length; at += 8)
    store<u64>(digestAddress + at, bswap<u64>(load<u64>(runningHashAddress + at)));
}

/** Overwrites all that a hash has left, but the digest, which is the host's to wipe. */
function wipeHash(): void {
  memory.fill(runningHashAddress, 0, runningHashLength);
  wipeSha256();
  wipeSha512();
}
