import { TlsError, type ReplayGuard } from '@org/tls-core';
import { unhurried, type Link } from '../link/link.ts';
import { integerReply, listReply, textReply } from '../link/replies.ts';

export interface RedisReplayGuardSettings {
  readonly link: Link;
  /** The clock of the servers' configurations. */
  readonly now: () => number;
  /** What its keys in Redis begin with; its hash tag puts them onto one server of a cluster, which a script needs. */
  readonly prefix: string;
  readonly warn: (error: TlsError) => void;
}

/** Milliseconds by which the clocks of two hosts may differ: a mark is kept for as much longer than the host that makes it needs it. */
const clockTolerance = 60_000;
/** A backend remembers for some minutes at most; more would only fill Redis. */
const longestMark = 60 * 60 * 1000;
const longestIdentifier = 64;

/**
 * Finds out since when the server remembers. The key KEYS[1] says which run of the server has kept the marks, and since when. Where it
 * says another run or is missing, marks may be lost (a restart, a snapshot, a failover, a flush), and the memory begins now.
 */
const remembering = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if not run then return -2 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kept = redis.call('GET', KEYS[1])
local since = kept and tonumber(string.match(kept, '^' .. run .. ' (%d+)$'))
if not since then
  since = now
  redis.call('SET', KEYS[1], run .. ' ' .. string.format('%.0f', now))
end
`;

/** Marks KEYS[2] for ARGV[1] milliseconds: 1 where it was not marked, 0 where it was, -1 where the memory is younger than that. */
const marking = `${remembering}
if now - since < tonumber(ARGV[1]) then return -1 end
if redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[1]) then return 1 end
return 0
`;

const looking = `${remembering}
local memory = redis.call('INFO', 'memory')
return { string.match(memory, 'maxmemory:(%d+)') or '', string.match(memory, 'maxmemory_policy:([%w-]+)') or '' }
`;

/**
 * Remembers early data in Redis, for all servers of a fleet (RFC 8446 §8.2). The check and the mark are one script.
 *
 * Where Redis has been restarted, has failed over or lost its data, there is no early data until all that could be replayed is too old.
 * There is none either where Redis may throw marks away to make room, or does not answer in time.
 */
export class RedisReplayGuard implements ReplayGuard {
  readonly #settings: RedisReplayGuardSettings;
  /** Redis keeps what it has. It is not known before the first look. */
  #keepsMarks = false;
  #isClosed = false;

  constructor(settings: RedisReplayGuardSettings) {
    this.#settings = settings;
  }

  get isUsable(): boolean {
    return this.#keepsMarks && !this.#isClosed;
  }

  /** @returns `false` too where nobody can tell */
  async firstUse(identifier: Uint8Array, expiresAt: number): Promise<boolean> {
    const { link, now, prefix } = this.#settings;
    const lifetime = Math.ceil(expiresAt - now() + clockTolerance);
    const isAskable = identifier.length > 0 && identifier.length <= longestIdentifier;
    if (!this.isUsable || !isAskable || !(lifetime > 0 && lifetime <= longestMark)) return false;
    const mark = `${prefix}:early-data:${Buffer.from(identifier).toString('base64url')}`;
    const command = ['EVAL', marking, '2', this.#memory, mark, String(lifetime)];
    try {
      return integerReply(await link.ask(command, this.#memory)) === 1;
    } catch {
      return false; // the link has told that Redis does not answer
    }
  }

  /**
   * Begins the server's memory where there is none, and looks whether it keeps what it has.
   * @throws (rejects with) TlsError what `Link.ask` does
   */
  async look(): Promise<void> {
    const { link, warn } = this.#settings;
    const reply = await link.ask(['EVAL', looking, '1', this.#memory], this.#memory, unhurried);
    const [limit, policy] = (listReply(reply, 2) ?? []).map((each) => textReply(each, 32));
    this.#keepsMarks = limit === '0' || policy === 'noeviction';
    if (this.#keepsMarks) return;
    const why =
      limit === undefined || policy === undefined || policy === ''
        ? 'it does not say which run of it has kept what it has'
        : `its maxmemory-policy is ${policy}, so that it may forget what it has seen; noeviction keeps it`;
    warn(new TlsError('ERR_TLS_CONFIG', `redis takes part in no early data: ${why}`));
  }

  close(): void {
    this.#isClosed = true;
  }

  get #memory(): string {
    return `${this.#settings.prefix}:early-data-memory`;
  }
}
