import { isPinned, type PinDigests } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { isBareAnchor } from './anchor-certificate.ts';
import type { Certificate } from './certificate.ts';
import { reject, type Rejection } from './rejection.ts';

/** Checks that one of the path's certificates, or the key of its anchor, is pinned. */
export function checkPins(
  path: readonly Certificate[],
  pins: PinDigests | undefined,
  crypto: CryptoProvider,
): Rejection | undefined {
  if (pins === undefined) return undefined;
  const hasPin = path.some((certificate) =>
    isPinned(pins, {
      certificateSha256: isBareAnchor(certificate) ? undefined : crypto.hash('sha256', certificate.der),
      publicKeySha256: crypto.hash('sha256', certificate.publicKey.spki),
    }),
  );
  return hasPin ? undefined : reject('pin', 'no certificate of the chain is pinned');
}
