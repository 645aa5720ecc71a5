import {
  derNodes,
  encoded,
  integer,
  octetString,
  objectIdentifier,
  sequence,
  tagged,
  wrapped,
  type DerNode,
} from './der-tree.ts';

const oid = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
} as const;

/** What a bag says of itself. */
export interface Attributes {
  readonly friendlyName?: DerNode;
  readonly localKeyId?: number;
}

/** A BMPString. */
export function bmpString(text: string): DerNode {
  return { tag: 0x1e, contents: Buffer.from(text, 'utf16le').swap16() };
}

/** A PKCS#12 file without a MAC (RFC 7292 §4), of parts that are not encrypted. */
export function pfx(...parts: readonly (readonly DerNode[])[]): Uint8Array {
  return encoded(pfxOf(parts.map((bags) => dataOf(sequence(...bags)))));
}

/** The same, of parts as they are. */
export function pfxOf(parts: readonly DerNode[]): DerNode {
  return sequence(integer(3), dataOf(sequence(...parts)));
}

/** A ContentInfo of the type data. */
export function dataOf(contents: DerNode): DerNode {
  return sequence(objectIdentifier(oid.data), tagged(0, wrapped(contents)));
}

/** A ContentInfo of the type encryptedData, by an algorithm that nobody has used: its contents mean nothing. */
export function encryptedPart(algorithm: DerNode): DerNode {
  const info = sequence(objectIdentifier(oid.data), algorithm, { tag: 0x80, contents: new Uint8Array(16) });
  return sequence(objectIdentifier(oid.encryptedData), tagged(0, sequence(integer(0), info)));
}

/** @param pkcs8 a private key that is not encrypted */
export function keyBag(pkcs8: Uint8Array, attributes: Attributes = {}): DerNode {
  return bag(oid.key, firstOf(pkcs8), attributes);
}

/** @param encryptedPkcs8 an EncryptedPrivateKeyInfo */
export function shroudedKeyBag(encryptedPkcs8: Uint8Array, attributes: Attributes = {}): DerNode {
  return bag(oid.shroudedKey, firstOf(encryptedPkcs8), attributes);
}

export function certificateBag(certificate: Uint8Array, attributes: Attributes = {}): DerNode {
  return bag(oid.certificate, sequence(objectIdentifier(oid.x509), tagged(0, octetString(certificate))), attributes);
}

export function bag(type: string, value: DerNode, { friendlyName, localKeyId }: Attributes = {}): DerNode {
  const attributes = [
    ...(friendlyName === undefined ? [] : [attribute(oid.friendlyName, friendlyName)]),
    ...(localKeyId === undefined ? [] : [attribute(oid.localKeyId, octetString(Uint8Array.of(localKeyId)))]),
  ];
  const set: readonly DerNode[] = attributes.length === 0 ? [] : [{ tag: 0x31, contents: attributes }];
  return sequence(objectIdentifier(type), tagged(0, value), ...set);
}

function attribute(type: string, value: DerNode): DerNode {
  return sequence(objectIdentifier(type), { tag: 0x31, contents: [value] });
}

/** The first element of DER, so that it can be put into another. */
export function firstOf(der: Uint8Array): DerNode {
  const [node] = derNodes(der);
  if (node === undefined) throw new Error('there is no DER');
  return node;
}
