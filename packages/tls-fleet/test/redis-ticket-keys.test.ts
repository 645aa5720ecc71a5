import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TlsError } from '@org/tls-core';
import { TicketKeyTable } from '../src/redis/ticket-key-table.ts';
import { redisFleet, type RedisFleet, type RedisFleetOptions } from '../src/redis/index.ts';
import { backends, exchange, serverOf, trust } from './support/exchange.ts';
import { MovedTime } from './support/moved-time.ts';
import { RedisServer } from './support/redis-server.ts';
import { until } from './support/until.ts';

const secret = randomBytes(32);
let server: RedisServer;
let redis: Redis;
let fleets: RedisFleet[] = [];
let warnings: TlsError[] = [];
beforeAll(async () => {
  server = await RedisServer.start();
  redis = server.client();
});
afterAll(async () => {
  redis.disconnect();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  for (const fleet of fleets) fleet.close();
  fleets = [];
  warnings = [];
  await redis.flushall();
});

/** Joins the fleet of this test. Only `check` looks, if nothing else is said. */
async function join(more: Partial<RedisFleetOptions> = {}): Promise<RedisFleet> {
  const onWarning = (warning: TlsError): void => void warnings.push(warning);
  const fleet = await redisFleet({ redis, secret, deadline: 900, pollInterval: 60_000, onWarning, ...more });
  fleets.push(fleet);
  return fleet;
}
const namesOf = async (fleet: RedisFleet): Promise<readonly string[]> =>
  (await fleet.tls.ticketKeys.current()).map(({ name }) => Buffer.from(name).toString('hex'));
/** Lets so much time go by that a new key seals, and all look. */
async function settled(time: MovedTime, all: readonly RedisFleet[]): Promise<void> {
  time.move(200_000);
  for (const fleet of all)
    // oxlint-disable-next-line no-await-in-loop
    await fleet.check();
}
const keysInRedis = async (): Promise<readonly string[]> => (await redis.keys('*ticket-key*')).toSorted();

describe('options of a fleet in redis', () => {
  it.each<[string, Partial<RedisFleetOptions>]>([
    ['no secret', { secret: undefined as never }],
    ['a short secret', { secret: randomBytes(16) }],
    ['a secret beside `unsealed`', { dangerous: { unsealed: true } }],
    ['a name with a hash tag', { name: '{fleet}' }],
    ['a deadline that a handshake does not wait for', { deadline: 1000 }],
    ['looks that are rarer than keys change', { rotationInterval: 10_000, pollInterval: 5000 }],
  ])('%s is refused by name', async (_what, options) => {
    await expect(redisFleet({ redis, secret, ...options })).rejects.toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: expect.any(String),
    });
  });

  it.each<[string, object]>([
    ['an unknown option', { host: 'localhost' }],
    ['an unknown danger', { dangerous: { none: true } }],
    ['a danger that is no boolean', { dangerous: { unsealed: 1 } }],
    ['a secret that is text', { secret: 'a'.repeat(32) }],
    ['a subscriber that is none', { subscriber: {} }],
  ])('%s is a TypeError', async (_what, options) => {
    await expect(redisFleet({ redis, secret, ...options })).rejects.toThrow(TypeError);
  });
});

describe('ticket keys in redis', () => {
  it('are made once, however many servers begin at the same time', async () => {
    const joined = await Promise.all(Array.from({ length: 8 }, () => join()));
    const names = await Promise.all(joined.map(namesOf));
    expect(names[0]).toHaveLength(2);
    for (const each of names) expect(each).toEqual(names[0]);
    expect(await keysInRedis()).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it('are sealed at rest, and live no longer than they are needed', async () => {
    const fleet = await join();
    const [key] = await fleet.tls.ticketKeys.current();
    for (const name of await keysInRedis()) {
      // oxlint-disable-next-line no-await-in-loop
      const value = Buffer.from((await redis.get(name)) ?? '', 'base64url');
      expect(value[0]).toBe(1);
      expect(value.includes(Buffer.from(key?.name ?? value))).toBe(false);
      // oxlint-disable-next-line no-await-in-loop
      expect(await redis.pttl(name)).toBeLessThanOrEqual((3 * 6 + 2) * 3_600_000);
    }
  });

  it('of a server with another secret are told, left aside, and left where they are', async () => {
    const fleet = await join();
    const values = await redis.mget((await keysInRedis()) as string[]);
    const stranger = await join({ secret: randomBytes(32) });
    expect(await namesOf(stranger)).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_DECODE' }, { code: 'ERR_TLS_DECODE' }]);
    expect(await redis.mget((await keysInRedis()) as string[])).toEqual(values);
    await expect(stranger.rotateTicketKeys()).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    await fleet.check();
    expect(await namesOf(fleet)).toHaveLength(2);
  });

  it('are shared while a secret is replaced', async () => {
    const next = randomBytes(32);
    const one = await join({ secret: [secret, next] });
    const two = await join({ secret: [next, secret] });
    expect(await namesOf(two)).toEqual(await namesOf(one));
  });

  it('are put back by any server when redis has lost them', async () => {
    const fleet = await join();
    const names = await namesOf(fleet);
    await redis.flushall();
    await fleet.check();
    expect(await namesOf(await join())).toEqual(names);
  });

  it('that are made anew before they were put back open at once, and seal when all servers have them', async () => {
    const old = await join();
    const [sealing = ''] = await namesOf(old);
    await redis.flushall();
    const [other = ''] = await namesOf(await join());
    await old.check();
    const names = await namesOf(old);
    expect(names[0]).toBe(sealing);
    expect(names).toContain(other);
  });

  it('that are rotated open everywhere before they seal anywhere', async () => {
    const time = new MovedTime(() => redis);
    const [one, two] = [await join({ redis: time.send }), await join({ redis: time.send })];
    const [sealing = ''] = await namesOf(one);
    await one.rotateTicketKeys();
    expect((await namesOf(one))[0]).toBe(sealing);
    await two.check();
    expect(await namesOf(two)).toHaveLength(3);
    expect((await namesOf(two))[0]).toBe(sealing);
    await settled(time, [one, two]);
    const [rotated = ''] = await namesOf(one);
    expect(rotated).not.toBe(sealing);
    expect((await namesOf(two))[0]).toBe(rotated);
    expect(await namesOf(one)).toContain(sealing);
  });

  it('that are rotated again before they seal leave the one that seals where it is, and no server is left behind', async () => {
    const time = new MovedTime(() => redis);
    const [one, two] = [await join({ redis: time.send }), await join({ redis: time.send })];
    const [sealing = ''] = await namesOf(one);
    for (let round = 0; round < 10; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      await one.rotateTicketKeys();
    expect((await namesOf(one))[0]).toBe(sealing);
    await settled(time, [one, two]);
    const [rotated = ''] = await namesOf(one);
    expect(rotated).not.toBe(sealing);
    expect((await namesOf(two))[0]).toBe(rotated);
    expect(await namesOf(two)).toContain(sealing);
  });

  it('that are rotated are known to a server that begins later, and the one that seals goes on until all know the next', async () => {
    const one = await join();
    const [sealing = ''] = await namesOf(one);
    await one.rotateTicketKeys();
    const two = await join();
    expect(await namesOf(two)).toEqual(await namesOf(one));
    expect((await namesOf(two))[0]).toBe(sealing);
  });

  it('are never more than handshakes take, however often they are rotated', async () => {
    let now = 1e12;
    const table = new TicketKeyTable({ interval: 1_000_000, lifetime: 48_000_000 });
    for (let round = 0; round < 400; round += 1) {
      now += 10;
      const key = { name: randomBytes(16), secret: randomBytes(32) };
      table.adopt({ epoch: Math.floor(now / 1_000_000), key, activeAt: now }, now);
      expect(table.at(now)[0]).toBe(key);
    }
    expect(table.at(now).length).toBe(240);
  });

  it('change at the end of an interval, made ahead', async () => {
    const time = new MovedTime(() => redis);
    const fleet = await join({ redis: time.send });
    const [sealing = '', next = ''] = await namesOf(fleet);
    time.move(6 * 3_600_000);
    await fleet.check();
    const names = await namesOf(fleet);
    expect(names[0]).toBe(next);
    expect(names).toContain(sealing);
  });

  it('change by themselves, and look by themselves whether there are new ones', async () => {
    const fleet = await join({ rotationInterval: 5000, sessionLifetimeSeconds: 60, pollInterval: 100 });
    const seen = new Set<string>();
    await until(async () => {
      const [sealing] = await namesOf(fleet);
      if (sealing !== undefined) seen.add(sealing);
      return seen.size === 2;
    });
    expect(await namesOf(fleet)).toEqual(expect.arrayContaining([...seen]));
  });

  it('go by the time of redis, so that the clocks of hosts may say anything', async () => {
    const clocks = [0, 1e12, Date.now() + 86_400_000].map((time) => () => time);
    const joined = await Promise.all(clocks.map((clock) => join({ clock })));
    const names = await Promise.all(joined.map(namesOf));
    for (const each of names) expect(each).toEqual(names[0]);
  });

  it.each<[string, string]>([
    ['text of another kind', 'hello'],
    ['an empty value', ''],
    ['a large value', 'A'.repeat(100_000)],
    ['a value that says that it is not sealed', Buffer.alloc(55).toString('base64url')],
    ['noise of the right length', Buffer.concat([Uint8Array.of(1), randomBytes(82)]).toString('base64url')],
  ])('are not taken from %s, which is told by its place', async (_what, value) => {
    await join();
    const [first = '', second = ''] = await keysInRedis();
    await redis.set(first, value);
    await redis.set(second, value);
    const fleet = await join();
    expect(await namesOf(fleet)).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['ERR_TLS_DECODE', 'ERR_TLS_DECODE']);
    for (const { message } of warnings) expect(message).toContain('ticket-key');
  });

  it('that somebody has moved to another interval are refused', async () => {
    await join();
    const [first = '', second = ''] = await keysInRedis();
    await redis.rename(first, second);
    const fleet = await join();
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
    expect(await namesOf(fleet)).toHaveLength(1);
  });

  it('of other types are refused, and the server goes on', async () => {
    await join();
    const [first = ''] = await keysInRedis();
    await redis.del(first);
    await redis.lpush(first, 'a');
    const fleet = await join();
    expect(fleet.status.answers).toBe(true);
    expect(await namesOf(fleet)).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['text', 'now'],
    ['a list of one', ['1']],
    ['words', ['a', 'b']],
    ['a time before all time', ['-5', '0']],
    ['a number without end', ['9'.repeat(400), '0']],
    ['objects', [{}, {}]],
  ])('are none where TIME gives %s', async (_what, reply) => {
    const fleet = await join({
      redis: ([name = '', ...args]) => (name === 'TIME' ? Promise.resolve(reply) : redis.call(name, args)),
    });
    expect(await namesOf(fleet)).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
  });

  it('are kept as they are where the owner says so, and then a sealed fleet refuses them', async () => {
    const open = { secret: undefined as never, dangerous: { unsealed: true } };
    const fleet = await join(open);
    expect(await namesOf(await join(open))).toEqual(await namesOf(fleet));
    expect(await namesOf(await join())).toEqual([]);
    expect(warnings).toHaveLength(2);
  });

  it('stay while redis does not answer, are told once, and are none once the server has left', async () => {
    let isGone = false;
    const fleet = await join({
      redis: ([name = '', ...args]) => (isGone ? Promise.reject(new Error('gone')) : redis.call(name, args)),
    });
    const names = await namesOf(fleet);
    isGone = true;
    for (let look = 0; look < 5; look += 1)
      // oxlint-disable-next-line no-await-in-loop
      await fleet.check();
    expect(await namesOf(fleet)).toEqual(names);
    expect(warnings.filter(({ code }) => code === 'ERR_TLS_TRANSPORT').length).toBeLessThanOrEqual(2);
    expect(fleet.status).toMatchObject({ answers: false, ticketKeys: 2, earlyData: false });
    fleet.close();
    expect(await namesOf(fleet)).toEqual([]);
  });

  it('are not waited for at the start where redis is gone: the fleet is there, without tickets', async () => {
    const fleet = await join({ redis: () => Promise.reject(new Error('gone')) });
    expect(fleet.status).toMatchObject({ ticketKeys: 0, earlyData: false });
    expect(warnings).not.toEqual([]);
  });

  it('reach no message and no print', async () => {
    const fleet = await join();
    const [key] = await fleet.tls.ticketKeys.current();
    const shown = inspect([fleet, warnings], { depth: 20, showHidden: true });
    for (const each of [key?.secret ?? secret, secret]) {
      expect(shown).not.toContain(Buffer.from(each).toString('hex', 0, 8));
      expect(shown).not.toContain([...each.subarray(0, 4)].join(', '));
    }
  });
});

describe.each(backends)('servers over the %s backend', (_name, backend) => {
  it('resume each other’s sessions by keys in redis, also across a rotation', async () => {
    const client = backend.createClientContext({ trust });
    const [one, two] = [await join({ pollInterval: 100 }), await join({ pollInterval: 100 })];
    const [here, there] = [serverOf(backend, one.tls), serverOf(backend, two.tls)];
    const { session } = await exchange(client, here);
    const second = await exchange(client, there, { session });
    expect(second.info.resumed).toBe(true);
    const [sealing = ''] = await namesOf(two);
    await one.rotateTicketKeys();
    await until(async () => (await namesOf(two))[0] !== sealing);
    const third = await exchange(client, there, { session: second.session });
    expect(third.info.resumed).toBe(true);
    expect(await exchange(client, here, { session: third.session })).toMatchObject({
      info: { resumed: true },
      warnings: [],
    });
  });
});
