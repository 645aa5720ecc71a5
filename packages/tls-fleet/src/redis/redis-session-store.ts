import { createHash } from 'node:crypto';
import { TlsError, type ServerSessionStore } from '@org/tls-core';
import type { Link } from '../link/link.ts';
import { textReply } from '../link/replies.ts';
import { sealedLength, type SealedValues } from './sealed-values.ts';

export interface RedisSessionStoreSettings {
  readonly link: Link;
  readonly values: SealedValues;
  /** The clock of the servers' configurations. */
  readonly now: () => number;
  readonly prefix: string;
  readonly warn: (error: TlsError) => void;
}

/** Bytes of a state with the longest chain of a client that a handshake takes. */
const longestState = 2 ** 17;
/** RFC 8446 §4.6.1: a session ends after seven days. */
const longestLife = 604_800_000;

const taking = `
local state = redis.call('GET', KEYS[1])
if state then redis.call('DEL', KEYS[1]) end
return state
`;

/** Keeps sessions in Redis. Where it does not answer in time there are none, and handshakes are full ones. */
export class RedisSessionStore implements ServerSessionStore {
  readonly #settings: RedisSessionStoreSettings;
  #isClosed = false;

  constructor(settings: RedisSessionStoreSettings) {
    this.#settings = settings;
  }

  /** @throws (rejects with) TlsError `ERR_TLS_LIMIT` on a state of more than 131,072 bytes */
  async put(identifier: Uint8Array, state: Uint8Array, expiresAt: number): Promise<void> {
    const { link, now, values } = this.#settings;
    const lifetime = Math.min(Math.ceil(expiresAt - now()), longestLife);
    if (this.#isClosed || !(lifetime > 0)) return;
    if (state.length > longestState)
      throw new TlsError(
        'ERR_TLS_LIMIT',
        `a session of ${state.length} bytes is not kept; ${longestState} are the limit`,
      );
    const name = this.#nameOf(identifier);
    // sealed before anything is waited for: the state is the caller's
    const command = ['SET', name, values.seal(state, name), 'PX', String(lifetime)];
    await link.ask(command, name).catch(() => undefined); // the link has told that Redis does not answer
  }

  async take(identifier: Uint8Array): Promise<Uint8Array | undefined> {
    const { link, values, warn } = this.#settings;
    if (this.#isClosed) return undefined;
    const name = this.#nameOf(identifier);
    const reply = await link.ask(['EVAL', taking, '1', name], name).catch(() => undefined);
    const text = textReply(reply, sealedLength(longestState));
    if (text === undefined) return undefined;
    try {
      return values.open(text, name);
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      // not with the name: it would be told for each session
      warn(new TlsError('ERR_TLS_DECODE', 'a session in redis is refused: no server of this fleet has put it there'));
      return undefined;
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  /** A hash stands for the identifier, which is what the client shows: whoever reads Redis cannot show it. */
  #nameOf(identifier: Uint8Array): string {
    return `${this.#settings.prefix}:session:${createHash('sha256').update(identifier).digest('base64url')}`;
  }
}
