import { TlsError, type Pin } from '@org/tls-core';
import { isPinned, readPins } from '@org/tls-core/backend';
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
  const code = 'ERR_TLS_CERTIFICATE_REJECTED';
  const reason = 'no certificate of the chain is pinned';
  return new TlsError(code, reason, {
    certificate: {
      chain,
      rejectedPaths: [{ path, code, reason }],
      hint: 'compare `pins` with the SHA-256 of the certificates or public keys that the peer has now',
    },
  });
}
