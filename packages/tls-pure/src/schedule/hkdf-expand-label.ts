import { hkdfExpand, type CryptoProvider, type HashAlgorithm } from '@org/tls-crypto';

/**
 * HKDF-Expand-Label (RFC 8446 §7.1).
 * @param label without the prefix "tls13 ", at most 249 bytes of ASCII
 * @param context at most 255 bytes
 */
export function hkdfExpandLabel(
  crypto: CryptoProvider,
  hash: HashAlgorithm,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
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
  return hkdfExpand(crypto, hash, secret, info, length);
}

const prefix = 'tls13 ';
