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

/**
 * Gives a string that two names share exactly when they are the same by RFC 5280 §7.1, which only their own bytes are where a name is over
 * 1,024 bytes. It is made once for each `der`, because a search compares the same names hundreds of times.
 */
export function nameKey({ der, parts }: DistinguishedName): string {
  const known = keys.get(der);
  if (known !== undefined) return known;
  const key = der.length > maxPreparedName ? `!${binaryString(der)}` : parts.map(partKey).join('');
  keys.set(der, key);
  return key;
}

const keys = new WeakMap<Uint8Array, string>();

/** Gives the key of a name if it was made before. @param der the same object as that of the name */
export function knownNameKey(der: Uint8Array): string | undefined {
  return keys.get(der);
}

/**
 * Gives a string for each part, by which parts are compared with those of a name constraint.
 * @returns `undefined` where a string cannot be prepared: nobody can tell whether it is the same as another
 */
export function comparableParts({ parts }: DistinguishedName): readonly string[] | undefined {
  const isComparable = parts.every((part) => part.every((each) => !isText(each) || preparedText(each) !== undefined));
  return isComparable ? parts.map(partKey) : undefined;
}

function partKey(part: readonly NameAttribute[]): string {
  // A length before each string keeps a name from looking like another one that is taken apart elsewhere.
  return withLength(part.map(attributeKey).toSorted().join(''));
}

function attributeKey(attribute: NameAttribute): string {
  const text = preparedText(attribute);
  const value = text === undefined ? `#${attribute.tag}#${binaryString(attribute.value)}` : `=${text}`;
  return withLength(`${attribute.type}${value}`);
}

function withLength(text: string): string {
  return `${text.length}:${text}`;
}

/**
 * The longest value, and the longest name, that is compared as strings, in bytes; longer ones are compared byte for byte. X.520 has at most 128
 * characters for most attributes, and a peer that is not trusted yet chooses what is prepared, and what is kept of it.
 */
const maxPreparedLength = 1024;
const maxPreparedName = 1024;

/**
 * Two characters stand for whole phrases of Arabic: NFKC makes 18 letters of the one. They cost ten times what others do, and no name has
 * them. A string with one is compared byte for byte.
 */
const phrases = /[\ufdfa\ufdfb]/u;

/**
 * Gives the string as RFC 5280 §7.1 compares it (RFC 4518), with case folded and white space collapsed; `undefined` for what is not a string, and
 * for one that is not prepared.
 */
function preparedText({ tag, value }: NameAttribute): string | undefined {
  if (value.length > maxPreparedLength) return undefined;
  const text = attributeText({ tag, value });
  if (text === undefined || phrases.test(text)) return undefined;
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/gu, ' ');
}

const utf8 = new TextDecoder();
const utf16 = new TextDecoder('utf-16be');

/** Gives the string as it stands there; `undefined` for what is not a string. */
export function attributeText({ tag, value }: Pick<NameAttribute, 'tag' | 'value'>): string | undefined {
  switch (tag) {
    case DerTag.utf8String:
    case DerTag.printableString:
    case DerTag.ia5String:
      return utf8.decode(value);
    case DerTag.teletexString:
      return binaryString(value);
    case DerTag.bmpString:
      return utf16.decode(value);
    default:
      return undefined;
  }
}

function isText({ tag }: NameAttribute): boolean {
  return textTags.has(tag);
}

const textTags: ReadonlySet<number> = new Set([
  DerTag.utf8String,
  DerTag.printableString,
  DerTag.ia5String,
  DerTag.teletexString,
  DerTag.bmpString,
]);
