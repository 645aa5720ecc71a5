import type { CryptoProvider } from '../provider.ts';

/** One thing that every crypto provider promises. */
export interface ProviderCase {
  /** It is stable: deviations are named by it. */
  readonly id: string;
  /** A sentence about the provider, with the section of the RFC that it covers. */
  readonly title: string;
  /** It throws, by vitest's `expect`, when the provider breaks the promise. */
  readonly run: (provider: CryptoProvider) => Promise<void> | void;
}
