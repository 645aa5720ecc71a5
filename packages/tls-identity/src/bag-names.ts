import { hex } from '@org/tls-core/backend';
import { DerTag, type DerReader } from '@org/tls-crypto/der';

/** What ties the bags of a PKCS#12 file to each other and to people. */
export interface BagNames {
  /** The name of RFC 2985 §5.5.1, which keytool calls an alias. */
  readonly friendlyName: string | undefined;
  /** What a key and its certificate have in common (RFC 2985 §5.5.2), in hexadecimal. */
  readonly localKeyId: string | undefined;
}

const friendlyNameOid = '1.2.840.113549.1.9.20';
const localKeyIdOid = '1.2.840.113549.1.9.21';

/** Reads the attributes of a SafeBag (RFC 7292 §4.2), of which there may be none. Others than these two are passed over. */
export function readBagNames(bag: DerReader): BagNames {
  const attributes = bag.enterOptional(DerTag.set, 'bagAttributes');
  bag.end();
  let names: BagNames = { friendlyName: undefined, localKeyId: undefined };
  while (attributes?.isAtEnd === false) {
    const attribute = attributes.sequence('PKCS12Attribute');
    const oid = attribute.objectIdentifier();
    const values = attribute.enter(DerTag.set);
    attribute.end();
    if (values.isAtEnd) continue;
    const { tag, contents } = values.any();
    if (oid === friendlyNameOid) names = { ...names, friendlyName: textOf(tag, contents) };
    if (oid === localKeyIdOid) names = { ...names, localKeyId: hex(contents) };
  }
  return names;
}

/** Reads a string. It has to be a BMPString, and some programs write others; zeros at its end are no part of it. */
function textOf(tag: number, contents: Uint8Array): string | undefined {
  const text = decoders[tag]?.(contents);
  return text?.replace(/\0+$/u, '');
}

const decoders: Readonly<Record<number, (contents: Uint8Array) => string>> = {
  [DerTag.bmpString]: utf16,
  [DerTag.utf8String]: (contents) => new TextDecoder().decode(contents),
  [DerTag.printableString]: latin1,
  [DerTag.ia5String]: latin1,
  [DerTag.teletexString]: latin1,
};

function utf16(contents: Uint8Array): string {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.length);
  let text = '';
  for (let at = 0; at + 1 < contents.length; at += 2) text += String.fromCharCode(view.getUint16(at));
  return text;
}

function latin1(contents: Uint8Array): string {
  return Array.from(contents, (octet) => String.fromCharCode(octet)).join('');
}
