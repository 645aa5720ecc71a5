import { TlsError } from '@org/tls-core';

/** What is known for some time, in milliseconds since the epoch. */
export interface Dated {
  /** When it was known to be right. */
  readonly thisUpdate: number;
  /** When it ends; that instant does not belong to it. */
  readonly until: number;
}

/** After how many milliseconds a load is tried again: at first, and at most. */
const firstPause = 5000;
const longestPause = 10 * 60_000;
/** The shortest and the longest time for which a new answer is not looked for, in milliseconds. */
const shortestAge = 60_000;
const longestAge = 24 * 3_600_000;

export interface KeptAnswerOptions<Answer extends Dated> {
  /** Gets a new answer. Only one load runs at a time. */
  readonly load: () => Promise<Answer>;
  readonly clock: () => number;
  /** A number from 0 to 1, so that not all who ask do it at the same time. */
  readonly random?: () => number;
}

/**
 * Keeps the last good answer of a load while it is valid, and says when another one is due: between half and three quarters of what is left of
 * its time, after a day at the latest. After a failure the load is tried again after a pause, which doubles from 5 seconds to 10 minutes.
 */
export class KeptAnswer<Answer extends Dated> {
  readonly #load: () => Promise<Answer>;
  readonly #clock: () => number;
  readonly #random: () => number;
  #answer: Answer | undefined;
  #dueAt = -Infinity;
  #failures = 0;
  #lastError: unknown;
  #pending: Promise<Answer> | undefined;

  constructor({ load, clock, random = Math.random }: KeptAnswerOptions<Answer>) {
    this.#load = load;
    this.#clock = clock;
    this.#random = random;
  }

  /** The answer, where there is one that is still valid. */
  get valid(): Answer | undefined {
    const answer = this.#answer;
    return answer !== undefined && this.#clock() < answer.until ? answer : undefined;
  }

  /** The last answer, valid or not. */
  get last(): Answer | undefined {
    return this.#answer;
  }

  /** When the next load is due, in milliseconds since the epoch. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Takes an answer from elsewhere. @returns false: there is a newer one, or it is over */
  put(answer: Answer): boolean {
    const now = this.#clock();
    const isOlder = this.valid !== undefined && answer.thisUpdate < this.valid.thisUpdate;
    if (isOlder || now >= answer.until) return false;
    const share = 0.5 + this.#random() * 0.25;
    this.#answer = answer;
    this.#failures = 0;
    this.#dueAt = now + Math.min(longestAge, Math.max(shortestAge, (answer.until - now) * share));
    return true;
  }

  /** Whether another answer should be looked for now. */
  get isDue(): boolean {
    const now = this.#clock();
    // Where nothing failed, an answer that has ended leaves no reason to wait. A clock that was set back would have us wait for long.
    const hasNone = this.#failures === 0 && this.valid === undefined;
    return hasNone || now >= this.#dueAt || now < this.#dueAt - longestAge;
  }

  /**
   * Gives the answer that is valid, and looks for another behind the caller's back where one is due. Where there is none, the load is waited for.
   * @throws (rejects with) what the load fails with, or failed with a moment ago
   */
  async get(): Promise<Answer> {
    const { valid } = this;
    if (this.isDue) {
      const pending = this.refresh();
      if (valid === undefined) return pending;
      pending.catch(() => undefined);
    }
    if (valid !== undefined) return valid;
    if (this.#pending !== undefined) return this.#pending;
    throw this.#lastError;
  }

  /**
   * Loads now, or joins the load that is under way.
   * @throws (rejects with) what the load fails with; the answer that was there stays
   */
  async refresh(): Promise<Answer> {
    this.#pending ??= this.#loadOnce().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #loadOnce(): Promise<Answer> {
    try {
      const answer = await this.#load();
      if (!this.put(answer))
        throw new TlsError('ERR_TLS_CERTIFICATE_STATUS', 'the answer is over, or older than the one before it');
      return answer;
    } catch (error) {
      const pause = Math.min(longestPause, firstPause * 2 ** this.#failures);
      this.#failures += 1;
      this.#dueAt = this.#clock() + pause * (0.75 + this.#random() * 0.5);
      this.#lastError = error;
      throw error;
    }
  }
}
