import type { ConnectionInfo } from '@org/tls-core';
import type { EphemeralKeyInfo } from 'node:tls';

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
