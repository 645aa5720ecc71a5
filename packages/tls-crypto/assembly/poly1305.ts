// Poly1305 (RFC 8439 §2.5) with words of 32 bits in numbers of 64. It is constant time where a multiplication of 64-bit integers is, as on
// x64 and ARM64: there is no branch and no address but by the number of blocks, and the last subtraction is chosen by a mask.
//
// The accumulator is h0 + h1·2³² + h2·2⁶⁴ + h3·2⁹⁶ + h4·2¹²⁸. The key r is clamped, so that each of its words is below 2²⁸ and r1, r2 and r3 are
// multiples of 4: what goes beyond 2¹³⁰ comes back times 5, and 5/4 of such a word is exact (s1, s2, s3). No sum reaches 2⁶³.

/** The one-time key: r (16 bytes, clamped), s (16 bytes). */
const oneTimeKey: usize = memory.data(32, 16);

/** The accumulator: five numbers of 64 bits. */
const accumulator: usize = memory.data(40, 16);

const wordMask: u64 = 0xffffffff;

/** Takes a one-time key of 32 bytes. */
export function beginPoly1305(key: usize): void {
  store<u32>(oneTimeKey, load<u32>(key) & 0x0fffffff);
  for (let at: usize = 4; at < 16; at += 4) store<u32>(oneTimeKey + at, load<u32>(key + at) & 0x0ffffffc);
  v128.store(oneTimeKey, v128.load(key, 16), 16);
  memory.fill(accumulator, 0, 40);
}

/** Adds whole blocks of 16 bytes. */
export function addPoly1305Blocks(input: usize, count: u32): void {
  const r0: u64 = load<u32>(oneTimeKey);
  const r1: u64 = load<u32>(oneTimeKey, 4);
  const r2: u64 = load<u32>(oneTimeKey, 8);
  const r3: u64 = load<u32>(oneTimeKey, 12);
  const s1: u64 = r1 + (r1 >> 2);
  const s2: u64 = r2 + (r2 >> 2);
  const s3: u64 = r3 + (r3 >> 2);
  let h0: u64 = load<u64>(accumulator);
  let h1: u64 = load<u64>(accumulator, 8);
  let h2: u64 = load<u64>(accumulator, 16);
  let h3: u64 = load<u64>(accumulator, 24);
  let h4: u64 = load<u64>(accumulator, 32);
  const end: usize = input + 16 * count;
  for (let block: usize = input; block < end; block += 16) {
    h0 += load<u32>(block);
    h1 += (h0 >> 32) + load<u32>(block, 4);
    h2 += (h1 >> 32) + load<u32>(block, 8);
    h3 += (h2 >> 32) + load<u32>(block, 12);
    h4 += (h3 >> 32) + 1;
    h0 &= wordMask;
    h1 &= wordMask;
    h2 &= wordMask;
    h3 &= wordMask;
    const d0: u64 = h0 * r0 + h1 * s3 + h2 * s2 + h3 * s1;
    const d1: u64 = h0 * r1 + h1 * r0 + h2 * s3 + h3 * s2 + h4 * s1 + (d0 >> 32);
    const d2: u64 = h0 * r2 + h1 * r1 + h2 * r0 + h3 * s3 + h4 * s2 + (d1 >> 32);
    const d3: u64 = h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * s3 + (d2 >> 32);
    h4 = h4 * r0 + (d3 >> 32);
    h0 = (d0 & wordMask) + (h4 >> 2) + (h4 & ~3);
    h1 = d1 & wordMask;
    h2 = d2 & wordMask;
    h3 = d3 & wordMask;
    h4 &= 3;
  }
  store<u64>(accumulator, h0);
  store<u64>(accumulator, h1, 8);
  store<u64>(accumulator, h2, 16);
  store<u64>(accumulator, h3, 24);
  store<u64>(accumulator, h4, 32);
}

/** Leaves the tag of 16 bytes, and wipes the key and the accumulator. */
export function finishPoly1305(tag: usize): void {
  const h0: u64 = load<u64>(accumulator);
  const h1: u64 = load<u64>(accumulator, 8) + (h0 >> 32);
  const h2: u64 = load<u64>(accumulator, 16) + (h1 >> 32);
  const h3: u64 = load<u64>(accumulator, 24) + (h2 >> 32);
  const h4: u64 = load<u64>(accumulator, 32) + (h3 >> 32);
  // h + 5 reaches 2¹³⁰ where h is not below the prime, 2¹³⁰ - 5. Then h + 5 without its bits from 2¹³⁰ on is what remains.
  const g0: u64 = (h0 & wordMask) + 5;
  const g1: u64 = (h1 & wordMask) + (g0 >> 32);
  const g2: u64 = (h2 & wordMask) + (g1 >> 32);
  const g3: u64 = (h3 & wordMask) + (g2 >> 32);
  const isReduced: u64 = 0 - ((h4 + (g3 >> 32)) >> 2);
  let sum: u64 = load<u32>(oneTimeKey, 16) + chosen(isReduced, g0, h0);
  store<u32>(tag, u32(sum));
  sum = load<u32>(oneTimeKey, 20) + chosen(isReduced, g1, h1) + (sum >> 32);
  store<u32>(tag, u32(sum), 4);
  sum = load<u32>(oneTimeKey, 24) + chosen(isReduced, g2, h2) + (sum >> 32);
  store<u32>(tag, u32(sum), 8);
  sum = load<u32>(oneTimeKey, 28) + chosen(isReduced, g3, h3) + (sum >> 32);
  store<u32>(tag, u32(sum), 12);
  memory.fill(oneTimeKey, 0, 32);
  memory.fill(accumulator, 0, 40);
}

/** Gives the low 32 bits of `one` where the mask is all ones, and of `other` where it is zero. */
function chosen(mask: u64, one: u64, other: u64): u64 {
  return ((one & mask) | (other & ~mask)) & wordMask;
}
