import { isIP, isIPv4, isIPv6 } from 'node:net';

/** True for an IPv4 or IPv6 address in its usual notation. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0;
}

/**
 * Gives the 4 or 16 bytes of an address.
 * @throws TypeError when `text` is no address
 */
export function ipAddressBytes(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  if (!isIPv6(text)) throw new TypeError(`expected an IP address, got ${text}`);
  const [head = '', tail] = withoutDottedQuad(text).split('::');
  const first = groups(head);
  const last = groups(tail ?? '');
  const words = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
  return Uint8Array.from(words.flatMap((word) => [word >> 8, word & 0xff]));
}

/**
 * Gives an address and a mask as nameConstraints has them (RFC 5280 §4.2.1.10), in 8 or 32 bytes.
 * @param range such as `10.0.0.0/8`
 */
export function ipRangeBytes(range: string): Uint8Array {
  const [address = '', prefix = ''] = range.split('/');
  const bytes = ipAddressBytes(address);
  const bits = Number(prefix);
  const mask = bytes.map((_, index) => 0xff & (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))));
  return Uint8Array.from([...bytes, ...mask]);
}

function groups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** Rewrites `::ffff:192.0.2.1`, with its last four bytes as two groups. */
function withoutDottedQuad(text: string): string {
  const start = text.lastIndexOf(':') + 1;
  const quad = text.slice(start);
  if (!isIPv4(quad)) return text;
  const [a = 0, b = 0, c = 0, d = 0] = quad.split('.').map(Number);
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
