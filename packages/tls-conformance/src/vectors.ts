import { join } from './memory-pair.ts';

/** Makes a vector behind its length, which takes this many bytes (RFC 8446 §3.4). */
export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  const length = new Uint8Array(lengthBytes);
  for (let index = 0; index < lengthBytes; index += 1) length[index] = body.length >>> (8 * (lengthBytes - 1 - index));
  return join([length, body]);
}

/** Writes numbers as two bytes each, big-endian. */
export function uint16s(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers.flatMap((number) => [number >>> 8, number & 0xff]));
}
