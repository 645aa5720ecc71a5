import { isTlsError, TlsError, type TrustSource } from '@org/tls-core';
import { certificatesInPem, looksLikePem, copyBytes, equalBytes } from '@org/tls-core/backend';
import { isTrustStoreName, type TrustStoreName } from '@org/tls-core/trust-stores';
import { subjectKey } from './certificate-subject.ts';
import type { Certificate } from './certificate.ts';
import { platformRoots } from './platform-roots.ts';
import { bareRoot, namedRoot, type Root } from './root.ts';
import type { LeftOut, TrustAnchors } from './trust-anchor-set.ts';

export type { TrustAnchors } from './trust-anchor-set.ts';

/**
 * Gives the anchors of a configuration's `trust`, each once. A platform's store is read once and kept; of its certificates only those are
 * parsed whose subject is asked for.
 * @throws TlsError `ERR_TLS_CONFIG` when the source is empty or holds something that cannot be an anchor, `ERR_TLS_UNSUPPORTED` when the
 *   platform has no such store
 */
export function anchorsFrom(trust: TrustSource): TrustAnchors {
  if (isTrustStoreName(trust)) return platformAnchors(trust);
  const leftOut: LeftOut[] = [];
  const anchors = new AnchorSet(rootsOf(trust, leftOut), leftOut);
  if (anchors.count === 0) throw configError('there is no certificate in it; no peer could ever be trusted');
  return anchors;
}

class AnchorSet implements TrustAnchors {
  readonly count: number;
  readonly leftOut: readonly LeftOut[];
  readonly #bySubject = new Map<string, Root[]>();

  constructor(roots: readonly Root[], leftOut: readonly LeftOut[]) {
    this.leftOut = leftOut;
    let count = 0;
    for (const root of roots) {
      const subject = subjectKey(root.subject);
      const same = this.#bySubject.get(subject);
      if (same?.some(({ content }) => equalBytes(content, root.content)) === true) continue;
      if (same === undefined) this.#bySubject.set(subject, [root]);
      else same.push(root);
      count += 1;
    }
    this.count = count;
  }

  findBySubject(subject: Uint8Array): readonly Certificate[] {
    const roots = this.#bySubject.get(subjectKey(subject)) ?? [];
    return roots.flatMap((root) => root.certificate() ?? []);
  }
}

const platformSets = new Map<TrustStoreName, AnchorSet>();

function platformAnchors(store: TrustStoreName): AnchorSet {
  const known = platformSets.get(store);
  if (known !== undefined) return known;
  const anchors = new AnchorSet(platformRoots(store), []);
  platformSets.set(store, anchors);
  return anchors;
}

/** @param leftOut gets what a bundle has and cannot be used */
function rootsOf(trust: TrustSource, leftOut: LeftOut[]): readonly Root[] {
  if (isTrustStoreName(trust)) return platformRoots(trust);
  if (typeof trust === 'string') return rootsInPem(trust, leftOut);
  if (trust instanceof Uint8Array) return [namedRoot(copyBytes(trust))];
  return isList(trust) ? trust.flatMap((each) => rootsOf(each, leftOut)) : [bareRoot(trust)];
}

function isList(trust: TrustSource): trust is readonly TrustSource[] {
  return Array.isArray(trust);
}

/** One odd certificate among others does not make a bundle useless; where none can be used, the first one says why. */
function rootsInPem(text: string, leftOut: LeftOut[]): readonly Root[] {
  if (!looksLikePem(text)) {
    throw configError('expected `default`, `system`, `mozilla`, PEM text, DER bytes or a trust anchor, got other text');
  }
  const odd: LeftOut[] = [];
  const roots = certificatesInPem(text, 'trust').flatMap((der) => {
    try {
      return namedRoot(der);
    } catch (reason) {
      if (!isTlsError(reason)) throw reason;
      odd.push({ der, reason });
      return [];
    }
  });
  const [first] = odd;
  if (first !== undefined && roots.length === 0) throw first.reason;
  leftOut.push(...odd);
  return roots;
}

function configError(message: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `trust: ${message}`, { option: 'trust' });
}
