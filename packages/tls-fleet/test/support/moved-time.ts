import type { Redis } from 'ioredis';

/** The time of Redis as a test moves it. A fleet goes by that time, so that nothing has to be waited for. */
export class MovedTime {
  readonly #redis: () => Redis;
  #ahead = 0;

  constructor(redis: () => Redis) {
    this.#redis = redis;
  }

  /** Moves the time on, in milliseconds; a fleet sees it at its next look. */
  move(milliseconds: number): void {
    this.#ahead += milliseconds;
  }

  /** Sends a command, as `RedisFleetOptions.redis` wants it. */
  readonly send = async ([name = '', ...args]: readonly string[]): Promise<unknown> => {
    const reply = await this.#redis().call(name, args);
    if (name !== 'TIME') return reply;
    const [seconds, microseconds] = (reply as readonly string[]).map(Number);
    const moved = (seconds ?? 0) * 1e6 + (microseconds ?? 0) + this.#ahead * 1000;
    return [String(Math.floor(moved / 1e6)), String(moved % 1e6)];
  };
}
