import type { ConnectionInfo } from '@org/tls-core';
import type { CipherNameAndProtocol, EphemeralKeyInfo } from 'node:tls';

/** What `getCipher` says: OpenSSL's name beside IANA's. */
export function cipherOf({ cipherSuite, protocol }: ConnectionInfo): CipherNameAndProtocol {
  return { name: openSslName(cipherSuite), standardName: cipherSuite, version: protocol };
}

/** OpenSSL's name of a cipher suite, e.g. `ECDHE-RSA-AES128-GCM-SHA256`; suites of TLS 1.3 have IANA's. */
function openSslName(cipherSuite: string): string {
  if (!cipherSuite.includes('_WITH_')) return cipherSuite;
  return cipherSuite
    .replace('TLS_', '')
    .replace('_WITH_', '-')
    .replace(/AES_(128|256)/, 'AES$1')
    .replace('CHACHA20_POLY1305_SHA256', 'CHACHA20-POLY1305')
    .replaceAll('_', '-');
}

/** What `getEphemeralKeyInfo` says of a group. */
export function ephemeralKeyOf({ group }: ConnectionInfo): EphemeralKeyInfo | object {
  if (group === undefined) return {};
  return openSslGroups[group.toLowerCase()] ?? { type: 'ECDH', name: group, size: 0 };
}

/** Groups as OpenSSL names and measures them. */
const openSslGroups: Readonly<Record<string, EphemeralKeyInfo>> = {
  x25519: { type: 'ECDH', name: 'X25519', size: 253 },
  x448: { type: 'ECDH', name: 'X448', size: 448 },
  secp256r1: { type: 'ECDH', name: 'prime256v1', size: 256 },
  secp384r1: { type: 'ECDH', name: 'secp384r1', size: 384 },
  secp521r1: { type: 'ECDH', name: 'secp521r1', size: 521 },
};
