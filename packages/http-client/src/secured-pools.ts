import { SecuredClient } from './secured-client.ts';
import type { Connector } from './tls-connector.ts';
import { Pool, unknownUndici } from './undici.ts';

/**
 * undici's pools of all origins, whose connections are made by one connector. undici's agent forgets a pool as soon as none of its connections is
 * open, and lets it end the requests that it has. Here it is known until it has.
 */
export class SecuredPools {
  readonly #connector: Connector;
  readonly #pools = new Set<Pool>();

  constructor(connector: Connector) {
    this.#connector = connector;
  }

  /** Makes the pool of one origin. */
  readonly create = (origin: string | URL, settings: object): Pool => {
    const factory = (target: string | URL, options: object): SecuredClient =>
      new SecuredClient(target, options, this.#connector, () => pool);
    const pool = new KeepingPool(origin, { ...settings, factory }, () => this.#pools.delete(pool));
    this.#pools.add(pool);
    return pool;
  };

  /** Waits for the requests that are under way, and takes no more. */
  async close(): Promise<void> {
    const open = [...this.#pools].filter((pool) => !pool.destroyed);
    await Promise.all(open.map((pool) => pool.close()));
  }

  /** Ends all requests and connections now. */
  async destroy(reason: Error | null): Promise<void> {
    await Promise.all([...this.#pools].map((pool) => pool.destroy(reason)));
  }
}

/**
 * A pool that keeps its clients. undici's own lets go of one whose connection could not be made, but goes on giving it requests that wait: they,
 * and the connection that is made for them, would be out of reach for `close` and `destroy`.
 */
class KeepingPool extends Pool {
  readonly #onEnd: () => void;

  /** @param onEnd is called once it has neither requests nor connections */
  constructor(origin: string | URL, settings: Pool.Options, onEnd: () => void) {
    super(origin, settings);
    this.#onEnd = onEnd;
    // the one listener that is there is what lets go of clients
    if (this.listenerCount('connectionError') !== 1) throw unknownUndici('let go of clients');
    this.removeAllListeners('connectionError');
  }

  /** undici calls it with a function in any case, at the end of `close` too. */
  override destroy(reason?: Error | null | Done, given?: Done): Promise<void> {
    const done = typeof reason === 'function' ? reason : given;
    const error = typeof reason === 'function' ? null : (reason ?? null);
    if (done === undefined) return super.destroy(error);
    const onEnd = this.#onEnd;
    return super.destroy(error, (...ended: unknown[]) => {
      onEnd();
      Reflect.apply(done, undefined, ended);
    }) as unknown as Promise<void>;
  }
}

type Done = () => void;
