/** A DER element, whose content is either other elements or bytes. */
export interface DerNode {
  /** The identifier octets, one or more. */
  readonly tag: Uint8Array;
  /** The elements in it; empty where the content is bytes. */
  readonly children: readonly DerNode[];
  /** The bytes before the children: a BIT STRING that holds DER has the number of its unused bits there. */
  readonly prefix: Uint8Array;
  readonly content: Uint8Array;
  /** The length that is written, right or wrong; with `undefined`, the right one. */
  readonly length?: Uint8Array;
}

/** Reads DER; gives `undefined` for anything else. */
export function parseDer(bytes: Uint8Array): DerNode | undefined {
  const nodes = parseAll(bytes, 0);
  return nodes?.length === 1 ? nodes[0] : undefined;
}

export function encodeDer(node: DerNode): Uint8Array {
  const content =
    node.children.length === 0 ? node.content : Buffer.concat([node.prefix, ...node.children.map(encodeDer)]);
  return Uint8Array.from(Buffer.concat([node.tag, node.length ?? lengthOctets(content.length), content]));
}

/** How deep elements are read; nothing real is nested deeper. */
const maxDepth = 40;

function parseAll(bytes: Uint8Array, depth: number): readonly DerNode[] | undefined {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes, at);
    if (element === undefined || depth > maxDepth) return undefined;
    nodes.push(nodeOf(bytes.subarray(at, at + 1), bytes.subarray(element.start, element.end), depth));
    at = element.end;
  }
  return nodes;
}

function elementAt(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } | undefined {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1];
  if (first === undefined || (tag & 0x1f) === 0x1f || tag === 0) return undefined;
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || count > 3) return undefined;
  let length = first & 0x7f;
  if (count > 0) length = bytes.subarray(at + 2, at + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = at + 2 + count;
  return start + length <= bytes.length ? { start, end: start + length } : undefined;
}

const none = new Uint8Array(0);
const octetString = 4;
const bitString = 3;

function nodeOf(tag: Uint8Array, content: Uint8Array, depth: number): DerNode {
  const number = tag[0] ?? 0;
  const skip = number === bitString ? 1 : 0;
  const mayHold = (number & 0x20) !== 0 || number === octetString || number === bitString;
  const children = mayHold && content.length > skip + 1 ? parseAll(content.subarray(skip), depth + 1) : undefined;
  return { tag, children: children ?? [], prefix: children === undefined ? none : content.slice(0, skip), content };
}

function lengthOctets(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  if (length < 0x100) return Uint8Array.of(0x81, length);
  if (length < 0x1_0000) return Uint8Array.of(0x82, length >>> 8, length);
  return Uint8Array.of(0x83, length >>> 16, length >>> 8, length);
}
