import { concatBytes } from '@org/tls-core/backend';
import { derElement, DerTag } from '@org/tls-crypto/der';
import { fault } from './identity-fault.ts';

/** The longest file that is read, in bytes. A certificate has some 1,500, a store of a whole PKI some 100,000. */
const maxLength = 2 ** 20;
/** Base64 is longer than what it stands for, and PEM has explanations beside it. */
const maxTextLength = 2 * maxLength;
/** How deep elements may be nested. A PKCS#12 file needs twelve levels. */
const maxDepth = 24;
/** The most elements. A store of 200 certificates has 5,000 outside of the certificates. */
const maxElements = 2 ** 16;

/**
 * Rewrites BER as DER, so that one strict reader reads what tools write: they write PKCS#12 with indefinite lengths, and with strings in
 * pieces (RFC 7292 §3). White space and zeros behind the element are left out, as editors, shells and block ciphers add them.
 * @param what names what is being read, for error messages
 * @throws TlsError `ERR_TLS_IDENTITY` when the bytes are no BER, longer than 1 MiB or nested too deeply, or when something else stands
 *   behind the element
 */
export function derOf(bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length > maxLength) throw fault(`${what}: expected at most ${maxLength} bytes, got ${bytes.length}`);
  const { der, next } = new BerRewriter(bytes, what).element(0, bytes.length, 0);
  const surplus = bytes.subarray(next);
  if (surplus.some((octet) => !padding.has(octet)))
    throw fault(`${what}: ${surplus.length} bytes stand behind its end`);
  return der;
}

/**
 * Refuses what is too long before anything is done with it.
 * @throws TlsError `ERR_TLS_IDENTITY` on more than 2 MiB, or 1 MiB of DER
 */
export function checkLength(source: string | Uint8Array, what: string): void {
  const most = source[0] === DerTag.sequence ? maxLength : maxTextLength;
  if (source.length > most) throw fault(`${what}: expected at most ${most} bytes, got ${source.length}`);
}

/** NUL, tabulator, line feed, carriage return and space. */
const padding: ReadonlySet<number> = new Set([0x00, 0x09, 0x0a, 0x0d, 0x20]);

interface Rewritten {
  readonly der: Uint8Array;
  /** Whether the element was DER already. */
  readonly isSame: boolean;
  /** Where the next element begins. */
  readonly next: number;
}

interface Header {
  readonly tag: number;
  readonly from: number;
  /** Where the contents end; `undefined` where two zeros end them. */
  readonly to: number | undefined;
  /** Whether the length is one that DER has. */
  readonly isMinimal: boolean;
}

const constructed = 0x20;

class BerRewriter {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #elements = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  element(at: number, end: number, depth: number): Rewritten {
    this.#elements += 1;
    if (this.#elements > maxElements) throw this.#bad(`more than ${maxElements} elements`);
    if (depth > maxDepth) throw this.#bad(`nested deeper than ${maxDepth}`);
    const header = this.#header(at, end);
    const { tag, from, to, isMinimal } = header;
    if ((tag & constructed) !== 0) return this.#constructed(at, end, header, depth);
    if (to === undefined) throw this.#bad('an indefinite length of what has no parts');
    const der = isMinimal ? this.#bytes.subarray(at, to) : derElement(tag, this.#bytes.subarray(from, to));
    return { der, isSame: isMinimal, next: to };
  }

  #constructed(at: number, end: number, { tag, from, to, isMinimal }: Header, depth: number): Rewritten {
    const parts: Uint8Array[] = [];
    let offset = from;
    let isSame = isMinimal && to !== undefined && tag !== stringInPieces;
    while (to === undefined ? !this.#isEnd(offset, end) : offset < to) {
      const part = this.element(offset, to ?? end, depth + 1);
      isSame &&= part.isSame;
      parts.push(part.der);
      offset = part.next;
    }
    const next = to ?? offset + 2;
    if (isSame) return { der: this.#bytes.subarray(at, next), isSame, next };
    const der = tag === stringInPieces ? this.#joined(parts) : derElement(tag, concatBytes(parts));
    return { der, isSame, next };
  }

  /** Joins the pieces of an OCTET STRING, which are OCTET STRINGs that are in one piece by now. */
  #joined(pieces: readonly Uint8Array[]): Uint8Array {
    const contents = pieces.map((piece) => {
      if (piece[0] !== DerTag.octetString) throw this.#bad('an OCTET STRING with something else in it');
      return piece.subarray(headerLength(piece));
    });
    return derElement(DerTag.octetString, concatBytes(contents));
  }

  #isEnd(at: number, end: number): boolean {
    if (at + 2 > end) throw this.#bad('cut short');
    return this.#bytes[at] === 0 && this.#bytes[at + 1] === 0;
  }

  #header(at: number, end: number): Header {
    const [tag, first] = this.#bytes.subarray(at, at + 2);
    if (at + 2 > end || tag === undefined || first === undefined) throw this.#bad('cut short');
    if ((tag & 0x1f) === 0x1f) throw this.#bad('a tag number above 30');
    const from = at + 2;
    if (first === 0x80) return { tag, from, to: undefined, isMinimal: false };
    if (first < 0x80) return { tag, from, to: this.#within(from + first, end), isMinimal: true };
    const octets = first & 0x7f;
    if (octets > 4 || from + octets > end) throw this.#bad('a length of too many octets');
    const length = this.#bytes.subarray(from, from + octets).reduce((value, octet) => value * 256 + octet, 0);
    const isMinimal = length >= 0x80 && length >= 2 ** (8 * (octets - 1));
    return { tag, from: from + octets, to: this.#within(from + octets + length, end), isMinimal };
  }

  #within(to: number, end: number): number {
    if (to > end) throw this.#bad(`an element that ends ${to - end} bytes behind what is there`);
    return to;
  }

  #bad(message: string): ReturnType<typeof fault> {
    return fault(`${this.#what} cannot be read: ${message}`);
  }
}

/** The tag of an OCTET STRING that consists of others. */
const stringInPieces = DerTag.octetString | constructed;

/** Gives how long the identifier and the length of an element in DER are together. */
function headerLength(der: Uint8Array): number {
  const first = der[1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}
