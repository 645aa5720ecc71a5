/**
 * Says how it is found out whether certificates were taken back (RFC 5280 §6.3). It has either `crls`, which stay what they are, or `lists`,
 * which change. Nothing is ever fetched: the lists are the caller's to keep fresh.
 */
export type Revocation = FixedRevocation | ChangingRevocation;

interface LookUp {
  /** Which certificates are looked up: the peer's own, or those of its whole chain but for the anchor; default `chain`. */
  readonly depth?: 'leaf' | 'chain' | undefined;
  /** What happens when no list that is valid now says anything about a certificate; default `reject`. */
  readonly unknownStatus?: 'accept' | 'reject' | undefined;
}

export interface FixedRevocation extends LookUp {
  /** Certificate revocation lists: PEM text with one or more, or DER, 16 MiB each at most. Complete and direct ones. */
  readonly crls: readonly (string | Uint8Array)[];
  readonly lists?: undefined;
}

export interface ChangingRevocation extends LookUp {
  /** Is asked for the lists in each handshake, such as `watchRevocationLists` of `@org/x509/node` gives. */
  readonly lists: RevocationListSource;
  readonly crls?: undefined;
}

/** Has lists that are read again. */
export interface RevocationListSource {
  /** The lists of now: the same object as long as they are the same ones. It is asked synchronously. */
  readonly current: RevocationLists;
}

/** Lists at one moment. Neither they nor their bytes are changed afterwards: other lists are another object. */
export interface RevocationLists {
  /** As `crls` of the option. */
  readonly crls: readonly (string | Uint8Array)[];
  /**
   * Names exactly these lists, in 1 to 256 characters. A session is resumed only under the name that it was made under, also in another process:
   * whoever has other lists looks again.
   */
  readonly digest: string;
}

/** What holds where it does not say. */
export const revocationDefaults = { depth: 'chain', unknownStatus: 'reject' } as const satisfies Partial<Revocation>;

const copies = new WeakMap<object, RevocationLists>();
const maxLists = 10_000;
const maxDigestLength = 256;

/**
 * Reads what a source of lists gave. The same object gives the same copy, so that it is read once.
 * @returns `undefined` where it is no lists
 */
export function readRevocationLists(given: unknown): RevocationLists | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const known = copies.get(given);
  if (known !== undefined) return known;
  const { crls, digest } = given as { readonly [Field in keyof RevocationLists]?: unknown };
  if (!isListOfFiles(crls) || typeof digest !== 'string') return undefined;
  if (digest.length === 0 || digest.length > maxDigestLength) return undefined;
  const copy = Object.freeze({ crls: Object.freeze([...crls]), digest });
  copies.set(given, copy);
  return copy;
}

function isListOfFiles(crls: unknown): crls is readonly (string | Uint8Array)[] {
  if (!Array.isArray(crls) || crls.length > maxLists) return false;
  return crls.every((each) => typeof each === 'string' || each instanceof Uint8Array);
}
