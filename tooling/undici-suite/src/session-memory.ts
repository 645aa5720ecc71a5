import type { SessionStore, TlsSession } from '@org/tls-core';

/** Sessions of each name that are kept: a server gives two tickets, and a pool makes many connections at once. */
const perName = 16;

/** Keeps the sessions of the names that were used last, as undici's `maxCachedSessions` bounds them. */
export class SessionMemory implements SessionStore {
  readonly #names: number;
  readonly #sessions = new Map<string, TlsSession[]>();

  /** @param names how many names have sessions, 0 or more */
  constructor(names: number) {
    this.#names = names;
  }

  put(name: string, session: TlsSession): void {
    const kept = this.#sessions.get(name) ?? [];
    this.#sessions.delete(name);
    this.#sessions.set(name, [...kept, session].slice(-perName));
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > this.#names && oldest !== undefined) this.#sessions.delete(oldest);
  }

  take(name: string): TlsSession | undefined {
    return this.#sessions.get(name)?.pop();
  }
}
