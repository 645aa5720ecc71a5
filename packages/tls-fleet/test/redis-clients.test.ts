import { randomBytes } from 'node:crypto';
import { createClient, createCluster } from '@redis/client';
import { Cluster, Redis } from 'ioredis';
import { Cluster as ValkeyCluster, Redis as Valkey } from 'iovalkey';
import { createClient as createClient4, createCluster as createCluster4 } from 'redis-client-4';
import { createClient as createClient5, createCluster as createCluster5 } from 'redis-client-5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisFleet, type RedisClient, type RedisFleetOptions, type RedisSubscriber } from '../src/redis/index.ts';
import { RedisServer } from './support/redis-server.ts';
import { until } from './support/until.ts';

const secret = randomBytes(32);
let server: RedisServer;
let cluster: RedisServer;

beforeAll(async () => {
  [server, cluster] = await Promise.all([
    RedisServer.start(),
    RedisServer.start(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']),
  ]);
  const admin = cluster.client();
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await until(async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
  admin.disconnect();
});
afterAll(() => Promise.all([server[Symbol.asyncDispose](), cluster[Symbol.asyncDispose]()]));

interface Connected {
  readonly client: RedisClient;
  readonly subscriber?: RedisSubscriber;
  readonly close: () => unknown;
}

interface NodeRedisClient {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
}

async function connected<Client extends NodeRedisClient>(client: Client): Promise<Client> {
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const url = (): string => `redis://127.0.0.1:${server.port}`;
const node = (): { readonly host: string; readonly port: number } => ({ host: '127.0.0.1', port: cluster.port });
const rootNodes = () => ({ rootNodes: [{ url: `redis://127.0.0.1:${cluster.port}` }] });

/** Every client that a fleet takes, made as its own documentation says. */
const clients: readonly (readonly [name: string, connect: () => Promise<Connected>])[] = [
  [
    'ioredis',
    async () => {
      const [client, subscriber] = [new Redis(url()), new Redis(url())];
      return Promise.resolve({ client, subscriber, close: () => [client.disconnect(), subscriber.disconnect()] });
    },
  ],
  [
    'ioredis with numbers as text and a prefix of its own',
    async () => {
      const client = new Redis(url(), { stringNumbers: true, keyPrefix: 'mine:' });
      return Promise.resolve({ client, close: () => client.disconnect() });
    },
  ],
  [
    'iovalkey',
    async () => {
      const [client, subscriber] = [new Valkey(url()), new Valkey(url())];
      return Promise.resolve({ client, subscriber, close: () => [client.disconnect(), subscriber.disconnect()] });
    },
  ],
  [
    'node-redis 6',
    async () => {
      const client = await connected(createClient({ url: url() }));
      const subscriber = await connected(client.duplicate());
      return { client, subscriber, close: () => [client.destroy(), subscriber.destroy()] };
    },
  ],
  [
    'node-redis 5 with RESP3',
    async () => {
      const client = await connected(createClient5({ url: url(), RESP: 3 }));
      const subscriber = await connected(client.duplicate());
      return { client, subscriber, close: () => [client.destroy(), subscriber.destroy()] };
    },
  ],
  [
    'node-redis 4',
    async () => {
      const client = await connected(createClient4({ url: url() }));
      const subscriber = await connected(client.duplicate());
      return { client, subscriber, close: () => Promise.all([client.disconnect(), subscriber.disconnect()]) };
    },
  ],
  [
    'a cluster of ioredis',
    async () => {
      const client = new Cluster([node()]);
      return Promise.resolve({ client, close: () => client.disconnect() });
    },
  ],
  [
    'a cluster of iovalkey',
    async () => {
      const client = new ValkeyCluster([node()]);
      return Promise.resolve({ client, close: () => client.disconnect() });
    },
  ],
  [
    'a cluster of node-redis 6',
    async () => {
      const client = await connected(createCluster(rootNodes()));
      return { client, close: () => client.destroy() };
    },
  ],
  [
    'a cluster of node-redis 5',
    async () => {
      const client = await connected(createCluster5(rootNodes()));
      return { client, close: () => client.destroy() };
    },
  ],
  [
    'a cluster of node-redis 4',
    async () => {
      const client = await connected(createCluster4(rootNodes()));
      return { client, close: () => client.disconnect() };
    },
  ],
  [
    'a function over another client',
    async () => {
      const hidden = new Redis(url());
      const client = ([name = '', ...args]: readonly string[]) => hidden.call(name, args);
      return Promise.resolve({ client, close: () => hidden.disconnect() });
    },
  ],
];

describe.each(clients)('over %s', (name, connect) => {
  const fleetName = name.replaceAll(/\W+/g, '-');
  const fleetOf = async ({ client, subscriber }: Connected, more: Partial<RedisFleetOptions> = {}) =>
    redisFleet({
      redis: client,
      secret,
      name: fleetName,
      deadline: 900,
      // a rotated key seals after two of these, which is longer than a busy machine takes for the test
      pollInterval: 60_000,
      ...(subscriber !== undefined && { subscriber }),
      ...more,
    });

  it('servers share keys, sessions, early data and values', async () => {
    const connection = await connect();
    const warnings: unknown[] = [];
    using one = await fleetOf(connection, { onWarning: (warning) => warnings.push(warning) });
    using two = await fleetOf(connection, { onWarning: (warning) => warnings.push(warning) });
    const keys = await one.tls.ticketKeys.current();
    expect(keys.length).toBe(2);
    expect(await two.tls.ticketKeys.current()).toEqual(keys);
    expect(one.status).toEqual({ answers: true, ticketKeys: 2, earlyData: true });

    const identifier = randomBytes(32);
    await one.sessionStore.put(identifier, Buffer.from('state'), Date.now() + 60_000);
    expect(await two.sessionStore.take(identifier)).toEqual(new Uint8Array(Buffer.from('state')));
    expect(await one.sessionStore.take(identifier)).toBeUndefined();
    // the memory of this fleet has just begun, so that it vouches for nothing
    expect(await one.tls.replayGuard.firstUse(randomBytes(32), Date.now() + 120_000)).toBe(false);

    let made = 0;
    const options = {
      name: 'staple',
      make: async () => Promise.resolve({ bytes: Uint8Array.of((made += 1)), expiresAt: Date.now() + 7_200_000 }),
    };
    const [first, second] = [one.sharedValue(options), two.sharedValue(options)];
    await until(async () => {
      await Promise.all([first.check(), second.check()]);
      return first.current !== undefined && second.current !== undefined;
    });
    expect([first.current, second.current, made]).toEqual([Uint8Array.of(1), Uint8Array.of(1), 1]);

    await one.rotateTicketKeys();
    if (connection.subscriber === undefined) await two.check();
    await until(async () => (await two.tls.ticketKeys.current()).length === 3);
    expect((await two.tls.ticketKeys.current())[0]).toEqual(keys[0]);
    expect(warnings).toEqual([]);
    await connection.close();
  });
});

it('a user with the rights that the documentation lists is enough', async () => {
  const admin = server.client();
  const rights = '+get +set +mget +del +exists +eval +time +info +publish ~tls-fleet:* ~{tls-fleet}* &tls-fleet:*';
  await admin.call('ACL', 'SETUSER', 'fleet', 'on', '>password', ...rights.split(' '));
  // the client asks for these itself
  await admin.call('ACL', 'SETUSER', 'fleet', '+client', '+subscribe', '+unsubscribe');
  const options = { host: '127.0.0.1', port: server.port, username: 'fleet', password: 'password' };
  const [client, subscriber] = [new Redis(options), new Redis(options)];
  const warnings: unknown[] = [];
  const onWarning = (warning: unknown): void => void warnings.push(warning);
  using fleet = await redisFleet({ redis: client, subscriber, secret, deadline: 900, onWarning });
  await fleet.sessionStore.put(secret, secret, Date.now() + 60_000);
  expect(await fleet.sessionStore.take(secret)).toEqual(new Uint8Array(secret));
  await fleet.rotateTicketKeys();
  const value = fleet.sharedValue({
    name: 'a',
    make: async () => Promise.resolve({ bytes: Uint8Array.of(1), expiresAt: Date.now() + 60_000 }),
  });
  await value.check();
  await fleet.store.put('a', Uint8Array.of(1), Date.now() + 60_000);
  expect([await fleet.store.get('a'), value.current]).toEqual([Uint8Array.of(1), Uint8Array.of(1)]);
  expect(fleet.status).toMatchObject({ answers: true, earlyData: true });
  expect(warnings).toEqual([]);
  for (const each of [client, subscriber, admin]) each.disconnect();
});

it('what is no client is a TypeError', async () => {
  for (const redis of [undefined, null, {}, 'redis://127.0.0.1', { get: () => undefined }])
    await expect(redisFleet({ redis: redis as never, secret })).rejects.toThrow(TypeError);
});
