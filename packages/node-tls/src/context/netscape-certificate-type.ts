import type { Certificate } from '@org/x509';
import { elementIn, oidHex, readBer } from './ber-element.ts';

/** Bits of the extension netscape-cert-type that are of TLS; the first bit is the highest. */
export const NetscapeTypeBit = { client: 0x80, server: 0x40 } as const;

const oid = Buffer.from('6086480186f8420101', 'hex');
const extensionsTag = 0xa3;

/**
 * Gives the first octet of the extension netscape-cert-type, which is older than extKeyUsage and which OpenSSL still obeys; `undefined` where
 * there is none. What cannot be read is for nothing.
 */
export function netscapeCertificateType({ der }: Certificate): number | undefined {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  if (!bytes.includes(oid)) return undefined;
  const list = elementIn(readBer(bytes), 0).children.find(({ tag }) => tag === extensionsTag);
  const extension = list?.children[0]?.children.find((each) => oidHex(elementIn(each, 0)) === oid.toString('hex'));
  if (extension === undefined) return undefined;
  const value = extension.children.at(-1);
  // a BIT STRING: its tag, its length, the number of bits that do not count, and the bits
  return value?.contents.at(3) ?? 0;
}
