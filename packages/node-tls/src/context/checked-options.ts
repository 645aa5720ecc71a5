import type { SecureContextOptions as NodeSecureContextOptions } from 'node:tls';
import type { TlsBackend } from '@org/tls-core';
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
  readonly sigalgs?: string | null | undefined;
  readonly sessionTimeout?: number | null | undefined;
  readonly ticketKeys?: Uint8Array | null | undefined;
  readonly allowPartialTrustChain?: boolean | undefined;
}

/** The options that Node judges and we read too. */
export const contextOptionNames = [
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

/**
 * Reads the options of a context and has Node judge them.
 * @returns the options, and the context that Node made of them
 * @throws what Node's `createSecureContext` throws; also `ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED` on an engine of OpenSSL
 */
export function checkedOptions(given: SecureContextOptions): {
  readonly options: CheckedOptions;
  readonly native: object;
} {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) nodeTruth.createSecureContext(given);
  const source = (given ?? {}) as Readonly<Record<string, unknown>>;
  const read: Record<string, unknown> = Object.fromEntries(contextOptionNames.map((name) => [name, source[name]]));
  refuseEngines(read);
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

/**
 * Refuses what hands a key to an engine of OpenSSL, with the error of a Node whose OpenSSL has none: no backend has them. What is no name of an
 * engine is Node's to refuse.
 */
function refuseEngines(options: Readonly<Record<string, unknown>>): void {
  const isText = (name: string): boolean => typeof options[name] === 'string';
  const hasKeyEngine = isText('privateKeyEngine') && isText('privateKeyIdentifier');
  const option = isText('clientCertEngine') ? 'clientCertEngine' : hasKeyEngine ? 'privateKeyEngine' : undefined;
  if (option === undefined) return;
  const error = new Error('Custom engines not supported by this OpenSSL');
  throw Object.assign(error, { code: 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED', option });
}
