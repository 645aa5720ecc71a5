import type { CryptoProvider } from '../provider.ts';

/** One thing that every crypto provider promises. */
export interface ProviderCase {
  /** The name of the case, which never changes: deviations are named by it. */
  readonly id: string;
  /** A sentence about the provider, with the section of the RFC that it covers. */
  readonly title: string;
  /** Runs the case. It throws, by vitest's `expect`, when the provider breaks the promise. */
  readonly run: (provider: CryptoProvider) => Promise<void> | void;
}
