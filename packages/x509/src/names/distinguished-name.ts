import { binaryString, equalBytes, isUtf8 } from '@org/tls-core/backend';
import { DerTag, type DerReader } from '@org/tls-crypto/der';

/** One AttributeTypeAndValue (RFC 5280 §4.1.2.4). */
export interface NameAttribute {
  readonly type: string;
  readonly tag: number;
  readonly value: Uint8Array;
}

/** A distinguished name. */
export interface DistinguishedName {
  /** The whole name as DER. */
  readonly der: Uint8Array;
  readonly isEmpty: boolean;
  /** The RelativeDistinguishedNames, outermost first. */
  readonly parts: readonly (readonly NameAttribute[])[];
}

/** Reads a Name. */
export function readName(reader: DerReader): DistinguishedName {
  const { raw, contents } = reader.element(DerTag.sequence);
  const sequence = reader.within(contents, 'Name');
  const parts = sequence.isAtEnd ? [] : sequence.list(maxParts, (each) => readPart(each.enter(DerTag.set)));
  return { der: raw, isEmpty: parts.length === 0, parts };
}

/**
 * The most RelativeDistinguishedNames of a name, and the most attributes of one of them. Names have some ten, and hardly ever two
 * attributes in one.
 */
const maxParts = 64;
const maxAttributes = 16;

function readPart(set: DerReader): readonly NameAttribute[] {
  return set.list(maxAttributes, () => {
    const attribute = set.sequence();
    const type = attribute.objectIdentifier();
    // The attribute x500UniqueIdentifier is a BIT STRING, not a string (RFC 5280 §4.1.2.4, X.520 §6.2.7).
    const { tag, contents } =
      attribute.peek() === DerTag.bitString
        ? { tag: DerTag.bitString, contents: attribute.bitStringOctets() }
        : attribute.any();
    attribute.end();
    checkString(set, tag, contents);
    return { type, tag, value: contents };
  });
}

/** Refuses what other readers refuse or read as something else: types that are no strings, and strings that are badly encoded. */
function checkString(reader: DerReader, tag: number, value: Uint8Array): void {
  const octetsEach = octetsPerCharacter.get(tag);
  if (octetsEach === undefined) throw reader.fault(`a name’s value of tag 0x${tag.toString(16)}`);
  if (value.length % octetsEach !== 0) throw reader.fault(`a string of ${value.length} octets, ${octetsEach} each`);
  if (tag === DerTag.utf8String && !isUtf8(value)) throw reader.fault('a UTF8String that is not UTF-8');
}

/**
 * The string types that are read: those of DirectoryString (RFC 5280 §4.1.2.4) without UniversalString, which nobody uses, and those that
 * attributes of other kinds have.
 */
const octetsPerCharacter: ReadonlyMap<number, number> = new Map([
  [DerTag.utf8String, 1],
  [DerTag.printableString, 1],
  [DerTag.teletexString, 1],
  [DerTag.bmpString, 2],
  [DerTag.ia5String, 1],
  [DerTag.numericString, 1],
  [DerTag.bitString, 1],
]);

/** Tells whether two names are the same by RFC 5280 §7.1, whatever the encoding, the case and the white space of their strings are. */
export function sameName(left: DistinguishedName, right: DistinguishedName): boolean {
  return equalBytes(left.der, right.der) || nameKey(left) === nameKey(right);
}

/** Gives a string that two names share exactly when they are the same by RFC 5280 §7.1. */
export function nameKey({ parts }: DistinguishedName): string {
  // A length before each string keeps a name from looking like another one that is taken apart elsewhere.
  return parts.map((part) => withLength(part.map(attributeKey).toSorted().join(''))).join('');
}

function attributeKey(attribute: NameAttribute): string {
  const text = preparedText(attribute);
  const value = text === undefined ? `#${attribute.tag}#${binaryString(attribute.value)}` : `=${text}`;
  return withLength(`${attribute.type}${value}`);
}

function withLength(text: string): string {
  return `${text.length}:${text}`;
}

/** Tells whether `name` lies in the subtree of `base`, which means that it begins with the parts of `base` (RFC 5280 §4.2.1.10, §7.1). */
export function isWithin(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.parts.every((part, index) => samePart(part, name.parts[index]));
}

function samePart(left: readonly NameAttribute[], right: readonly NameAttribute[] | undefined): boolean {
  if (right?.length !== left.length) return false;
  return left.every((attribute) => right.some((other) => sameAttribute(attribute, other)));
}

function sameAttribute(left: NameAttribute, right: NameAttribute): boolean {
  return left.type === right.type && attributeKey(left) === attributeKey(right);
}

/**
 * The longest value that is compared as a string, in bytes; longer ones are compared byte for byte. X.520 has at most 128 characters for most
 * attributes, and a peer that is not trusted yet chooses what is prepared.
 */
const maxPreparedLength = 1024;

/**
 * Gives the string as RFC 5280 §7.1 compares it (RFC 4518), with case folded and white space collapsed; `undefined` for what is not a string.
 */
function preparedText({ tag, value }: NameAttribute): string | undefined {
  if (value.length > maxPreparedLength) return undefined;
  const text = attributeText({ tag, value });
  return text?.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/gu, ' ');
}

/** Gives the string as it stands there; `undefined` for what is not a string. */
export function attributeText({ tag, value }: Pick<NameAttribute, 'tag' | 'value'>): string | undefined {
  switch (tag) {
    case DerTag.utf8String:
    case DerTag.printableString:
    case DerTag.ia5String:
      return new TextDecoder().decode(value);
    case DerTag.teletexString:
      return Array.from(value, (octet) => String.fromCharCode(octet)).join('');
    case DerTag.bmpString:
      return new TextDecoder('utf-16be').decode(value);
    default:
      return undefined;
  }
}
