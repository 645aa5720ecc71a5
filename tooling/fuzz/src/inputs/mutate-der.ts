import { mutateBytes } from '../mutate-bytes.ts';
import type { Random } from '../random.ts';
import { encodeDer, parseDer, type DerNode } from './der-tree.ts';

/** Damages DER in one place and corrects the lengths around it, so that a reader gets to the damage. */
export function mutateDer(random: Random, bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
  const tree = parseDer(bytes);
  if (tree === undefined || random.oneIn(4)) return mutateBytes(random, bytes, others);
  return encodeDer(mutateTree(random, tree, others));
}

/** Damages one element, which is drawn from all. */
export function mutateTree(random: Random, tree: DerNode, others: readonly Uint8Array[]): DerNode {
  const edit = random.below(countOf(tree));
  let seen = -1;
  const visit = (node: DerNode): readonly DerNode[] => {
    seen += 1;
    if (seen === edit) return mutated(random, node, others);
    return node.children.length === 0 ? [node] : [{ ...node, children: node.children.flatMap(visit) }];
  };
  const [first = tree] = visit(tree);
  return first;
}

function countOf(node: DerNode): number {
  return node.children.reduce((sum, child) => sum + countOf(child), 1);
}

/** Gives any number of elements in place of one. */
function mutated(random: Random, node: DerNode, others: readonly Uint8Array[]): readonly DerNode[] {
  const leaf = (content: Uint8Array): DerNode => ({ ...node, children: [], content });
  const content = node.children.length === 0 ? node.content : encodeDer(node).subarray(2);
  switch (random.below(11)) {
    case 0:
      return [];
    case 1:
      return Array.from({ length: random.pick([2, 3, 50]) }, () => node);
    case 2:
      return [{ ...node, tag: Uint8Array.of(random.pick(tags)) }];
    case 3:
      return [leaf(new Uint8Array(0))];
    case 4:
      return [{ ...node, length: random.pick(badLengths) }];
    case 5: {
      const stranger = elementOf(random, random.pick(others));
      return [stranger ?? node];
    }
    case 6: {
      const stranger = elementOf(random, random.pick(others));
      return stranger === undefined ? [node] : [node, stranger];
    }
    case 7:
      return [{ ...node, children: node.children.toReversed() }];
    case 8:
      return [nested(random, node)];
    case 9:
      return [leaf(random.bytes(random.pick([1, 2, 8, 300])))];
    default:
      return [leaf(mutateBytes(random, content, others))];
  }
}

/** Draws an element of another input. */
function elementOf(random: Random, bytes: Uint8Array): DerNode | undefined {
  let node = parseDer(bytes);
  while (node !== undefined && node.children.length > 0 && !random.oneIn(4)) node = random.pick(node.children);
  return node;
}

/** Nests an element within itself, a few times or very often. */
function nested(random: Random, node: DerNode): DerNode {
  let result = node;
  const tag = Uint8Array.of(random.pick([0x30, 0x31, 0xa0, 0x24]));
  const depth = random.pick([1, 2, 20, 200]);
  const none = new Uint8Array(0);
  for (let level = 0; level < depth; level += 1) result = { tag, children: [result], prefix: none, content: none };
  return result;
}

const tags = [
  1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1e, 0x24, 0x30, 0x31, 0x80, 0x82, 0x86, 0x87, 0xa0,
  0xa1, 0xa3, 0xbf,
] as const;
const badLengths = [
  '00',
  '80',
  '81ff',
  '8100',
  '82ffff',
  '830fffff',
  '84ffffffff',
  '8480000000',
  '88ffffffffffffffff',
  'ff',
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
