import type { BytePart } from '../binding-rule.ts';

/** One string of bytes, in which each part stands behind its length: other parts never read the same. */
export function encodeParts(parts: readonly BytePart[]): Uint8Array {
  const encoder = new TextEncoder();
  const chunks = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part));
  const encoded = new Uint8Array(chunks.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(encoded.buffer);
  let offset = 0;
  for (const chunk of chunks) {
    view.setUint32(offset, chunk.length);
    encoded.set(chunk, offset + 4);
    offset += 4 + chunk.length;
  }
  return encoded;
}
