import { contextTag, type DerReader } from '@org/tls-crypto/der';
import { readName, type DistinguishedName } from './distinguished-name.ts';

/** A GeneralName (RFC 5280 §4.2.1.6). Forms that nothing here compares keep only their kind. */
export type GeneralName =
  /** A host name, an e-mail address or a URI, as it stands there. Only a dNSName may be empty. */
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly name: string }
  /** An address has 4 or 16 bytes in a name; in a name constraint it has 8 or 32, because the mask follows. */
  | { readonly kind: 'ip'; readonly address: Uint8Array }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  | { readonly kind: 'other' | 'x400' | 'edi' | 'registered' };

/** The most names of a certificate, or of a CA's constraints. CAs sell certificates with at most 2,000 names. */
export const maxGeneralNames = 2048;

/** Reads one GeneralName. */
export function readGeneralName(reader: DerReader): GeneralName {
  const { tag, contents } = reader.any();
  switch (tag) {
    case contextTag(0, true):
      return { kind: 'other' };
    case contextTag(1, false):
      return { kind: 'email', name: notEmpty(reader, ia5(reader, contents)) };
    case contextTag(2, false):
      return { kind: 'dns', name: ia5(reader, contents) };
    case contextTag(3, true):
      return { kind: 'x400' };
    case contextTag(4, true): {
      const explicit = reader.within(contents);
      const name = readName(explicit);
      explicit.end();
      return { kind: 'directory', name };
    }
    case contextTag(5, true):
      return { kind: 'edi' };
    case contextTag(6, false):
      return { kind: 'uri', name: notEmpty(reader, ia5(reader, contents)) };
    case contextTag(7, false):
      return { kind: 'ip', address: contents };
    case contextTag(8, false):
      return { kind: 'registered' };
    default:
      throw reader.fault(`a GeneralName of tag 0x${tag.toString(16)}`);
  }
}

/** Reads an IA5String, which has seven bits an octet. NUL and other controls are refused, because other readers stumble over them. */
function ia5(reader: DerReader, contents: Uint8Array): string {
  let text = '';
  for (const octet of contents) {
    if (octet < 0x20 || octet > 0x7e) throw reader.fault('a name with characters outside of printable ASCII');
    text += String.fromCharCode(octet);
  }
  return text;
}

function notEmpty(reader: DerReader, text: string): string {
  if (text === '') throw reader.fault('an empty name');
  return text;
}
