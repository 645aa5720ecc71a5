/**
 * Whether bytes are well-formed UTF-8 (RFC 3629 §4). A decoder tells by an exception; a peer that is not authenticated would choose how many.
 */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** Bytes of the character that begins here; 0 when none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (first < 0xe0) return first >= 0xc2 && isTail(second) ? 2 : 0;
  if (!isTail(bytes[at + 2])) return 0;
  if (first < 0xf0) {
    // nothing that fits two bytes, and no surrogates
    const isInRange = second >= (first === 0xe0 ? 0xa0 : 0x80) && second <= (first === 0xed ? 0x9f : 0xbf);
    return isInRange ? 3 : 0;
  }
  // nothing that fits three bytes, and nothing above U+10FFFF
  const isInRange = second >= (first === 0xf0 ? 0x90 : 0x80) && second <= (first === 0xf4 ? 0x8f : 0xbf);
  return first <= 0xf4 && isInRange && isTail(bytes[at + 3]) ? 4 : 0;
}

function isTail(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte <= 0xbf;
}
