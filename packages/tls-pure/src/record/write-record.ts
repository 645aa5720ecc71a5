import { recordHeaderLength } from './record-reader.ts';

/** `legacy_record_version` of all records but a first ClientHello (RFC 8446 §5.1). */
export const legacyVersion = 0x0303;

/**
 * Writes a record's header (RFC 8446 §5.1).
 * @returns the offset behind it
 */
export function writeHeader(
  out: Uint8Array,
  at: number,
  type: number,
  fragmentLength: number,
  version = legacyVersion,
): number {
  out[at] = type;
  out[at + 1] = version >>> 8;
  out[at + 2] = version;
  out[at + 3] = fragmentLength >>> 8;
  out[at + 4] = fragmentLength;
  return at + recordHeaderLength;
}

/** Copies `content[offset…offset + length]` to `out[at…]`. */
export function copyFragment(content: Uint8Array, offset: number, length: number, out: Uint8Array, at: number): void {
  // most content is one fragment, which needs no view
  out.set(length === content.length ? content : content.subarray(offset, offset + length), at);
}
