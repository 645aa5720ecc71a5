import { TlsError, type Identity, type KeyIdentity, type SignerIdentity } from '@org/tls-core';
import { parseCertificate, type Certificate } from '@org/x509';
import { fault } from '../identity-fault.ts';

/** An identity as it is shown, and what its certificate says. */
export interface DatedIdentity {
  readonly identity: Identity;
  readonly leaf: Certificate;
  /** The name of where it comes from. */
  readonly source: string;
}

/** Reads the certificate of the key, of an identity as `readIdentity` gives it. */
export function leafOf({ certificateChain }: KeyIdentity | SignerIdentity): Certificate {
  const [leaf] = [certificateChain].flat();
  if (!(leaf instanceof Uint8Array)) throw fault('there is no certificate in the chain');
  return parseCertificate(leaf, 'ERR_TLS_IDENTITY');
}

/**
 * Says what is wrong with a certificate at this time.
 * @returns `undefined` when it is in its time
 */
export function outOfTime({ notBefore, notAfter }: Certificate, source: string, now: number): TlsError | undefined {
  if (now > notAfter)
    return new TlsError('ERR_TLS_CERTIFICATE_EXPIRED', `${source}: the certificate has expired at ${timeOf(notAfter)}`);
  if (now < notBefore) {
    const message = `${source}: the certificate is not valid before ${timeOf(notBefore)}`;
    return new TlsError('ERR_TLS_CERTIFICATE_NOT_YET_VALID', message);
  }
  return undefined;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
