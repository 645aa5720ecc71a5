import { TlsError, type ExternalPsk } from '@org/tls-core';
import type { ExternalPskDigests } from '@org/tls-core/backend';
import type { PreSharedKey } from '../border/addon.ts';

/**
 * Makes of external keys what the addon takes.
 * @throws TlsError `ERR_TLS_UNSUPPORTED` on a key that is to be imported: its binder is another one (RFC 9258 §5.2), which no
 *   platform's library knows
 */
export function preSharedKeys(
  externalPsks: readonly ExternalPsk[],
  digests: ExternalPskDigests,
): readonly PreSharedKey[] {
  return externalPsks.map((psk) => {
    const { identity, key, hash, importer } = psk;
    if (importer !== undefined) throw unsupported('import a key (RFC 9258)');
    return { identity, key, isSha384: hash === 'sha384', digest: digests.digestOf(psk) ?? new Uint8Array() };
  });
}

/** A client's keys, of which the library offers one at most. */
export function onePreSharedKey(
  externalPsks: readonly ExternalPsk[],
  digests: ExternalPskDigests,
): readonly PreSharedKey[] {
  if (externalPsks.length > 1) throw unsupported('offer more than one key');
  return preSharedKeys(externalPsks, digests);
}

function unsupported(what: string): TlsError {
  const option = 'externalPsks';
  return new TlsError('ERR_TLS_UNSUPPORTED', `the native backend cannot ${what}; @org/tls-pure can`, { option });
}
