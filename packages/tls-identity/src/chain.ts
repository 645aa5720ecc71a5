import { isTlsError } from '@org/tls-core';
import { certificatesInPem, decodePem } from '@org/tls-core/backend';
import { parseCertificate, type Certificate } from '@org/x509';
import { fault } from './identity-fault.ts';
import { decodeText } from './private-key.ts';
import { sameBytes } from './same-bytes.ts';

/** Certificates, in any order: PEM text with any number of them, the bytes of a file with such text, DER, or a list of these. */
export type CertificateSource = string | Uint8Array | readonly (string | Uint8Array)[];

/** Reads all certificates of a source. @throws TlsError `ERR_TLS_IDENTITY` when one of its parts has none, or one that cannot be read */
export function readCertificates(source: CertificateSource): readonly Certificate[] {
  const list = typeof source === 'string' || source instanceof Uint8Array ? [source] : source;
  if (!Array.isArray(list)) throw fault(`certificateChain: expected text, bytes or a list of them`);
  return list.flatMap((each: string | Uint8Array) => readOne(each));
}

function readOne(source: string | Uint8Array): readonly Certificate[] {
  if (source instanceof Uint8Array && source[0] === 0x30) return [parse(Uint8Array.from(source), 'a certificate')];
  const text = source instanceof Uint8Array ? decodeText(source) : source;
  if (typeof text !== 'string') throw fault(`certificateChain: expected text or bytes, got ${typeof text}`);
  const certificates = certificatesInPem(text, 'identity');
  if (certificates.length > 0) return certificates.map((der, index) => parse(der, `certificate ${index + 1}`));
  const labels = decodePem(text, 'identity', true).map(({ label }) => label);
  throw fault(`certificateChain: there is no certificate in it, but ${labels.join(', ') || 'no PEM at all'}`);
}

function parse(der: Uint8Array, what: string): Certificate {
  try {
    return parseCertificate(der, 'ERR_TLS_IDENTITY');
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw fault(`${what} of the chain cannot be used: ${error.message}`, error);
  }
}

/** Reads as `readCertificates` does, but leaves out what cannot be read, because a store may hold anything. */
export function readableCertificates(list: readonly Uint8Array[]): readonly Certificate[] {
  return list.flatMap((der) => {
    try {
      return [parse(der, 'a certificate')];
    } catch (error) {
      if (!isTlsError(error)) throw error;
      return [];
    }
  });
}

/**
 * Sorts certificates into a chain from a leaf upwards, each behind one that it may have issued (RFC 8446 §4.4.2), and into those that do
 * not belong to it. Issuers are found by name; with cross-signing, several may follow.
 */
export function inOrder(
  leaf: Certificate,
  certificates: readonly Certificate[],
): { readonly chain: readonly Certificate[]; readonly others: readonly Certificate[] } {
  const chain = [leaf];
  const others = new Set(certificates.filter(({ der }) => !sameBytes(der, leaf.der)));
  for (const child of chain) {
    for (const candidate of others) {
      if (!sameBytes(candidate.subject.der, child.issuer.der)) continue;
      // The same certificate may be there twice.
      if (!chain.some(({ der }) => sameBytes(der, candidate.der))) chain.push(candidate);
      others.delete(candidate);
    }
  }
  return { chain, others: [...others] };
}
