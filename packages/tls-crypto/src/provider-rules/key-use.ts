import { TlsError } from '@org/tls-core';
import { pssKeyHash } from '../keys/spki.ts';
import type { PublicKeyInfo, SignatureAlgorithm } from '../provider.ts';

/** What says how a key may be used; `spki` alone tells the hash that a key for RSASSA-PSS may be bound to. */
export type KeyUse = Pick<PublicKeyInfo, 'type' | 'spki'>;

/**
 * Whether a key, public or private, may be used with the algorithm: a plain RSA key signs both ways, one for RSASSA-PSS signs nothing
 * else (RFC 4055 §1.2) and may be bound to one hash (§3.3).
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
