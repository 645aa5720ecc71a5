import type { CertificateList } from './certificate-list.ts';
import type { Certificate } from './certificate.ts';
import { KeyUsageBit } from './extensions/key-usage.ts';
import { sameName } from './names/distinguished-name.ts';
import type { VerifySigned } from './ocsp.ts';

/** Where the certificates of those who sign lists are looked for. */
export interface ListSigners<Step> {
  /** The certificates above the one that the list is about: its issuer first, the anchor last. */
  readonly above: readonly Certificate[];
  /** The certificates that the peer sent along, by their subject. */
  readonly presented: (subject: Uint8Array) => readonly Certificate[];
  /** The time of the check, in milliseconds since the epoch. */
  readonly time: number;
  readonly verify: VerifySigned<Step>;
}

/**
 * How many of the peer's certificates are tried for one list. A CA has one key for lists besides the one for certificates, or an old one
 * besides a new one; each that is tried costs two signatures.
 */
const maxPresentedSigners = 2;

/**
 * Looks for the key that signed a list (RFC 5280 §6.3.3 (f)). It is the key of the issuer in the path, or one that another certificate of the
 * issuer's name has: a CA may have a key of its own for lists, and one that has changed its key signs lists for both with the new one. The
 * same anchor must vouch for that certificate: it is in the path itself, or a certificate of the path signed it.
 * @returns `undefined` when it was found, else why there is none
 */
export function* faultOfSigner<Step>(
  list: CertificateList,
  { above, presented, time, verify }: ListSigners<Step>,
): Generator<Step, string | undefined, unknown> {
  const inPath = above.filter(({ subject }) => sameName(subject, list.issuer));
  let fault = 'the list’s signature is not its issuer’s';
  for (const signer of inPath) {
    if (!maySignLists(signer)) fault = 'its issuer’s keyUsage is without cRLSign';
    else if (yield* verify(list, signer)) return undefined;
  }
  const others = presented(list.issuer.der).filter((each) => !inPath.includes(each) && isUsable(each, time));
  for (const signer of others.slice(0, maxPresentedSigners)) {
    if ((yield* isVouchedFor(signer, above, verify)) && (yield* verify(list, signer))) return undefined;
  }
  return fault;
}

function maySignLists({ keyUsage }: Certificate): boolean {
  return keyUsage?.bits.has(KeyUsageBit.cRLSign) !== false;
}

/** A certificate that is no CA's must say that its key signs lists: it would vouch for nothing else. */
function isUsable(signer: Certificate, time: number): boolean {
  const { keyUsage, unknownCritical, notBefore, notAfter } = signer;
  const isCurrent = notBefore <= time && time < notAfter + 1000;
  return isCurrent && unknownCritical.length === 0 && keyUsage?.bits.has(KeyUsageBit.cRLSign) === true;
}

function* isVouchedFor<Step>(
  signer: Certificate,
  above: readonly Certificate[],
  verify: VerifySigned<Step>,
): Generator<Step, boolean, unknown> {
  for (const issuer of above) {
    if (sameName(issuer.subject, signer.issuer) && (yield* verify(signer, issuer))) return true;
  }
  return false;
}
