/** Behind a header of two bytes, a block of stored bytes (RFC 1951 §3.2.4) is at most so long. */
const maxBlockLength = 0xffff;
const trailerLength = 4;

/**
 * Writes the zlib format (RFC 1950) without compressing anything, which needs nothing of a platform and is done at once. Whoever reads zlib
 * can read it.
 */
export function deflateStored(plain: Uint8Array): Uint8Array {
  const out = [0x78, 0x01];
  for (let offset = 0; offset === 0 || offset < plain.length; offset += maxBlockLength) {
    const block = plain.subarray(offset, offset + maxBlockLength);
    const isLast = offset + maxBlockLength >= plain.length;
    out.push(isLast ? 1 : 0, ...littleEndian(block.length), ...littleEndian(block.length ^ 0xffff), ...block);
  }
  const checksum = adler32(plain);
  out.push(checksum >>> 24, (checksum >>> 16) & 255, (checksum >>> 8) & 255, checksum & 255);
  return Uint8Array.from(out);
}

/**
 * Reads what `deflateStored` has written.
 * @throws RangeError on anything else
 */
export function inflateStored(compressed: Uint8Array): Uint8Array {
  const plain: number[] = [];
  let offset = 2;
  for (let isLast = false; !isLast;) {
    const [kind = 2, low = 0, high = 0] = compressed.subarray(offset, offset + 3);
    const block = compressed.subarray(offset + 5, offset + 5 + low + high * 256);
    if (kind > 1 || block.length !== low + high * 256) throw new RangeError('not a stored block');
    plain.push(...block);
    offset += 5 + block.length;
    isLast = kind === 1;
  }
  const bytes = Uint8Array.from(plain);
  const trailer = compressed.subarray(offset);
  const checksum = trailer.reduce((sum, byte) => ((sum << 8) | byte) >>> 0, 0);
  if (trailer.length !== trailerLength || checksum !== adler32(bytes)) throw new RangeError('the checksum differs');
  return bytes;
}

function littleEndian(value: number): readonly number[] {
  return [value & 255, value >> 8];
}

/** Computes Adler-32 (RFC 1950 §8.2). */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}
