import { TlsError } from '@org/tls-core';

/** Identifier octets of the ASN.1 types that certificates and keys use (X.690 §8.1.2). */
export const DerTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a context-specific tag (X.690 §8.1.2.2). */
export function contextTag(number: number, constructed: boolean): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/** Who is to blame for bad DER: a peer's certificate, or a key or certificate of our own. */
export type DerErrorCode = 'ERR_TLS_CERTIFICATE_BAD' | 'ERR_TLS_IDENTITY';

/** One element, with its tag, its length and its contents. The byte strings are views into the bytes that are read. */
export interface DerElement {
  readonly tag: number;
  /** The identifier, the length and the contents together. */
  readonly raw: Uint8Array;
  readonly contents: Uint8Array;
}

const maxDepth = 24;
const maxLength = 2 ** 20;
/** The longest object identifier that is read, in bytes. The longest in use have some 30. */
const maxOidLength = 128;

/**
 * Reads DER (X.690 §10), and refuses what is only BER: it accepts definite minimal lengths, minimal INTEGERs, the BOOLEANs 00 and ff, and
 * tag numbers below 31. Whoever reads ends with `end()`, so that nothing is left over.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #code: DerErrorCode;
  readonly #what: string;
  #depth = 0;
  #offset = 0;
  #end: number;
  /** Where the contents of the element that was read last begin; they end at `#offset`. */
  #contentsFrom = 0;

  /**
   * @param what names what is being read, for error messages
   * @param limit how many bytes the input may have
   * @throws TlsError `code` when the input is longer than that, 1 MiB by default
   */
  constructor(bytes: Uint8Array, what: string, code: DerErrorCode = 'ERR_TLS_CERTIFICATE_BAD', limit = maxLength) {
    this.#bytes = bytes;
    this.#what = what;
    this.#code = code;
    this.#end = bytes.length;
    if (bytes.length > limit) throw this.fault(`expected at most ${limit} bytes, got ${bytes.length}`);
  }

  /**
   * Makes a reader of a part of some bytes, one level deeper. The limit on the length is not checked again, because the whole was checked.
   */
  #inner(bytes: Uint8Array, what: string, from: number, to: number): DerReader {
    const inner = new DerReader(bytes, what, this.#code, bytes.length);
    inner.#depth = this.#depth + 1;
    inner.#offset = from;
    inner.#end = to;
    if (inner.#depth > maxDepth) throw inner.fault(`nested deeper than ${maxDepth}`);
    return inner;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#end;
  }

  /** Gives the next element's tag without reading it; `undefined` at the end. */
  peek(): number | undefined {
    return this.#offset < this.#end ? this.#bytes[this.#offset] : undefined;
  }

  /** @throws TlsError when any bytes are left */
  end(): void {
    if (!this.isAtEnd) throw this.fault(`${this.#end - this.#offset} bytes too many`);
  }

  /**
   * Reads elements up to the end, of which there must be at least one, and gives what `read` makes of each.
   * @param most how many elements there may be: each becomes a value, and a peer's certificate has room for 20,000
   */
  list<T>(most: number, read: (reader: this) => T): T[] {
    const values: T[] = [];
    do {
      if (values.length === most) throw this.fault(`more than ${most} elements`);
      values.push(read(this));
    } while (!this.isAtEnd);
    return values;
  }

  /** Reads the next element, whatever its tag is. */
  any(): DerElement {
    const start = this.#offset;
    const tag = this.#step();
    return { tag, raw: this.#bytes.subarray(start, this.#offset), contents: this.#contents() };
  }

  /** Reads the next element, which must have this tag. */
  element(tag: number): DerElement {
    this.#expect(tag);
    return this.any();
  }

  /** Gives the contents of the next element, which must have this tag. */
  contents(tag: number): Uint8Array {
    this.#expect(tag);
    this.#step();
    return this.#contents();
  }

  /**
   * Makes a reader of the contents of the next element, which must have this tag.
   * @throws TlsError when that element is nested deeper than 24 levels
   */
  enter(tag: number, what: string = this.#what): DerReader {
    this.#expect(tag);
    this.#step();
    return this.#inner(this.#bytes, what, this.#contentsFrom, this.#offset);
  }

  /** Does the same for a tag that may be absent. */
  enterOptional(tag: number, what: string = this.#what): DerReader | undefined {
    return this.peek() === tag ? this.enter(tag, what) : undefined;
  }

  sequence(what: string = this.#what): DerReader {
    return this.enter(DerTag.sequence, what);
  }

  /** Makes a reader of bytes that were found within these, one level deeper. */
  within(bytes: Uint8Array, what: string = this.#what): DerReader {
    return this.#inner(bytes, what, 0, bytes.length);
  }

  /** Moves past one element. @returns its tag */
  #step(): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let from = this.#offset + 2;
    const tag = bytes[from - 2];
    let length = bytes[from - 1];
    if (from > end || tag === undefined || length === undefined) throw this.fault('cut short');
    if ((tag & 0x1f) === 0x1f) throw this.fault('a tag number above 30');
    if (length >= 0x80) {
      const octets = length & 0x7f;
      // A length must be definite and in the fewest octets (X.690 §10.1).
      if (octets === 0) throw this.fault('an indefinite length');
      if (octets > 3) throw this.fault('a length of more than 3 octets');
      if (from + octets > end) throw this.fault('cut short');
      length = 0;
      for (let index = 0; index < octets; index += 1) length = length * 256 + (bytes[from + index] ?? 0);
      from += octets;
      if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw this.fault('a length that is not minimal');
    }
    const to = from + length;
    if (to > end) throw this.fault(`an element of ${length} bytes where ${end - from} are left`);
    this.#contentsFrom = from;
    this.#offset = to;
    return tag;
  }

  #expect(tag: number): void {
    const found = this.peek();
    if (found !== tag)
      throw this.fault(`expected tag ${hexTag(tag)}, got ${found === undefined ? 'the end' : hexTag(found)}`);
  }

  #contents(): Uint8Array {
    return this.#bytes.subarray(this.#contentsFrom, this.#offset);
  }

  /** Reads a BOOLEAN, whose true value is ff in DER (X.690 §11.1). */
  boolean(): boolean {
    this.#expect(DerTag.boolean);
    this.#step();
    const octet = this.#bytes[this.#contentsFrom];
    if (this.#offset - this.#contentsFrom !== 1 || (octet !== 0 && octet !== 0xff))
      throw this.fault('a BOOLEAN that is neither 00 nor ff');
    return octet === 0xff;
  }

  /** Reads an INTEGER in two's complement, big-endian, in the fewest octets (X.690 §8.3.2). */
  integer(tag: number = DerTag.integer): Uint8Array {
    const contents = this.contents(tag);
    const [first, second] = contents;
    if (first === undefined) throw this.fault('an empty INTEGER');
    if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
      throw this.fault('an INTEGER that is not minimal');
    }
    return contents;
  }

  /** Gives the magnitude of a positive INTEGER, without a leading zero octet. */
  positiveInteger(): Uint8Array {
    const contents = this.integer();
    const [first] = contents;
    if (first === undefined || first >= 0x80 || (first === 0 && contents.length === 1))
      throw this.fault('an INTEGER that is not positive');
    return first === 0 ? contents.subarray(1) : contents;
  }

  /** Reads an INTEGER from 0 to 2^31 - 1. */
  smallInteger(tag: number = DerTag.integer): number {
    const contents = this.integer(tag);
    if ((contents[0] ?? 0) >= 0x80) throw this.fault('a negative INTEGER');
    if (contents.length > 4) throw this.fault('an INTEGER above 2^31 - 1');
    let value = 0;
    for (const octet of contents) value = value * 256 + octet;
    return value;
  }

  /** Reads a BIT STRING, whose unused bits must be zero (X.690 §11.2.1). */
  bitString(tag: number = DerTag.bitString): { readonly bytes: Uint8Array; readonly unusedBits: number } {
    const contents = this.contents(tag);
    const [unusedBits] = contents;
    if (unusedBits === undefined || unusedBits > 7 || (contents.length === 1 && unusedBits !== 0))
      throw this.fault('a bad BIT STRING');
    const last = contents[contents.length - 1] ?? 0;
    if (contents.length > 1 && (last & ((1 << unusedBits) - 1)) !== 0)
      throw this.fault('a BIT STRING whose unused bits are set');
    return { bytes: contents.subarray(1), unusedBits };
  }

  /** Reads a BIT STRING that consists of whole octets. */
  bitStringOctets(): Uint8Array {
    const { bytes, unusedBits } = this.bitString();
    if (unusedBits !== 0) throw this.fault('a BIT STRING that is not whole octets');
    return bytes;
  }

  null(): void {
    if (this.contents(DerTag.null).length !== 0) throw this.fault('a NULL with contents');
  }

  /** Reads an object identifier into dotted form. Its sub-identifiers are minimal (X.690 §8.19.2) and below 2^53. */
  objectIdentifier(tag: number = DerTag.objectIdentifier): string {
    this.#expect(tag);
    this.#step();
    const to = this.#offset;
    if (to - this.#contentsFrom > maxOidLength)
      throw this.fault(`an OBJECT IDENTIFIER of ${to - this.#contentsFrom} octets`);
    if (this.#contentsFrom === to || (this.#bytes[to - 1] ?? 0) >= 0x80) throw this.fault('a bad OBJECT IDENTIFIER');
    let text = '';
    let value = 0;
    let isFirstOctet = true;
    for (let at = this.#contentsFrom; at < to; at += 1) {
      const octet = this.#bytes[at] ?? 0;
      if (isFirstOctet && octet === 0x80) throw this.fault('an OBJECT IDENTIFIER that is not minimal');
      value = value * 128 + (octet & 0x7f);
      if (value > Number.MAX_SAFE_INTEGER) throw this.fault('an OBJECT IDENTIFIER with a huge arc');
      isFirstOctet = octet < 0x80;
      if (!isFirstOctet) continue;
      if (text === '') {
        const root = Math.min(Math.floor(value / 40), 2);
        text = `${root}.${value - root * 40}`;
      } else {
        text += `.${value}`;
      }
      value = 0;
    }
    return text;
  }

  /** Makes an error about what is being read. */
  fault(message: string): TlsError {
    return new TlsError(this.#code, `${this.#what}: ${message}`);
  }
}

function hexTag(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
