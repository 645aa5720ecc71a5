import type { KeyExchangeAlgorithm } from '../provider.ts';

/** A key exchange group (RFC 8446 §4.2.7). */
export interface NamedGroup {
  /** IANA name. */
  readonly name: string;
  readonly id: number;
  readonly algorithm: KeyExchangeAlgorithm;
  readonly isPostQuantum: boolean;
  /** Whether it serves ECDHE in TLS 1.2 (RFC 8422 §5.1.1). */
  readonly tls12: boolean;
  /** Whether it is among the groups where the configuration names none. */
  readonly isDefault: boolean;
}

const curve = { isPostQuantum: false, tls12: true, isDefault: true } as const;
const postQuantum = { isPostQuantum: true, tls12: false } as const;

/** In order of preference. */
export const namedGroups: readonly NamedGroup[] = [
  { name: 'X25519MLKEM768', id: 0x11ec, algorithm: 'x25519mlkem768', ...postQuantum, isDefault: true },
  { name: 'SecP256r1MLKEM768', id: 0x11eb, algorithm: 'secp256r1mlkem768', ...postQuantum, isDefault: true },
  { name: 'SecP384r1MLKEM1024', id: 0x11ed, algorithm: 'secp384r1mlkem1024', ...postQuantum, isDefault: true },
  { name: 'x25519', id: 0x001d, algorithm: 'x25519', ...curve },
  { name: 'secp256r1', id: 0x0017, algorithm: 'secp256r1', ...curve },
  { name: 'secp384r1', id: 0x0018, algorithm: 'secp384r1', ...curve },
  { name: 'secp521r1', id: 0x0019, algorithm: 'secp521r1', ...curve },
  { name: 'MLKEM1024', id: 0x0202, algorithm: 'mlkem1024', ...postQuantum, isDefault: false },
];
