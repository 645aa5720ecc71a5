// Just enough of DER (X.690 §10) to cut certificates that Node itself trusts into their parts.

/**
 * The elements that follow each other in `bytes`.
 * @returns per element: tag, raw (identifier, length and contents), contents; views
 */
export function elementsOf(bytes) {
  const elements = [];
  for (let at = 0; at < bytes.length;) {
    const { from, to } = boundsOf(bytes, at);
    elements.push({ tag: bytes[at], raw: bytes.subarray(at, to), contents: bytes.subarray(from, to) });
    at = to;
  }
  return elements;
}

/** One element around the parts. */
export function element(tag, ...parts) {
  const contents = Buffer.concat(parts);
  const { length } = contents;
  if (length > 0xffff) throw new RangeError(`expected at most 65535 bytes, got ${length}`);
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), contents]);
}

function boundsOf(bytes, at) {
  const first = bytes[at + 1];
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + octets;
  const length = octets === 0 ? first : bytes.readUIntBE(at + 2, octets);
  if (!(from + length <= bytes.length)) throw new RangeError(`an element at ${at} is cut short`);
  return { from, to: from + length };
}
