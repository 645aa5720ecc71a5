import type { ReplayGuard } from './hooks.ts';

/** Identifiers kept; a flood of early data then falls back to a round trip, which is no harm. */
const maxIdentifiers = 100_000;

/**
 * Remembers ClientHellos in memory until they would be too old to be accepted (RFC 8446 §8.2). It knows nothing of other processes,
 * nor of what came before it was made.
 */
export class MemoryReplayGuard implements ReplayGuard {
  readonly #clock: () => number;
  readonly #expiryByIdentifier = new Map<string, number>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  firstUse(identifier: Uint8Array, expiresAt: number): boolean {
    const key = identifier.join(' ');
    this.#forget();
    if (this.#expiryByIdentifier.has(key) || this.#expiryByIdentifier.size >= maxIdentifiers) return false;
    this.#expiryByIdentifier.set(key, expiresAt);
    return true;
  }

  /** In order of insertion, which is nearly that of expiry. */
  #forget(): void {
    const now = this.#clock();
    for (const [key, expiresAt] of this.#expiryByIdentifier) {
      // the last instant belongs to the period in which the ClientHello would be fresh
      if (expiresAt >= now) return;
      this.#expiryByIdentifier.delete(key);
    }
  }
}
