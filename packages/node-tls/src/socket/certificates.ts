import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';

/** A certificate as Node reads it; `undefined` where there is none, or Node's parser refuses it. */
export function x509Of(certificate: Uint8Array | string | undefined): X509Certificate | undefined {
  try {
    return certificate === undefined ? undefined : new X509Certificate(certificate);
  } catch {
    return undefined;
  }
}

/**
 * A certificate in Node's legacy form, with its issuers as far as they are known.
 * @param path leaf first; the rest in any order
 */
export function detailedCertificate(path: readonly Uint8Array[]): DetailedPeerCertificate | undefined {
  const [leaf, ...others] = path.map((der) => x509Of(der));
  // what stands behind a certificate that cannot be read is not the peer's
  return (
    leaf &&
    withIssuer(
      leaf,
      others.filter((each) => each !== undefined),
    )
  );
}

/**
 * The first certificate of a path, which knows the next as its `issuerCertificate`. Node's property of this name reads what its own TLS has
 * received.
 */
export function x509WithIssuers([leaf, ...others]: readonly Uint8Array[]): X509Certificate | undefined {
  const certificate = x509Of(leaf);
  if (certificate === undefined || others.length === 0) return certificate;
  const issuer = x509WithIssuers(others);
  if (issuer !== undefined && certificate.checkIssued(issuer) && !certificate.checkIssued(certificate))
    Object.defineProperty(certificate, 'issuerCertificate', { value: issuer, configurable: true });
  return certificate;
}

/** A certificate in Node's legacy form, without its issuers. */
export function plainCertificate(certificate: Uint8Array | string | undefined): PeerCertificate | undefined {
  const parsed = x509Of(certificate);
  return parsed && legacy(parsed);
}

function withIssuer(certificate: X509Certificate, others: readonly X509Certificate[]): DetailedPeerCertificate {
  const object = legacy(certificate) as DetailedPeerCertificate;
  if (certificate.checkIssued(certificate)) {
    object.issuerCertificate = object; // as Node shows a root
    return object;
  }
  const issuer = others.find((each) => certificate.checkIssued(each));
  if (issuer !== undefined)
    object.issuerCertificate = withIssuer(
      issuer,
      others.filter((each) => each !== issuer),
    );
  return object;
}

function legacy(certificate: X509Certificate): PeerCertificate {
  return certificate.toLegacyObject();
}
