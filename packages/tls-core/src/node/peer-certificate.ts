import { X509Certificate } from 'node:crypto';
import type { PeerInfo } from '../connection-info.ts';

/**
 * The peer's certificate in Node's legacy form, `{}` when there is none or none that Node can show.
 * @param isDetailed adds the path that was verified as `issuerCertificate`
 */
export function legacyPeerCertificate(peer: PeerInfo | undefined, isDetailed: boolean): object {
  const leaf = legacyCertificate(peer?.chain[0]);
  if (leaf === undefined) return {};
  if (!isDetailed) return leaf;
  let subject = leaf;
  for (const der of peer?.verifiedPath.slice(1) ?? []) {
    const issuer = legacyCertificate(der);
    if (issuer === undefined) break;
    subject.issuerCertificate = issuer;
    subject = issuer;
  }
  subject.issuerCertificate = subject;
  return leaf;
}

interface LegacyCertificate {
  issuerCertificate?: LegacyCertificate;
}

function legacyCertificate(der: Uint8Array | undefined): LegacyCertificate | undefined {
  try {
    return parsedCertificate(der)?.toLegacyObject() as LegacyCertificate | undefined;
  } catch {
    return undefined; // a name or a key that Node has no words for
  }
}

/** A certificate as Node reads it; `undefined` where Node's parser, which is not the one that judged the certificate, refuses it. */
export function parsedCertificate(der: Uint8Array | undefined): X509Certificate | undefined {
  try {
    return der && new X509Certificate(der);
  } catch {
    return undefined;
  }
}
