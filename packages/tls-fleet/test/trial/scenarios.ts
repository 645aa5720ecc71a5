import { randomBytes } from 'node:crypto';
import type { TlsBackend, TlsClientContext } from '@org/tls-core';
import type { Redis } from 'ioredis';
import { identity, trust } from '../support/exchange.ts';
import { RedisServer } from '../support/redis-server.ts';
import { rememberForAnHour } from '../support/remembering.ts';
import { until } from '../support/until.ts';
import { DroppableProxy } from './droppable-proxy.ts';
import { FleetServer, type Seen } from './fleet-server.ts';
import { load, type LoadOptions, type LoadResult } from './load.ts';
import { makeFlight, sendFlight, sessionFrom } from './replays.ts';

/** How much is done. */
export interface Size {
  readonly connections: number;
  /** The share of them that scenarios get in which something is out of order. */
  readonly share: number;
  /** How often the keys are rotated by hand. */
  readonly rotations: number;
  /** Milliseconds for which Redis answers nobody. */
  readonly pause: number;
  /** Flights of early data, each of which is sent to several servers. */
  readonly replays: number;
  /** Milliseconds for which one key seals. */
  readonly rotationInterval: number;
}

/** What came of a scenario. */
export interface Figures extends LoadResult {
  /** Flights that were sent, the first time and again. */
  flights: number;
  /** Early data that was taken the first time. */
  taken: number;
  /** Early data that was taken once more. */
  takenTwice: number;
}

export interface Scenario {
  readonly name: string;
  /** How much early data is taken the first time: all, where a server hears Redis some, and none where nobody can tell. */
  readonly takes: 'all' | 'some' | 'none';
  readonly run: (fleet: Fleet, size: Size) => Promise<Figures>;
}

/** Milliseconds; a new key seals after twice as many and a second. */
const pollInterval = 1500;
const clientNames = ['ioredis', 'node-redis', 'iovalkey'] as const;

/** Three servers in processes of their own, each over another client, each with its own way to one Redis. */
export class Fleet implements AsyncDisposable {
  readonly redis: RedisServer;
  readonly admin: Redis;
  readonly servers: readonly FleetServer[];
  readonly proxies: readonly DroppableProxy[];
  readonly client: TlsClientContext;
  readonly #gone = new Set<FleetServer>();

  private constructor(
    redis: RedisServer,
    servers: readonly FleetServer[],
    proxies: readonly DroppableProxy[],
    backend: TlsBackend,
  ) {
    this.redis = redis;
    this.admin = redis.client();
    this.servers = servers;
    this.proxies = proxies;
    this.client = backend.createClientContext({ trust });
  }

  static async start(name: string, backend: TlsBackend, size: Size): Promise<Fleet> {
    const redis = await RedisServer.start();
    const proxies = await Promise.all(clientNames.map(() => DroppableProxy.to(redis.port)));
    const secret = randomBytes(32).toString('hex');
    const servers = clientNames.map(
      (client, index) =>
        new FleetServer({
          backend: name,
          client,
          redisPort: proxies[index]?.port ?? 0,
          secret,
          rotationInterval: size.rotationInterval,
          sessionLifetimeSeconds: (40 * size.rotationInterval) / 1000,
          pollInterval,
          deadline: 800,
          identity,
        }),
    );
    await Promise.all(servers.map((server) => server.start()));
    const fleet = new Fleet(redis, servers, proxies, backend);
    await rememberForAnHour(fleet.admin);
    return fleet;
  }

  get ports(): readonly number[] {
    return this.servers.filter((server) => !this.#gone.has(server)).map(({ port }) => port);
  }

  async load(options: Pick<LoadOptions, 'connections' | 'events'>): Promise<Figures> {
    const result = await load({ client: this.client, ports: () => this.ports, lanes: 6, ...options });
    return { ...result, flights: 0, taken: 0, takenTwice: 0 };
  }

  async kill(server: FleetServer): Promise<void> {
    this.#gone.add(server);
    await server.kill();
  }

  async revive(server: FleetServer): Promise<void> {
    await server.start();
    this.#gone.delete(server);
  }

  /** Sends flights of early data, each so often and each time to another server; `between` is done in the middle. */
  async replay(
    replays: number,
    between: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Omit<Figures, keyof LoadResult>> {
    const copies = 10;
    const names = new Set<string>();
    const batch = 5;
    const rounds = Math.max(2, Math.ceil(replays / (copies * batch)));
    let flights = 0;
    for (let round = 0; round < rounds; round += 1) {
      // Rounds follow each other, since early data has to be fresh.
      // oxlint-disable no-await-in-loop
      if (round === Math.floor(rounds / 2)) await between();
      const session = await sessionFrom(this.client, this.ports[round % this.ports.length] ?? 0);
      await Promise.all(
        Array.from({ length: batch }, async () => {
          const flight = makeFlight(this.client, session);
          names.add(flight.name);
          const targets = Array.from({ length: copies }, (_, index) => this.servers[(index + round) % 3]);
          flights += copies;
          await Promise.all(targets.map((target) => sendFlight(flight, target?.earlyPort ?? 0)));
        }),
      );
      // oxlint-enable no-await-in-loop
    }
    const seen = await this.seen();
    const counts = [...names].map((name) => seen.reduce((sum, { early }) => sum + (early[name] ?? 0), 0));
    const taken = counts.filter((count) => count > 0).length;
    return { flights, taken, takenTwice: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0) };
  }

  /** The names of the keys that the servers seal with. */
  sealing(): Promise<readonly string[]> {
    return Promise.all(this.servers.map((server) => server.sealing()));
  }

  seen(): Promise<readonly Seen[]> {
    const alive = this.servers.filter((server) => !this.#gone.has(server));
    return Promise.all(alive.map((server) => server.seen()));
  }

  /** Waits until every server hears Redis again. */
  async whole(): Promise<void> {
    await until(async () => {
      const all = await Promise.all(this.servers.map((server) => server.check()));
      return all.every(({ answers, ticketKeys, earlyData }) => answers && earlyData && ticketKeys > 0);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.admin.disconnect();
    await Promise.all(this.servers.map((server) => server[Symbol.asyncDispose]()));
    for (const proxy of this.proxies) proxy[Symbol.dispose]();
    await this.redis[Symbol.asyncDispose]();
  }
}

/** Merges what replays gave into the figures of a load. */
async function withReplays(figures: Figures, replays: Promise<Omit<Figures, keyof LoadResult>>): Promise<Figures> {
  return { ...figures, ...(await replays) };
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'keys are rotated under load',
    takes: 'none',
    run: async (fleet, { connections, rotations }) => {
      const [, second] = fleet.servers;
      const events = Array.from({ length: rotations }, (_, index) => {
        const rotate = async (): Promise<void> => {
          const before = await fleet.sealing();
          await second?.rotate();
          await Promise.all(fleet.servers.map((server) => server.check()));
          await until(async () => (await fleet.sealing()).every((name) => name !== '' && !before.includes(name)));
        };
        return [(index + 0.5) / rotations, rotate] as const;
      });
      return fleet.load({ connections, events });
    },
  },
  {
    name: 'a server is killed, and begins anew',
    takes: 'none',
    run: async (fleet, { connections, share }) => {
      const [first] = fleet.servers;
      if (first === undefined) throw new Error('there are three servers');
      return fleet.load({
        connections: connections * share,
        events: [
          [0.3, () => fleet.kill(first)],
          [0.6, () => fleet.revive(first)],
        ],
      });
    },
  },
  {
    name: 'Redis is frozen (SIGSTOP)',
    takes: 'none',
    run: async (fleet, { connections, share, replays }) => {
      const figures = await fleet.load({
        connections: connections * share,
        events: [[0.3, () => Promise.resolve(fleet.redis.freeze())]],
      });
      const after = await withReplays(figures, fleet.replay(replays / 10));
      fleet.redis.thaw();
      await fleet.whole();
      return after;
    },
  },
  {
    name: 'Redis answers nobody for a while (CLIENT PAUSE)',
    takes: 'some',
    run: async (fleet, { connections, share, replays, pause }) => {
      await fleet.admin.call('CLIENT', 'PAUSE', String(pause), 'ALL');
      const figures = await withReplays(
        await fleet.load({ connections: connections * share }),
        fleet.replay(replays / 10),
      );
      await fleet.whole();
      return figures;
    },
  },
  {
    name: 'a server is cut off from Redis',
    takes: 'some',
    run: async (fleet, { connections, share, replays }) => {
      const [proxy] = fleet.proxies;
      const figures = await fleet.load({
        connections: connections * share,
        events: [[0.3, () => Promise.resolve(proxy?.drop())]],
      });
      const after = await withReplays(figures, fleet.replay(replays / 10));
      proxy?.mend();
      await fleet.whole();
      return after;
    },
  },
  {
    name: 'Redis begins anew, empty',
    takes: 'none',
    run: async (fleet, { connections, share, replays }) => {
      const restart = async (): Promise<void> => {
        await fleet.redis.stop();
        await fleet.redis.start();
      };
      const figures = await fleet.load({ connections: connections * share, events: [[0.3, restart]] });
      await fleet.whole();
      return withReplays(figures, fleet.replay(replays / 10));
    },
  },
  {
    name: 'early data is replayed to all servers',
    takes: 'all',
    run: async (fleet, { replays }) => {
      const none = { connections: 0, resumed: 0, failed: 0, cut: 0, slowest: 0, errors: [] };
      return { ...none, ...(await fleet.replay(replays)) };
    },
  },
  {
    name: 'early data is replayed, and Redis is flushed in between',
    takes: 'some',
    run: async (fleet, { replays }) => {
      const none = { connections: 0, resumed: 0, failed: 0, cut: 0, slowest: 0, errors: [] };
      return { ...none, ...(await fleet.replay(replays / 10, async () => void (await fleet.admin.flushall()))) };
    },
  },
];
