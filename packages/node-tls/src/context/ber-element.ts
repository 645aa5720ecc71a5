/** One element of BER (X.690 §8), which PKCS#12 files are written in. */
export interface BerElement {
  readonly tag: number;
  /** The identifier, the length and the contents together; a view. */
  readonly raw: Buffer;
  /** The octets of the contents; of an OCTET STRING in pieces, the pieces together. */
  readonly contents: Buffer;
  /** The elements within; none in a primitive one. */
  readonly children: readonly BerElement[];
}

const maxDepth = 24;
const octetString = 0x04;
const constructed = 0x20;

/**
 * Reads the first element of some bytes, with all that is within.
 * @throws Error when it ends before its length says so, or is nested too deeply
 */
export function readBer(bytes: Buffer): BerElement {
  return elementAt(bytes, 0, 0);
}

function elementAt(bytes: Buffer, start: number, depth: number): BerElement {
  if (depth > maxDepth) throw new Error('BER: nested too deeply');
  const tag = bytes.readUInt8(start);
  const first = bytes.readUInt8(start + 1);
  const isIndefinite = first === 0x80;
  const lengthBytes = first > 0x80 ? first & 0x7f : 0;
  if (lengthBytes > 4) throw new Error('BER: a length of more than four octets');
  const from = start + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes);
  const to = isIndefinite ? bytes.length : from + length;
  if (to > bytes.length) throw new Error('BER: an element is longer than what it stands in');
  if ((tag & constructed) === 0) {
    return { tag, raw: bytes.subarray(start, to), contents: bytes.subarray(from, to), children: [] };
  }
  const children: BerElement[] = [];
  let at = from;
  while (at < to && !(isIndefinite && bytes.readUInt16BE(at) === 0)) {
    const child = elementAt(bytes.subarray(0, to), at, depth + 1);
    children.push(child);
    at += child.raw.length;
  }
  const raw = bytes.subarray(start, isIndefinite ? at + 2 : to);
  // an IMPLICIT [0] OCTET STRING may be in pieces too
  const isInPieces = (tag === 0x24 || tag === 0xa0) && children.every((child) => child.tag === octetString);
  const contents = isInPieces ? Buffer.concat(children.map((child) => child.contents)) : bytes.subarray(from, at);
  return { tag, raw, contents, children };
}

/**
 * Gives an element by its place in a tree: the child with the first number, its child with the second, …
 * @throws Error when there is none
 */
export function elementIn(element: BerElement, ...places: readonly number[]): BerElement {
  return places.reduce((parent, place) => {
    const child = parent.children[place];
    if (child === undefined) throw new Error('BER: an element is missing');
    return child;
  }, element);
}

/** The contents of an OBJECT IDENTIFIER in hexadecimal, by which it is compared. */
export function oidHex({ contents }: BerElement): string {
  return contents.toString('hex');
}
