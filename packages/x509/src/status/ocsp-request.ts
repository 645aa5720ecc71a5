import { derElement, DerTag } from '@org/tls-crypto/der';
import type { CryptoProvider } from '@org/tls-crypto';
import { subjectPublicKeyBits, type OcspSubject } from '../ocsp.ts';
import type { StatusRequest } from './fetcher.ts';

/** The AlgorithmIdentifier of SHA-1, with which responders of RFC 5019 find a certificate. It protects nothing here. */
const sha1 = Uint8Array.of(0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00);
/** The longest URL of a question that is asked by GET (RFC 5019 §5), in bytes. */
const maxGetLength = 255;
/** The longest response that is read, in bytes. Ordinary ones have less than three thousand; those with the certificates of a delegate and post-quantum signatures, some 30,000. */
export const maxResponseLength = 2 ** 16;

/** Encodes the question for one certificate (RFC 6960 §4.1.1) in the profile of RFC 5019: by SHA-1, without a nonce, and not signed. */
export function encodeOcspRequest({ certificate, issuer }: OcspSubject, crypto: CryptoProvider): Uint8Array {
  const certId = derElement(
    DerTag.sequence,
    sha1,
    derElement(DerTag.octetString, crypto.sha1(certificate.issuer.der)),
    derElement(DerTag.octetString, crypto.sha1(subjectPublicKeyBits(issuer))),
    derElement(DerTag.integer, certificate.serialNumber),
  );
  const requestList = derElement(DerTag.sequence, derElement(DerTag.sequence, certId));
  return derElement(DerTag.sequence, derElement(DerTag.sequence, requestList));
}

/**
 * Makes the HTTP request to a responder: by GET where its URL is short, so that answers can be cached on the way, else by POST (RFC 5019 §5,
 * RFC 6960 §A.1).
 * @param url of the responder, as the certificate has it
 */
export function ocspHttpRequest(url: URL, request: Uint8Array): Omit<StatusRequest, 'signal'> {
  const accept = { accept: 'application/ocsp-response' };
  const base64 = btoa(String.fromCharCode(...request));
  const inUrl = `${url.href.replace(/\/$/u, '')}/${encodeURIComponent(base64)}`;
  if (url.search === '' && inUrl.length <= maxGetLength)
    return { url: inUrl, method: 'GET', headers: accept, body: undefined, maxBytes: maxResponseLength };
  const headers = { ...accept, 'content-type': 'application/ocsp-request' };
  return { url: url.href, method: 'POST', headers, body: request, maxBytes: maxResponseLength };
}
