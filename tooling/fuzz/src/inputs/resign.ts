import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { encodeDer, type DerNode } from './der-tree.ts';
import { real } from './corpus.ts';

/** The path in a tree to the sequence of what is signed, the algorithm and the signature. */
export type SignedPath = readonly number[];

export const signedPaths = {
  certificate: [],
  crl: [],
  /** The path leads through OCSPResponse, responseBytes, their SEQUENCE, the OCTET STRING and BasicOCSPResponse (RFC 6960 §4.2.1). */
  ocsp: [1, 0, 1, 0],
} as const satisfies Readonly<Record<string, SignedPath>>;

/** Signs again with a P-256 key of the corpus, so that readers see what was changed and not only a wrong signature. */
export function resign(tree: DerNode, path: SignedPath, signer: 'root' | 'ca'): DerNode {
  const [index, ...rest] = path;
  if (index === undefined) return signed(tree, keyOf(signer));
  return { ...tree, children: tree.children.map((child, at) => (at === index ? resign(child, rest, signer) : child)) };
}

function signed(tree: DerNode, key: KeyObject): DerNode {
  const [toBeSigned, algorithm, , ...surplus] = tree.children;
  if (toBeSigned === undefined || algorithm === undefined) return tree;
  const signature = sign('sha256', encodeDer(toBeSigned), key);
  const none = new Uint8Array(0);
  const content = Uint8Array.from([0, ...signature]);
  const bitString = { tag: Uint8Array.of(3), children: [], prefix: none, content };
  return { ...tree, children: [toBeSigned, algorithm, bitString, ...surplus] };
}

const keys = new Map<string, KeyObject>();

function keyOf(name: string): KeyObject {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPrivateKey({ key: Buffer.from(real(`key ${name}`)), format: 'der', type: 'pkcs8' });
  keys.set(name, key);
  return key;
}
