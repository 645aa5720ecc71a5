// GHASH (NIST SP 800-38D §6.4) by multiplications of integers: where only every fourth bit of the factors is set, the carries of a product end
// below the next bit that counts, and a mask takes them away (Pornin, BearSSL, "Constant-Time Multiplications in GHASH"). It is constant
// time where a multiplication of 64-bit integers is, as on x64 and ARM64: no branch and no address depends on a secret.
//
// GHASH takes the first bit of a block for the lowest power. Read as big-endian integers, blocks are polynomials with their bits reversed, and
// so is their product, which comes out one bit too low.

/** The two halves of the accumulator, the later eight bytes of a block first. */
const accumulator: usize = memory.data(16, 16);

/** The later half of the hash subkey, its earlier half and the sum of the two, then the same reversed: each as its every-fourth-bit parts. */
const factors: usize = memory.data(192, 16);

const everyFourth: u64 = 0x1111111111111111;

/** Takes the hash subkey of 16 bytes. */
export function beginGhash(subkey: usize): void {
  const early = bswap<u64>(load<u64>(subkey));
  const late = bswap<u64>(load<u64>(subkey, 8));
  keepFactor(factors, late);
  keepFactor(factors + 32, early);
  keepFactor(factors + 64, late ^ early);
  keepFactor(factors + 96, reversed(late));
  keepFactor(factors + 128, reversed(early));
  keepFactor(factors + 160, reversed(late ^ early));
  v128.store(accumulator, i64x2.splat(0));
}

/** Adds whole blocks of 16 bytes. */
export function addGhashBlocks(input: usize, count: u32): void {
  let late: u64 = load<u64>(accumulator);
  let early: u64 = load<u64>(accumulator, 8);
  const end: usize = input + 16 * count;
  for (let block: usize = input; block < end; block += 16) {
    early ^= bswap<u64>(load<u64>(block));
    late ^= bswap<u64>(load<u64>(block, 8));
    // Karatsuba: three products of halves, whose upper words are the lower words of the products of the reversed halves
    const lateReversed = reversed(late);
    const earlyReversed = reversed(early);
    const low = product(late, factors);
    const high = product(early, factors + 32);
    const middle = product(late ^ early, factors + 64) ^ low ^ high;
    const lowReversed = product(lateReversed, factors + 96);
    const highReversed = product(earlyReversed, factors + 128);
    const middleReversed = product(lateReversed ^ earlyReversed, factors + 160) ^ lowReversed ^ highReversed;
    const upperLow = reversed(lowReversed) >> 1;
    const upperHigh = reversed(highReversed) >> 1;
    const upperMiddle = reversed(middleReversed) >> 1;
    // 256 bits, the lowest word first, moved up by the bit that is missing
    const word1 = upperLow ^ middle;
    const word2 = high ^ upperMiddle;
    const v0 = low << 1;
    const v1 = (word1 << 1) | (low >> 63);
    const v2 = (word2 << 1) | (word1 >> 63);
    const v3 = (upperHigh << 1) | (word2 >> 63);
    // modulo x¹²⁸ + x⁷ + x² + x + 1: each of the two lower words comes back in the two above it
    const w1 = v1 ^ (v0 << 63) ^ (v0 << 62) ^ (v0 << 57);
    late = v2 ^ v0 ^ (v0 >> 1) ^ (v0 >> 2) ^ (v0 >> 7) ^ (w1 << 63) ^ (w1 << 62) ^ (w1 << 57);
    early = v3 ^ w1 ^ (w1 >> 1) ^ (w1 >> 2) ^ (w1 >> 7);
  }
  store<u64>(accumulator, late);
  store<u64>(accumulator, early, 8);
}

/** Leaves the hash of 16 bytes, and wipes the subkey and the accumulator. */
export function finishGhash(hash: usize): void {
  store<u64>(hash, bswap<u64>(load<u64>(accumulator, 8)));
  store<u64>(hash, bswap<u64>(load<u64>(accumulator)), 8);
  memory.fill(factors, 0, 192);
  memory.fill(accumulator, 0, 16);
}

function keepFactor(place: usize, factor: u64): void {
  store<u64>(place, factor & everyFourth);
  store<u64>(place, factor & (everyFourth << 1), 8);
  store<u64>(place, factor & (everyFourth << 2), 16);
  store<u64>(place, factor & (everyFourth << 3), 24);
}

/** The lower 64 bits of the product without carries of a word and a factor that was kept. */
function product(word: u64, factor: usize): u64 {
  const x0 = word & everyFourth;
  const x1 = word & (everyFourth << 1);
  const x2 = word & (everyFourth << 2);
  const x3 = word & (everyFourth << 3);
  const y0 = load<u64>(factor);
  const y1 = load<u64>(factor, 8);
  const y2 = load<u64>(factor, 16);
  const y3 = load<u64>(factor, 24);
  const z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
  const z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
  const z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
  const z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
  return (z0 & everyFourth) | (z1 & (everyFourth << 1)) | (z2 & (everyFourth << 2)) | (z3 & (everyFourth << 3));
}

/** The 64 bits of a word in reverse order: bits, pairs and quartets change places within each byte, then the bytes. */
function reversed(word: u64): u64 {
  const bits = ((word >> 1) & 0x5555555555555555) | ((word & 0x5555555555555555) << 1);
  const pairs = ((bits >> 2) & 0x3333333333333333) | ((bits & 0x3333333333333333) << 2);
  return bswap<u64>(((pairs >> 4) & 0x0f0f0f0f0f0f0f0f) | ((pairs & 0x0f0f0f0f0f0f0f0f) << 4));
}
