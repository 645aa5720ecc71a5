import { randomBytes } from 'node:crypto';
import type { TlsError } from '@org/tls-core';
import { createBackend } from '@org/tls-pure';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { redisFleet, type RedisFleet, type RedisFleetOptions, type SharedValueOptions } from '../src/redis/index.ts';
import { exchange, serverOf, trust } from './support/exchange.ts';
import { RedisServer } from './support/redis-server.ts';
import { until } from './support/until.ts';

const secret = randomBytes(32);
let server: RedisServer;
let redis: Redis;
let fleets: RedisFleet[] = [];
let warnings: TlsError[] = [];
let isGone = false;
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
  isGone = false;
  await redis.flushall();
});

async function join(more: Partial<RedisFleetOptions> = {}): Promise<RedisFleet> {
  const onWarning = (warning: TlsError): void => void warnings.push(warning);
  const fleet = await redisFleet({
    redis: ([name = '', ...args]) => (isGone ? Promise.reject(new Error('gone')) : redis.call(name, args)),
    secret,
    deadline: 900,
    pollInterval: 60_000,
    onWarning,
    ...more,
  });
  fleets.push(fleet);
  return fleet;
}
const inAMinute = (): number => Date.now() + 60_000;
const state = Buffer.from('the state of a session');

describe('sessions in redis', () => {
  it('are taken once, by whichever server comes first', async () => {
    const [one, two] = [await join(), await join()];
    const identifier = randomBytes(32);
    await one.sessionStore.put(identifier, state, inAMinute());
    const taken = await Promise.all(
      [one, two, one, two].map(async ({ sessionStore }) => sessionStore.take(identifier)),
    );
    expect(taken.filter((each) => each !== undefined)).toEqual([new Uint8Array(state)]);
  });

  it('are sealed, under a name that is not their identifier, and end when they are over', async () => {
    const fleet = await join();
    const identifier = randomBytes(32);
    await fleet.sessionStore.put(identifier, state, inAMinute());
    await fleet.sessionStore.put(randomBytes(32), state, Date.now() - 1);
    const keys = await redis.keys('tls-fleet:session:*');
    expect(keys).toHaveLength(1);
    const [key = ''] = keys;
    expect(key).not.toContain(identifier.toString('base64url'));
    expect(Buffer.from((await redis.get(key)) ?? '', 'base64url').includes(state)).toBe(false);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000);
  });

  it('that another has written, moved or damaged are none, and the owner is told', async () => {
    const fleet = await join();
    const [identifier, other] = [randomBytes(32), randomBytes(32)];
    await fleet.sessionStore.put(identifier, state, inAMinute());
    const [from = ''] = await redis.keys('tls-fleet:session:*');
    await fleet.sessionStore.put(other, state, inAMinute());
    const [to = ''] = (await redis.keys('tls-fleet:session:*')).filter((key) => key !== from);
    await redis.rename(from, to);
    expect(await fleet.sessionStore.take(other)).toBeUndefined();
    for (const value of ['', 'text', 'A'.repeat(400_000)]) {
      // oxlint-disable-next-line no-await-in-loop
      await redis.set(from, value);
      // oxlint-disable-next-line no-await-in-loop
      expect(await fleet.sessionStore.take(identifier)).toBeUndefined();
    }
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
  });

  it('of more than 131,072 bytes are not kept, and the handshake’s owner is told', async () => {
    const fleet = await join();
    await expect(fleet.sessionStore.put(randomBytes(32), new Uint8Array(131_073), inAMinute())).rejects.toMatchObject({
      code: 'ERR_TLS_LIMIT',
    });
    const identifier = randomBytes(32);
    await fleet.sessionStore.put(identifier, new Uint8Array(131_072).fill(5), inAMinute());
    expect((await fleet.sessionStore.take(identifier))?.length).toBe(131_072);
  });

  it('resume on another server, in TLS 1.3 and 1.2; without redis handshakes are full ones and none fails', async () => {
    const backend = createBackend();
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
      isGone = false;
      const client = backend.createClientContext({ trust, minVersion: version, maxVersion: version });
      // oxlint-disable-next-line no-await-in-loop
      const [one, two] = [await join(), await join()];
      const [here, there] = [one, two].map(({ sessionStore }) => serverOf(backend, { sessionStore }));
      if (here === undefined || there === undefined) throw new Error('there are two servers');
      // oxlint-disable-next-line no-await-in-loop
      const { session } = await exchange(client, here);
      // oxlint-disable-next-line no-await-in-loop
      const second = await exchange(client, there, { session });
      expect(second.info).toMatchObject({ protocol: version, resumed: true });
      isGone = true;
      // oxlint-disable-next-line no-await-in-loop
      const third = await exchange(client, here, { session: second.session });
      expect(third).toMatchObject({ info: { resumed: false }, warnings: [] });
    }
  });
});

describe('a value that servers share', () => {
  const staple = (bytes: number, lifetime = 7_200_000): SharedValueOptions & { made: number } => {
    const options = {
      name: 'staple',
      made: 0,
      make: async () => {
        options.made += 1;
        return Promise.resolve({ bytes: Uint8Array.of(bytes), expiresAt: Date.now() + lifetime });
      },
    };
    return options;
  };
  const share = (fleet: RedisFleet, { name, make }: SharedValueOptions) => fleet.sharedValue({ name, make });

  it('is made by one of them, however many begin at the same time', async () => {
    const options = staple(1);
    const joined = await Promise.all(Array.from({ length: 5 }, () => join()));
    const values = joined.map((fleet) => share(fleet, options));
    await until(async () => {
      await Promise.all(values.map((value) => value.check()));
      return values.every(({ current }) => current !== undefined);
    });
    expect(options.made).toBe(1);
  });

  it('is made by each of them where redis does not answer', async () => {
    const joined = await Promise.all([join(), join()]);
    isGone = true;
    const options = staple(1);
    const values = joined.map((fleet) => share(fleet, options));
    await until(async () => {
      await Promise.all(values.map((value) => value.check()));
      return values.every(({ current }) => current !== undefined);
    });
    for (let round = 0; round < 5; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all(values.map((value) => value.check()));
    expect(options.made).toBe(2);
  });

  it('that cannot be made is told, and the next attempt is not at once', async () => {
    const fleet = await join();
    let made = 0;
    const value = fleet.sharedValue({
      name: 'staple',
      make: () => {
        made += 1;
        throw new Error('the responder is away');
      },
    });
    for (let round = 0; round < 5; round += 1)
      // oxlint-disable-next-line no-await-in-loop
      await value.check();
    expect([made, value.current]).toEqual([1, undefined]);
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_HOOK', cause: { message: 'the responder is away' } }]);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', { bytes: 'text', expiresAt: 1e12 }],
    ['no bytes', { bytes: new Uint8Array(), expiresAt: 1e12 }],
    ['too many bytes', { bytes: new Uint8Array(2 ** 20 + 1), expiresAt: 1e12 }],
    ['no end', { bytes: new Uint8Array(1) }],
    ['an end that is no time', { bytes: new Uint8Array(1), expiresAt: Number.POSITIVE_INFINITY }],
  ])('is none where its maker gives %s', async (_what, given) => {
    const fleet = await join();
    const value = fleet.sharedValue({ name: 'staple', make: () => Promise.resolve(given as never) });
    await value.check();
    expect(value.current).toBeUndefined();
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_HOOK' }]);
  });

  it('that is over is none, and one that another has written is made anew', async () => {
    const fleet = await join();
    const short = share(fleet, { ...staple(1, 50), name: 'short' });
    await short.check();
    await until(() => short.current === undefined);
    await redis.set('tls-fleet:value:staple', 'written by another');
    const options = staple(2);
    const value = share(fleet, options);
    await value.check();
    expect([value.current, options.made]).toEqual([Uint8Array.of(2), 1]);
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
  });

  it('ends with the fleet', async () => {
    const fleet = await join();
    const value = share(fleet, staple(1));
    await value.check();
    expect(value.current).toEqual(Uint8Array.of(1));
    fleet.close();
    expect(value.current).toBeUndefined();
  });
});

describe('a store of the fleet', () => {
  it('keeps bytes for all servers until their end, sealed, and nothing that another has put there', async () => {
    const [one, two] = [await join(), await join()];
    await one.store.put('staple', Uint8Array.of(1, 2, 3), inAMinute());
    await one.store.put('over', Uint8Array.of(1), Date.now() - 1);
    expect(await two.store.get('staple')).toEqual(Uint8Array.of(1, 2, 3));
    expect(await two.store.get('over')).toBeUndefined();
    expect(await redis.pttl('tls-fleet:stored:staple')).toBeLessThanOrEqual(60_000);
    await redis.set('tls-fleet:stored:staple', Buffer.from([0, 1, 2, 3]).toString('base64url'));
    expect(await two.store.get('staple')).toBeUndefined();
    expect(warnings).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
  });

  it('has nothing where redis does not answer or the fleet was left, and fails nobody', async () => {
    const fleet = await join();
    await fleet.store.put('staple', Uint8Array.of(1), inAMinute());
    isGone = true;
    expect(await fleet.store.get('staple')).toBeUndefined();
    await fleet.store.put('staple', Uint8Array.of(2), inAMinute());
    isGone = false;
    fleet.close();
    expect(await fleet.store.get('staple')).toBeUndefined();
  });

  it('refuses keys that are no names, no bytes and too many', async () => {
    const { store } = await join();
    await expect(store.get('a:b')).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
    await expect(store.get(5 as never)).rejects.toThrow(TypeError);
    for (const length of [0, 2 ** 20 + 1])
      // oxlint-disable-next-line no-await-in-loop
      await expect(store.put('a', new Uint8Array(length), inAMinute())).rejects.toMatchObject({
        code: 'ERR_TLS_LIMIT',
      });
  });
});
