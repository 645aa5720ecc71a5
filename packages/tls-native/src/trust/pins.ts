import type { Pin, TlsError } from '@org/tls-core';
import { certificateError, isPinned, readPins } from '@org/tls-core/backend';
import type { Addon } from '../border/addon.ts';
import { sha256 } from '../session/session-rules.ts';

/** Refuses a path without a pinned certificate or key. */
export type CheckPins = (path: readonly Uint8Array[], chain: readonly Uint8Array[]) => void;

/**
 * Makes the check that one of the certificates of a verified path is pinned.
 * @throws TlsError `ERR_TLS_CONFIG` on what is no SHA-256
 */
export function pinCheck(addon: Addon, pins: readonly Pin[]): CheckPins {
  const digests = readPins(pins);
  return (path, chain) => {
    const hasPin = path.some((der) => {
      const spki = addon.subjectPublicKeyInfo(der);
      return isPinned(digests, { certificateSha256: sha256(der), publicKeySha256: spki && sha256(spki) });
    });
    if (!hasPin) throw unpinned(path, chain);
  };
}

function unpinned(path: readonly Uint8Array[], chain: readonly Uint8Array[]): TlsError {
  const reason = 'no certificate of the chain is pinned';
  return certificateError('pin', reason, {
    chain,
    rejectedPaths: [{ path, code: 'ERR_TLS_CERTIFICATE_REJECTED', reason }],
  });
}
