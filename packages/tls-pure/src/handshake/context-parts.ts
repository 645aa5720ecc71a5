import { TlsError, type Identity, type MaybePromise } from '@org/tls-core';
import { currentSessionBinding, isPromiseLike, type CheckedConfig } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { loadIdentity, type LoadedIdentity } from './identity.ts';
import type { CommonSettings } from './settings.ts';

/**
 * Gives the digest of the rules that sessions are made under, as it is at each moment. Only this backend's verifier judges the peer, and so no
 * other has to be named.
 */
export function bindingOf(
  crypto: CryptoProvider,
  configuration: Parameters<typeof currentSessionBinding>[0],
): () => Uint8Array {
  return currentSessionBinding(configuration, '', (bytes) => crypto.hash('sha256', bytes));
}

/** Checks what only this backend demands of a configuration. */
export function checkCommon({ peerCertificateTypes, trustedPublicKeys, verifyPeer }: CheckedConfig): void {
  const needsKeys = peerCertificateTypes.includes('RawPublicKey');
  if (needsKeys && trustedPublicKeys === undefined && verifyPeer === undefined) {
    throw new TlsError('ERR_TLS_CONFIG', 'raw public keys need `trustedPublicKeys`', { option: 'trustedPublicKeys' });
  }
}

type IdentityLoader = Pick<CommonSettings, 'identities' | 'loadIdentity'>;

export function identityLoader(
  crypto: CryptoProvider,
  configured: Identity | readonly Identity[] = [],
): IdentityLoader {
  const loaded = new WeakMap<Identity, MaybePromise<LoadedIdentity>>();
  const load = (identity: Identity): MaybePromise<LoadedIdentity> => {
    const known = loaded.get(identity);
    if (known !== undefined) return known;
    const pending = loadIdentity(identity, crypto);
    // a key that turns out bad later fails each handshake that needs it
    if (isPromiseLike(pending)) pending.then(undefined, () => undefined);
    loaded.set(identity, pending);
    return pending;
  };
  return { identities: [configured].flat().map((identity) => load(identity)), loadIdentity: load };
}
