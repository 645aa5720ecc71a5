import type { Pin } from '@org/tls-core';
import { decodePinDigest, equalBytes } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import { isBareAnchor } from './anchor-certificate.ts';
import type { Certificate } from './certificate.ts';
import { reject, type Rejection } from './rejection.ts';

/** A configuration's pins, as bytes. */
export interface Pins {
  readonly certificates: readonly Uint8Array[];
  readonly publicKeys: readonly Uint8Array[];
}

/** @throws TlsError `ERR_TLS_CONFIG` on what is no SHA-256 */
export function readPins(pins: readonly Pin[]): Pins {
  const digests = (name: 'certificateSha256' | 'publicKeySha256'): readonly Uint8Array[] =>
    pins.flatMap(({ [name]: digest }) => (digest === undefined ? [] : [decodePinDigest(digest)]));
  return { certificates: digests('certificateSha256'), publicKeys: digests('publicKeySha256') };
}

/** One of the path's certificates, or the key of its anchor, must be pinned. */
export function checkPins(
  path: readonly Certificate[],
  pins: Pins | undefined,
  crypto: CryptoProvider,
): Rejection | undefined {
  if (pins === undefined) return undefined;
  const isPinned = path.some(
    (certificate) =>
      (!isBareAnchor(certificate) && has(pins.certificates, crypto.hash('sha256', certificate.der))) ||
      has(pins.publicKeys, crypto.hash('sha256', certificate.publicKey.spki)),
  );
  return isPinned ? undefined : reject('pin', 'no certificate of the chain is pinned');
}

function has(digests: readonly Uint8Array[], digest: Uint8Array): boolean {
  return digests.some((each) => equalBytes(each, digest));
}
