import { contextTag, DerTag, type DerReader } from '@org/tls-crypto/der';
import { readGeneralName } from '../names/general-name.ts';

/** Reads subjectKeyIdentifier (RFC 5280 §4.2.1.2). */
export function readSubjectKeyIdentifier(reader: DerReader): Uint8Array {
  const identifier = reader.contents(DerTag.octetString);
  if (identifier.length === 0) throw reader.fault('an empty key identifier');
  return identifier;
}

/** The most names of the issuer that are read; an issuer has one. */
const maxIssuerNames = 16;

/** An authorityKeyIdentifier (RFC 5280 §4.2.1.1); it says which issuer to try first. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  /** Whether it also names the issuer's certificate, by its issuer and serial number. */
  readonly namesIssuer: boolean;
}

export function readAuthorityKeyIdentifier(reader: DerReader): AuthorityKeyIdentifier {
  const sequence = reader.sequence();
  const keyIdentifier = sequence.peek() === contextTag(0, false) ? sequence.any().contents : undefined;
  const issuer = sequence.enterOptional(contextTag(1, true));
  if (issuer?.isAtEnd === false) issuer.list(maxIssuerNames, readGeneralName);
  const hasSerial = sequence.peek() === contextTag(2, false);
  if (hasSerial) sequence.integer(contextTag(2, false));
  sequence.end();
  if ((issuer !== undefined) !== hasSerial)
    throw reader.fault('one of authorityCertIssuer and authorityCertSerialNumber without the other');
  return { keyIdentifier, namesIssuer: hasSerial };
}
