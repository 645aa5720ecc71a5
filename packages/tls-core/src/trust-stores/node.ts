import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { TlsError } from '../tls-error.ts';
import type { StoreText } from './store-text.ts';

export type { StoreText } from './store-text.ts';

/** Where Linux distributions and BSDs keep their bundle; the first file that exists is used. */
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
 * Reads what Node trusts by default: its list with `NODE_EXTRA_CA_CERTS`, or the stores that options such as `--use-system-ca` chose.
 * @throws TlsError `ERR_TLS_CONFIG` when `NODE_EXTRA_CA_CERTS` names a file that no certificate was read from; Node itself only warns
 */
export function readDefaultRoots(): readonly StoreText[] {
  const extra = variable('NODE_EXTRA_CA_CERTS');
  const byNode = caCertificatesOfNode('default');
  if (byNode === undefined) {
    const file = extra === undefined ? [] : [readNamedFile(extra, 'NODE_EXTRA_CA_CERTS')];
    return [...readMozillaRoots(), ...file];
  }
  // Node reads the variable when it starts, and never again.
  if (extra !== undefined && caCertificatesOfNode('extra')?.length === 0) {
    throw configError(
      `NODE_EXTRA_CA_CERTS names ${extra}, which Node got no certificate from when it started; it must be set before that`,
    );
  }
  return byNode.map((pem) => ({ pem }));
}

/**
 * Reads the list that this Node was built with.
 * @throws TlsError `ERR_TLS_UNSUPPORTED` where `node:tls` exists, but has no such list
 */
export function readMozillaRoots(): readonly StoreText[] {
  const { rootCertificates } = tls as { readonly rootCertificates?: readonly string[] };
  if (rootCertificates !== undefined && rootCertificates.length > 0) return rootCertificates.map((pem) => ({ pem }));
  throw new TlsError(
    'ERR_TLS_UNSUPPORTED',
    'trust: this runtime bundles no roots; install @org/tls-roots and pass `trust: mozillaRoots`',
    { option: 'trust' },
  );
}

/**
 * Reads what the operating system trusts: if `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, that and nothing else; otherwise the system's own
 * store. On Linux and BSD the store is the distribution's bundle on every Node; Node's own reader looks into fewer places and is asked
 * last.
 * @throws TlsError `ERR_TLS_CONFIG` when a named file or folder cannot be read, `ERR_TLS_UNSUPPORTED` when this Node cannot read the
 *   system's store
 */
export function readSystemRoots(): readonly StoreText[] {
  const file = variable('SSL_CERT_FILE');
  const directories = variable('SSL_CERT_DIR');
  if (file !== undefined || directories !== undefined) {
    return [
      ...(file === undefined ? [] : [readNamedFile(file, 'SSL_CERT_FILE')]),
      ...(directories === undefined ? [] : readNamedDirectories(directories)),
    ];
  }
  if (process.platform === 'win32' || process.platform === 'darwin') {
    const byNode = caCertificatesOfNode('system');
    if (byNode !== undefined) return byNode.map((pem) => ({ pem }));
    throw new TlsError(
      'ERR_TLS_UNSUPPORTED',
      'trust: reading the system store on this platform needs Node 22.15 or newer; use `default`, or set SSL_CERT_FILE',
      { option: 'trust' },
    );
  }
  for (const path of bundleFiles) {
    const pem = readIfThere(path);
    if (pem !== undefined) return [{ pem, source: path }];
  }
  const byNode = caCertificatesOfNode('system') ?? [];
  if (byNode.length > 0) return byNode.map((pem) => ({ pem }));
  throw configError(`no system store was found; tried ${bundleFiles.join(', ')}; set SSL_CERT_FILE`);
}

function caCertificatesOfNode(store: 'default' | 'system' | 'extra'): readonly string[] | undefined {
  // Node has this function since 22.15 and 23.10; the types of Node 20 do not have it.
  const { getCACertificates } = tls as { readonly getCACertificates?: (store: string) => readonly string[] };
  return getCACertificates?.(store);
}

/** Reads the directories of OpenSSL's list. Each file in them has one certificate or more; files without any are ignored. */
function readNamedDirectories(list: string): readonly StoreText[] {
  const texts: StoreText[] = [];
  for (const directory of list.split(process.platform === 'win32' ? ';' : ':')) {
    if (directory === '') continue;
    for (const name of namesIn(directory)) {
      const pem = readIfThere(join(directory, name));
      if (pem?.includes('-----BEGIN ') === true) texts.push({ pem });
    }
  }
  if (texts.length === 0) throw configError(`SSL_CERT_DIR names ${list}, which holds no certificate`);
  return texts;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (error) {
    throw configError(`SSL_CERT_DIR names ${directory}, which cannot be read`, error);
  }
}

function readNamedFile(path: string, name: string): StoreText {
  try {
    return { pem: readFileSync(path, 'utf8'), source: `${path} (${name})` };
  } catch (error) {
    throw configError(`${name} names ${path}, which cannot be read`, error);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Reads an environment variable; an empty one counts as not set. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function configError(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `trust: ${message}`, {
    option: 'trust',
    ...(cause !== undefined && { cause }),
  });
}
