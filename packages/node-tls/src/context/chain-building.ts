import { equalBytes } from '@org/tls-core/backend';
import type { Certificate } from '@org/x509';
import type { CertificateStore } from './certificate-store.ts';
import { isSelfSigned, mayHaveIssued, validityFault } from './chain-certificate.ts';
import type { ChainFault } from './verify-error.ts';

/** A chain as OpenSSL builds it. */
export interface BuiltChain {
  /** Leaf first. */
  readonly path: readonly Certificate[];
  /** How many of them, from the leaf on, come from the peer and not from the store. */
  readonly untrustedCount: number;
  /** Why it ends at nothing that is trusted. */
  readonly fault: ChainFault | undefined;
}

/** The most certificates above the leaf. OpenSSL's 100 of the most expensive keys would cost as much as many handshakes. */
const maxDepth = 16;

/**
 * Builds a chain as `X509_verify_cert` of OpenSSL 3 does: at each step the store is asked first, and once it has answered, the peer’s
 * certificates are not looked at any more. It does not turn back.
 */
export function buildChain(
  leaf: Certificate,
  presented: readonly Certificate[],
  store: CertificateStore,
  time: number,
): BuiltChain {
  const path = [leaf];
  let untrustedCount = 1;
  let untrusted = presented;
  while (path.length <= maxDepth) {
    const top = path[path.length - 1] ?? leaf;
    const trusted = preferred(store.findBySubject(top.issuer.der), top, time);
    if (isSelfSigned(top)) {
      if (untrustedCount < path.length) return { path, untrustedCount, fault: undefined };
      if (trusted === undefined || !equalBytes(trusted.der, top.der)) break;
      return { path, untrustedCount: untrustedCount - 1, fault: undefined };
    }
    const issuer = trusted ?? preferred(untrusted, top, time);
    if (issuer === undefined) break;
    path.push(issuer);
    if (trusted === undefined) {
      untrustedCount += 1;
      untrusted = untrusted.filter((each) => each !== issuer);
    } else {
      untrusted = [];
      if (store.allowsPartialChain) return { path, untrustedCount, fault: undefined };
    }
  }
  return withFault(path, untrustedCount, store);
}

/** Chooses an issuer: the first that is valid now, else the one that was valid last. */
function preferred(candidates: readonly Certificate[], subject: Certificate, time: number): Certificate | undefined {
  const issuers = candidates.filter((each) => mayHaveIssued(each, subject));
  const [latest] = issuers.toSorted((one, other) => other.notAfter - one.notAfter);
  return issuers.find((each) => validityFault(each, time) === undefined) ?? latest;
}

function withFault(path: readonly Certificate[], untrustedCount: number, store: CertificateStore): BuiltChain {
  const [leaf] = path;
  const top = path[path.length - 1];
  if (leaf === undefined || top === undefined) return { path, untrustedCount, fault: 'unableToGetIssuerLocally' };
  const isKnown = store.findBySubject(leaf.subject.der).some((each) => equalBytes(each.der, leaf.der));
  if (store.allowsPartialChain && isKnown) return { path: [leaf], untrustedCount: 0, fault: undefined };
  const chain = { path, untrustedCount };
  if (path.length > maxDepth) return { ...chain, fault: 'chainTooLong' };
  if (isSelfSigned(top)) return { ...chain, fault: path.length === 1 ? 'selfSignedLeaf' : 'selfSignedInChain' };
  return { ...chain, fault: untrustedCount < path.length ? 'unableToGetIssuer' : 'unableToGetIssuerLocally' };
}
