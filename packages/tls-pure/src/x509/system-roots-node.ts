import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { TlsError } from '@org/tls-core';

/** Where Linux distributions and BSDs keep their bundle; the first that is there is used. */
const bundleFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
  '/usr/local/etc/ssl/cert.pem',
];

/**
 * What Node trusts by default: its list with `NODE_EXTRA_CA_CERTS`.
 * @returns PEM texts
 */
export function readDefaultRoots(): readonly string[] {
  const byNode = caCertificatesOfNode('default');
  if (byNode !== undefined) return byNode;
  const extra = process.env['NODE_EXTRA_CA_CERTS'];
  if (extra === undefined || extra === '') return tls.rootCertificates;
  return [...tls.rootCertificates, readNamedFile(extra, 'NODE_EXTRA_CA_CERTS')];
}

/**
 * What the operating system trusts: `SSL_CERT_FILE` and `SSL_CERT_DIR` if set, else its own store.
 * @returns PEM texts
 * @throws TlsError `ERR_TLS_CONFIG` when a named file cannot be read, `ERR_TLS_UNSUPPORTED` when this Node cannot read the system's store
 */
export function readSystemRoots(): readonly string[] {
  const file = process.env['SSL_CERT_FILE'];
  const directory = process.env['SSL_CERT_DIR'];
  const named = [
    ...(file === undefined || file === '' ? [] : [readNamedFile(file, 'SSL_CERT_FILE')]),
    ...(directory === undefined || directory === '' ? [] : readNamedDirectories(directory)),
  ];
  if (named.length > 0) return named;
  if (process.platform === 'win32' || process.platform === 'darwin') {
    const byNode = caCertificatesOfNode('system');
    if (byNode !== undefined) return byNode;
    throw new TlsError(
      'ERR_TLS_UNSUPPORTED',
      'trust: reading the system store on this platform needs Node 22.15 or newer; use `default`, or set SSL_CERT_FILE',
      { option: 'trust' },
    );
  }
  for (const path of bundleFiles) {
    const text = readIfThere(path);
    if (text !== undefined) return [text];
  }
  throw new TlsError(
    'ERR_TLS_CONFIG',
    `trust: no system store was found; tried ${bundleFiles.join(', ')}; set SSL_CERT_FILE`,
    {
      option: 'trust',
    },
  );
}

function caCertificatesOfNode(store: 'default' | 'system'): readonly string[] | undefined {
  // Node 22.15 and 23.10 have it, and the types of Node 20 do not
  const { getCACertificates } = tls as { readonly getCACertificates?: (store: string) => readonly string[] };
  return getCACertificates?.(store);
}

/** OpenSSL's list of directories, whose files have one certificate or more each. */
function readNamedDirectories(list: string): readonly string[] {
  const texts: string[] = [];
  for (const directory of list.split(process.platform === 'win32' ? ';' : ':')) {
    if (directory === '') continue;
    for (const name of namesIn(directory)) {
      const text = readIfThere(join(directory, name));
      if (text?.includes('-----BEGIN ') === true) texts.push(text);
    }
  }
  return texts;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (error) {
    throw unreadable('SSL_CERT_DIR', directory, error);
  }
}

function readNamedFile(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(variable, path, error);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function unreadable(variable: string, path: string, cause: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `trust: ${variable} names ${path}, which cannot be read`, {
    option: 'trust',
    cause,
  });
}
