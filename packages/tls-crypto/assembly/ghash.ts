// GHASH (NIST SP 800-38D §6.4). A block is multiplied by the subkey a nibble at a time: a table has the product of each nibble with the subkey,
// byte by byte, and one instruction looks up a byte of it for all 16 bytes of a block. It is constant time: the look-up is a permutation of
// a register's bytes (`pshufb`, `tbl`) and not of memory, and no branch and no address depends on a secret.
//
// GHASH takes the first bit of a block for the lowest power: the first bit of byte k is x⁸ᵏ, and to multiply by x is to move all bits towards
// the end.

/** The accumulator, one block. */
const accumulator: usize = memory.data(16, 16);

/** The subkey times x⁰ to x⁷. */
const powers: usize = memory.data(128, 16);

/** Row j has byte j of the products with the 16 first nibbles of a byte, row 16 + j of those with the second, which is x⁴ times as much. */
const products: usize = memory.data(512, 16);

/** Takes the hash subkey of 16 bytes. */
export function beginGhash(subkey: usize): void {
  v128.store(powers, v128.load(subkey));
  for (let at: usize = powers; at < powers + 112; at += 16) v128.store(at, timesX(v128.load(at)), 16);
  for (let byte: usize = 0; byte < 16; byte += 1) {
    v128.store(products + 16 * byte, productsOfNibbles(powers + byte));
    v128.store(products + 16 * byte, productsOfNibbles(powers + 64 + byte), 256);
  }
  v128.store(accumulator, i64x2.splat(0));
}

/** Adds whole blocks of 16 bytes. */
export function addGhashBlocks(input: usize, count: u32): void {
  let sum = v128.load(accumulator);
  const end: usize = input + 16 * count;
  for (let block: usize = input; block < end; block += 16) sum = timesSubkey(v128.xor(sum, v128.load(block)));
  v128.store(accumulator, sum);
}

/** Leaves the hash of 16 bytes, and wipes all that the subkey has left. */
export function finishGhash(hash: usize): void {
  v128.store(hash, v128.load(accumulator));
  v128.store(accumulator, i64x2.splat(0));
  memory.fill(powers, 0, 128);
  memory.fill(products, 0, 512);
}

/** Multiplies an element by x. What leaves at the end, x¹²⁸, comes back as 1 + x + x² + x⁷. */
function timesX(element: v128): v128 {
  const early = bswap<u64>(i64x2.extract_lane(element, 0));
  const late = bswap<u64>(i64x2.extract_lane(element, 1));
  const returned: u64 = (0 - (late & 1)) & 0xe100000000000000;
  return ofWords((early >> 1) ^ returned, (late >> 1) | (early << 63));
}

/** Gives one byte of the products with all nibbles; the bits of a nibble stand for that byte in four powers that follow each other. */
function productsOfNibbles(byte: usize): v128 {
  const bit0 = v128.and(v128.load_splat<u8>(byte), i64x2(0, -1));
  const bit1 = v128.and(v128.load_splat<u8>(byte, 16), i32x4(0, -1, 0, -1));
  const bit2 = v128.and(v128.load_splat<u8>(byte, 32), i16x8(0, -1, 0, -1, 0, -1, 0, -1));
  const bit3 = v128.and(v128.load_splat<u8>(byte, 48), i16x8.splat(-256));
  return v128.xor(v128.xor(bit0, bit1), v128.xor(bit2, bit3));
}

/**
 * Multiplies an element by the subkey. The rows are added up from the last to the first, and moved on by a byte each time, so that a byte j of a
 * product with byte k comes to lie at j + k. What leaves the sixteen bytes goes on in fifteen more, and is reduced at the end.
 */
function timesSubkey(element: v128): v128 {
  const nibble = i8x16.splat(0x0f);
  const first = v128.and(i16x8.shr_u(element, 4), nibble);
  const second = v128.and(element, nibble);
  let low = i64x2.splat(0);
  let high = i64x2.splat(0);
  for (let row: usize = products + 240; row >= products; row -= 16) {
    high = i8x16.shuffle(low, high, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    low = i8x16.shuffle(i64x2.splat(0), low, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
    const ofFirst = i8x16.swizzle(v128.load(row), first);
    const ofSecond = i8x16.swizzle(v128.load(row, 256), second);
    low = v128.xor(low, v128.xor(ofFirst, ofSecond));
  }
  return v128.xor(v128.xor(low, high), reduced(high));
}

/** What 15 bytes from x¹²⁸ on come back as, without their product with 1: times x + x² + x⁷, which fits into 16 bytes. */
function reduced(high: v128): v128 {
  const early = bswap<u64>(i64x2.extract_lane(high, 0));
  const late = bswap<u64>(i64x2.extract_lane(high, 1));
  const earlySum = (early >> 1) ^ (early >> 2) ^ (early >> 7);
  const lateSum = (late >> 1) ^ (late >> 2) ^ (late >> 7);
  return ofWords(earlySum, lateSum ^ (early << 63) ^ (early << 62) ^ (early << 57));
}

/** Makes an element of two big-endian words. */
function ofWords(early: u64, late: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(bswap<u64>(early)), 1, bswap<u64>(late));
}
