import { contextTag, DerReader, DerTag } from '@org/tls-crypto/der';

/**
 * A certificate's subject, DER. What comes before it is passed over, not read.
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when it is not even so far a certificate
 */
export function subjectOf(der: Uint8Array): Uint8Array {
  const tbs = new DerReader(der, 'Certificate').sequence().sequence('TBSCertificate');
  if (tbs.peek() === contextTag(0, true)) tbs.any();
  tbs.integer();
  tbs.element(DerTag.sequence); // signature
  tbs.element(DerTag.sequence); // issuer
  tbs.element(DerTag.sequence); // validity
  return tbs.element(DerTag.sequence).raw;
}
