import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { isTlsError, TlsError, type TrustSource } from '@org/tls-core';
import { isFailed, type Addon, type TrustHandle } from './addon.ts';
import { certificatesOf } from './pem.ts';

/** Stores of the named sources, parsed once for the process: Node's list takes some 20 ms. */
const namedStores = new Map<string, TrustHandle>();

/**
 * The certificates that a chain must end at, and no others.
 * @throws TlsError `ERR_TLS_CONFIG` when a certificate cannot be read, or when there is none
 */
export function trustStore(addon: Addon, source: TrustSource): TrustHandle {
  if (source !== 'default' && source !== 'system') return make(addon, source);
  const known = namedStores.get(source);
  if (known !== undefined) return known;
  const store = make(addon, source);
  namedStores.set(source, store);
  return store;
}

function make(addon: Addon, source: TrustSource): TrustHandle {
  const certificates = collect(source);
  const addsSystem = includesSystem(source);
  if (certificates.length === 0 && !addsSystem) {
    throw new TlsError('ERR_TLS_CONFIG', 'trust: there is no certificate in it, so no peer could be trusted', {
      option: 'trust',
    });
  }
  const store = addon.createTrustStore(certificates, addsSystem);
  if (isFailed(store)) throw new TlsError('ERR_TLS_CONFIG', `trust: ${store.fault.reason}`, { option: 'trust' });
  return store;
}

function includesSystem(source: TrustSource): boolean {
  return isList(source) ? source.some((each) => includesSystem(each)) : source === 'system';
}

function collect(source: TrustSource): readonly Uint8Array[] {
  if (isList(source)) return source.flatMap((each) => collect(each));
  if (typeof source !== 'string') return [source];
  if (source === 'system') return [];
  return source === 'default' ? nodeCertificates() : fromPem(source);
}

function fromPem(pem: string): readonly Uint8Array[] {
  try {
    return certificatesOf(pem);
  } catch (error) {
    if (!isTlsError(error)) throw error;
    throw new TlsError('ERR_TLS_CONFIG', `trust: ${error.message}`, { option: 'trust', cause: error });
  }
}

/** Node's own list and `NODE_EXTRA_CA_CERTS`. */
function nodeCertificates(): readonly Uint8Array[] {
  // newer Nodes know what the user asked of them, e.g. by --use-system-ca
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: 'default') => readonly string[] };
  if (getCACertificates !== undefined) return getCACertificates('default').flatMap((pem) => fromPem(pem));
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  const files = extra === undefined || extra === '' ? [] : [readExtra(extra)];
  return [...tls.rootCertificates, ...files].flatMap((pem) => fromPem(pem));
}

function readExtra(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TlsError('ERR_TLS_CONFIG', `trust: the file ${path} of NODE_EXTRA_CA_CERTS cannot be read`, {
      option: 'trust',
      cause,
    });
  }
}

function isList(source: TrustSource): source is readonly TrustSource[] {
  return Array.isArray(source);
}
