import { hkdfExpand, type CryptoProvider, type HashAlgorithm } from '@org/tls-crypto';

/** What HKDF-Expand-Label makes of a secret. */
export interface LabelExpansion {
  /** It comes without the prefix "tls13 ", and has at most 249 bytes of ASCII. */
  readonly label: string;
  /** It has at most 255 bytes. */
  readonly context: Uint8Array;
  readonly length: number;
}

/** HKDF-Expand-Label (RFC 8446 §7.1). */
export function hkdfExpandLabel(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  secret: Uint8Array,
  { label, context, length }: LabelExpansion,
): Uint8Array {
  const labelLength = prefix.length + label.length;
  const info = new Uint8Array(4 + labelLength + context.length);
  info[0] = length >>> 8;
  info[1] = length;
  info[2] = labelLength;
  for (let index = 0; index < prefix.length; index += 1) info[3 + index] = prefix.charCodeAt(index);
  for (let index = 0; index < label.length; index += 1) info[3 + prefix.length + index] = label.charCodeAt(index);
  info[3 + labelLength] = context.length;
  info.set(context, 4 + labelLength);
  const output = new Uint8Array(length);
  hkdfExpand(crypto, hash, secret, info, output);
  return output;
}

const prefix = 'tls13 ';
