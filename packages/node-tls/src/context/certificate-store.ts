import { anchorsFrom, subjectKey, type Certificate, type TrustAnchors } from '@org/x509';
import { isTlsError } from '@org/tls-core';
import { defaultAuthorities, hasReplacedDefaults } from './ca-certificates.ts';
import { certificateFrom, isSelfSigned } from './chain-certificate.ts';
import type { ContextTrust } from './context-trust.ts';

/** The certificates of a context, in two parts: what chains may end at, and what only helps to build them. */
export class CertificateStore {
  /** What chains may end at; `undefined`: nothing. */
  readonly anchors: TrustAnchors | undefined;
  /** Whether a chain may end at a certificate that is not self-signed. */
  readonly allowsPartialChain: boolean;
  /** Certificates that a program has named, which no chain may end at. */
  readonly intermediates: readonly Certificate[];

  constructor(trust: ContextTrust) {
    const own = trust.ownAuthorities.map(certificateFrom).filter((each) => each !== undefined);
    const mayEnd = (certificate: Certificate): boolean => trust.allowsPartialChain || isSelfSigned(certificate);
    this.allowsPartialChain = trust.allowsPartialChain;
    this.intermediates = own.filter((each) => !mayEnd(each));
    this.anchors = joined([...(trust.hasDefaults ? defaultAnchors() : []), ...ownAnchors(own.filter(mayEnd))]);
  }

  /** All certificates of this subject (DER). */
  findBySubject(subject: Uint8Array): readonly Certificate[] {
    const anchors = this.anchors?.findBySubject(subject) ?? [];
    const key = subjectKey(subject);
    return [...anchors, ...this.intermediates.filter((each) => subjectKey(each.subject.der) === key)];
  }
}

function ownAnchors(certificates: readonly Certificate[]): readonly TrustAnchors[] {
  return certificates.length === 0 ? [] : [anchorsFrom(certificates.map(({ der }) => der))];
}

/**
 * The anchors of contexts that name no authorities; none where a program has taken all of them away. The platform's set is parsed as it is
 * needed, which a list is not.
 */
function defaultAnchors(): readonly TrustAnchors[] {
  try {
    if (!hasReplacedDefaults()) return [anchorsFrom('default')];
  } catch (error) {
    // a file of NODE_EXTRA_CA_CERTS that cannot be read is a warning of Node
    if (!isTlsError(error)) throw error;
  }
  const readable = defaultAuthorities().filter((der) => certificateFrom(der) !== undefined);
  return readable.length === 0 ? [] : [anchorsFrom(readable)];
}

function joined(sets: readonly TrustAnchors[]): TrustAnchors | undefined {
  const [first, ...others] = sets;
  if (first === undefined || others.length === 0) return first;
  return {
    count: sets.reduce((sum, { count }) => sum + count, 0),
    leftOut: sets.flatMap(({ leftOut }) => leftOut),
    findBySubject: (subject) => sets.flatMap((set) => set.findBySubject(subject)),
  };
}
