// SHA-256 (FIPS 180-4 §6.2). It is constant time: it adds, rotates and combines words, no branch and no address depends on the message,
// and the only table, of round constants, is read by the number of the round.

/** K, the round constants (FIPS 180-4 §4.2.2). */
const roundConstants: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/** W, the message schedule of one block: 64 words. */
const schedule: usize = memory.data(256, 16);

/** The initial hash value (FIPS 180-4 §5.3.3). */
export function beginSha256(state: usize): void {
  store<u32>(state, 0x6a09e667, 0);
  store<u32>(state, 0xbb67ae85, 4);
  store<u32>(state, 0x3c6ef372, 8);
  store<u32>(state, 0xa54ff53a, 12);
  store<u32>(state, 0x510e527f, 16);
  store<u32>(state, 0x9b05688c, 20);
  store<u32>(state, 0x1f83d9ab, 24);
  store<u32>(state, 0x5be0cd19, 28);
}

/** Adds whole blocks of 64 bytes to the state. */
export function addSha256Blocks(state: usize, input: usize, count: u32): void {
  const end: usize = input + 64 * count;
  for (let block: usize = input; block < end; block += 64) {
    expandBlock(block);
    compress(state);
  }
}

/** Overwrites what the last block has left. */
export function wipeSha256(): void {
  memory.fill(schedule, 0, 256);
}

/** Makes the message schedule of a block (FIPS 180-4 §6.2.2, step 1). */
function expandBlock(block: usize): void {
  for (let at: usize = 0; at < 64; at += 4) store<u32>(schedule + at, bswap<u32>(load<u32>(block + at)));
  for (let at: usize = schedule; at < schedule + 192; at += 4) {
    const early: u32 = load<u32>(at, 4);
    const late: u32 = load<u32>(at, 56);
    const sigma0: u32 = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >> 3);
    const sigma1: u32 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >> 10);
    store<u32>(at, load<u32>(at) + sigma0 + load<u32>(at, 36) + sigma1, 64);
  }
}

/** Runs the 64 rounds over the schedule (FIPS 180-4 §6.2.2, steps 2 to 4). Eight rounds stand in a row, so that no word has to move. */
function compress(state: usize): void {
  let a: u32 = load<u32>(state, 0);
  let b: u32 = load<u32>(state, 4);
  let c: u32 = load<u32>(state, 8);
  let d: u32 = load<u32>(state, 12);
  let e: u32 = load<u32>(state, 16);
  let f: u32 = load<u32>(state, 20);
  let g: u32 = load<u32>(state, 24);
  let h: u32 = load<u32>(state, 28);
  for (let at: usize = 0; at < 256; at += 32) {
    h = mixed(e, f, g, h + word(at));
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g + word(at + 4));
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f + word(at + 8));
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e + word(at + 12));
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d + word(at + 16));
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c + word(at + 20));
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b + word(at + 24));
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a + word(at + 28));
    e += a;
    a += majority(b, c, d);
  }
  store<u32>(state, load<u32>(state, 0) + a, 0);
  store<u32>(state, load<u32>(state, 4) + b, 4);
  store<u32>(state, load<u32>(state, 8) + c, 8);
  store<u32>(state, load<u32>(state, 12) + d, 12);
  store<u32>(state, load<u32>(state, 16) + e, 16);
  store<u32>(state, load<u32>(state, 20) + f, 20);
  store<u32>(state, load<u32>(state, 24) + g, 24);
  store<u32>(state, load<u32>(state, 28) + h, 28);
}

/** K + W of a round. */
function word(at: usize): u32 {
  return load<u32>(roundConstants + at) + load<u32>(schedule + at);
}

/** T1, which is h + K + W + Ch(e, f, g) + Σ1(e). What depends on the round before is added last, for the others can go ahead. */
function mixed(e: u32, f: u32, g: u32, rest: u32): u32 {
  const sum: u32 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
  return rest + (((f ^ g) & e) ^ g) + sum;
}

/** Σ0(a) + Maj(a, b, c), which is T2. */
function majority(a: u32, b: u32, c: u32): u32 {
  const sum: u32 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
  return sum + ((a & b) | (c & (a | b)));
}
