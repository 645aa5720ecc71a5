import type { KeyExchangeAlgorithm } from './provider.ts';

/** A key exchange group (RFC 8446 §4.2.7). */
export interface NamedGroup {
  /** IANA name. */
  readonly name: string;
  readonly id: number;
  readonly algorithm: KeyExchangeAlgorithm;
}

/** In order of preference. */
export const namedGroups: readonly NamedGroup[] = [
  { name: 'x25519', id: 0x001d, algorithm: 'x25519' },
  { name: 'secp256r1', id: 0x0017, algorithm: 'secp256r1' },
];
