import { isTlsError } from '@org/tls-core';
import { binaryString, formatIpAddress } from '@org/tls-core/backend';
import { contextTag, DerReader, DerTag, Oid } from '@org/tls-crypto/der';

/** The names in a certificate, as far as an error tells of them. Nothing is decided by them. */
export interface CertificateNames {
  /** The distinguished names as DER. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** The host names and addresses of subjectAltName. */
  readonly names: readonly string[];
}

/** The most extensions and names that are read; what has more is described without its names. */
const maxExtensions = 64;
const maxNames = 2048;

/** @returns `undefined` for what cannot be read, which the library may read all the same */
export function readNames(der: Uint8Array | undefined): CertificateNames | undefined {
  if (der === undefined) return undefined;
  try {
    return namesIn(new DerReader(der, 'Certificate').sequence().sequence());
  } catch (error) {
    if (isTlsError(error)) return undefined;
    throw error;
  }
}

/** @param tbs the contents of a TBSCertificate (RFC 5280 §4.1) */
function namesIn(tbs: DerReader): CertificateNames {
  tbs.enterOptional(contextTag(0, true)); // the version
  tbs.integer();
  tbs.element(DerTag.sequence); // the algorithm of the signature
  const issuer = tbs.element(DerTag.sequence).raw;
  tbs.element(DerTag.sequence); // the validity
  const subject = tbs.element(DerTag.sequence).raw;
  tbs.element(DerTag.sequence); // the key
  while (!tbs.isAtEnd && tbs.peek() !== contextTag(3, true)) tbs.any();
  const extensions = tbs.enterOptional(contextTag(3, true))?.sequence();
  return { issuer, subject, names: extensions === undefined ? [] : alternativeNames(extensions) };
}

function alternativeNames(extensions: DerReader): readonly string[] {
  return extensions
    .list(maxExtensions, () => {
      const extension = extensions.sequence();
      if (extension.objectIdentifier() !== Oid.subjectAltName) return [];
      if (extension.peek() === DerTag.boolean) extension.boolean();
      const names = extension.enter(DerTag.octetString).sequence();
      return names.list(maxNames, () => textOf(names.any())).flat();
    })
    .flat();
}

function textOf({ tag, contents }: { readonly tag: number; readonly contents: Uint8Array }): readonly string[] {
  if (tag === contextTag(2, false)) return [binaryString(contents)];
  const isAddress = tag === contextTag(7, false) && (contents.length === 4 || contents.length === 16);
  return isAddress ? [formatIpAddress(contents)] : [];
}
