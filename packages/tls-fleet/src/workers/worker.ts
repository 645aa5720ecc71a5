import { TlsError, type ServerSessionStore, type TicketKey } from '@org/tls-core';
import { callback, integer, optionNames, ownOptions } from '@org/tls-core/backend';
import { Link } from '../link/link.ts';
import { integerReply, textReply } from '../link/replies.ts';
import { Warnings } from '../link/warnings.ts';
import { ticketKeyFrom, ticketKeyLength } from '../ticket-key-bytes.ts';
import { channelAbove, openChannel, type Channel, type ChannelEnd } from './channel.ts';
import type { SharedTls } from './shared-tls.ts';

export interface WorkerOptions {
  /** Leads to the leader. Default: who has started this thread or process. */
  readonly channel?: Channel;
  /** Says how many milliseconds a handshake waits for the leader, 10 to 900. Default: 300, since its thread has other work too. */
  readonly deadline?: number;
  /** Is told what is out of order, each fault once a minute at most. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: TlsError) => void;
}

/** A process or thread that shares with others what their leader keeps. */
export interface JoinedWorker extends Disposable {
  /** Holds the options for each server's configuration: `{ identity, ...worker.tls }`. */
  readonly tls: SharedTls;
  /** The option `sessionStore`, for servers of tls-pure that keep their sessions with the leader. */
  readonly sessionStore: ServerSessionStore;
  /** Leaves: there are no tickets, sessions and early data any more. */
  close(): void;
}

const defaultDeadline = 300;
/** Milliseconds until a leader must have answered, and between two knocks: it may not serve this worker yet. */
const joinPatience = 20_000;
const knockInterval = 200;
/** Replies that may be owed at once: those that are waited for, and those that came too late to be. */
const mostOwed = 1024;
/** Handshakes take no more. */
const mostKeys = 256;
const longestState = 2 ** 25;

const names = optionNames<WorkerOptions>({ channel: true, deadline: true, onWarning: true });

/**
 * Joins the leader that has started this worker of node:cluster, child process or thread. It keeps the ticket keys in memory, and asks the
 * leader for sessions and early data; one that is gone or slow costs no handshake more than the deadline.
 * @throws (rejects with) TypeError on an unknown option or one of the wrong type; TlsError `ERR_TLS_CONFIG` where there is no channel,
 *   `ERR_TLS_TRANSPORT` where its other end
 *   is gone, `ERR_TLS_TIMEOUT` where nobody answers within 20 seconds: `leader.serve(worker)` is missing
 */
export async function joinWorkers(options: WorkerOptions = {}): Promise<JoinedWorker> {
  const own = ownOptions(options, names, 'joinWorkers');
  const worker = new WorkerOfLeader(
    own.channel ?? channelAbove(),
    integer(10, 900)(own.deadline ?? defaultDeadline, 'deadline'),
    new Warnings(own.onWarning === undefined ? undefined : callback(own.onWarning, 'onWarning')),
  );
  await worker.join();
  return worker;
}

interface Owed {
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
}

class WorkerOfLeader implements JoinedWorker {
  readonly sessionStore: ServerSessionStore;
  readonly #warnings: Warnings;
  readonly #link: Link;
  readonly #end: ChannelEnd;
  readonly #owed = new Map<number, Owed>();
  #keys: readonly TicketKey[] | undefined;
  #hasReplayGuard = false;
  #isOver = false;
  #lastId = 0;
  #onKeys: () => void = () => undefined;
  #onGone: (error: TlsError) => void = () => undefined;

  constructor(channel: Channel, deadline: number, warnings: Warnings) {
    this.#warnings = warnings;
    this.#end = openChannel(channel, {
      onMessage: (message) => this.#take(message),
      onEnd: () => this.#endAll('the leader is gone'),
    });
    this.#link = new Link({
      to: 'the leader',
      send: (command) => this.#send(command),
      deadline,
      probe: { command: ['ping'], key: undefined },
      onSilent: (error) => warnings.tell(error),
      onAnswer: () => undefined,
    });
    this.sessionStore = {
      put: async (identifier, state, expiresAt) => {
        await this.#ask(['put', encode(identifier), encode(state), String(Math.ceil(expiresAt))]);
      },
      take: async (identifier) => {
        const text = textReply(await this.#ask(['take', encode(identifier)]), longestState);
        return text === undefined ? undefined : new Uint8Array(Buffer.from(text, 'base64url'));
      },
    };
  }

  get tls(): SharedTls {
    const ticketKeys = { current: () => (this.#isOver ? [] : (this.#keys ?? [])) };
    const firstUse = async (identifier: Uint8Array, expiresAt: number): Promise<boolean> =>
      integerReply(await this.#ask(['firstUse', encode(identifier), String(Math.ceil(expiresAt))])) === 1;
    return { ticketKeys, ...(this.#hasReplayGuard && { replayGuard: { firstUse } }) };
  }

  async join(): Promise<void> {
    const knock = setInterval(() => this.#end.send({ is: 'join' }), knockInterval);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#onKeys = resolve;
        this.#onGone = reject;
        const why = `no leader has answered within ${joinPatience} ms; does it \`serve\` this worker?`;
        timer = setTimeout(() => reject(new TlsError('ERR_TLS_TIMEOUT', why)), joinPatience);
        this.#end.send({ is: 'join' });
      });
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearInterval(knock);
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#end.close();
    this.#isOver = true;
    for (const { reject } of this.#owed.values()) reject(new Error('closed'));
    this.#owed.clear();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @returns `undefined` too where there is no answer, which the link has told */
  async #ask(command: readonly string[]): Promise<unknown> {
    return this.#isOver ? undefined : this.#link.ask(command).catch(() => undefined);
  }

  #send(command: readonly string[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const [oldest] = this.#owed.keys();
      if (this.#owed.size >= mostOwed && oldest !== undefined) this.#owed.delete(oldest);
      this.#lastId += 1;
      this.#owed.set(this.#lastId, { resolve, reject });
      this.#end.send({ is: 'question', id: this.#lastId, command });
    });
  }

  #take(message: Readonly<Record<string, unknown>>): void {
    if (message['is'] === 'keys') return this.#takeKeys(message);
    if (message['is'] === 'end') return this.#endAll('the leader has closed');
    if (message['is'] !== 'reply' || typeof message['id'] !== 'number') return undefined;
    const owed = this.#owed.get(message['id']);
    this.#owed.delete(message['id']);
    owed?.resolve(message['reply']);
    return undefined;
  }

  #takeKeys({ keys, hasReplayGuard }: Readonly<Record<string, unknown>>): void {
    try {
      this.#keys = this.#read(keys);
      this.#hasReplayGuard = hasReplayGuard === true;
      this.#onKeys();
    } catch (error) {
      this.#warnings.tell(error as TlsError);
    }
  }

  /** A key that stays is the same object, since backends keep what they made of it. */
  #read(keys: unknown): readonly TicketKey[] {
    if (!Array.isArray(keys) || keys.length > mostKeys)
      throw new TlsError('ERR_TLS_DECODE', 'the leader sends no keys');
    return (keys as readonly unknown[]).map((each) => {
      const bytes = Buffer.from(textReply(each, 2 * ticketKeyLength) ?? '', 'base64url');
      if (bytes.length !== ticketKeyLength) throw new TlsError('ERR_TLS_DECODE', 'the leader sends what is no key');
      const key = ticketKeyFrom(bytes);
      return this.#keys?.find((known) => Buffer.compare(known.secret, key.secret) === 0) ?? key;
    });
  }

  #endAll(why: string): void {
    if (this.#isOver) return;
    this.close();
    const error = new TlsError('ERR_TLS_TRANSPORT', `${why}: there are no tickets, sessions and early data any more`);
    this.#onGone(error);
    this.#warnings.tell(error);
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
