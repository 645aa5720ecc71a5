import { join } from './memory-pair.ts';

/** A vector behind its length of so many bytes (RFC 8446 §3.4). */
export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  const length = new Uint8Array(lengthBytes);
  for (let index = 0; index < lengthBytes; index += 1) length[index] = body.length >>> (8 * (lengthBytes - 1 - index));
  return join([length, body]);
}

/** Big-endian numbers of two bytes. */
export function uint16s(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(numbers.flatMap((number) => [number >>> 8, number & 0xff]));
}
