import { MemoryReplayGuard, TlsError, type ReplayGuard, type ServerSessionStore, type TicketKeys } from '@org/tls-core';
import { callback, optionNames, ownOptions, propertyOf, wrongType } from '@org/tls-core/backend';
import { integerReply, textReply } from '../link/replies.ts';
import { Lookout } from '../link/lookout.ts';
import { Warnings } from '../link/warnings.ts';
import { memorySessionStore } from '../memory-session-store.ts';
import { memoryTicketKeys } from '../memory-ticket-keys.ts';
import { openChannel, type Channel, type ChannelEnd } from './channel.ts';
import { SharedKeys } from './shared-keys.ts';
import type { SharedTls } from './shared-tls.ts';

export interface LeaderOptions {
  /** Gives the keys for all. Default: `memoryTicketKeys()`, which are gone with this process. */
  readonly ticketKeys?: TicketKeys;
  /**
   * Knows the early data of all. Default: a guard in memory where `ticketKeys` is left out; else none, since a guard in memory has not seen what
   * came before this process, nor what other hosts with the same keys took. Each server then takes early data with its own tickets only.
   */
  readonly replayGuard?: ReplayGuard;
  /** Keeps the sessions of servers with a `sessionStore`. Default: `memorySessionStore()`. */
  readonly sessionStore?: ServerSessionStore;
  /** Is told what is out of order, each fault once a minute at most. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: TlsError) => void;
}

/** The process or thread that keeps what its workers share. */
export interface Leader extends Disposable {
  /** Holds the options for servers of this very process: `{ identity, ...leader.tls }`. */
  readonly tls: SharedTls;
  readonly sessionStore: ServerSessionStore;
  /**
   * Answers a worker, until it or the channel is gone.
   * @throws TypeError when it is no channel
   */
  serve(worker: Channel): void;
  /** Looks for new keys now. It never fails: what goes wrong is told by `onWarning`. */
  check(): Promise<void>;
  /** Answers nobody any more. */
  close(): void;
}

/** Milliseconds between two looks at the source of the keys, which are the time that a worker has to take a new one. */
const interval = 1000;
/** Questions of one worker that may wait for an answer. Its own link has no more under way. */
const mostQuestions = 512;

const names = optionNames<LeaderOptions>({ ticketKeys: true, replayGuard: true, sessionStore: true, onWarning: true });

/**
 * Begins to lead workers of node:cluster, child processes or threads, without anything but the messages that Node has for them. What they share
 * is kept here, so that a worker that dies loses nothing.
 * @throws (rejects with) TypeError on an unknown option or one of the wrong type
 */
export async function leadWorkers(options: LeaderOptions = {}): Promise<Leader> {
  const own = ownOptions(options, names, 'leadWorkers');
  const guard = own.ticketKeys === undefined ? new MemoryReplayGuard(Date.now) : undefined;
  const leader = new LeaderOfWorkers(
    withMethods(own.ticketKeys ?? memoryTicketKeys(), 'ticketKeys', ['current']),
    own.replayGuard === undefined ? guard : withMethods(own.replayGuard, 'replayGuard', ['firstUse']),
    withMethods(own.sessionStore ?? memorySessionStore(), 'sessionStore', ['put', 'take']),
    new Warnings(own.onWarning === undefined ? undefined : callback(own.onWarning, 'onWarning')),
  );
  await leader.begin();
  return leader;
}

function withMethods<Hooks>(hooks: Hooks, option: string, methods: readonly (keyof Hooks & string)[]): Hooks {
  for (const method of methods)
    if (typeof propertyOf(hooks, method) !== 'function') throw wrongType(option, `an object with ${method}()`, hooks);
  return hooks;
}

class LeaderOfWorkers implements Leader {
  readonly tls: SharedTls;
  readonly sessionStore: ServerSessionStore;
  readonly #keys: SharedKeys;
  readonly #replayGuard: ReplayGuard | undefined;
  readonly #warnings: Warnings;
  readonly #lookout: Lookout;
  readonly #workers = new Set<ChannelEnd>();
  readonly #joined = new Set<ChannelEnd>();

  constructor(
    ticketKeys: TicketKeys,
    replayGuard: ReplayGuard | undefined,
    sessionStore: ServerSessionStore,
    warnings: Warnings,
  ) {
    this.#keys = new SharedKeys(ticketKeys);
    this.#replayGuard = replayGuard;
    this.sessionStore = sessionStore;
    this.#warnings = warnings;
    this.#lookout = new Lookout(
      () => this.#look(),
      () => interval,
      (error) => warnings.tell(error),
    );
    const current = { current: () => (this.#lookout.isClosed ? [] : this.#keys.current) };
    this.tls = Object.freeze({ ticketKeys: current, ...(replayGuard !== undefined && { replayGuard }) });
  }

  async begin(): Promise<void> {
    await this.#lookout.begin();
  }

  serve(worker: Channel): void {
    if (this.#lookout.isClosed) throw new TlsError('ERR_TLS_API_MISUSE', 'the leader is closed');
    let questions = 0;
    const end = openChannel(worker, {
      onMessage: (message) => {
        if (message['is'] === 'join') return this.#join(end);
        if (message['is'] !== 'question') return undefined;
        const { id, command } = message;
        if (questions >= mostQuestions) return end.send({ is: 'reply', id });
        questions += 1;
        void this.#answer(command).then((reply) => {
          questions -= 1;
          end.send({ is: 'reply', id, reply });
        });
        return undefined;
      },
      onEnd: () => this.#leave(end),
    });
    this.#workers.add(end);
  }

  check(): Promise<void> {
    return this.#lookout.check();
  }

  close(): void {
    this.#lookout.close();
    for (const end of this.#joined) end.send({ is: 'end' });
    for (const end of this.#workers) this.#leave(end);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #join(end: ChannelEnd): void {
    this.#joined.add(end);
    end.send(this.#keysMessage());
  }

  #leave(end: ChannelEnd): void {
    end.close();
    this.#workers.delete(end);
    this.#joined.delete(end);
  }

  async #look(): Promise<void> {
    try {
      if (await this.#keys.look()) for (const end of this.#joined) end.send(this.#keysMessage());
    } catch (cause) {
      this.#warnings.tell(new TlsError('ERR_TLS_HOOK', 'the source of ticket keys failed', { cause }));
    }
  }

  #keysMessage(): Readonly<Record<string, unknown>> {
    return { is: 'keys', keys: this.#keys.encoded(), hasReplayGuard: this.#replayGuard !== undefined };
  }

  /** Where something fails, there is an answer too: it is `undefined`, so that the worker does not wait. */
  async #answer(command: unknown): Promise<unknown> {
    try {
      return await this.#obey(readCommand(command));
    } catch (error) {
      const cause =
        error instanceof TlsError ? error : new TlsError('ERR_TLS_HOOK', 'what workers share failed', { cause: error });
      this.#warnings.tell(cause);
      return undefined;
    }
  }

  async #obey([name, ...parameters]: readonly string[]): Promise<unknown> {
    const [identifier = '', second = '', third = ''] = parameters;
    switch (name) {
      case 'ping':
        return '';
      case 'firstUse': {
        const isFirst: unknown = await this.#replayGuard?.firstUse(decode(identifier), timeFrom(second));
        return isFirst === true ? 1 : 0;
      }
      case 'put':
        await this.sessionStore.put(decode(identifier), decode(second), timeFrom(third));
        return '';
      case 'take': {
        const state = await this.sessionStore.take(decode(identifier));
        return state === undefined ? null : Buffer.from(state).toString('base64url');
      }
      default:
        throw new TlsError('ERR_TLS_DECODE', 'a worker asks what this version does not know');
    }
  }
}

const mostParts = 4;
/** Characters of the longest state that a handshake takes, and more than any identifier has. */
const longestPart = 2 ** 25;

function readCommand(command: unknown): readonly string[] {
  const parts = Array.isArray(command) ? (command as readonly unknown[]) : [];
  const texts = parts.map((part) => textReply(part, longestPart));
  if (texts.length === 0 || texts.length > mostParts || texts.includes(undefined))
    throw new TlsError('ERR_TLS_DECODE', 'a worker sends what is no question');
  return texts as readonly string[];
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}

function timeFrom(text: string): number {
  const time = integerReply(text);
  if (time === undefined) throw new TlsError('ERR_TLS_DECODE', 'a worker sends what is no time');
  return time;
}
