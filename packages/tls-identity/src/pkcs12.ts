import { isTlsError, type TlsError } from '@org/tls-core';
import { concatBytes } from '@org/tls-core/backend';
import { contextTag, DerReader, DerTag } from '@org/tls-crypto/der';
import { readAlgorithm } from './algorithm-identifier.ts';
import { readBagNames, type BagNames } from './bag-names.ts';
import { derOf } from './ber.ts';
import type { Effort } from './effort.ts';
import { fault, faultIn, quoted } from './identity-fault.ts';
import type { Passphrase } from './passphrase.ts';
import { unseal, type Sealed } from './password-encryption.ts';
import { formOfMac, readMacData, type MacData } from './pkcs12-mac.ts';

/** What a PKCS#12 file holds, in the file's order. */
export interface Pkcs12Contents {
  readonly certificates: readonly CertificateBag[];
  readonly keys: readonly KeyBag[];
  /** Why other parts cannot be read. */
  readonly unreadable: readonly TlsError[];
}

export interface CertificateBag extends BagNames {
  readonly der: Uint8Array;
}

export interface KeyBag extends BagNames {
  /**
   * Gives the key as PKCS#8 that is not encrypted.
   * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it cannot be decrypted, with the bag in the message
   */
  open(): Promise<Uint8Array>;
}

/**
 * Reads a PKCS#12 file (RFC 7292) that a passphrase protects. A part of it that cannot be read does not hide the others, but for one that
 * asks for too much work.
 * @param file DER
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it is damaged, protected in a way that is not supported, or the passphrase is wrong
 */
export async function readPkcs12(file: Uint8Array, passphrase: Passphrase, effort: Effort): Promise<Pkcs12Contents> {
  const { content, mac } = readPfx(file);
  const reading: Reading = { passphrase, effort, certificates: [], keys: [], unreadable: [] };
  if (mac !== undefined) await checkMac(mac, content, reading);
  const safes = sequenceIn(content, 'AuthenticatedSafe');
  for (let part = 1; !safes.isAtEnd; part += 1) {
    const where = `part ${part} of the PKCS#12 file`;
    const safe = safes.sequence('ContentInfo');
    try {
      // Each may need much memory and time, so that they are read one after the other.
      // oxlint-disable-next-line no-await-in-loop
      readSafeContents(sequenceIn(await openSafe(safe, reading), 'SafeContents'), where, reading, 0);
    } catch (error) {
      passOver(error, where, reading);
    }
  }
  return reading;
}

/** What is read so far, and with what. */
interface Reading {
  readonly passphrase: Passphrase;
  readonly effort: Effort;
  readonly certificates: CertificateBag[];
  readonly keys: KeyBag[];
  readonly unreadable: TlsError[];
}

/** @throws what is no fault of this part alone: what a passphrase function throws, and that the file asks for too much */
function passOver(error: unknown, where: string, { effort, unreadable }: Reading): void {
  if (!isTlsError(error) || error.code !== 'ERR_TLS_IDENTITY' || effort.isExceeded) throw error;
  if (unreadable.length >= maxUnreadable) throw fault('too many parts of the PKCS#12 file cannot be read', error);
  unreadable.push(faultIn(where, error));
}

/** So many errors are kept: a file of 1 MiB has room for 100,000 bags. */
const maxUnreadable = 64;

/** Reads PFX (RFC 7292 §4). */
function readPfx(file: Uint8Array): { readonly content: Uint8Array; readonly mac: MacData | undefined } {
  const pfx = readerOf(file, 'the PKCS#12 file').sequence();
  const version = pfx.smallInteger();
  if (version !== 3) throw fault(`the PKCS#12 file has version ${version}, not 3`);
  const authSafe = pfx.sequence('authSafe');
  if (authSafe.objectIdentifier() !== ContentType.data)
    throw fault('the PKCS#12 file is protected by a signature, not by a passphrase, which is not supported');
  const content = explicit(authSafe, 'authSafe').contents(DerTag.octetString);
  const mac = pfx.isAtEnd ? undefined : readMacData(pfx);
  pfx.end();
  return { content, mac };
}

const ContentType = { data: '1.2.840.113549.1.7.1', encryptedData: '1.2.840.113549.1.7.6' } as const;

async function checkMac(mac: MacData, content: Uint8Array, { passphrase, effort }: Reading): Promise<void> {
  const form = await formOfMac(mac, content, await passphrase.formsOrEmpty(), effort);
  if (form === undefined) throw passphrase.refusal('the PKCS#12 file');
  passphrase.settle(form);
}

/** Gives the SafeContents of a ContentInfo, decrypted. */
async function openSafe(safe: DerReader, reading: Reading): Promise<Uint8Array> {
  const type = safe.objectIdentifier();
  const content = explicit(safe, 'content');
  safe.end();
  if (type === ContentType.data) return content.contents(DerTag.octetString);
  if (type !== ContentType.encryptedData) throw fault(`it has the type ${type}, which is not supported`);
  return open(readEncryptedData(content), reading);
}

/** Reads EncryptedData (RFC 5652 §8), which begins with a version. */
function readEncryptedData(content: DerReader): Sealed {
  const data = content.sequence('EncryptedData');
  data.smallInteger();
  const info = data.sequence('EncryptedContentInfo');
  info.objectIdentifier();
  const algorithm = readAlgorithm(info);
  return { algorithm, encrypted: implicitOctets(info) };
}

/** Reads an OCTET STRING with the tag [0], in one piece or in several. */
function implicitOctets(reader: DerReader): Uint8Array {
  if (reader.peek() === contextTag(0, false)) return reader.contents(contextTag(0, false));
  const pieces = reader.enter(contextTag(0, true));
  const all: Uint8Array[] = [];
  while (!pieces.isAtEnd) all.push(pieces.contents(DerTag.octetString));
  return concatBytes(all);
}

async function open(sealed: Sealed, { passphrase, effort }: Reading): Promise<Uint8Array> {
  const forms = await passphrase.formsOrEmpty();
  return unseal(sealed, { forms, effort, refusal: () => passphrase.refusal('the PKCS#12 file') });
}

const BagType = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const;
const x509Certificate = '1.2.840.113549.1.9.22.1';
const maxDepth = 4;

/** Reads SafeContents (RFC 7292 §4.2). CRLs, secrets and certificates of other kinds are no part of an identity. */
function readSafeContents(bags: DerReader, where: string, into: Reading, depth: number): void {
  if (depth > maxDepth) throw fault('it nests SafeContents too deeply');
  for (let number = 1; !bags.isAtEnd; number += 1) {
    const place = `bag ${number} of ${where}`;
    const bag = bags.sequence('SafeBag');
    try {
      readBag(bag, place, into, depth);
    } catch (error) {
      passOver(error, place, into);
    }
  }
}

function readBag(bag: DerReader, place: string, into: Reading, depth: number): void {
  const type = bag.objectIdentifier();
  const value = explicit(bag, 'bagValue');
  switch (type) {
    // GnuTLS writes keys that are not encrypted into bags for those that are, where the passphrase is empty.
    case BagType.key:
    case BagType.shroudedKey:
      into.keys.push(readKeyBag(bag, value.any().raw, place, into));
      break;
    case BagType.certificate: {
      const der = readCertificateBag(value);
      const names = readBagNames(bag);
      if (der !== undefined) into.certificates.push({ ...names, der });
      break;
    }
    case BagType.safeContents:
      readSafeContents(value.sequence('SafeContents'), place, into, depth + 1);
      break;
    default:
      break;
  }
}

/** Tells by its first element what a key is: an EncryptedPrivateKeyInfo begins with a SEQUENCE, PKCS#8 that is not encrypted with an INTEGER. */
function readKeyBag(bag: DerReader, key: Uint8Array, place: string, reading: Reading): KeyBag {
  const names = readBagNames(bag);
  const reader = readerOf(key, 'PKCS#8');
  if (reader.within(key).sequence().peek() !== DerTag.sequence)
    return { ...names, open: () => Promise.resolve(Uint8Array.from(key)) };
  const sealed = readEncryptedPrivateKey(reader);
  return { ...names, open: () => openKeyBag(sealed, whichKey(names, place), reading) };
}

function whichKey({ friendlyName }: BagNames, place: string): string {
  return friendlyName === undefined ? `the key in ${place}` : `the key ${quoted(friendlyName)} in ${place}`;
}

async function openKeyBag(sealed: Sealed, which: string, reading: Reading): Promise<Uint8Array> {
  try {
    return derOf(await open(sealed, reading), 'its PKCS#8');
  } catch (error) {
    if (!isTlsError(error) || reading.effort.isExceeded) throw error;
    throw faultIn(which, error);
  }
}

/** Reads an EncryptedPrivateKeyInfo (RFC 5958 §3). */
export function readEncryptedPrivateKey(reader: DerReader): Sealed {
  const info = reader.sequence('EncryptedPrivateKeyInfo');
  const algorithm = readAlgorithm(info);
  const encrypted = info.contents(DerTag.octetString);
  info.end();
  return { algorithm, encrypted };
}

function readCertificateBag(value: DerReader): Uint8Array | undefined {
  const bag = value.sequence('CertBag');
  if (bag.objectIdentifier() !== x509Certificate) return undefined;
  return Uint8Array.from(explicit(bag, 'certValue').contents(DerTag.octetString));
}

/** Enters what stands under the tag [0]. */
function explicit(reader: DerReader, what: string): DerReader {
  return reader.enter(contextTag(0, true), what);
}

function readerOf(der: Uint8Array, what: string): DerReader {
  return new DerReader(der, what, 'ERR_TLS_IDENTITY');
}

function sequenceIn(bytes: Uint8Array, what: string): DerReader {
  return readerOf(derOf(bytes, what), what).sequence();
}
