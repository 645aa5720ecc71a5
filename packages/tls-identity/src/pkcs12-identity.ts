import { isTlsError, type TlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { Certificate } from '@org/x509';
import { inOrder, readableCertificates } from './chain.ts';
import type { Effort } from './effort.ts';
import { fault, faultIn, messageOf, quoted } from './identity-fault.ts';
import { certificatesOfKey } from './key-match.ts';
import type { Passphrase } from './passphrase.ts';
import { pfxOf } from './pkcs12-file.ts';
import { readPkcs12, type CertificateBag, type KeyBag, type Pkcs12Contents } from './pkcs12.ts';
import { Turns } from './turns.ts';

/** A private key of a PKCS#12 file and the chain that leads from its certificate towards the root. */
export interface Pkcs12Pair {
  readonly privateKey: Uint8Array;
  readonly leaf: Certificate;
  readonly chain: readonly Certificate[];
}

/**
 * Finds the key that is meant in a PKCS#12 file, and its chain. A key or a certificate that cannot be used does not hide a pair that can,
 * unless it is the one that is named.
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when there is no such pair, or more than one and none is named
 */
export async function pairOfPkcs12(
  file: string | Uint8Array,
  friendlyName: string | undefined,
  { passphrase, effort }: { readonly passphrase: Passphrase; readonly effort: Effort },
): Promise<Pkcs12Pair> {
  const contents = await readPkcs12(pfxOf(file), passphrase, effort);
  const { readable, failures } = await readableCertificates(contents.certificates.map(({ der }) => der));
  const store: Store = { ...contents, readable, unreadable: [...contents.unreadable, ...failures], effort };
  const { privateKey, leaf } =
    friendlyName === undefined ? await theOnlyPair(store) : await pairNamed(store, friendlyName);
  const { chain } = inOrder(leaf, readable);
  return { privateKey, leaf, chain: chain.filter((each) => each === leaf || !each.isSelfIssued) };
}

interface Store extends Pkcs12Contents {
  readonly readable: readonly Certificate[];
  readonly effort: Effort;
}

interface Pair {
  readonly privateKey: Uint8Array;
  readonly leaf: Certificate;
  /** The friendlyNames of the key and of its certificate. */
  readonly names: readonly string[];
}

/** What came of opening keys. */
interface Opened {
  readonly pairs: readonly Pair[];
  readonly failures: readonly TlsError[];
}

async function theOnlyPair(store: Store): Promise<Pair> {
  return oneOf(await openPairs(store, store.keys, 2), store);
}

async function pairNamed(store: Store, friendlyName: string): Promise<Pair> {
  const meant = withName(store.keys, (key) => namesOf(key, store), friendlyName);
  if (meant.length > 0) return oneOf(await openPairs(store, meant, 2), store);
  // What has no name itself may have a certificate that has one.
  const nameless = store.keys.filter((key) => namesOf(key, store).length === 0);
  const { pairs } = await openPairs(store, nameless, nameless.length);
  const fitting = withName(pairs, ({ names }) => names, friendlyName);
  if (fitting.length > 0) return oneOf({ pairs: fitting, failures: [] }, store);
  throw fault(`the PKCS#12 file has no key of that friendlyName; it has ${allNames(store)}`);
}

/** Gives those of the name. Only where there is none, it gives those whose name has other capitals: Java's aliases are in lower case. */
function withName<Item>(
  items: readonly Item[],
  namesIn: (item: Item) => readonly string[],
  wanted: string,
): readonly Item[] {
  const exact = items.filter((item) => namesIn(item).includes(wanted));
  if (exact.length > 0) return exact;
  const lower = wanted.toLowerCase();
  return items.filter((item) => namesIn(item).some((name) => name.toLowerCase() === lower));
}

/** Gives the name of a key, and those of the certificates that have its localKeyId. */
function namesOf({ friendlyName, localKeyId }: KeyBag, { certificates }: Store): readonly string[] {
  const beside = certificates.filter((each) => localKeyId !== undefined && each.localKeyId === localKeyId);
  const names = [friendlyName, ...beside.map((each) => each.friendlyName)].filter((name) => name !== undefined);
  return [...new Set(names)];
}

function oneOf({ pairs, failures }: Opened, store: Store): Pair {
  const [pair, ...others] = pairs;
  if (pair === undefined) throw nothingOf([...failures, ...store.unreadable]);
  if (others.some(({ leaf }) => !equalBytes(leaf.der, pair.leaf.der)))
    throw fault(`the PKCS#12 file has several keys; say by friendlyName which to take: ${allNames(store)}`);
  return pair;
}

function nothingOf(reasons: readonly TlsError[]): TlsError {
  const [first, ...others] = reasons;
  if (first === undefined) return fault('the PKCS#12 file has no private key');
  if (others.length === 0) return first;
  const told = reasons.slice(0, maxTold).map(messageOf);
  return fault(`the PKCS#12 file has nothing that can be used: ${told.join('; ')}`, first.cause);
}

/** So many reasons, or names, stand in a message. */
const maxTold = 8;

function allNames(store: Store): string {
  const all = store.keys.map((key) => namesOf(key, store).map(quoted).join(' / ') || '(no name)');
  return all.length <= maxTold
    ? all.join(', ')
    : `${all.slice(0, maxTold).join(', ')} and ${all.length - maxTold} more`;
}

/**
 * Opens keys and finds their certificates.
 * @param enough pairs end the search: each key may need many iterations
 */
async function openPairs(store: Store, keys: readonly KeyBag[], enough: number): Promise<Opened> {
  const pairs: Pair[] = [];
  const failures: TlsError[] = [];
  const turns = new Turns();
  for (const key of keys) {
    if (pairs.length >= enough) break;
    try {
      // oxlint-disable-next-line no-await-in-loop
      const pair = await openPair(key, store);
      if (!pairs.some(({ leaf }) => equalBytes(leaf.der, pair.leaf.der))) pairs.push(pair);
    } catch (error) {
      if (!isTlsError(error) || store.effort.isExceeded) throw error;
      if (failures.length < maxTold) failures.push(error);
    }
    // oxlint-disable-next-line no-await-in-loop
    await turns.share();
  }
  return { pairs, failures };
}

async function openPair(key: KeyBag, store: Store): Promise<Pair> {
  const privateKey = await key.open();
  const own = await ownCertificates(key, privateKey, store);
  const bags = own.map((leaf) => ({ leaf, bag: bagOf(leaf, store) }));
  // A certificate that was renewed with the same key is told from the old one by what it has in common with the key.
  const [{ leaf, bag } = { leaf: undefined, bag: undefined }] = [
    ...bags.filter(({ bag: each }) => key.localKeyId !== undefined && each?.localKeyId === key.localKeyId),
    ...bags,
  ];
  if (leaf === undefined) throw fault(`${whichKey(key)} has no certificate in the PKCS#12 file`);
  const names = [...namesOf(key, store), bag?.friendlyName].filter((name) => name !== undefined);
  return { privateKey, leaf, names: [...new Set(names)] };
}

async function ownCertificates(
  key: KeyBag,
  privateKey: Uint8Array,
  { readable }: Store,
): Promise<readonly Certificate[]> {
  try {
    return await certificatesOfKey({ privateKey }, readable);
  } catch (error) {
    throw isTlsError(error) ? faultIn(whichKey(key), error) : error;
  }
}

function whichKey({ friendlyName }: KeyBag): string {
  return friendlyName === undefined ? 'a key without a name' : `the key ${quoted(friendlyName)}`;
}

function bagOf({ der }: Certificate, { certificates }: Store): CertificateBag | undefined {
  return certificates.find((each) => equalBytes(each.der, der));
}
