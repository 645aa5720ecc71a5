import { wrongType } from '../option-error.ts';
import { TlsError } from '../tls-error.ts';

/** The crypto providers that the backend `pure` can be given by name, with the entry that has each and what it is called there. */
const providers = {
  native: { entry: '@org/tls-native/crypto', exported: 'nativeCrypto' },
  node: { entry: '@org/tls-crypto/node', exported: 'nodeCrypto' },
  noble: { entry: '@org/tls-crypto/noble', exported: 'nobleCrypto' },
} as const;

/** The name of a crypto provider. */
export type CryptoName = keyof typeof providers;

/** What a backend's package is given to make a backend with another provider. */
export interface WithCrypto {
  readonly crypto: unknown;
}

/**
 * @param what what says it
 * @throws TypeError on what is no text
 * @throws TlsError `ERR_TLS_CONFIG` on an unknown name
 */
export function checkCryptoName(value: unknown, what = 'crypto'): CryptoName | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrongType(what, 'the name of a provider', value);
  if (Object.hasOwn(providers, value)) return value as CryptoName;
  throw new TlsError(
    'ERR_TLS_CONFIG',
    `${what}: expected one of ${Object.keys(providers).join(', ')}, got ${value}; another is given to createBackend of @org/tls-pure`,
    { option: 'crypto' },
  );
}

/** Gives the entry of the package that has a provider. */
export function entryOfProvider(name: CryptoName): string {
  return providers[name].entry;
}

/** @throws TlsError `ERR_TLS_BACKEND_UNAVAILABLE` where a module has no such provider */
export function providerOf(module: Readonly<Record<string, unknown>>, name: CryptoName, path: string): unknown {
  const { exported } = providers[name];
  if (typeof module[exported] === 'object') return module[exported];
  throw new TlsError('ERR_TLS_BACKEND_UNAVAILABLE', `${path} exports no ${exported}`);
}
