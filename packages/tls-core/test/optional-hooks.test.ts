import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hookPatience, OptionalHooks } from '../src/backend/optional-hooks.ts';
import type { TlsError } from '../src/tls-error.ts';

const reason = new Error('down');
const down = (): never => {
  throw reason;
};
const hanging = (): Promise<never> => new Promise(() => undefined);

let warnings: TlsError[];
let hooks: OptionalHooks;
beforeEach(() => {
  vi.useFakeTimers();
  warnings = [];
  hooks = new OptionalHooks((warning) => warnings.push(warning));
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a hook that a handshake can do without', () => {
  it('gives its answer, at once or later, and leaves no timer', async () => {
    expect(hooks.ask('replayGuard.firstUse', () => true)).toBe(true);
    expect(await hooks.ask('replayGuard.firstUse', () => Promise.resolve(false))).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('that throws, rejects or gives something else gives nothing, with a warning', async () => {
    expect(hooks.ask('replayGuard.firstUse', down)).toBeUndefined();
    expect(await hooks.ask('ticketKeys.current', () => Promise.reject(reason))).toBeUndefined();
    expect(hooks.ask('identity.ocspResponse', () => 'none')).toBeUndefined();
    expect(await hooks.ask('sessionStore.take', () => Promise.resolve(1))).toBeUndefined();
    expect(warnings.map(({ code }) => code)).toEqual(Array(4).fill('ERR_TLS_HOOK'));
    expect(warnings[0]?.cause).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that hangs is waited for so long, and no longer', async () => {
    let answer: unknown = 'none yet';
    const asked = Promise.resolve(hooks.ask('sessionStore.take', hanging)).then((given) => {
      answer = given;
    });
    await vi.advanceTimersByTimeAsync(hookPatience - 1);
    expect(answer).toBe('none yet');
    expect(warnings).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await asked;
    expect(answer).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('is asked once by a connection that it has failed', () => {
    const act = vi.fn<() => never>(down);
    expect(hooks.ask('ticketKeys.current', act)).toBeUndefined();
    expect(hooks.ask('ticketKeys.current', act)).toBeUndefined();
    expect(hooks.run('ticketKeys.current', act)).toBe(false);
    expect(act).toHaveBeenCalledTimes(1);
    expect(warnings).toHaveLength(1);
    expect(hooks.ask('replayGuard.firstUse', () => true)).toBe(true);
  });

  it('that nothing waits for has no timer, and says whether it failed at once', async () => {
    expect(hooks.run('serverSessionStore.put', hanging)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(hooks.run('sessionStore.put', down)).toBe(false);
    expect(hooks.run('identity.ocspResponse', () => Promise.reject(reason))).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(warnings).toHaveLength(2);
  });

  it('is neither waited for nor told of when its connection is gone', async () => {
    const rejected = hooks.run('sessionStore.put', () => Promise.reject(reason));
    hooks.ask('sessionStore.take', hanging);
    expect(vi.getTimerCount()).toBe(1);
    hooks.end();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(hookPatience);
    expect(rejected).toBe(true);
    expect(warnings).toEqual([]);
  });
});
