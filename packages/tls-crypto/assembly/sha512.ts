// SHA-384 and SHA-512 (FIPS 180-4 §6.4, §6.5). They are constant time as SHA-256 is: sums, rotations and combinations of words, and one
// table that is read by the number of the round.

/** K, the round constants (FIPS 180-4 §4.2.3). */
const roundConstants: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
  0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
  0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
  0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
  0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
  0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
  0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
  0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
  0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
  0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
  0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
  0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
  0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
]);

/** W, the message schedule of one block: 80 words. */
const schedule: usize = memory.data(640, 16);

/** The initial hash value (FIPS 180-4 §5.3.4). */
export function beginSha384(state: usize): void {
  store<u64>(state, 0xcbbb9d5dc1059ed8, 0);
  store<u64>(state, 0x629a292a367cd507, 8);
  store<u64>(state, 0x9159015a3070dd17, 16);
  store<u64>(state, 0x152fecd8f70e5939, 24);
  store<u64>(state, 0x67332667ffc00b31, 32);
  store<u64>(state, 0x8eb44a8768581511, 40);
  store<u64>(state, 0xdb0c2e0d64f98fa7, 48);
  store<u64>(state, 0x47b5481dbefa4fa4, 56);
}

/** The initial hash value (FIPS 180-4 §5.3.5). */
export function beginSha512(state: usize): void {
  store<u64>(state, 0x6a09e667f3bcc908, 0);
  store<u64>(state, 0xbb67ae8584caa73b, 8);
  store<u64>(state, 0x3c6ef372fe94f82b, 16);
  store<u64>(state, 0xa54ff53a5f1d36f1, 24);
  store<u64>(state, 0x510e527fade682d1, 32);
  store<u64>(state, 0x9b05688c2b3e6c1f, 40);
  store<u64>(state, 0x1f83d9abfb41bd6b, 48);
  store<u64>(state, 0x5be0cd19137e2179, 56);
}

/** Adds whole blocks of 128 bytes to the state. */
export function addSha512Blocks(state: usize, input: usize, count: u32): void {
  const end: usize = input + 128 * count;
  for (let block: usize = input; block < end; block += 128) {
    expandBlock(block);
    compress(state);
  }
}

/** Overwrites what the last block has left. */
export function wipeSha512(): void {
  memory.fill(schedule, 0, 640);
}

/** Makes the message schedule of a block (FIPS 180-4 §6.4.2, step 1). */
function expandBlock(block: usize): void {
  for (let at: usize = 0; at < 128; at += 8) store<u64>(schedule + at, bswap<u64>(load<u64>(block + at)));
  for (let at: usize = schedule; at < schedule + 512; at += 8) {
    const early: u64 = load<u64>(at, 8);
    const late: u64 = load<u64>(at, 112);
    const sigma0: u64 = rotr<u64>(early, 1) ^ rotr<u64>(early, 8) ^ (early >> 7);
    const sigma1: u64 = rotr<u64>(late, 19) ^ rotr<u64>(late, 61) ^ (late >> 6);
    store<u64>(at, load<u64>(at) + sigma0 + load<u64>(at, 72) + sigma1, 128);
  }
}

/** Runs the 80 rounds over the schedule (FIPS 180-4 §6.4.2, steps 2 to 4). Eight rounds stand in a row, so that no word has to move. */
function compress(state: usize): void {
  let a: u64 = load<u64>(state, 0);
  let b: u64 = load<u64>(state, 8);
  let c: u64 = load<u64>(state, 16);
  let d: u64 = load<u64>(state, 24);
  let e: u64 = load<u64>(state, 32);
  let f: u64 = load<u64>(state, 40);
  let g: u64 = load<u64>(state, 48);
  let h: u64 = load<u64>(state, 56);
  for (let at: usize = 0; at < 640; at += 64) {
    h = mixed(e, f, g, h + word(at));
    d += h;
    h += majority(a, b, c);
    g = mixed(d, e, f, g + word(at + 8));
    c += g;
    g += majority(h, a, b);
    f = mixed(c, d, e, f + word(at + 16));
    b += f;
    f += majority(g, h, a);
    e = mixed(b, c, d, e + word(at + 24));
    a += e;
    e += majority(f, g, h);
    d = mixed(a, b, c, d + word(at + 32));
    h += d;
    d += majority(e, f, g);
    c = mixed(h, a, b, c + word(at + 40));
    g += c;
    c += majority(d, e, f);
    b = mixed(g, h, a, b + word(at + 48));
    f += b;
    b += majority(c, d, e);
    a = mixed(f, g, h, a + word(at + 56));
    e += a;
    a += majority(b, c, d);
  }
  store<u64>(state, load<u64>(state, 0) + a, 0);
  store<u64>(state, load<u64>(state, 8) + b, 8);
  store<u64>(state, load<u64>(state, 16) + c, 16);
  store<u64>(state, load<u64>(state, 24) + d, 24);
  store<u64>(state, load<u64>(state, 32) + e, 32);
  store<u64>(state, load<u64>(state, 40) + f, 40);
  store<u64>(state, load<u64>(state, 48) + g, 48);
  store<u64>(state, load<u64>(state, 56) + h, 56);
}

/** K + W of a round. */
function word(at: usize): u64 {
  return load<u64>(roundConstants + at) + load<u64>(schedule + at);
}

/** T1, which is h + K + W + Ch(e, f, g) + Σ1(e). What depends on the round before is added last, for the others can go ahead. */
function mixed(e: u64, f: u64, g: u64, rest: u64): u64 {
  const sum: u64 = rotr<u64>(e, 14) ^ rotr<u64>(e, 18) ^ rotr<u64>(e, 41);
  return rest + (((f ^ g) & e) ^ g) + sum;
}

/** Σ0(a) + Maj(a, b, c), which is T2. */
function majority(a: u64, b: u64, c: u64): u64 {
  const sum: u64 = rotr<u64>(a, 28) ^ rotr<u64>(a, 34) ^ rotr<u64>(a, 39);
  return sum + ((a & b) | (c & (a | b)));
}
