import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { TicketKey, TlsError } from '@org/tls-core';
import { afterEach, describe, expect, it } from 'vitest';
import { derivedTicketKeys, memorySessionStore, memoryTicketKeys } from '../src/index.ts';
import { joinWorkers, leadWorkers, type JoinedWorker, type LeaderOptions } from '../src/workers/index.ts';
import { backends, exchange, serverOf, trust } from './support/exchange.ts';
import { until } from './support/until.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const told: TlsError[] = [];
const onWarning = (warning: TlsError): void => void told.push(warning);
afterEach(() => void told.splice(0));

async function lead(options: LeaderOptions = {}) {
  const leader = await leadWorkers({ onWarning, ...options });
  closing.push(() => leader.close());
  return leader;
}

/** Says to one end of a channel what the other end then hears. */
function say(port: MessagePort, message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
  port.postMessage(message);
}

function ports(): readonly [MessagePort, MessagePort] {
  const { port1, port2 } = new MessageChannel();
  closing.push(() => port1.close());
  return [port1, port2];
}

async function worker(leader: { serve(port: MessagePort): void }): Promise<JoinedWorker> {
  const [above, below] = ports();
  leader.serve(below);
  const joined = await joinWorkers({ channel: above, deadline: 900, onWarning });
  closing.push(() => joined.close());
  return joined;
}
const keysOf = async ({ tls }: Pick<JoinedWorker, 'tls'>): Promise<readonly TicketKey[]> => tls.ticketKeys.current();
const inAMinute = (): number => Date.now() + 60_000;

describe('workers of one leader', () => {
  it('have its keys from the beginning, and the same objects after a rotation', async () => {
    const ticketKeys = memoryTicketKeys();
    const leader = await lead({ ticketKeys });
    const [one, two] = [await worker(leader), await worker(leader)];
    const [key] = await keysOf(one);
    expect(await keysOf(one)).toEqual(await keysOf(two));
    ticketKeys.rotate();
    await until(async () => (await keysOf(one)).length === 2);
    expect((await keysOf(one))[0]).toBe(key);
    await until(async () => (await keysOf(one))[0] !== key);
    expect((await keysOf(one))[1]).toBe(key);
  });

  it('have a new key open in all of them before it seals in any', async () => {
    const ticketKeys = memoryTicketKeys();
    const leader = await lead({ ticketKeys });
    const joined = await worker(leader);
    ticketKeys.rotate();
    await leader.check();
    const [rotated] = await ticketKeys.current();
    expect((await keysOf(leader)).map(({ name }) => name)).toEqual(
      (await ticketKeys.current()).map(({ name }) => name).toReversed(),
    );
    await leader.check();
    expect((await keysOf(leader))[0]).toBe(rotated);
    await until(async () => (await keysOf(joined))[0]?.name[0] === rotated?.name[0]);
    expect(await keysOf(joined)).toEqual(await keysOf(leader));
  });

  it('take early data once together, and each session once', async () => {
    const leader = await lead();
    const joined = [await worker(leader), await worker(leader), await worker(leader)];
    const identifier = randomBytes(32);
    const firsts = await Promise.all(joined.map(async ({ tls }) => tls.replayGuard?.firstUse(identifier, inAMinute())));
    expect(firsts.filter((first) => first === true)).toHaveLength(1);
    await joined[0]?.sessionStore.put(identifier, randomBytes(500), inAMinute());
    const states = await Promise.all(joined.map(async ({ sessionStore }) => sessionStore.take(identifier)));
    expect(states.filter((state) => state?.length === 500)).toHaveLength(1);
  });

  it('lose nothing when one of them dies', async () => {
    const leader = await lead();
    const [one, two] = [await worker(leader), await worker(leader)];
    const [taken, kept] = [randomBytes(32), randomBytes(32)];
    expect(await one.tls.replayGuard?.firstUse(taken, inAMinute())).toBe(true);
    await one.sessionStore.put(kept, Uint8Array.of(1, 2, 3), inAMinute());
    one.close();
    expect(await two.tls.replayGuard?.firstUse(taken, inAMinute())).toBe(false);
    expect(await two.sessionStore.take(kept)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('have no guard where the keys come from elsewhere: nobody has seen what other hosts took', async () => {
    const leader = await lead({ ticketKeys: derivedTicketKeys({ secret: randomBytes(32) }) });
    expect(leader.tls).not.toHaveProperty('replayGuard');
    expect((await worker(leader)).tls).not.toHaveProperty('replayGuard');
  });

  it('have nothing any more when the leader is gone or closed, and their owner is told', async () => {
    for (const isClosed of [true, false]) {
      // oxlint-disable-next-line no-await-in-loop
      const leader = await lead();
      const [above, below] = ports();
      leader.serve(below);
      // oxlint-disable-next-line no-await-in-loop
      const joined = await joinWorkers({ channel: above, onWarning });
      if (isClosed) leader.close();
      else below.close();
      // oxlint-disable-next-line no-await-in-loop
      await until(async () => (await keysOf(joined)).length === 0);
      // oxlint-disable-next-line no-await-in-loop
      expect(await joined.tls.replayGuard?.firstUse(randomBytes(32), inAMinute())).toBe(false);
      // oxlint-disable-next-line no-await-in-loop
      expect(await joined.sessionStore.take(randomBytes(32))).toBeUndefined();
      expect(told.splice(0)).toMatchObject([{ code: 'ERR_TLS_TRANSPORT' }]);
    }
  });

  it('wait no longer than the deadline for a leader that hangs, and then not at all', async () => {
    let asked = 0;
    const never = (): Promise<undefined> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const leader = await lead({ sessionStore: { put: () => undefined, take: never } });
    const [above, below] = ports();
    leader.serve(below);
    using joined = await joinWorkers({ channel: above, deadline: 20, onWarning });
    const take = async (): Promise<unknown> => joined.sessionStore.take(randomBytes(32));
    // oxlint-disable-next-line no-await-in-loop
    while (told.length === 0) expect(await take()).toBeUndefined();
    expect(told).toMatchObject([{ code: 'ERR_TLS_TIMEOUT' }]);
    const untilThen = asked;
    expect(new Set(await Promise.all(Array.from({ length: 600 }, take)))).toEqual(new Set([undefined]));
    expect([asked, told.length]).toEqual([untilThen, 1]);
  });

  it('get an answer where a store of the leader’s fails, and the leader’s owner is told', async () => {
    const leader = await lead({
      sessionStore: {
        put: () => undefined,
        take: () => {
          throw new Error('the store is broken');
        },
      },
    });
    const joined = await worker(leader);
    for (let index = 0; index < 5; index += 1)
      // oxlint-disable-next-line no-await-in-loop
      expect(await joined.sessionStore.take(randomBytes(32))).toBeUndefined();
    expect(told).toMatchObject([{ code: 'ERR_TLS_HOOK', cause: { message: 'the store is broken' } }]);
  });

  it('go on with the keys that they have where the leader’s source fails', async () => {
    let fails = false;
    const source = memoryTicketKeys();
    const leader = await lead({
      ticketKeys: { current: () => (fails ? Promise.reject(new Error('no keys')) : source.current()) },
    });
    const joined = await worker(leader);
    fails = true;
    await leader.check();
    expect(await keysOf(joined)).toHaveLength(1);
    expect(told).toMatchObject([{ code: 'ERR_TLS_HOOK' }]);
  });

  it('share a channel with messages of the program’s, which are left alone', async () => {
    const leader = await lead();
    const [above, below] = ports();
    const heard: unknown[] = [];
    below.on('message', (message: unknown) => heard.push(message));
    leader.serve(below);
    for (const message of [null, 5, 'text', {}, { is: 'join' }]) say(above, message);
    using joined = await joinWorkers({ channel: above });
    expect(await keysOf(joined)).toHaveLength(1);
    expect(heard.slice(0, 5)).toEqual([null, 5, 'text', {}, { is: 'join' }]);
  });

  it.each<[string, unknown]>([
    ['no command', undefined],
    ['an empty command', []],
    ['a command that nobody knows', ['flush']],
    ['numbers', [1, 2]],
    ['too many parts', ['take', '', '', '', '', '']],
    ['a time that is none', ['firstUse', 'AAAA', 'soon']],
  ])('that ask %s get an answer, and the leader goes on', async (_what, command) => {
    const leader = await lead();
    const [above, below] = ports();
    leader.serve(below);
    const replies: unknown[] = [];
    above.on('message', (message: unknown) => replies.push(message));
    say(above, { from: '@org/tls-fleet 1', is: 'question', id: 7, command });
    await until(() => replies.length > 0);
    expect(replies).toEqual([{ from: '@org/tls-fleet 1', is: 'reply', id: 7, reply: undefined }]);
    expect(told).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
    expect(await keysOf(await worker(leader))).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['no list', 'keys'],
    ['more keys than handshakes take', Array.from({ length: 257 }, () => 'A'.repeat(64))],
    ['a key of another length', ['A'.repeat(60)]],
    ['a key that is no text', [48]],
  ])('that get %s for keys keep those that they have', async (_what, keys) => {
    const leader = await lead();
    const [above, below] = ports();
    leader.serve(below);
    using joined = await joinWorkers({ channel: above, onWarning });
    say(below, { from: '@org/tls-fleet 1', is: 'keys', keys });
    await until(() => told.length > 0);
    expect(told).toMatchObject([{ code: 'ERR_TLS_DECODE' }]);
    expect(await keysOf(joined)).toHaveLength(1);
  });
});

describe('options of workers', () => {
  it('that are unknown or of the wrong type are a TypeError', async () => {
    const [channel] = ports();
    await expect(leadWorkers({ keys: [] } as never)).rejects.toThrow(TypeError);
    await expect(leadWorkers({ ticketKeys: {} as never })).rejects.toThrow(TypeError);
    await expect(joinWorkers({ channel, leader: 1 } as never)).rejects.toThrow(TypeError);
    await expect(joinWorkers({ channel: new EventEmitter() as never })).rejects.toThrow(TypeError);
    const leader = await lead();
    expect(() => leader.serve({} as never)).toThrow(TypeError);
  });

  it('name what is wrong: a deadline that handshakes do not wait for', async () => {
    const [channel] = ports();
    await expect(joinWorkers({ channel, deadline: 1000 })).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  it('a leader that is gone while it is joined is an error at once', async () => {
    const [above, below] = ports();
    const joining = joinWorkers({ channel: above, onWarning });
    below.close();
    await expect(joining).rejects.toMatchObject({ code: 'ERR_TLS_TRANSPORT' });
  });
});

describe('sessions in memory', () => {
  it('are bounded in number and in bytes, and the oldest makes room', async () => {
    const few = memorySessionStore({ maxSessions: 2 });
    const small = memorySessionStore({ maxBytes: 10 });
    const at = (number: number): Uint8Array => new Uint8Array(32).fill(number);
    for (const number of [1, 2, 3]) {
      // oxlint-disable-next-line no-await-in-loop
      await few.put(at(number), new Uint8Array(5), inAMinute());
      // oxlint-disable-next-line no-await-in-loop
      await small.put(at(number), new Uint8Array(5), inAMinute());
    }
    await small.put(at(4), new Uint8Array(11), inAMinute());
    for (const store of [few, small]) {
      // oxlint-disable-next-line no-await-in-loop
      const kept = await Promise.all([1, 2, 3, 4].map(async (number) => store.take(at(number))));
      expect(kept.map((state) => state?.length)).toEqual([undefined, 5, 5, undefined]);
    }
  });

  it('are taken once, end when they are over, and are the store’s own bytes', async () => {
    const store = memorySessionStore();
    const state = Uint8Array.of(1, 2, 3);
    await store.put(state, state, inAMinute());
    await store.put(Uint8Array.of(9), state, Date.now() - 1);
    state.fill(0);
    expect(await store.take(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3));
    expect(await store.take(Uint8Array.of(1, 2, 3))).toBeUndefined();
    expect(await store.take(Uint8Array.of(9))).toBeUndefined();
  });
});

describe.each(backends)('workers over the %s backend', (_name, backend) => {
  it('resume each other’s sessions with early data', async () => {
    const client = backend.createClientContext({ trust });
    const leader = await lead();
    const [one, two] = [await worker(leader), await worker(leader)];
    const [here, there] = [one, two].map(({ tls }) => serverOf(backend, { ...tls, maxEarlyData: 1000 }));
    if (here === undefined || there === undefined) throw new Error('there are two workers');
    const { session } = await exchange(client, here);
    expect(await exchange(client, there, { session, early: 'GET /' })).toMatchObject({
      info: { resumed: true, earlyData: 'accepted' },
      early: 'GET /',
    });
  });
});
