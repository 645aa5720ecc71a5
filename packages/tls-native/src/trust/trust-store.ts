import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { TlsError, type TrustAnchor, type TrustSource } from '@org/tls-core';
import { certificatesInPem } from '@org/tls-core/backend';
import { isFailed, type Addon, type TrustHandle } from '../border/addon.ts';

/** The stores of the named sources. Each is parsed once for the process: Node's list takes some 20 ms. */
const namedStores = new Map<string, TrustHandle>();
const named: readonly TrustSource[] = ['default', 'system', 'mozilla'];

/**
 * Makes the store of the certificates that a chain must end at.
 * @throws TlsError `ERR_TLS_CONFIG` when a certificate cannot be read, or when there is none; `ERR_TLS_UNSUPPORTED` on a trust anchor
 *   without a certificate, which no platform's library knows
 */
export function trustStore(addon: Addon, source: TrustSource): TrustHandle {
  if (typeof source !== 'string' || !named.includes(source)) return make(addon, source);
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
  if (isFailed(store)) throw new TlsError('ERR_TLS_CONFIG', `trust: ${store.fault.detail}`, { option: 'trust' });
  return store;
}

function includesSystem(source: TrustSource): boolean {
  return isList(source) ? source.some((each) => includesSystem(each)) : source === 'system';
}

function collect(source: TrustSource): readonly Uint8Array[] {
  if (isList(source)) return source.flatMap((each) => collect(each));
  if (typeof source !== 'string') return [certificateOf(source)];
  switch (source) {
    case 'system':
      checkNamedFile('SSL_CERT_FILE', readVariable('SSL_CERT_FILE'));
      return [];
    case 'default':
      return nodeCertificates();
    case 'mozilla':
      return tls.rootCertificates.flatMap((pem) => certificatesInPem(pem, 'trust'));
    default:
      return certificatesInPem(source, 'trust');
  }
}

function certificateOf(source: Uint8Array | TrustAnchor): Uint8Array {
  if (source instanceof Uint8Array) return source;
  throw new TlsError(
    'ERR_TLS_UNSUPPORTED',
    'trust: the platform’s verifier needs certificates, and a trust anchor has none; pass the root certificate, or bring a `verifier` along',
    { option: 'trust' },
  );
}

/**
 * Gives Node's own list and what `NODE_EXTRA_CA_CERTS` names.
 * @throws TlsError `ERR_TLS_CONFIG` when no certificate comes of that file; Node itself only warns
 */
function nodeCertificates(): readonly Uint8Array[] {
  const extra = readVariable('NODE_EXTRA_CA_CERTS');
  // newer Nodes know what the user asked of them, e.g. by --use-system-ca
  const { getCACertificates } = tls as { readonly getCACertificates?: (type: string) => readonly string[] };
  if (getCACertificates === undefined) {
    const file = checkNamedFile('NODE_EXTRA_CA_CERTS', extra);
    return [...tls.rootCertificates, ...file].flatMap((pem) => certificatesInPem(pem, 'trust'));
  }
  // Node reads the variable when it starts, and never again
  if (extra !== undefined && getCACertificates('extra').length === 0) throw unusable('NODE_EXTRA_CA_CERTS', extra);
  return getCACertificates('default').flatMap((pem) => certificatesInPem(pem, 'trust'));
}

/** @returns the file's text, if a file is named */
function checkNamedFile(variable: string, path: string | undefined): readonly string[] {
  if (path === undefined) return [];
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unusable(variable, path, cause);
  }
  // a library may pass over a file without certificates in silence
  if (!/^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/m.test(text)) throw unusable(variable, path);
  return [text];
}

/** Reads an environment variable. An empty one counts as not set. */
function readVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function unusable(variable: string, path: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `trust: ${variable} names ${path}, which no certificate can be read from`, {
    option: 'trust',
    ...(cause !== undefined && { cause }),
  });
}

function isList(source: TrustSource): source is readonly TrustSource[] {
  return Array.isArray(source);
}
