import { contextTag, DerReader, DerTag } from '@org/tls-crypto/der';

/**
 * Reads a certificate's subject as DER. What stands before it is skipped.
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the bytes up to the subject are not those of a certificate
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
