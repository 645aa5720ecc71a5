import type { CryptoProvider } from '../provider.ts';
import { plainNobleCrypto } from '../noble/plain.ts';

/** The provider with which one under test has to agree: noble, without WebAssembly. This package's own tests hold it against Wycheproof. */
export const reference: CryptoProvider = plainNobleCrypto;

/** Which of the two providers makes something, and which reads what was made. */
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

/** Gives fresh bytes for inputs. They come from the reference, so that a provider's generator matters only to the cases about it. */
export function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  reference.randomFill(bytes);
  return bytes;
}
