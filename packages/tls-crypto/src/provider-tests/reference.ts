import type { CryptoProvider } from '../provider.ts';
import { nobleCrypto } from '../noble/index.ts';

/** What a provider under test has to agree with. It is held against Wycheproof in this package's own tests. */
export const reference: CryptoProvider = nobleCrypto;

/** Which of the two makes, and which reads what was made. */
export interface Direction {
  readonly id: 'made' | 'read';
  readonly title: string;
  readonly rolesOf: (provider: CryptoProvider) => {
    readonly maker: CryptoProvider;
    readonly reader: CryptoProvider;
  };
}

export const directions: readonly Direction[] = [
  {
    id: 'made',
    title: 'the reference understands what it makes',
    rolesOf: (provider) => ({ maker: provider, reader: reference }),
  },
  {
    id: 'read',
    title: 'it understands what the reference makes',
    rolesOf: (provider) => ({ maker: reference, reader: provider }),
  },
];

/** Fresh bytes for inputs; they come from the reference, so that a provider's generator matters to its own cases alone. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  reference.randomFill(bytes);
  return bytes;
}
