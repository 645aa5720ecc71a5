import type { SecureContextOptions as NodeSecureContextOptions } from 'node:tls';
import { TlsError, type TlsBackend } from '@org/tls-core';
import type { IdentityOptions } from './context-identities.ts';
import type { PemInput } from './pem-input.ts';
import { nodeTruth } from './node-truth.ts';
import { tlsDefaults } from './tls-defaults.ts';
import type { VersionOptions } from './protocol-versions.ts';

/** All that Node takes for a context, and the backend that connections of this context use. */
export interface SecureContextOptions extends NodeSecureContextOptions {
  /** Default: what `setDefaultBackend` was given, else what the environment or the configuration file says. */
  readonly backend?: TlsBackend | undefined;
}

/** The options of a context after Node has judged them, each of which was read once. */
export interface CheckedOptions extends IdentityOptions, VersionOptions {
  readonly backend: TlsBackend | undefined;
  readonly ca?: PemInput | readonly PemInput[] | null | undefined;
  readonly crl?: PemInput | readonly PemInput[] | null | undefined;
  readonly ciphers: string;
  readonly ecdhCurve: string;
  readonly sigalgs?: string | undefined;
  readonly sessionTimeout?: number | null | undefined;
  readonly ticketKeys?: Uint8Array | null | undefined;
  readonly allowPartialTrustChain?: boolean | undefined;
}

/** The options that Node judges and we read too. */
const names = [
  'allowPartialTrustChain',
  'ca',
  'cert',
  'ciphers',
  'clientCertEngine',
  'crl',
  'dhparam',
  'ecdhCurve',
  'honorCipherOrder',
  'key',
  'maxVersion',
  'minVersion',
  'passphrase',
  'pfx',
  'privateKeyEngine',
  'privateKeyIdentifier',
  'secureOptions',
  'secureProtocol',
  'sessionIdContext',
  'sessionTimeout',
  'sigalgs',
  'ticketKeys',
] as const satisfies readonly (keyof SecureContextOptions | 'allowPartialTrustChain' | 'sigalgs')[];

/** Options that hand a key to an engine of OpenSSL, which no backend here has. */
const engines = ['clientCertEngine', 'privateKeyEngine', 'privateKeyIdentifier'] as const;

/**
 * Reads the options of a context and has Node judge them.
 * @returns the options, and the context that Node made of them
 * @throws what Node's `createSecureContext` throws; TlsError `ERR_TLS_UNSUPPORTED` on an engine of OpenSSL
 */
export function checkedOptions(given: SecureContextOptions): {
  readonly options: CheckedOptions;
  readonly native: object;
} {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) nodeTruth.createSecureContext(given);
  const source = (given ?? {}) as Readonly<Record<string, unknown>>;
  const read: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, source[name]]));
  for (const engine of engines) {
    if (typeof read[engine] !== 'string') continue;
    throw new TlsError('ERR_TLS_UNSUPPORTED', `${engine}: engines of OpenSSL are not used; no backend has them`, {
      option: engine,
    });
  }
  const withDefaults = {
    ...read,
    ciphers: read['ciphers'] || tlsDefaults.DEFAULT_CIPHERS,
    ecdhCurve: read['ecdhCurve'] === undefined ? tlsDefaults.DEFAULT_ECDH_CURVE : read['ecdhCurve'],
  };
  const { context: native } = nodeTruth.createSecureContext(forNode(withDefaults));
  return { options: { ...withDefaults, backend: given?.backend } as unknown as CheckedOptions, native };
}

/** What Node is asked about: not about groups and schemes that backends have and its OpenSSL may not know. */
function forNode(options: Readonly<Record<string, unknown>>): SecureContextOptions {
  const hasProtocol = Boolean(options['secureProtocol']);
  return {
    ...options,
    // no list would make Node read all roots that it knows, which are read here only when they are asked for
    ca: options['ca'] || [],
    ...(typeof options['ecdhCurve'] === 'string' && { ecdhCurve: 'auto' }),
    ...(typeof options['sigalgs'] === 'string' && { sigalgs: withoutNewSchemes(options['sigalgs']) }),
    ...(!hasProtocol && {
      minVersion: options['minVersion'] ?? tlsDefaults.DEFAULT_MIN_VERSION,
      maxVersion: options['maxVersion'] ?? tlsDefaults.DEFAULT_MAX_VERSION,
    }),
  } as SecureContextOptions;
}

/** Leaves out the schemes of ML-DSA, which OpenSSL has since 3.5. Where there is no other, there is nothing to ask about. */
function withoutNewSchemes(sigalgs: string): string | undefined {
  const words = sigalgs.split(':');
  const others = words.filter((word) => !/^mldsa(?:44|65|87)$/u.test(word));
  return others.length === 0 ? undefined : others.join(':');
}
