import { isTlsError, TlsError } from '@org/tls-core';
import { parseCertificateList, type CertificateList } from '../certificate-list.ts';
import type { Certificate } from '../certificate.ts';
import { runSearch } from '../path-builder.ts';
import { statusByLists, type ListedStatus } from '../revocation.ts';
import { verifyBy, type AskingRules } from './ask-responders.ts';
import { fetchAnswer } from './fetcher.ts';
import type { Dated } from './kept-answer.ts';

/** The longest list that is fetched, in bytes. The parser takes no longer ones. */
const maxListLength = 2 ** 24;

/** A list that was fetched, and whose signature is its issuer's. */
export interface FetchedList extends Dated {
  readonly list: CertificateList;
  /** How many bytes it has. */
  readonly length: number;
}

/** A certificate of a verified path, and those above it, its issuer first. */
export interface ListSubject {
  readonly certificate: Certificate;
  readonly above: readonly Certificate[];
}

/**
 * Fetches a revocation list that says something about a certificate, and is signed by its issuer: no other list takes the place of one that is
 * kept.
 * @param url from that certificate
 * @throws (rejects with) TlsError `ERR_TLS_CERTIFICATE_STATUS`
 */
export async function fetchList(url: URL, subject: ListSubject, rules: AskingRules): Promise<FetchedList> {
  const request = { url: url.href, method: 'GET', headers: { accept: 'application/pkix-crl' } } as const;
  const der = await fetchAnswer({ ...request, body: undefined, maxBytes: maxListLength }, rules);
  const list = parsed(der, url);
  const status = await statusInList(list, subject, rules);
  if (typeof status === 'object') throw unusable(url, status.unknown);
  return { list, length: der.length, thisUpdate: list.thisUpdate, until: list.nextUpdate };
}

/** Looks a certificate up in one list, whose signature is verified once. */
export async function statusInList(
  list: CertificateList,
  { certificate, above }: ListSubject,
  { crypto, clock }: Pick<AskingRules, 'crypto' | 'clock'>,
): Promise<ListedStatus> {
  const signers = { above, presented: () => [], time: clock(), verify: verifyBy(crypto) };
  return runSearch(statusByLists(certificate, [list], signers));
}

function parsed(der: Uint8Array, url: URL): CertificateList {
  try {
    return parseCertificateList(der, 'ERR_TLS_CERTIFICATE_BAD');
  } catch (error) {
    if (isTlsError(error)) throw unusable(url, error.message);
    throw error;
  }
}

function unusable({ href }: URL, why: string): TlsError {
  return new TlsError('ERR_TLS_CERTIFICATE_STATUS', `${href}: the revocation list is not used: ${why}`);
}
