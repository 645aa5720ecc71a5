import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { encodeDer, type DerNode } from './der-tree.ts';
import { real } from './corpus.ts';

/** Where in a tree the sequence of what is signed, algorithm and signature stands. */
export type SignedPath = readonly number[];

export const signedPaths = {
  certificate: [],
  crl: [],
  /** OCSPResponse, responseBytes, their SEQUENCE, the OCTET STRING, BasicOCSPResponse (RFC 6960 §4.2.1). */
  ocsp: [1, 0, 1, 0],
} as const satisfies Readonly<Record<string, SignedPath>>;

/** Signs anew with a key of the corpus on P-256, so that what was changed is looked at and not only its signature. */
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
