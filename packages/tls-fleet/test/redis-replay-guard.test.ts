import { randomBytes } from 'node:crypto';
import type { TlsError } from '@org/tls-core';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisFleet, type RedisFleet, type RedisFleetOptions } from '../src/redis/index.ts';
import { backends, exchange, serverOf, trust } from './support/exchange.ts';
import { RedisServer } from './support/redis-server.ts';
import { rememberForAnHour } from './support/remembering.ts';
import { until } from './support/until.ts';

const secret = randomBytes(32);
let server: RedisServer;
let redis: Redis;
let fleets: RedisFleet[] = [];
let warnings: TlsError[] = [];
beforeAll(async () => {
  server = await RedisServer.start(['--save', '3600', '100000']);
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
  await redis.config('SET', 'maxmemory', '0');
});

async function join(more: Partial<RedisFleetOptions> = {}): Promise<RedisFleet> {
  const onWarning = (warning: TlsError): void => void warnings.push(warning);
  const fleet = await redisFleet({ redis, secret, deadline: 900, pollInterval: 60_000, onWarning, ...more });
  fleets.push(fleet);
  return fleet;
}

const firstUse = async (fleet: RedisFleet, identifier: Uint8Array = randomBytes(32)): Promise<boolean> =>
  fleet.tls.replayGuard.firstUse(identifier, Date.now() + 120_000);

describe('early data in redis', () => {
  it('is taken once by all servers together', async () => {
    const [one, two] = [await join(), await join()];
    await rememberForAnHour(redis);
    for (let round = 0; round < 20; round += 1) {
      const identifier = randomBytes(32);
      // oxlint-disable-next-line no-await-in-loop
      const taken = await Promise.all([one, two, one, two].map((fleet) => firstUse(fleet, identifier)));
      expect(taken.filter(Boolean)).toHaveLength(1);
    }
  });

  it('§8.2 is not taken before redis has remembered for as long as it could be replayed', async () => {
    const fleet = await join();
    expect(await firstUse(fleet)).toBe(false);
    expect(warnings).toEqual([]);
  });

  it('is not taken after a restart without data', async () => {
    const fleet = await join();
    await rememberForAnHour(redis);
    expect(await firstUse(fleet)).toBe(true);
    await server.stop();
    await server.start();
    await until(async () => (await redis.ping().catch(() => '')) === 'PONG');
    await until(async () => {
      await fleet.check();
      return fleet.status.earlyData;
    });
    expect(await firstUse(fleet)).toBe(false);
  });

  it('is not taken after a restart from a snapshot, which lacks the last marks', async () => {
    const fleet = await join();
    await rememberForAnHour(redis);
    await redis.save();
    const identifier = randomBytes(32);
    expect(await firstUse(fleet, identifier)).toBe(true);
    await server.stop();
    await server.start();
    await until(async () => (await redis.ping().catch(() => '')) === 'PONG');
    expect(await redis.exists('{tls-fleet}:early-data-memory')).toBe(1);
    await until(async () => {
      await fleet.check();
      return fleet.status.earlyData;
    });
    expect(await firstUse(fleet, identifier)).toBe(false);
    expect(await firstUse(fleet)).toBe(false);
  });

  it('is not taken after a flush, nor where another has written what redis remembers', async () => {
    const fleet = await join();
    for (const value of ['', 'x', 'run 0', `${'f'.repeat(40)} 0`, '[ 1']) {
      // oxlint-disable-next-line no-await-in-loop
      await redis.set('{tls-fleet}:early-data-memory', value);
      // oxlint-disable-next-line no-await-in-loop
      expect(await firstUse(fleet)).toBe(false);
    }
    await rememberForAnHour(redis);
    expect(await firstUse(fleet)).toBe(true);
    await redis.flushall();
    expect(await firstUse(fleet)).toBe(false);
  });

  it('is not taken where redis may forget it to make room, and the owner is told what to set', async () => {
    await redis.config('SET', 'maxmemory', '100mb');
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const fleet = await join();
    await rememberForAnHour(redis);
    expect(await firstUse(fleet)).toBe(false);
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_CONFIG', message: expect.stringContaining('noeviction') }]);
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    await fleet.check();
    expect(await firstUse(fleet)).toBe(true);
  });

  it('is not taken where redis has no room, or does not say which run of it this is', async () => {
    const fleet = await join();
    await rememberForAnHour(redis);
    await redis.config('SET', 'maxmemory', '1');
    expect(await firstUse(fleet)).toBe(false);
    await redis.config('SET', 'maxmemory', '0');
    const silent = await join({
      redis: ([name = '', ...args]) =>
        redis.call(
          name,
          args.map((each) => each.replaceAll('run_id', 'no_id')),
        ),
    });
    expect(await firstUse(silent)).toBe(false);
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_CONFIG' }]);
  });

  it('is not taken on any other reply, late replies, or failures', async () => {
    const replies: readonly unknown[] = [0, -1, -2, null, 'OK', '11', [1], true, {}, Number.NaN, 1.5];
    let reply: unknown = 1;
    const fleet = await join({
      redis: ([name = '', ...args]) =>
        args[1] === '2'
          ? reply instanceof Error
            ? Promise.reject(reply)
            : Promise.resolve(reply)
          : redis.call(name, args),
    });
    expect(await firstUse(fleet)).toBe(true);
    for (reply of [...replies, new Error('READONLY'), new Error('OOM')])
      // oxlint-disable-next-line no-await-in-loop
      expect(await firstUse(fleet)).toBe(false);
  });

  it.each<[string, Uint8Array, number]>([
    ['an empty identifier', new Uint8Array(), 120_000],
    ['a long identifier', new Uint8Array(65), 120_000],
    ['an end that is long over', randomBytes(32), -120_000],
    ['an end in a year', randomBytes(32), 31_536_000_000],
    ['no end', randomBytes(32), Number.NaN],
  ])('is not taken with %s', async (_what, identifier, lifetime) => {
    const fleet = await join();
    await rememberForAnHour(redis);
    expect(await fleet.tls.replayGuard.firstUse(identifier, Date.now() + lifetime)).toBe(false);
  });

  it('is remembered for a minute longer than the backend asks, since clocks differ, and not for ever', async () => {
    const fleet = await join();
    await rememberForAnHour(redis);
    await firstUse(fleet);
    const [mark = ''] = await redis.keys('*early-data:*');
    const lifetime = await redis.pttl(mark);
    expect(lifetime).toBeGreaterThan(120_000);
    expect(lifetime).toBeLessThanOrEqual(180_000);
  });
});

describe.each(backends)('servers over the %s backend', (_name, backend) => {
  it('take early data with each other’s tickets, and none where redis is silent: the session is resumed all the same', async () => {
    let isGone = false;
    const client = backend.createClientContext({ trust });
    const fleet = await join({
      redis: ([name = '', ...args]) => (isGone ? new Promise(() => undefined) : redis.call(name, args)),
    });
    await rememberForAnHour(redis);
    const config = { ...fleet.tls, maxEarlyData: 16_384 };
    const [here, there] = [serverOf(backend, config), serverOf(backend, config)];
    const { session } = await exchange(client, here);
    const taken = await exchange(client, there, { session, early: 'GET /' });
    expect(taken).toMatchObject({ early: 'GET /', info: { resumed: true, earlyData: 'accepted' } });
    isGone = true;
    const { info, early, warnings: told } = await exchange(client, here, { session: taken.session, early: 'GET /' });
    expect(early).toBe('');
    expect(info).toMatchObject({ resumed: true, earlyData: 'rejected' });
    expect(told).toEqual([]);
  });
});
