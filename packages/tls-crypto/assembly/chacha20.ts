// ChaCha20 (RFC 8439 §2.3), four blocks at once: each of sixteen vectors holds one word of the state for four consecutive blocks. It is
// constant time: it adds, rotates and combines words, and every address is a number of a word or of a block.

/** The state of four blocks, a vector for each word: the constants, the key, the counters, the nonce. */
const initial: usize = memory.data(256, 16);

/** The state of four blocks after the rounds. */
const mixed: usize = memory.data(256, 16);

/** Four blocks of the key stream, 64 bytes each, one behind the other. */
export const keyStream: usize = memory.data(256, 16);

/** "expand 32-byte k" (RFC 8439 §2.3). */
const constants: usize = memory.data<u32>([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);

/** Takes a key of 32 bytes and a nonce of 12, for blocks from number 0 on. */
export function beginChaCha20(key: usize, nonce: usize): void {
  for (let at: usize = 0; at < 16; at += 4) setWord(at, load<u32>(constants + at));
  for (let at: usize = 0; at < 32; at += 4) setWord(16 + at, load<u32>(key + at));
  v128.store(initial, i32x4(0, 1, 2, 3), 192);
  for (let at: usize = 0; at < 12; at += 4) setWord(52 + at, load<u32>(nonce + at));
}

/** Makes the next four blocks of the key stream. */
export function nextBlocks(): void {
  runRounds();
  for (let at: usize = 0; at < 256; at += 64) leaveWords(at);
  v128.store(initial, i32x4.add(v128.load(initial, 192), i32x4.splat(4)), 192);
}

/** Overwrites the key and what is left of the key stream. */
export function wipeChaCha20(): void {
  memory.fill(initial, 0, 256);
  memory.fill(mixed, 0, 256);
  memory.fill(keyStream, 0, 256);
}

/** Sets a word of the state, given by its offset in bytes, for all four blocks. */
function setWord(offset: usize, word: u32): void {
  v128.store(initial + 4 * offset, i32x4.splat(word));
}

/**
 * Adds the initial state to four words of all blocks, and leaves them in the blocks' order.
 * @param at where the first of these words lies in the state, in bytes
 */
function leaveWords(at: usize): void {
  const a = i32x4.add(v128.load(mixed + at), v128.load(initial + at));
  const b = i32x4.add(v128.load(mixed + at, 16), v128.load(initial + at, 16));
  const c = i32x4.add(v128.load(mixed + at, 32), v128.load(initial + at, 32));
  const d = i32x4.add(v128.load(mixed + at, 48), v128.load(initial + at, 48));
  const firstOfAB = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const lastOfAB = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const firstOfCD = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const lastOfCD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  const words = keyStream + (at >> 2);
  v128.store(words, v128.shuffle<i64>(firstOfAB, firstOfCD, 0, 2));
  v128.store(words, v128.shuffle<i64>(firstOfAB, firstOfCD, 1, 3), 64);
  v128.store(words, v128.shuffle<i64>(lastOfAB, lastOfCD, 0, 2), 128);
  v128.store(words, v128.shuffle<i64>(lastOfAB, lastOfCD, 1, 3), 192);
}

/**
 * Runs the twenty rounds (RFC 8439 §2.3), two in each turn: quarter rounds on columns, then on diagonals. It is one long function because
 * the state has sixteen vectors, which a processor holds in registers, and functions give back only one.
 */
function runRounds(): void {
  let x0 = v128.load(initial, 0);
  let x1 = v128.load(initial, 16);
  let x2 = v128.load(initial, 32);
  let x3 = v128.load(initial, 48);
  let x4 = v128.load(initial, 64);
  let x5 = v128.load(initial, 80);
  let x6 = v128.load(initial, 96);
  let x7 = v128.load(initial, 112);
  let x8 = v128.load(initial, 128);
  let x9 = v128.load(initial, 144);
  let x10 = v128.load(initial, 160);
  let x11 = v128.load(initial, 176);
  let x12 = v128.load(initial, 192);
  let x13 = v128.load(initial, 208);
  let x14 = v128.load(initial, 224);
  let x15 = v128.load(initial, 240);
  for (let round = 0; round < 10; round += 1) {
    x0 = i32x4.add(x0, x4);
    x12 = rotate16(v128.xor(x12, x0));
    x8 = i32x4.add(x8, x12);
    x4 = rotate12(v128.xor(x4, x8));
    x0 = i32x4.add(x0, x4);
    x12 = rotate8(v128.xor(x12, x0));
    x8 = i32x4.add(x8, x12);
    x4 = rotate7(v128.xor(x4, x8));
    x1 = i32x4.add(x1, x5);
    x13 = rotate16(v128.xor(x13, x1));
    x9 = i32x4.add(x9, x13);
    x5 = rotate12(v128.xor(x5, x9));
    x1 = i32x4.add(x1, x5);
    x13 = rotate8(v128.xor(x13, x1));
    x9 = i32x4.add(x9, x13);
    x5 = rotate7(v128.xor(x5, x9));
    x2 = i32x4.add(x2, x6);
    x14 = rotate16(v128.xor(x14, x2));
    x10 = i32x4.add(x10, x14);
    x6 = rotate12(v128.xor(x6, x10));
    x2 = i32x4.add(x2, x6);
    x14 = rotate8(v128.xor(x14, x2));
    x10 = i32x4.add(x10, x14);
    x6 = rotate7(v128.xor(x6, x10));
    x3 = i32x4.add(x3, x7);
    x15 = rotate16(v128.xor(x15, x3));
    x11 = i32x4.add(x11, x15);
    x7 = rotate12(v128.xor(x7, x11));
    x3 = i32x4.add(x3, x7);
    x15 = rotate8(v128.xor(x15, x3));
    x11 = i32x4.add(x11, x15);
    x7 = rotate7(v128.xor(x7, x11));
    x0 = i32x4.add(x0, x5);
    x15 = rotate16(v128.xor(x15, x0));
    x10 = i32x4.add(x10, x15);
    x5 = rotate12(v128.xor(x5, x10));
    x0 = i32x4.add(x0, x5);
    x15 = rotate8(v128.xor(x15, x0));
    x10 = i32x4.add(x10, x15);
    x5 = rotate7(v128.xor(x5, x10));
    x1 = i32x4.add(x1, x6);
    x12 = rotate16(v128.xor(x12, x1));
    x11 = i32x4.add(x11, x12);
    x6 = rotate12(v128.xor(x6, x11));
    x1 = i32x4.add(x1, x6);
    x12 = rotate8(v128.xor(x12, x1));
    x11 = i32x4.add(x11, x12);
    x6 = rotate7(v128.xor(x6, x11));
    x2 = i32x4.add(x2, x7);
    x13 = rotate16(v128.xor(x13, x2));
    x8 = i32x4.add(x8, x13);
    x7 = rotate12(v128.xor(x7, x8));
    x2 = i32x4.add(x2, x7);
    x13 = rotate8(v128.xor(x13, x2));
    x8 = i32x4.add(x8, x13);
    x7 = rotate7(v128.xor(x7, x8));
    x3 = i32x4.add(x3, x4);
    x14 = rotate16(v128.xor(x14, x3));
    x9 = i32x4.add(x9, x14);
    x4 = rotate12(v128.xor(x4, x9));
    x3 = i32x4.add(x3, x4);
    x14 = rotate8(v128.xor(x14, x3));
    x9 = i32x4.add(x9, x14);
    x4 = rotate7(v128.xor(x4, x9));
  }
  v128.store(mixed, x0, 0);
  v128.store(mixed, x1, 16);
  v128.store(mixed, x2, 32);
  v128.store(mixed, x3, 48);
  v128.store(mixed, x4, 64);
  v128.store(mixed, x5, 80);
  v128.store(mixed, x6, 96);
  v128.store(mixed, x7, 112);
  v128.store(mixed, x8, 128);
  v128.store(mixed, x9, 144);
  v128.store(mixed, x10, 160);
  v128.store(mixed, x11, 176);
  v128.store(mixed, x12, 192);
  v128.store(mixed, x13, 208);
  v128.store(mixed, x14, 224);
  v128.store(mixed, x15, 240);
}

function rotate16(words: v128): v128 {
  return i8x16.shuffle(words, words, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
}

function rotate12(words: v128): v128 {
  return v128.or(i32x4.shl(words, 12), i32x4.shr_u(words, 20));
}

function rotate8(words: v128): v128 {
  return v128.or(i32x4.shl(words, 8), i32x4.shr_u(words, 24));
}

function rotate7(words: v128): v128 {
  return v128.or(i32x4.shl(words, 7), i32x4.shr_u(words, 25));
}
