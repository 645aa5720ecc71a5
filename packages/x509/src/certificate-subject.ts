import { isTlsError } from '@org/tls-core';
import { binaryString } from '@org/tls-core/backend';
import { contextTag, DerReader, DerTag } from '@org/tls-crypto/der';
import { ByteCache } from './byte-cache.ts';
import { knownNameKey, nameKey, readName } from './names/distinguished-name.ts';

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

const keys = new ByteCache<string>(1024, 1024);

/**
 * Gives the string by which certificates are found under a name: it is the same for all encodings of the name (RFC 5280 §7.1).
 * @param name as DER; one that cannot be read is only the same as its own bytes
 */
export function subjectKey(name: Uint8Array): string {
  return knownNameKey(name) ?? keys.get(name, keyOf);
}

function keyOf(der: Uint8Array): string {
  try {
    const reader = new DerReader(der, 'Name');
    const key = nameKey(readName(reader));
    reader.end();
    return key;
  } catch (error) {
    if (!isTlsError(error)) throw error;
    return `!${binaryString(der)}`;
  }
}
