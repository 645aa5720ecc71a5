import { join, text } from './wire.ts';

/** Writes a DER element (X.690 §8.1). */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = join(...content);
  const { length } = bytes;
  if (length < 0x80) return join(Uint8Array.of(tag, length), bytes);
  if (length < 0x100) return join(Uint8Array.of(tag, 0x81, length), bytes);
  if (length < 0x1_0000) return join(Uint8Array.of(tag, 0x82, length >>> 8, length), bytes);
  return join(Uint8Array.of(tag, 0x83, length >>> 16, length >>> 8, length), bytes);
}

export function sequence(...content: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...content);
}

/** Writes an object identifier, whose content is given in hexadecimal. */
export function oid(hex: string): Uint8Array {
  return der(6, fromHex(hex));
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

/** Writes a Name of one common name. */
export function nameOf(commonName: string): Uint8Array {
  return sequence(der(0x31, sequence(oid('550403'), der(0x0c, text(commonName)))));
}

const sha256WithRsa = sequence(oid('2a864886f70d01010b'), Uint8Array.of(5, 0));
const rsaEncryption = sequence(oid('2a864886f70d010101'), Uint8Array.of(5, 0));

/** Writes the SubjectPublicKeyInfo of an RSA key whose modulus and exponent have so many bytes, and which is of no use. */
export function hugeRsaKey(bytes: number, fill: number): Uint8Array {
  const odd = new Uint8Array(bytes).fill(fill);
  const integer = der(2, Uint8Array.of(0), odd);
  return sequence(rsaEncryption, der(3, Uint8Array.of(0), sequence(integer, integer)));
}

export interface ForgedCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: Uint8Array;
  readonly signatureLength: number;
  readonly serial: number;
  readonly isCa: boolean;
}

/** Makes a well-formed certificate whose signature is invalid. */
export function forgedCertificate(parts: ForgedCertificate): Uint8Array {
  const { subject, issuer, publicKey, signatureLength, serial, isCa } = parts;
  const basicConstraints = sequence(
    oid('551d13'),
    Uint8Array.of(1, 1, 255),
    der(4, isCa ? fromHex('30030101ff') : fromHex('3000')),
  );
  const keyUsage = sequence(oid('551d0f'), Uint8Array.of(1, 1, 255), der(4, fromHex(isCa ? '03020204' : '03020780')));
  const names = sequence(oid('551d11'), der(4, sequence(der(0x82, text('localhost')))));
  const extensions = isCa ? [basicConstraints, keyUsage] : [basicConstraints, keyUsage, names];
  const toBeSigned = sequence(
    der(0xa0, fromHex('020102')),
    der(2, Uint8Array.of(1, serial >>> 8, serial)),
    sha256WithRsa,
    nameOf(issuer),
    sequence(der(0x17, text('200101000000Z')), der(0x17, text('491231235959Z'))),
    nameOf(subject),
    publicKey,
    der(0xa3, sequence(...extensions)),
  );
  return sequence(toBeSigned, sha256WithRsa, der(3, Uint8Array.of(0), new Uint8Array(signatureLength).fill(0x55)));
}
