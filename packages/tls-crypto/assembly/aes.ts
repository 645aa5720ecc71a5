// AES (FIPS 197), bitsliced: eight blocks at once, in eight vectors of which each holds one bit of every byte (Käsper and Schwabe, "Faster and
// timing-attack resistant AES-GCM"). It is constant time: the S-box is a circuit, the rest moves and combines whole vectors, and every
// address and every branch depends on the number of the round or of the block only.
//
// A slice holds bit b of all bytes: its byte 4r + c belongs to row r and column c of the state, and bit k of that byte to block k. So a row is
// one 32-bit lane, and MixColumns moves whole lanes.

import { substituteBytes } from './aes-s-box';
import { keyAddress } from './memory';

/** The longest key schedule: the hash subkey of GCM, then 15 round keys. The host keeps it, and brings it for each record. */
export const scheduleLimit: u32 = 16 + 15 * 16;

/** Where the host puts a key's schedule, and where the module leaves a new one. The round keys lie there row by row. */
export const scheduleAddress: usize = memory.data(16 + 15 * 16, 16);

/** Eight blocks, 16 bytes each, or their slices. */
export const blocks: usize = memory.data(128, 16);

/** The words of the expanded key: four for each round key (FIPS 197 §5.2). */
const words: usize = memory.data(240, 16);

const firstRoundKey: usize = scheduleAddress + 16;

/** Encrypts the eight blocks where they lie. The schedule has one round key more than there are rounds: 10, or 14 for AES-256. */
export function encryptBlocks(rounds: u32): void {
  slice();
  addRoundKey(firstRoundKey);
  const last = firstRoundKey + 16 * rounds;
  for (let key = firstRoundKey + 16; key < last; key += 16) {
    substituteBytes(blocks);
    mixColumns();
    addRoundKey(key);
  }
  substituteBytes(blocks);
  for (let at: usize = 0; at < 128; at += 16) v128.store(blocks + at, shiftedRows(at));
  addRoundKey(last);
  unslice();
}

/** Makes the schedule of a key of 16 or 32 bytes, with the hash subkey, and wipes the key. */
export function aesExpandKey(length: u32): void {
  expandWords(length >> 2);
  const rounds: u32 = 6 + (length >> 2);
  for (let at: u32 = 0; at <= 16 * rounds; at += 16) v128.store(firstRoundKey + at, transposed(v128.load(words + at)));
  memory.fill(blocks, 0, 128);
  encryptBlocks(rounds);
  v128.store(scheduleAddress, v128.load(blocks));
  memory.fill(keyAddress, 0, 32);
  memory.fill(words, 0, 240);
  wipeBlocks();
}

/** Overwrites what the last blocks have left. */
export function wipeBlocks(): void {
  memory.fill(blocks, 0, 128);
}

/** Expands a key of `length` words (FIPS 197 §5.2). */
function expandWords(length: u32): void {
  memory.copy(words, keyAddress, 4 * length);
  let constant: u32 = 1;
  for (let at: u32 = length; at < 4 * (length + 7); at += 1) {
    let word: u32 = load<u32>(words + 4 * (at - 1));
    if (at % length === 0) {
      word = substituteWord(rotr<u32>(word, 8)) ^ constant;
      constant = (constant << 1) ^ (0x11b * (constant >> 7));
    } else if (length === 8 && at % 8 === 4) word = substituteWord(word);
    store<u32>(words + 4 * at, word ^ load<u32>(words + 4 * (at - length)));
  }
}

/** Substitutes the bytes of a word by the same circuit, in the first of eight blocks. */
function substituteWord(word: u32): u32 {
  memory.fill(blocks, 0, 128);
  store<u32>(blocks, word);
  slice();
  substituteBytes(blocks);
  unslice();
  return load<u32>(blocks);
}

/** Turns a block's columns into rows, and back: it is the same permutation. */
function transposed(block: v128): v128 {
  return i8x16.swizzle(block, i8x16(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}

/** Turns eight blocks into their slices. */
function slice(): void {
  for (let at: usize = 0; at < 128; at += 16) v128.store(blocks + at, transposed(v128.load(blocks + at)));
  transposeBits();
}

/** Turns slices into blocks. */
function unslice(): void {
  transposeBits();
  for (let at: usize = 0; at < 128; at += 16) v128.store(blocks + at, transposed(v128.load(blocks + at)));
}

/** Exchanges bit b of vector k with bit k of vector b, in every byte: first single bits, then pairs, then halves. */
function transposeBits(): void {
  const singles = i8x16.splat(0x55);
  for (let at: usize = 0; at < 128; at += 32) exchangeBits(blocks + at, blocks + at + 16, 1, singles);
  const pairs = i8x16.splat(0x33);
  for (let at: usize = 0; at < 128; at += 64) {
    exchangeBits(blocks + at, blocks + at + 32, 2, pairs);
    exchangeBits(blocks + at + 16, blocks + at + 48, 2, pairs);
  }
  const halves = i8x16.splat(0x0f);
  for (let at: usize = 0; at < 64; at += 16) exchangeBits(blocks + at, blocks + at + 64, 4, halves);
}

/** Exchanges the bits of `one` that lie `distance` above those of the mask with the bits of `other` below the mask. */
function exchangeBits(one: usize, other: usize, distance: u32, mask: v128): void {
  const ones = v128.load(one);
  const others = v128.load(other);
  const difference = v128.and(v128.xor(i64x2.shr_u(ones, distance), others), mask);
  v128.store(other, v128.xor(others, difference));
  v128.store(one, v128.xor(ones, i64x2.shl(difference, distance)));
}

/** Adds a round key (FIPS 197 §5.1.4). A slice of it has all ones in each byte whose bit is set, for the same key is added to all blocks. */
function addRoundKey(key: usize): void {
  const rows = v128.load(key);
  addKeySlice(0, rows, i8x16.splat(1));
  addKeySlice(16, rows, i8x16.splat(2));
  addKeySlice(32, rows, i8x16.splat(4));
  addKeySlice(48, rows, i8x16.splat(8));
  addKeySlice(64, rows, i8x16.splat(16));
  addKeySlice(80, rows, i8x16.splat(32));
  addKeySlice(96, rows, i8x16.splat(64));
  addKeySlice(112, rows, i8x16.splat(-128));
}

function addKeySlice(at: usize, rows: v128, bit: v128): void {
  v128.store(blocks + at, v128.xor(v128.load(blocks + at), i8x16.eq(v128.and(rows, bit), bit)));
}

/** Gives a slice with row r moved by r columns (FIPS 197 §5.1.2). */
function shiftedRows(at: usize): v128 {
  return i8x16.swizzle(v128.load(blocks + at), i8x16(0, 1, 2, 3, 5, 6, 7, 4, 10, 11, 8, 9, 15, 12, 13, 14));
}

/**
 * Moves the rows, and multiplies the columns (FIPS 197 §5.1.3). With d = a + the next row, the result is 2·d + the next row + d two rows on.
 * Doubling moves a slice to the next higher bit, and brings the highest back to bits 0, 1, 3 and 4.
 */
function mixColumns(): void {
  const a7 = shiftedRows(112);
  const n7 = nextRow(a7);
  const d7 = v128.xor(a7, n7);
  const a0 = shiftedRows(0);
  const n0 = nextRow(a0);
  const d0 = v128.xor(a0, n0);
  leaveMixed(0, d7, n0, d0);
  const a1 = shiftedRows(16);
  const n1 = nextRow(a1);
  const d1 = v128.xor(a1, n1);
  leaveMixed(16, v128.xor(d0, d7), n1, d1);
  const a2 = shiftedRows(32);
  const n2 = nextRow(a2);
  const d2 = v128.xor(a2, n2);
  leaveMixed(32, d1, n2, d2);
  const a3 = shiftedRows(48);
  const n3 = nextRow(a3);
  const d3 = v128.xor(a3, n3);
  leaveMixed(48, v128.xor(d2, d7), n3, d3);
  const a4 = shiftedRows(64);
  const n4 = nextRow(a4);
  const d4 = v128.xor(a4, n4);
  leaveMixed(64, v128.xor(d3, d7), n4, d4);
  const a5 = shiftedRows(80);
  const n5 = nextRow(a5);
  const d5 = v128.xor(a5, n5);
  leaveMixed(80, d4, n5, d5);
  const a6 = shiftedRows(96);
  const n6 = nextRow(a6);
  const d6 = v128.xor(a6, n6);
  leaveMixed(96, d5, n6, d6);
  leaveMixed(112, d6, n7, d7);
}

/** Leaves one slice of the product: what is doubled, the next row, and the difference two rows on. */
function leaveMixed(at: usize, doubled: v128, next: v128, difference: v128): void {
  const opposite = v128.shuffle<i32>(difference, difference, 2, 3, 0, 1);
  v128.store(blocks + at, v128.xor(v128.xor(doubled, next), opposite));
}

function nextRow(rows: v128): v128 {
  return v128.shuffle<i32>(rows, rows, 1, 2, 3, 0);
}
