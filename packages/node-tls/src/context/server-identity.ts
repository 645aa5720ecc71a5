import type { PeerCertificate } from 'node:tls';
import { nodeTruth } from './node-truth.ts';

/**
 * Says why a certificate is not for a host, as Node's function of this name, which it is: the common name counts where there is no
 * subjectAltName with a DNS name, an address or a URI.
 * @param cert what `getPeerCertificate()` gives
 * @returns an Error `ERR_TLS_CERT_ALTNAME_INVALID`; `undefined`: the certificate is for the host
 */
export function checkServerIdentity(hostname: string, cert: PeerCertificate): Error | undefined {
  return nodeTruth.checkServerIdentity(hostname, cert);
}
