import { contextTag, derElement, DerTag } from '@org/tls-crypto/der';

/**
 * The constraints that Mozilla puts on a root by itself, in the code beside the list (NSS, lib/certdb/genname.c), so that no certificate
 * bears them and Node's list is without. There a name begins with a dot, which RFC 5280 §4.2.1.10 does not know; without it the name itself
 * is permitted too.
 * @param fingerprint SHA-256 of the certificate, upper-case hexadecimal with colons
 * @returns NameConstraints (DER), or undefined
 */
export function appliedConstraints(fingerprint) {
  const domains = permitted[fingerprint];
  if (domains === undefined) return undefined;
  const subtrees = domains.map((domain) =>
    derElement(DerTag.sequence, derElement(dNSName, Buffer.from(domain, 'ascii'))),
  );
  return derElement(DerTag.sequence, derElement(permittedSubtrees, ...subtrees));
}

const dNSName = contextTag(2, false);
const permittedSubtrees = contextTag(0, true);

const permitted = {
  // TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1: Turkey's public bodies
  '46:ED:C3:68:90:46:D5:3A:45:3F:B3:10:4A:B8:0D:CA:EC:65:8B:26:60:EA:16:29:DD:7E:86:79:90:64:87:16': [
    'gov.tr',
    'k12.tr',
    'pol.tr',
    'mil.tr',
    'tsk.tr',
    'kep.tr',
    'bel.tr',
    'edu.tr',
    'org.tr',
  ],
};
