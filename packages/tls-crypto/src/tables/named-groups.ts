import { namedGroupNumbers, registered } from '@org/tls-core/backend';
import type { KeyExchangeAlgorithm } from '../key-exchange.ts';
import type { CryptoProvider } from '../provider.ts';

/** A key exchange group (RFC 8446 §4.2.7). */
export interface NamedGroup {
  /** The group's IANA name. */
  readonly name: string;
  readonly id: number;
  readonly algorithm: KeyExchangeAlgorithm;
  readonly isPostQuantum: boolean;
  /** Whether it serves ECDHE in TLS 1.2 (RFC 8422 §5.1.1). */
  readonly tls12: boolean;
  /** Whether the group is used where the configuration names none. */
  readonly isDefault: boolean;
}

const curve = { isPostQuantum: false, tls12: true, isDefault: true } as const;
const postQuantum = { isPostQuantum: true, tls12: false } as const;

/** The groups, in order of preference. */
export const namedGroups: readonly NamedGroup[] = [
  { ...registered(namedGroupNumbers, 'X25519MLKEM768'), algorithm: 'x25519mlkem768', ...postQuantum, isDefault: true },
  {
    ...registered(namedGroupNumbers, 'SecP256r1MLKEM768'),
    algorithm: 'secp256r1mlkem768',
    ...postQuantum,
    isDefault: true,
  },
  {
    ...registered(namedGroupNumbers, 'SecP384r1MLKEM1024'),
    algorithm: 'secp384r1mlkem1024',
    ...postQuantum,
    isDefault: true,
  },
  { ...registered(namedGroupNumbers, 'x25519'), algorithm: 'x25519', ...curve },
  { ...registered(namedGroupNumbers, 'secp256r1'), algorithm: 'secp256r1', ...curve },
  { ...registered(namedGroupNumbers, 'secp384r1'), algorithm: 'secp384r1', ...curve },
  { ...registered(namedGroupNumbers, 'secp521r1'), algorithm: 'secp521r1', ...curve },
  { ...registered(namedGroupNumbers, 'MLKEM1024'), algorithm: 'mlkem1024', ...postQuantum, isDefault: false },
];

/** The groups that a provider has, in order of preference. */
export function groupsOf({ hasPostQuantum = true }: Pick<CryptoProvider, 'hasPostQuantum'>): readonly NamedGroup[] {
  return hasPostQuantum ? namedGroups : namedGroups.filter(({ isPostQuantum }) => !isPostQuantum);
}
