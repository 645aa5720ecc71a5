import type { ServerSessionStore } from '@org/tls-core';
import { binaryString, copyBytes, integer, ownOptions } from '@org/tls-core/backend';

export interface MemorySessionStoreOptions {
  /** Says how many sessions are kept, 1 to 1,000,000; the oldest makes room. Default: 20,000. */
  readonly maxSessions?: number;
  /** Says how many bytes their states have together, 1 to 2^31 - 1; a larger state is not kept. Default: 67,108,864. */
  readonly maxBytes?: number;
}

const defaultSessions = 20_000;
const defaultBytes = 2 ** 26;

/**
 * Keeps sessions in the memory of one process.
 * @throws TypeError on an unknown option or one of the wrong type
 * @throws TlsError `ERR_TLS_CONFIG` on a value out of range
 */
export function memorySessionStore(options: MemorySessionStoreOptions = {}): ServerSessionStore {
  const own = ownOptions(options, ['maxSessions', 'maxBytes'], 'memorySessionStore');
  return new MemorySessionStore(
    integer(1, 1_000_000)(own.maxSessions ?? defaultSessions, 'maxSessions'),
    integer(1, 2 ** 31 - 1)(own.maxBytes ?? defaultBytes, 'maxBytes'),
  );
}

interface KeptSession {
  readonly state: Uint8Array;
  readonly expiresAt: number;
}

class MemorySessionStore implements ServerSessionStore {
  readonly #maxSessions: number;
  readonly #maxBytes: number;
  /** The oldest comes first. */
  readonly #sessions = new Map<string, KeptSession>();
  #bytes = 0;

  constructor(maxSessions: number, maxBytes: number) {
    this.#maxSessions = maxSessions;
    this.#maxBytes = maxBytes;
  }

  put(identifier: Uint8Array, state: Uint8Array, expiresAt: number): void {
    const name = binaryString(identifier);
    this.#remove(name);
    if (state.length > this.#maxBytes) return;
    this.#sessions.set(name, { state: copyBytes(state), expiresAt });
    this.#bytes += state.length;
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#maxSessions && this.#bytes <= this.#maxBytes) return;
      this.#remove(oldest);
    }
  }

  take(identifier: Uint8Array): Uint8Array | undefined {
    const kept = this.#remove(binaryString(identifier));
    return kept === undefined || kept.expiresAt <= Date.now() ? undefined : kept.state;
  }

  #remove(name: string): KeptSession | undefined {
    const kept = this.#sessions.get(name);
    if (kept === undefined) return undefined;
    this.#sessions.delete(name);
    this.#bytes -= kept.state.length;
    return kept;
  }
}
