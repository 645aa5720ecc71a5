import { DerTag, readTime, timeOf, type DerReader } from '@org/tls-crypto/der';
import { eachExtension } from './extensions/each-extension.ts';

/** The longest serial number that is read, in bytes. RFC 5280 §4.1.2.2 allows 20; certificates with longer ones are refused. */
const maxSerialLength = 64;
/** How many places of the index are looked at. A list of which chance needs more is searched from its beginning to its end. */
const maxProbes = 64;
/** The fewest places that the index has for each entry, so that the next free one is near. */
const spareness = 2;

/**
 * Holds the entries of a list (RFC 5280 §5.1.2.6) as they lie in its bytes, since a list may have half a million. When and why they were
 * revoked does not matter to us. They are indexed when the first is looked for, by which time the list's signature was verified.
 */
export class RevokedEntries {
  /** The contents of revokedCertificates. */
  readonly #bytes: Uint8Array;
  readonly #count: number;
  /** Holds where each serial number stands, as the offset of its length. `null`: there are too many with the same hash. */
  #index: Uint32Array | null | undefined;

  /**
   * Checks the entries.
   * @param bytes the contents of revokedCertificates; they are kept, not copied
   * @param reader reads the same
   * @throws TlsError of `reader` when there is no entry, or one is not strict DER or has a critical extension
   */
  constructor(bytes: Uint8Array, reader: DerReader) {
    if (reader.isAtEnd) throw reader.fault('an empty list, which must be absent');
    this.#bytes = bytes;
    this.#count = checkEntries(bytes, reader);
  }

  /** @param serialNumber in two's complement, big-endian */
  has(serialNumber: Uint8Array): boolean {
    if (this.#index === undefined) this.#index = this.#makeIndex();
    const index = this.#index;
    if (index === null) return this.#isFound(serialNumber);
    let place = hashOf(serialNumber, 0, serialNumber.length) & (index.length - 1);
    for (let probe = 0; probe < maxProbes; probe += 1) {
      const at = index[place] ?? 0;
      if (at === 0) return false;
      if (this.#isAt(at, serialNumber)) return true;
      place = (place + 1) & (index.length - 1);
    }
    return false;
  }

  #makeIndex(): Uint32Array | null {
    const bytes = this.#bytes;
    let size = 4;
    while (size < this.#count * spareness) size *= 2;
    const index = new Uint32Array(size);
    for (let at = 0; at < bytes.length;) {
      const serial = startOf(bytes, at) + 1;
      const length = bytes[serial] ?? 0;
      let place = hashOf(bytes, serial + 1, length) & (size - 1);
      let probe = 0;
      for (let at = index[place] ?? 0; at !== 0 && !isSameSerial(bytes, at, serial); at = index[place] ?? 0) {
        probe += 1;
        if (probe === maxProbes) return null;
        place = (place + 1) & (size - 1);
      }
      index[place] = serial;
      at = endOf(bytes, at);
    }
    return index;
  }

  #isFound(serialNumber: Uint8Array): boolean {
    const bytes = this.#bytes;
    for (let at = 0; at < bytes.length; at = endOf(bytes, at))
      if (this.#isAt(startOf(bytes, at) + 1, serialNumber)) return true;
    return false;
  }

  #isAt(at: number, serialNumber: Uint8Array): boolean {
    const bytes = this.#bytes;
    const { length } = serialNumber;
    if (bytes[at] !== length) return false;
    for (let index = 0; index < length; index += 1) if (bytes[at + 1 + index] !== serialNumber[index]) return false;
    return true;
  }
}

/** Checks all entries, without an object for each that is as most are. @returns how many there are */
function checkEntries(bytes: Uint8Array, reader: DerReader): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at = endOf(bytes, at)) {
    if (!isPlainEntry(bytes, at)) checkEntry(reader.within(bytes.subarray(at), 'revokedCertificates'));
    count += 1;
  }
  return count;
}

/** Checks the first entry that a reader comes to. */
function checkEntry(reader: DerReader): void {
  const entry = reader.sequence();
  const serial = entry.integer();
  if (serial.length > maxSerialLength) throw entry.fault(`a serial number of ${serial.length} octets`);
  readTime(entry);
  if (!entry.isAtEnd) checkEntryExtensions(entry.sequence('crlEntryExtensions'));
  entry.end();
}

/**
 * Refuses critical extensions of an entry (RFC 5280 §5.3): certificateIssuer of an indirect list is critical, and so is whatever else would
 * change what an entry means.
 */
function checkEntryExtensions(extensions: DerReader): void {
  for (const { oid, isCritical } of eachExtension(extensions))
    if (isCritical) throw extensions.fault(`an entry with the critical extension ${oid}`);
}

/**
 * Tells whether an entry is good and as nearly all are: it has lengths of one octet, and no extensions but reasonCode and invalidityDate. Of any
 * other entry this says nothing.
 */
function isPlainEntry(bytes: Uint8Array, at: number): boolean {
  const end = plainEnd(bytes, at, DerTag.sequence, bytes.length);
  const timeAt = plainEnd(bytes, at + 2, DerTag.integer, end);
  const serialLength = bytes[at + 3] ?? 0;
  if (timeAt === 0 || serialLength === 0 || serialLength > maxSerialLength) return false;
  const first = bytes[at + 4] ?? 0;
  const startsAsSecond = serialLength > 1 && (bytes[at + 5] ?? 0) >= 0x80 === (first === 0xff);
  if (startsAsSecond && (first === 0 || first === 0xff)) return false;
  const timeLength = bytes[timeAt + 1] ?? 0;
  if (timeOf(bytes[timeAt] ?? 0, bytes, timeAt + 2, timeLength) === undefined) return false;
  const timeEnd = timeAt + 2 + timeLength;
  return timeEnd === end || (timeEnd < end && arePlainExtensions(bytes, timeEnd, end));
}

function arePlainExtensions(bytes: Uint8Array, from: number, end: number): boolean {
  if (plainEnd(bytes, from, DerTag.sequence, end) !== end || from + 2 === end) return false;
  let seen = 0;
  for (let at = from + 2; at < end;) {
    const extensionEnd = plainEnd(bytes, at, DerTag.sequence, end);
    const valueAt = plainEnd(bytes, at + 2, DerTag.objectIdentifier, extensionEnd);
    if (valueAt !== at + 7 || bytes[at + 4] !== 0x55 || bytes[at + 5] !== 0x1d) return false;
    const kind = bytes[at + 6] ?? 0;
    if ((kind !== reasonCode && kind !== invalidityDate) || kind === seen) return false;
    if (plainEnd(bytes, valueAt, DerTag.octetString, extensionEnd) !== extensionEnd) return false;
    seen = kind;
    at = extensionEnd;
  }
  return true;
}

/** The last octets of id-ce-cRLReasons and id-ce-invalidityDate (RFC 5280 §5.3.1, §5.3.2), which begin as 2.5.29 does. */
const reasonCode = 0x15;
const invalidityDate = 0x18;

/** Gives where an element ends whose length has one octet; 0 where it is another element, or goes beyond `limit`. */
function plainEnd(bytes: Uint8Array, at: number, tag: number, limit: number): number {
  const length = bytes[at + 1] ?? 0x80;
  const end = at + 2 + length;
  return bytes[at] === tag && length < 0x80 && end <= limit ? end : 0;
}

/** Gives where the contents of an element begin, whose length was checked. */
function startOf(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
}

function endOf(bytes: Uint8Array, at: number): number {
  const start = startOf(bytes, at);
  if (start === at + 2) return start + (bytes[at + 1] ?? 0);
  let length = 0;
  for (let index = at + 2; index < start; index += 1) length = length * 256 + (bytes[index] ?? 0);
  return start + length;
}

/** Tells whether two serial numbers are the same, each behind its length. */
function isSameSerial(bytes: Uint8Array, left: number, right: number): boolean {
  const length = bytes[left] ?? 0;
  for (let index = 0; index <= length; index += 1) if (bytes[left + index] !== bytes[right + index]) return false;
  return true;
}

/** FNV-1a, with the bits mixed at the end, because the places of the index are its lowest ones. */
function hashOf(bytes: Uint8Array, from: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < from + length; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
