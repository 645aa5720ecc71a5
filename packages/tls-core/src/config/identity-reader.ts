import { pathToFileURL } from 'node:url';
import type { KeyIdentity, Signer, SignerIdentity } from '../identity.ts';
import type { KeyPairSource, PassphraseSource, PfxSource, PrivateKeySource } from '../identity-source.ts';
import { TlsError } from '../tls-error.ts';
import { pathOfPackage } from './installed-package.ts';

/** What `@org/tls-identity` exports. This package does not depend on it: most programs have PEM that is not encrypted. */
export interface IdentityReader {
  readIdentity(source: PfxSource | KeyPairSource): Promise<KeyIdentity | SignerIdentity>;
  readPrivateKey(
    source: PrivateKeySource,
    passphrase: PassphraseSource | undefined,
    options: { readonly maxIterations?: number | undefined },
  ): Promise<{ readonly privateKey: Uint8Array } | { readonly signer: Signer }>;
}

const name = '@org/tls-identity';

/**
 * Loads what reads the identities that no backend reads itself.
 * @param option the option that needs it
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when it is not installed
 */
export async function loadIdentityReader(option: string, bases: readonly string[]): Promise<IdentityReader> {
  let loaded: Partial<IdentityReader>;
  try {
    loaded = (await import(pathToFileURL(pathOfPackage(name, bases)).href)) as Partial<IdentityReader>;
  } catch (cause) {
    throw unavailable(option, cause);
  }
  const { readIdentity, readPrivateKey } = loaded;
  if (typeof readIdentity === 'function' && typeof readPrivateKey === 'function')
    return { readIdentity, readPrivateKey };
  throw unavailable(option, undefined);
}

function unavailable(option: string, cause: unknown): TlsError {
  return new TlsError(
    'ERR_TLS_IDENTITY',
    `${option}: PKCS#12, JWK, KeyObject, CryptoKey and encrypted keys are read by ${name}, which cannot be loaded (npm install ${name}; ` +
      'where packages do not see each other, pass `from: import.meta.url`, in a bundle what its readIdentity() gives)',
    { option: 'identity', cause },
  );
}
