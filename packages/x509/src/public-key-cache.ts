import type { PublicKeyInfo } from '@org/tls-crypto';
import { ByteCache } from './byte-cache.ts';
import type { DerErrorCode } from '@org/tls-crypto/der';
import { parseSpki } from '@org/tls-crypto/keys';

const publicKeys = new ByteCache<PublicKeyInfo>(512, 2048);

/**
 * Parses as `parseSpki` does, but the same key gives the same object while it is among the last 512 seen: imported keys and verified
 * signatures are remembered by that object.
 * @throws TlsError as `parseSpki` does
 */
export function cachedPublicKey(spki: Uint8Array, code: DerErrorCode): PublicKeyInfo {
  return publicKeys.get(spki, (bytes) => Object.freeze(parseSpki(bytes, code)));
}
