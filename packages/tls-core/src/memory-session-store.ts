import type { SessionStore } from './hooks.ts';
import { integer } from './option-rule.ts';
import { optionNames, ownOptions } from './own-options.ts';
import { maxSessionsPerConnection, type TlsSession } from './session.ts';

export interface MemorySessionStoreOptions {
  /** How many sessions are kept in all, 1 to 65536. The ones whose key was used longest ago go first. Default: 256. */
  readonly maxSessions?: number | undefined;
  /** How many are kept under one key, 1 to 256. Default: 16. */
  readonly maxSessionsPerKey?: number | undefined;
  /** How long a session is kept, in seconds, 1 to 604800, where it does not end before. Default: 86400. */
  readonly lifetimeSeconds?: number | undefined;
}

/**
 * Keeps a client's sessions in memory, each of which is given out once. A session has 32 KiB at most, so that with the defaults they have
 * 8 MiB at most, and a tenth of that with usual servers.
 */
export class MemorySessionStore implements SessionStore {
  readonly #maxSessions: number;
  readonly #maxSessionsPerKey: number;
  readonly #lifetime: number;
  /** The keys in the order of their last use, each with its sessions in the order in which they came. */
  readonly #sessionsByKey = new Map<string, TlsSession[]>();
  #size = 0;

  /**
   * @throws TypeError on an unknown option or one of the wrong type
   * @throws TlsError `ERR_TLS_CONFIG` on a number out of range
   */
  constructor(given: MemorySessionStoreOptions = {}) {
    const options = ownOptions(given, known);
    this.#maxSessions = integer(1, 65_536)(options.maxSessions ?? 256, 'maxSessions');
    this.#maxSessionsPerKey = integer(1, 256)(
      options.maxSessionsPerKey ?? maxSessionsPerConnection,
      'maxSessionsPerKey',
    );
    this.#lifetime = 1000 * integer(1, 604_800)(options.lifetimeSeconds ?? 86_400, 'lifetimeSeconds');
  }

  /** How many sessions are kept, those included that are over and have not been asked for since. */
  get size(): number {
    return this.#size;
  }

  put(key: string, session: TlsSession): void {
    const sessions = this.#remove(key);
    sessions.push(session);
    if (sessions.length > this.#maxSessionsPerKey) sessions.shift();
    this.#insert(key, sessions);
    while (this.#size > this.#maxSessions) this.#forgetOldest();
  }

  /** Gives the session that came last, which is the one that lasts longest, and keeps it no more. */
  take(key: string): TlsSession | undefined {
    const now = Date.now();
    const sessions = this.#remove(key).filter(
      (each) => now < Math.min(each.expiresAt, each.receivedAt + this.#lifetime),
    );
    const taken = sessions.pop();
    if (sessions.length > 0) this.#insert(key, sessions);
    return taken;
  }

  /** Forgets all sessions. */
  clear(): void {
    this.#sessionsByKey.clear();
    this.#size = 0;
  }

  #remove(key: string): TlsSession[] {
    const sessions = this.#sessionsByKey.get(key) ?? [];
    this.#sessionsByKey.delete(key);
    this.#size -= sessions.length;
    return sessions;
  }

  #insert(key: string, sessions: TlsSession[]): void {
    this.#sessionsByKey.set(key, sessions);
    this.#size += sessions.length;
  }

  #forgetOldest(): void {
    for (const [key, sessions] of this.#sessionsByKey) {
      sessions.shift();
      this.#size -= 1;
      if (sessions.length === 0) this.#sessionsByKey.delete(key);
      return;
    }
  }
}

const known = optionNames<MemorySessionStoreOptions>({
  maxSessions: true,
  maxSessionsPerKey: true,
  lifetimeSeconds: true,
});
