import { isTlsError, TlsError, type TrustSource } from '@org/tls-core';
import { readDefaultRoots, readSystemRoots } from '#system-roots';
import { parseCertificate, type Certificate } from './certificate.ts';
import { contextTag, DerReader, DerTag } from './der-reader.ts';
import { decodePem, looksLikePem } from './pem.ts';
import type { TrustAnchors } from './trust-anchor-set.ts';

export type { TrustAnchors } from './trust-anchor-set.ts';

/**
 * The anchors of a configuration's `trust`. Platform stores are read once and kept; of their certificates only those are parsed whose
 * subject is asked for.
 * @throws TlsError `ERR_TLS_CONFIG` when the source is empty or holds something that is no certificate, `ERR_TLS_UNSUPPORTED` when the
 *   platform has no store
 */
export function anchorsFrom(trust: TrustSource): TrustAnchors {
  const anchors =
    typeof trust === 'string' || trust instanceof Uint8Array ? fromOne(trust) : new AnchorSet(trust.flatMap(rootsOf));
  if (anchors.count === 0) {
    const which = trust === 'system' || trust === 'default' ? `the ${trust} store` : 'the list';
    throw new TlsError('ERR_TLS_CONFIG', `trust: ${which} holds no certificate; no peer could ever be trusted`, {
      option: 'trust',
    });
  }
  return anchors;
}

/** A root as it was given, parsed when its subject is asked for. */
interface Root {
  readonly der: Uint8Array;
  readonly subject: string;
  certificate?: Certificate | undefined;
  isUnusable?: boolean;
}

class AnchorSet implements TrustAnchors {
  readonly count: number;
  readonly #bySubject = new Map<string, Root[]>();

  constructor(roots: readonly Root[]) {
    const seen = new Set<string>();
    for (const root of roots) {
      const identity = binaryString(root.der);
      if (seen.has(identity)) continue;
      seen.add(identity);
      const same = this.#bySubject.get(root.subject);
      if (same === undefined) this.#bySubject.set(root.subject, [root]);
      else same.push(root);
    }
    this.count = seen.size;
  }

  findBySubject(subject: Uint8Array): readonly Certificate[] {
    const roots = this.#bySubject.get(binaryString(subject));
    if (roots === undefined) return [];
    return roots.flatMap((root) => parsed(root) ?? []);
  }
}

const platformRoots = new Map<string, AnchorSet>();
const platformLists = new Map<string, readonly Root[]>();

function fromOne(trust: string | Uint8Array): AnchorSet {
  if (typeof trust !== 'string' || !isPlatformStore(trust)) return new AnchorSet(rootsOf(trust));
  const known = platformRoots.get(trust);
  if (known !== undefined) return known;
  const anchors = new AnchorSet(rootsOf(trust));
  if (anchors.count > 0) platformRoots.set(trust, anchors);
  return anchors;
}

function rootsOf(trust: TrustSource): readonly Root[] {
  if (trust instanceof Uint8Array) return [strictRoot(trust.slice())];
  if (typeof trust !== 'string') return trust.flatMap(rootsOf);
  if (isPlatformStore(trust)) return platformList(trust);
  if (!looksLikePem(trust)) {
    throw new TlsError('ERR_TLS_CONFIG', 'trust: expected `system`, `default`, PEM text or DER bytes, got other text', {
      option: 'trust',
    });
  }
  return decodePem(trust, 'ERR_TLS_CONFIG')
    .filter(isCertificate)
    .map(({ der }) => strictRoot(der));
}

function platformList(store: 'system' | 'default'): readonly Root[] {
  const known = platformLists.get(store);
  if (known !== undefined) return known;
  const texts = store === 'system' ? readSystemRoots() : readDefaultRoots();
  const roots = texts.flatMap((text) => lenientRoots(text));
  if (roots.length > 0) platformLists.set(store, roots);
  return roots;
}

function isPlatformStore(trust: string): trust is 'system' | 'default' {
  return trust === 'system' || trust === 'default';
}

/** A platform's store is not ours to mend: what in it cannot be read is left out. */
function lenientRoots(pem: string): readonly Root[] {
  return unlessBad(() => decodePem(pem, 'ERR_TLS_CONFIG'), [])
    .filter(isCertificate)
    .flatMap(({ der }) => unlessBad<readonly Root[]>(() => [{ der, subject: subjectOf(der) }], []));
}

function unlessBad<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (isTlsError(error)) return otherwise;
    throw error;
  }
}

function isCertificate({ label }: { readonly label: string }): boolean {
  // RFC 7468 §5.3: X509 CERTIFICATE and X.509 CERTIFICATE are old names of the same; TRUSTED CERTIFICATE is another thing
  return label === 'CERTIFICATE' || label === 'X509 CERTIFICATE' || label === 'X.509 CERTIFICATE';
}

/** What the caller names must be usable, and is parsed at once to say so early. */
function strictRoot(der: Uint8Array): Root {
  try {
    const certificate = parseCertificate(der);
    return { der, subject: binaryString(certificate.subject.der), certificate };
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw new TlsError('ERR_TLS_CONFIG', `trust: a certificate cannot be used: ${error.message}`, {
      option: 'trust',
      cause: error,
    });
  }
}

function parsed(root: Root): Certificate | undefined {
  if (root.certificate !== undefined || root.isUnusable === true) return root.certificate;
  root.certificate = unlessBad(() => parseCertificate(root.der), undefined);
  root.isUnusable = root.certificate === undefined;
  return root.certificate;
}

/** Skips to the subject without parsing what comes before. */
function subjectOf(der: Uint8Array): string {
  const tbs = new DerReader(der, 'Certificate').sequence().sequence('TBSCertificate');
  if (tbs.peek() === contextTag(0, true)) tbs.any();
  tbs.integer();
  tbs.element(DerTag.sequence); // signature
  tbs.element(DerTag.sequence); // issuer
  tbs.element(DerTag.sequence); // validity
  return binaryString(tbs.element(DerTag.sequence).raw);
}

/** One character a byte: a key for maps. */
function binaryString(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += 4096)
    text += String.fromCharCode(...bytes.subarray(from, from + 4096));
  return text;
}
