import { TlsError } from '@org/tls-core';
import { pssKeyHash } from '../keys/spki.ts';
import type { PublicKeyInfo, SignatureAlgorithm } from '../provider.ts';

/** What tells how a key may be used. Only the `spki` tells to which hash a key for RSASSA-PSS is bound. */
export type KeyUse = Pick<PublicKeyInfo, 'type' | 'spki'>;

/**
 * Tells whether a key, public or private, may be used with the algorithm. A plain RSA key signs both ways. A key for RSASSA-PSS signs
 * nothing else (RFC 4055 §1.2) and may be bound to one hash (RFC 4055 §3.3).
 */
export function keyFitsAlgorithm({ type, spki }: KeyUse, algorithm: SignatureAlgorithm): boolean {
  if (algorithm.type === 'ecdsa') return type === 'ec';
  if (!('hash' in algorithm)) return type === algorithm.type;
  if (type === 'rsa') return true;
  if (type !== 'rsa-pss' || algorithm.type !== 'rsa-pss') return false;
  return (pssKeyHash(spki) ?? algorithm.hash) === algorithm.hash;
}

/** @throws TlsError `ERR_TLS_API_MISUSE` when a private key does not fit the algorithm */
export function assertKeyFitsAlgorithm(key: KeyUse, algorithm: SignatureAlgorithm): void {
  if (keyFitsAlgorithm(key, algorithm)) return;
  const name = 'hash' in algorithm ? `${algorithm.type} and ${algorithm.hash}` : algorithm.type;
  throw new TlsError(
    'ERR_TLS_API_MISUSE',
    `sign: a key of type ${key.type} does not sign with ${name}, or is bound to another hash`,
  );
}
