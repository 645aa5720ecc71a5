import { TlsError } from '@org/tls-core';
import type { SendCommand } from './send-command.ts';

/** Who is asked, and how long that may take. */
export interface LinkSettings {
  /** Names who is asked, for errors. */
  readonly to: string;
  readonly send: SendCommand;
  /** Milliseconds that a handshake waits for one reply. */
  readonly deadline: number;
  /** A command that does nothing but to be answered, and its key. */
  readonly probe: { readonly command: readonly string[]; readonly key: string | undefined };
  /** Is told once that there is no answer any more. */
  readonly onSilent: (error: TlsError) => void;
  /** Is told that there are answers again. */
  readonly onAnswer: () => void;
}

/** A time in which nobody is asked. */
interface Silence {
  /** What it began with. */
  readonly error: TlsError;
  pause: number;
  retryAt: number;
  isAsking: boolean;
}

/** Commands that may wait for a reply at once. A handshake has one at a time, and who has more of them under way has other worries. */
const mostInFlight = 256;
/** Failures behind each other after which nobody is asked any more. One may be a slow moment, and each costs a handshake its deadline. */
const mostFailures = 3;
/** Milliseconds between two questions whether there is an answer again, first and at most. */
const firstPause = 500;
const longestPause = 10_000;
/** Milliseconds for what no handshake waits for. */
export const unhurried = 2000;

/**
 * Asks Redis, or whoever else keeps what servers share, without ever waiting long: each command has a deadline, only so many may be under way,
 * and where three failed in a row, nobody is asked at all until one question in the background was answered. A server that is gone costs
 * handshakes no time.
 */
export class Link {
  readonly #settings: LinkSettings;
  #inFlight = 0;
  #failures = 0;
  #silence: Silence | undefined;

  constructor(settings: LinkSettings) {
    this.#settings = settings;
  }

  get answers(): boolean {
    return this.#silence === undefined;
  }

  /**
   * Sends a command.
   * @param key its key, or one that lies where it is to go
   * @throws (rejects with) TlsError `ERR_TLS_TIMEOUT` without a reply in time, `ERR_TLS_TRANSPORT` on an error of the client or an error
   *   as a reply, `ERR_TLS_LIMIT` when too many are under way. None holds what the client said, which may repeat what was sent.
   */
  async ask(command: readonly string[], key?: string, deadline = this.#settings.deadline): Promise<unknown> {
    if (this.#silence !== undefined) {
      this.#askAgain(this.#silence);
      throw this.#silence.error;
    }
    if (this.#inFlight >= mostInFlight)
      throw new TlsError('ERR_TLS_LIMIT', `${this.#settings.to}: ${mostInFlight} commands are under way, the limit`);
    try {
      const reply = await this.#send(command, key, deadline);
      this.#failures = 0;
      return reply;
    } catch (error) {
      this.#fail(error as TlsError);
      throw error;
    }
  }

  #send(command: readonly string[], key: string | undefined, deadline: number): Promise<unknown> {
    const { send, to } = this.#settings;
    this.#inFlight += 1;
    return new Promise((resolve, reject) => {
      const giveUp = (): void =>
        finish(() => reject(new TlsError('ERR_TLS_TIMEOUT', `${to}: no reply within ${deadline} ms`)));
      // A reply that came while this process did something else is read before `setImmediate` calls: it is not late.
      const timer = setTimeout(() => setImmediate(giveUp), deadline);
      timer.unref();
      let isDone = false;
      const finish = (act: () => void): void => {
        if (isDone) return;
        isDone = true;
        clearTimeout(timer);
        this.#inFlight -= 1;
        act();
      };
      const fail = (error: unknown): void => finish(() => reject(this.#failure(error)));
      try {
        send(command, key).then((reply) => finish(() => resolve(reply)), fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  #fail(error: TlsError): void {
    this.#failures += 1;
    if (this.#failures < mostFailures || this.#silence !== undefined) return;
    this.#silence = { error, pause: firstPause, retryAt: performance.now() + firstPause, isAsking: false };
    this.#settings.onSilent(error);
  }

  /** Asks in the background whether there is an answer again. One question is under way at most. */
  #askAgain(silence: Silence): void {
    if (silence.isAsking || performance.now() < silence.retryAt) return;
    silence.isAsking = true;
    const { command, key } = this.#settings.probe;
    this.#send(command, key, longestPause).then(
      () => {
        this.#silence = undefined;
        this.#failures = 0;
        this.#settings.onAnswer();
      },
      () => {
        silence.pause = Math.min(2 * silence.pause, longestPause);
        silence.retryAt = performance.now() + silence.pause;
        silence.isAsking = false;
      },
    );
  }

  /** Says what kind of failure it is, and nothing else: clients keep the command in their errors, and Redis quotes it. */
  #failure(error: unknown): TlsError {
    const { code, message, name } = (typeof error === 'object' && error !== null ? error : {}) as Record<
      string,
      unknown
    >;
    const words = [code, message].map((each) => /^[A-Z][A-Z_]{1,31}\b/.exec(String(each))?.[0]);
    const word = words.find(Boolean) ?? /^[A-Za-z]{1,40}Error$/.exec(String(name))?.[0] ?? 'the command failed';
    return new TlsError('ERR_TLS_TRANSPORT', `${this.#settings.to}: ${word}`);
  }
}
