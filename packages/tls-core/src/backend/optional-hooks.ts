import { askHook, hookError, type HookAnswers, type HookName } from '../hook-answer.ts';
import { isPromiseLike, type MaybePromise } from '../maybe-promise.ts';
import type { TlsError } from '../tls-error.ts';

/**
 * The hooks whose answers a handshake can do without: no session is resumed or kept, no ticket is given, nothing is stapled or compressed,
 * no early data is taken.
 */
export type OptionalHookName = Extract<
  HookName,
  | 'identity.ocspResponse'
  | 'certificateCompressor.compress'
  | 'sessionStore.put'
  | 'sessionStore.take'
  | 'serverSessionStore.put'
  | 'serverSessionStore.take'
  | 'ticketKeys.current'
  | 'replayGuard.firstUse'
>;

/**
 * Milliseconds that a handshake waits for such an answer. What it brings is a round trip and a signature less, so whoever waits longer than a
 * full handshake takes over a slow link has lost already. Even where several of them hang, their sum stays below the ten seconds that the
 * adapters give a handshake.
 */
export const hookPatience = 1000;

/**
 * Asks the optional hooks of one connection. A hook that fails, gives a wrong answer or does not answer in time is told of by one warning, and
 * is not asked again by this connection.
 */
export class OptionalHooks {
  readonly #warn: (warning: TlsError) => void;
  // made when they are needed: most connections have neither
  #failed: Set<OptionalHookName> | undefined;
  #timers: Set<ReturnType<typeof setTimeout>> | undefined;
  #isEnded = false;

  constructor(warn: (warning: TlsError) => void) {
    this.#warn = warn;
  }

  /** @returns `undefined` too when the hook is of no use to this connection */
  ask<Name extends OptionalHookName>(name: Name, act: () => unknown): MaybePromise<HookAnswers[Name] | undefined> {
    if (this.#failed?.has(name) === true) return undefined;
    try {
      const answer = askHook(name, act);
      return isPromiseLike(answer) ? this.#inTime(name, answer) : answer;
    } catch (error) {
      this.#tell(name, error);
      return undefined;
    }
  }

  /**
   * Has a hook do what nothing waits for.
   * @returns false: it has failed at once
   */
  run(name: OptionalHookName, act: () => unknown): boolean {
    if (this.#failed?.has(name) === true) return false;
    try {
      const pending: MaybePromise<unknown> = askHook(name, act);
      if (isPromiseLike(pending)) pending.then(undefined, (error: unknown) => this.#tell(name, error));
      return true;
    } catch (error) {
      this.#tell(name, error);
      return false;
    }
  }

  /** The connection is gone: nothing is waited for or told any more. Idempotent. */
  end(): void {
    this.#isEnded = true;
    for (const timer of this.#timers ?? []) clearTimeout(timer);
    this.#timers = undefined;
  }

  #inTime<Answer>(name: OptionalHookName, pending: PromiseLike<Answer>): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const giveUp = (reason: unknown): void => {
        stop();
        this.#tell(name, reason);
        resolve(undefined);
      };
      const timer = setTimeout(() => giveUp(new Error(`no answer within ${hookPatience} ms`)), hookPatience);
      // no reason for a process to go on; a browser's timer is a number
      (timer as { unref?: () => void }).unref?.();
      this.#timers ??= new Set();
      this.#timers.add(timer);
      const stop = (): void => {
        clearTimeout(timer);
        this.#timers?.delete(timer);
      };
      pending.then((answer) => {
        stop();
        resolve(answer);
      }, giveUp);
    });
  }

  #tell(name: OptionalHookName, cause: unknown): void {
    if (this.#isEnded || this.#failed?.has(name) === true) return;
    this.#failed ??= new Set();
    this.#failed.add(name);
    this.#warn(hookError(name, cause));
  }
}
