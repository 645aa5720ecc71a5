import { isTlsError, type CertificateSource, type TlsError } from '@org/tls-core';
import { certificatesInPem, decodePem, equalBytes, kindOfText, looksLikePem, textIn } from '@org/tls-core/backend';
import { DerTag } from '@org/tls-crypto/der';
import { parseCertificate, type Certificate } from '@org/x509';
import { checkLength, derOf } from './ber.ts';
import { fault, faultIn } from './identity-fault.ts';
import { Turns } from './turns.ts';

/** Reads all certificates of a source. @throws TlsError `ERR_TLS_IDENTITY` when one of its parts has none, or one that cannot be read */
export async function readCertificates(source: CertificateSource): Promise<readonly Certificate[]> {
  const list = typeof source === 'string' || source instanceof Uint8Array ? [source] : source;
  if (!Array.isArray(list)) throw fault(`certificateChain: expected text, bytes or a list of them`);
  const encoded = (list as readonly (string | Uint8Array)[]).flatMap((each) => certificatesIn(each));
  const certificates: Certificate[] = [];
  const turns = new Turns();
  for (const [index, der] of encoded.entries()) {
    certificates.push(parse(der, encoded.length === 1 ? 'the certificate' : `certificate ${index + 1}`));
    // oxlint-disable-next-line no-await-in-loop
    await turns.share();
  }
  return certificates;
}

function certificatesIn(source: string | Uint8Array): readonly Uint8Array[] {
  if (typeof source !== 'string' && !(source instanceof Uint8Array))
    throw fault(`certificateChain: expected text or bytes, got ${typeof source}`);
  checkLength(source, 'certificateChain');
  if (source[0] === DerTag.sequence && source instanceof Uint8Array)
    return [Uint8Array.from(derOf(source, 'the certificate'))];
  const text = typeof source === 'string' ? source : textIn(source);
  if (!looksLikePem(text))
    throw fault(`certificateChain: there is no certificate in it, no PEM at all; it is ${kindOfText(text)}`);
  const certificates = certificatesInPem(text, 'identity');
  if (certificates.length > 0) return certificates;
  const labels = [...new Set(decodePem(text, 'identity', true).map(({ label }) => label))].slice(0, 5);
  throw fault(`certificateChain: there is no certificate in it, but ${labels.join(', ')}`);
}

function parse(der: Uint8Array, what: string): Certificate {
  try {
    return parseCertificate(der, 'ERR_TLS_IDENTITY');
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw faultIn(`${what} of the chain cannot be used`, error);
  }
}

/** Reads as `readCertificates` does, but goes on where one cannot be read, because a store may hold anything. */
export async function readableCertificates(
  list: readonly Uint8Array[],
): Promise<{ readonly readable: readonly Certificate[]; readonly failures: readonly TlsError[] }> {
  const readable: Certificate[] = [];
  const failures: TlsError[] = [];
  const turns = new Turns();
  for (const [index, der] of list.entries()) {
    try {
      readable.push(parse(der, `certificate ${index + 1}`));
    } catch (error) {
      if (!isTlsError(error)) throw error;
      if (failures.length < maxFailures) failures.push(error);
    }
    // oxlint-disable-next-line no-await-in-loop
    await turns.share();
  }
  return { readable, failures };
}

/** So many failures are told. */
const maxFailures = 8;

/**
 * Sorts certificates into a chain from a leaf upwards, each behind one that it may have issued (RFC 8446 §4.4.2), and into those that do
 * not belong to it. Issuers are found by name; with cross-signing, several may follow.
 */
export function inOrder(
  leaf: Certificate,
  certificates: readonly Certificate[],
): { readonly chain: readonly Certificate[]; readonly others: readonly Certificate[] } {
  const chain = [leaf];
  const others = new Set(certificates.filter(({ der }) => !equalBytes(der, leaf.der)));
  for (const child of chain) {
    for (const candidate of others) {
      if (!equalBytes(candidate.subject.der, child.issuer.der)) continue;
      // The same certificate may be there twice.
      if (!chain.some(({ der }) => equalBytes(der, candidate.der))) chain.push(candidate);
      others.delete(candidate);
    }
  }
  return { chain, others: [...others] };
}
