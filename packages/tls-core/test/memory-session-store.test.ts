import { afterEach, describe, expect, test, vi } from 'vitest';
import { MemorySessionStore, type TlsSession } from '../src/index.ts';

afterEach(() => void vi.useRealTimers());

function sessionOf(name: string, { receivedAt = Date.now(), lasts = 60_000 } = {}): TlsSession {
  return {
    backend: 'pure',
    protocol: 'TLSv1.3',
    serverName: name,
    receivedAt,
    expiresAt: receivedAt + lasts,
    maxEarlyData: 0,
    state: new Uint8Array(),
  };
}

/** Takes the sessions of a key, ten at most. */
const namesIn = (store: MemorySessionStore, key: string): readonly (string | undefined)[] => {
  const taken = Array.from({ length: 10 }, () => store.take(key)?.serverName);
  return taken.filter((name) => name !== undefined);
};

describe('sessions in memory', () => {
  test('are given out once each, the last one first, and under their own key only', () => {
    const store = new MemorySessionStore();
    for (const name of ['one', 'two']) store.put('here', sessionOf(name));
    expect(store.take('there')).toBeUndefined();
    expect(namesIn(store, 'here')).toEqual(['two', 'one']);
    expect(store.size).toBe(0);
  });

  test('are bounded under one key, where the oldest goes', () => {
    const store = new MemorySessionStore({ maxSessionsPerKey: 2 });
    for (const name of ['one', 'two', 'three']) store.put('here', sessionOf(name));
    expect(store.size).toBe(2);
    expect(namesIn(store, 'here')).toEqual(['three', 'two']);
  });

  test('are bounded in all, where the key goes that was used longest ago', () => {
    const store = new MemorySessionStore({ maxSessions: 3 });
    for (const key of ['one', 'two', 'three']) store.put(key, sessionOf(key));
    store.put('one', sessionOf('one again'));
    expect(store.size).toBe(3);
    expect(namesIn(store, 'two')).toEqual([]);
    expect(namesIn(store, 'one')).toEqual(['one again', 'one']);
    expect(namesIn(store, 'three')).toEqual(['three']);
  });

  test('end when the server says, and after the store’s own time', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const store = new MemorySessionStore({ lifetimeSeconds: 10 });
    store.put('short', sessionOf('short', { lasts: 5000 }));
    store.put('long', sessionOf('long', { lasts: 60_000 }));
    vi.setSystemTime(1_005_000);
    expect(namesIn(store, 'short')).toEqual([]);
    store.put('long', sessionOf('longer', { receivedAt: 1_005_000 }));
    vi.setSystemTime(1_010_000);
    expect(namesIn(store, 'long')).toEqual(['longer']);
  });

  test('are forgotten by clear()', () => {
    const store = new MemorySessionStore();
    store.put('here', sessionOf('one'));
    store.clear();
    expect([store.size, store.take('here')]).toEqual([0, undefined]);
  });

  test.each([{ maxSessions: 0 }, { maxSessionsPerKey: 257 }, { lifetimeSeconds: 604_801 }, { maxSessions: 1.5 }])(
    'cannot be bounded by %j',
    (options) => {
      expect(() => new MemorySessionStore(options)).toThrowError(expect.objectContaining({ code: 'ERR_TLS_CONFIG' }));
    },
  );

  test.each([{ maxSession: 1 }, { lifetimeSeconds: '1' }])('an option that cannot be is a TypeError: %j', (options) => {
    expect(() => new MemorySessionStore(options as object)).toThrow(TypeError);
  });
});
