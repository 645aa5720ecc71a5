import type * as fs from 'node:fs';
import { join } from 'node:path';
import type * as tls from 'node:tls';
import { certificatesInPem } from '../pem.ts';
import { isTlsError, TlsError } from '../tls-error.ts';
import type { TrustStoreName } from '../trust.ts';

export { isTrustStoreName, type TrustStoreName } from '../trust.ts';

/** Makes of a root certificate (DER) what its reader keeps. It gives `undefined` where the certificate cannot be used. */
export type ReadRoot<T> = (certificate: Uint8Array) => T | undefined;

/**
 * Reads a store that `trust` knows by its name.
 * @returns what `read` makes of its certificates, at least one; what cannot be used is left out
 * @throws TlsError `ERR_TLS_CONFIG` when the store, or a file that a variable names, cannot be read or has no certificate that can be used;
 *   `ERR_TLS_UNSUPPORTED` when the runtime has no such store
 */
export function readTrustStore<T>(store: TrustStoreName, read: ReadRoot<T>): readonly T[] {
  return rootsIn(store, texts[store](), read);
}

/**
 * Does the same with the files that `SSL_CERT_FILE` and `SSL_CERT_DIR` name. They replace the store `system`, also for whoever leaves the
 * system's own to a library.
 * @returns `undefined` when neither variable is set
 */
export function readSystemOverride<T>(read: ReadRoot<T>): readonly T[] | undefined {
  const override = systemOverride();
  return override && rootsIn('system', override, read);
}

/** PEM text of a store. */
interface StoreText {
  readonly pem: string;
  /** The variable or file that the text was read from, given where a text without a certificate means that something is wrong. */
  readonly source?: string;
}

function rootsIn<T>(store: TrustStoreName, all: readonly StoreText[], read: ReadRoot<T>): readonly T[] {
  const roots = all.flatMap(({ pem, source }) => {
    const usable = certificatesOf(pem).flatMap((certificate) => read(certificate) ?? []);
    if (usable.length === 0 && source !== undefined) throw noCertificate(source);
    return usable;
  });
  if (roots.length === 0) throw noCertificate(`the ${store} store`);
  return roots;
}

/** @returns none when the text is no PEM */
function certificatesOf(pem: string): readonly Uint8Array[] {
  try {
    return certificatesInPem(pem, 'trust');
  } catch (error) {
    if (isTlsError(error)) return [];
    throw error;
  }
}

const texts: Readonly<Record<TrustStoreName, () => readonly StoreText[]>> = {
  default: defaultTexts,
  system: systemTexts,
  mozilla: mozillaTexts,
};

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
function defaultTexts(): readonly StoreText[] {
  const extra = variable('NODE_EXTRA_CA_CERTS');
  const byNode = caCertificatesOfNode('default');
  if (byNode === undefined) {
    const file = extra === undefined ? [] : [readNamedFile(extra, 'NODE_EXTRA_CA_CERTS')];
    return [...mozillaTexts(), ...file];
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
function mozillaTexts(): readonly StoreText[] {
  const { rootCertificates } = tlsOfNode() as { readonly rootCertificates?: readonly string[] };
  if (rootCertificates !== undefined && rootCertificates.length > 0) return rootCertificates.map((pem) => ({ pem }));
  throw new TlsError(
    'ERR_TLS_UNSUPPORTED',
    'trust: this runtime bundles no roots; install @org/tls-roots and pass `trust: mozillaRoots`',
    { option: 'trust' },
  );
}

/**
 * Reads what the operating system trusts, or what the variables name in its place. On Linux and BSD the store is the distribution's bundle on
 * every Node; Node's own reader looks into fewer places and is asked last.
 * @throws TlsError `ERR_TLS_CONFIG` when a named file or folder cannot be read, `ERR_TLS_UNSUPPORTED` when this Node cannot read the
 *   system's store
 */
function systemTexts(): readonly StoreText[] {
  const override = systemOverride();
  if (override !== undefined) return override;
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

/** @returns `undefined` when neither variable is set */
function systemOverride(): readonly StoreText[] | undefined {
  const file = variable('SSL_CERT_FILE');
  const directories = variable('SSL_CERT_DIR');
  if (file === undefined && directories === undefined) return undefined;
  return [
    ...(file === undefined ? [] : [readNamedFile(file, 'SSL_CERT_FILE')]),
    ...(directories === undefined ? [] : readNamedDirectories(directories)),
  ];
}

function caCertificatesOfNode(store: 'default' | 'system' | 'extra'): readonly string[] | undefined {
  // Node has this function since 22.15 and 23.10; the types of Node 20 do not have it.
  const { getCACertificates } = tlsOfNode() as { readonly getCACertificates?: (store: string) => readonly string[] };
  return getCACertificates?.(store);
}

/** Reads the directories of OpenSSL's list. Each file in them has one certificate or more; files without any are ignored. */
function readNamedDirectories(list: string): readonly StoreText[] {
  const found: StoreText[] = [];
  for (const directory of list.split(process.platform === 'win32' ? ';' : ':')) {
    if (directory === '') continue;
    for (const name of namesIn(directory)) {
      const pem = readIfThere(join(directory, name));
      if (pem?.includes('-----BEGIN ') === true) found.push({ pem });
    }
  }
  if (found.length === 0) throw configError(`SSL_CERT_DIR names ${list}, which holds no certificate`);
  return found;
}

function namesIn(directory: string): readonly string[] {
  try {
    return filesOfNode().readdirSync(directory).toSorted();
  } catch (error) {
    throw configError(`SSL_CERT_DIR names ${directory}, which cannot be read`, error);
  }
}

function readNamedFile(path: string, name: string): StoreText {
  try {
    return { pem: filesOfNode().readFileSync(path, 'utf8'), source: `${path} (${name})` };
  } catch (error) {
    throw configError(`${name} names ${path}, which cannot be read`, error);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return filesOfNode().readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

// Many programs never ask for a store. These modules are a tenth of what an import of a backend costs, so that they are loaded when one is read.

function tlsOfNode(): typeof tls {
  return process.getBuiltinModule('node:tls');
}

function filesOfNode(): typeof fs {
  return process.getBuiltinModule('node:fs');
}

/** Reads an environment variable; an empty one counts as not set. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function noCertificate(what: string): TlsError {
  return configError(`${what} holds no certificate; no peer could ever be trusted`);
}

function configError(message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `trust: ${message}`, {
    option: 'trust',
    ...(cause !== undefined && { cause }),
  });
}
