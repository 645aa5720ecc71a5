import { derElement } from '@org/tls-crypto/der';

/** One element of DER that a test can change: its contents are bytes, or other elements. */
export interface DerNode {
  readonly tag: number;
  readonly contents: Uint8Array | readonly DerNode[];
}

/** Reads all elements of well-formed DER. */
export function derNodes(bytes: Uint8Array): readonly DerNode[] {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    const lengthBytes = bytes.subarray(at + 2, at + 2 + octets);
    const length = octets === 0 ? first : lengthBytes.reduce((sum, octet) => sum * 256 + octet, 0);
    const from = at + 2 + octets;
    const contents = bytes.subarray(from, from + length);
    nodes.push({ tag, contents: (tag & 0x20) === 0 ? contents : derNodes(contents) });
    at = from + length;
  }
  return nodes;
}

/** Writes an element and all within it. */
export function encoded({ tag, contents }: DerNode): Uint8Array {
  return contents instanceof Uint8Array ? derElement(tag, contents) : derElement(tag, ...contents.map(encoded));
}

/** Writes an element with indefinite lengths wherever BER allows them, and strings in pieces. */
export function encodedAsBer({ tag, contents }: DerNode, pieceLength = 100): Uint8Array {
  if (!(contents instanceof Uint8Array))
    return indefinite(
      tag,
      contents.map((each) => encodedAsBer(each, pieceLength)),
    );
  if (tag !== 0x04 || contents.length <= pieceLength) return derElement(tag, contents);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < contents.length; at += pieceLength)
    pieces.push(derElement(0x04, contents.subarray(at, at + pieceLength)));
  return indefinite(0x24, pieces);
}

function indefinite(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0)]);
}

/** Puts another element in the place of one, which is found by the numbers of its place in each level. */
export function replaced(
  node: DerNode,
  [index, ...deeper]: readonly number[],
  change: (found: DerNode) => DerNode,
): DerNode {
  if (index === undefined) return change(node);
  if (node.contents instanceof Uint8Array) throw new Error(`there is nothing within the element ${node.tag}`);
  return {
    tag: node.tag,
    contents: node.contents.map((each, at) => (at === index ? replaced(each, deeper, change) : each)),
  };
}

export function sequence(...contents: readonly DerNode[]): DerNode {
  return { tag: 0x30, contents };
}

export function octetString(contents: Uint8Array): DerNode {
  return { tag: 0x04, contents };
}

/** An OCTET STRING whose contents are an element. */
export function wrapped(inner: DerNode): DerNode {
  return octetString(encoded(inner));
}

export function integer(value: number): DerNode {
  const octets: number[] = [];
  for (let rest = value; rest > 0 || octets.length === 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  if ((octets[0] ?? 0) >= 0x80) octets.unshift(0);
  return { tag: 0x02, contents: Uint8Array.from(octets) };
}

/** @param dotted an object identifier in dotted form */
export function objectIdentifier(dotted: string): DerNode {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...others].flatMap((arc) => {
    const base128 = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
      base128.unshift(0x80 | (rest % 128));
    return base128;
  });
  return { tag: 0x06, contents: Uint8Array.from(octets) };
}

/** The tag [number], which is EXPLICIT. */
export function tagged(number: number, inner: DerNode): DerNode {
  return { tag: 0xa0 | number, contents: [inner] };
}

export const nullValue: DerNode = { tag: 0x05, contents: new Uint8Array() };
