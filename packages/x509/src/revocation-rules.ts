import { TlsError, type Revocation, type RevocationLists } from '@org/tls-core';
import { decodePem, looksLikePem, pemOrDer, revocationDefaults } from '@org/tls-core/backend';
import { parseCertificateList, type CertificateList } from './certificate-list.ts';
import { nameKey, type DistinguishedName } from './names/distinguished-name.ts';

/** The certificate revocation lists of a configuration, and what to do with them. */
export interface RevocationRules {
  readonly lists: readonly CertificateList[];
  readonly depth: 'leaf' | 'chain';
  readonly unknownStatus: 'accept' | 'reject';
  /** Gives those lists that have this issuer. */
  listsOf(issuer: DistinguishedName): readonly CertificateList[];
}

/**
 * Reads a configuration's lists. Where they come from a source, those of now are read; `currentRevocation` follows them.
 * @throws TlsError `ERR_TLS_CONFIG` on a list that cannot be used
 */
export function readRevocation(revocation: Revocation): RevocationRules {
  const { crls = revocation.lists?.current.crls ?? [] } = revocation;
  return rulesOf(crls, revocation);
}

/**
 * Reads a configuration's lists, and those of a source again when they are others.
 * @returns gives what holds now: the same object as long as it does. It throws TlsError `ERR_TLS_HOOK` where the source has lists that cannot
 *   be used.
 * @throws TlsError `ERR_TLS_CONFIG` on a list that cannot be used
 */
export function currentRevocation(revocation: Revocation): () => RevocationRules {
  const { lists: source } = revocation;
  if (source === undefined) {
    const rules = readRevocation(revocation);
    return () => rules;
  }
  const first = source.current;
  let known = { lists: first, rules: rulesOf(first.crls, revocation) };
  return () => {
    const lists = source.current;
    if (lists !== known.lists) known = { lists, rules: nextRules(lists, revocation) };
    return known.rules;
  };
}

function nextRules({ crls }: RevocationLists, revocation: Revocation): RevocationRules {
  try {
    return rulesOf(crls, revocation);
  } catch (cause) {
    throw new TlsError('ERR_TLS_HOOK', 'revocation: the source gave a list that cannot be used', { cause });
  }
}

function rulesOf(
  crls: readonly (string | Uint8Array)[],
  { depth = revocationDefaults.depth, unknownStatus = revocationDefaults.unknownStatus }: Revocation,
): RevocationRules {
  const lists = crls.flatMap(listsIn);
  const byIssuer = new Map<string, CertificateList[]>();
  for (const list of lists) {
    const key = nameKey(list.issuer);
    const same = byIssuer.get(key);
    if (same === undefined) byIssuer.set(key, [list]);
    else same.push(list);
  }
  return { lists, depth, unknownStatus, listsOf: (issuer) => byIssuer.get(nameKey(issuer)) ?? [] };
}

/** Lists that were read before, by bytes that nobody else has. */
const listsRead = new WeakMap<Uint8Array, CertificateList>();

/**
 * Reads a list in DER, so that whoever is given these very bytes has it read.
 * @param der which nobody changes
 * @throws TlsError `ERR_TLS_CONFIG` on a list that cannot be used
 */
export function readListOnce(der: Uint8Array): CertificateList {
  const known = listsRead.get(der);
  if (known !== undefined) return known;
  const list = listFrom(der);
  listsRead.set(der, list);
  return list;
}

/**
 * Gives the lists of PEM text, as DER.
 * @throws TlsError `ERR_TLS_CONFIG` when there is none
 */
export function listsInPem(text: string): readonly Uint8Array[] {
  const blocks = looksLikePem(text) ? decodePem(text, 'revocation') : [];
  // RFC 7468 §6 gives this label to a CRL.
  const lists = blocks.filter(({ label }) => label === 'X509 CRL');
  if (lists.length === 0) throw unusable('PEM text without a block X509 CRL');
  return lists.map(({ der }) => der);
}

function listsIn(source: string | Uint8Array): readonly CertificateList[] {
  const known = typeof source === 'string' ? undefined : listsRead.get(source);
  if (known !== undefined) return [known];
  const contents = pemOrDer(source);
  return typeof contents === 'string' ? listsInPem(contents).map(listFrom) : [listFrom(contents)];
}

function listFrom(der: Uint8Array): CertificateList {
  try {
    return parseCertificateList(der, 'ERR_TLS_CERTIFICATE_BAD');
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `revocation: a list cannot be used: ${message}`, {
    option: 'revocation',
    cause,
  });
}
