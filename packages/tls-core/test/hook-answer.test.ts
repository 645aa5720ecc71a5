import { describe, expect, test } from 'vitest';
import { TlsError } from '../src/index.ts';
import { askHook, askHookNow, askVerifyPeerHook, hookNames, type HookName } from '../src/backend/index.ts';

const key = { name: new Uint8Array(16), secret: new Uint8Array(32) };
const session = {
  backend: 'pure',
  protocol: 'TLSv1.3',
  serverName: 'localhost',
  receivedAt: 0,
  expiresAt: 1,
  maxEarlyData: 0,
  state: new Uint8Array(1),
};

/** For each hook, an answer that is right and some that are not. */
const answers: Readonly<Record<HookName, { readonly right: readonly unknown[]; readonly wrong: readonly unknown[] }>> =
  {
    clock: {
      right: [0, 1.5, 8.64e15],
      wrong: [undefined, Number.NaN, Infinity, -1, 8.7e15, '2026-01-01', 1n, new Date()],
    },
    random: { right: [undefined, new Uint8Array(1)], wrong: [] },
    'revocation.lists': {
      right: [
        { crls: [], digest: 'none' },
        { crls: ['PEM', new Uint8Array(1)], digest: 'x'.repeat(256) },
      ],
      wrong: [
        undefined,
        null,
        [],
        { crls: [] },
        { crls: 'PEM', digest: '1' },
        { crls: [7], digest: '1' },
        { crls: [], digest: '' },
        { crls: [], digest: 'x'.repeat(257) },
        { crls: Array.from({ length: 10_001 }, () => 'PEM'), digest: '1' },
      ],
    },
    isPublicSuffix: { right: [true, false], wrong: [undefined, 0, 'false', null] },
    verifyPeer: { right: [undefined], wrong: [false, true, null, 0, '', {}] },
    verifier: {
      right: [{ path: [new Uint8Array(1)] }],
      wrong: [undefined, true, {}, { path: [] }, { path: ['leaf'] }, { path: [new Uint8Array(0)] }],
    },
    selectIdentity: {
      right: [undefined, { certificateChain: '-----BEGIN CERTIFICATE-----', privateKey: 'PEM' }],
      wrong: [null, false, 'identity', [], () => undefined, {}, { certificateChain: 'PEM' }],
    },
    selectContext: { right: [undefined, {}], wrong: [null, false, 'context', []] },
    'signer.sign': {
      right: [new Uint8Array(1)],
      wrong: [undefined, '', new Uint8Array(0), new Uint8Array(0x1_0000), [1]],
    },
    'identity.ocspResponse': { right: [undefined, new Uint8Array(1)], wrong: [null, '', new Uint8Array(0), 'AA=='] },
    'certificateCompressor.compress': {
      right: [new Uint8Array(1)],
      wrong: [undefined, new Uint8Array(0), new ArrayBuffer(1)],
    },
    'certificateCompressor.decompress': { right: [new Uint8Array(1)], wrong: [undefined, null, 'x'] },
    'sessionStore.put': { right: [undefined, new Map()], wrong: [] },
    'sessionStore.take': {
      right: [undefined, session],
      wrong: [null, false, {}, { ...session, expiresAt: Number.NaN }, { ...session, state: 'x' }, new Uint8Array(1)],
    },
    'serverSessionStore.put': { right: [undefined, 'OK'], wrong: [] },
    'serverSessionStore.take': { right: [undefined, new Uint8Array(1)], wrong: [null, new Uint8Array(0), 'x'] },
    'ticketKeys.current': {
      right: [[], [key]],
      wrong: [
        undefined,
        key,
        [undefined],
        [{ ...key, secret: new Uint8Array(31) }],
        Array.from({ length: 257 }, () => key),
      ],
    },
    'replayGuard.firstUse': { right: [true, false], wrong: [undefined, 1, 'true', null] },
  };

const synchronous = ['clock', 'random', 'isPublicSuffix', 'revocation.lists'] as const;

function isSynchronous(name: HookName): boolean {
  return (synchronous as readonly HookName[]).includes(name);
}

/** An object that looks like a Promise. */
function thenable(property: PropertyDescriptor): object {
  // oxlint-disable-next-line unicorn/no-thenable -- what comes of one is tested
  return Object.defineProperty({}, 'then', property);
}

/** What the hook's failure is; an answer of the wrong kind is always `ERR_TLS_HOOK`. */
function failureOf(name: HookName): string {
  return name === 'certificateCompressor.decompress' ? 'ERR_TLS_CERTIFICATE_BAD' : 'ERR_TLS_HOOK';
}

const isTlsErrorOf = (code: string) => expect.objectContaining({ name: 'TlsError', code });

describe('what a hook gives', () => {
  test('each hook has its answers here', () => {
    expect(Object.keys(answers).sort()).toEqual([...hookNames].sort());
  });

  test.each(hookNames)('%s: a wrong answer is ERR_TLS_HOOK, at once and later', async (name) => {
    for (const answer of [...answers[name].wrong, new TlsError('ERR_TLS_HOOK', 'returned')]) {
      expect(() => askHook(name, () => answer)).toThrow(isTlsErrorOf('ERR_TLS_HOOK'));
      const later = async () => askHook(name, () => Promise.resolve(answer));
      await expect(later()).rejects.toThrow(isTlsErrorOf('ERR_TLS_HOOK'));
    }
  });

  test.each(hookNames)('%s: a right answer is handed on', async (name) => {
    for (const answer of answers[name].right) {
      const at = askHook(name, () => answer);
      const later = isSynchronous(name) ? at : askHook(name, () => Promise.resolve(answer));
      expect(await later).toEqual(at);
    }
  });

  test.each(hookNames)('%s: what it throws or returns as an Error is the cause', (name) => {
    const cause = new Error('out of order');
    const thrown = () =>
      askHook(name, () => {
        throw cause;
      });
    expect(thrown).toThrow(expect.objectContaining({ code: failureOf(name), cause }));
    expect(() => askHook(name, () => cause)).toThrow(expect.objectContaining({ code: failureOf(name), cause }));
  });

  test.each(hookNames.filter((name) => !isSynchronous(name)))('%s: so is what it rejects with', async (name) => {
    const failed = expect.objectContaining({ code: failureOf(name), cause: new Error('out of order') });
    await expect(askHook(name, () => Promise.reject(new Error('out of order')))).rejects.toEqual(failed);
    await expect(askHook(name, () => Promise.resolve(new Error('out of order')))).rejects.toEqual(failed);
  });

  test.each(synchronous)('%s: a Promise, and one that rejects, is ERR_TLS_HOOK', (name) => {
    const [right] = answers[name].right;
    const own = thenable({ value: (resolve: (value: unknown) => void) => resolve(right) });
    for (const answer of [Promise.resolve(right), Promise.reject(new Error('late')), own])
      expect(() => askHookNow(name, () => answer)).toThrow(isTlsErrorOf('ERR_TLS_HOOK'));
  });

  test('a thenable may misbehave: it counts once, and never before `then` has returned', async () => {
    let hasReturned = false;
    const then = (resolve: (value: unknown) => void) => {
      resolve(true);
      resolve(false);
      hasReturned = true;
      throw new Error('and now this');
    };
    const pending = askHook('replayGuard.firstUse', () => thenable({ value: then }));
    expect(hasReturned).toBe(false);
    expect(await pending).toBe(true);
  });

  test('a `then` that throws is the hook’s failure', () => {
    const then = () => {
      throw new Error('no');
    };
    expect(() => askHook('signer.sign', () => thenable({ get: then }))).toThrow(isTlsErrorOf('ERR_TLS_HOOK'));
  });

  test('bytes and lists are copies: what the hook does with them later changes nothing', () => {
    const given = Buffer.from([1, 2, 3]);
    const answer = askHook('signer.sign', () => given);
    given.fill(0);
    expect(answer).toEqual(Uint8Array.of(1, 2, 3));
    const keys = [key];
    const list = askHook('ticketKeys.current', () => keys);
    keys.pop();
    expect(list).toEqual([key]);
  });

  test('only hooks that judge choose the connection’s error; the error of another’s own connection is a cause', () => {
    const error = new TlsError('ERR_TLS_UNRECOGNIZED_NAME', 'of my choice');
    const ask = (name: HookName) => () =>
      askHook(name, () => {
        throw error;
      });
    for (const name of ['selectIdentity', 'selectContext', 'verifier'] as const) expect(ask(name)).toThrow(error);
    for (const name of ['signer.sign', 'sessionStore.take', 'ticketKeys.current'] as const)
      expect(ask(name)).toThrow(expect.objectContaining({ code: 'ERR_TLS_HOOK', cause: error }));
  });
});

describe('verifyPeer', () => {
  test('accepts by undefined, at once or later, and by nothing else', async () => {
    expect(askVerifyPeerHook(() => undefined, [])).toBeUndefined();
    await expect(askVerifyPeerHook(() => Promise.resolve(), [])).resolves.toBeUndefined();
    for (const answer of [false, true, null, 0, 'no', {}]) {
      expect(() => askVerifyPeerHook(() => answer, [])).toThrow(isTlsErrorOf('ERR_TLS_HOOK'));
      await expect(askVerifyPeerHook(() => Promise.resolve(answer), [])).rejects.toThrow(isTlsErrorOf('ERR_TLS_HOOK'));
    }
  });

  test('an Error rejects, whether thrown, returned, or given by a Promise', async () => {
    const cause = new Error('not this one');
    const rejects = expect.objectContaining({ code: 'ERR_TLS_CERTIFICATE_REJECTED', alert: 46, cause });
    expect(() => askVerifyPeerHook(() => cause, [])).toThrow(rejects);
    await expect(askVerifyPeerHook(() => Promise.resolve(cause), [])).rejects.toEqual(rejects);
    await expect(askVerifyPeerHook(() => Promise.reject(cause), [])).rejects.toEqual(rejects);
  });

  test('an error of the certificate family is passed on as it is; another TlsError is a cause', () => {
    const own = new TlsError('ERR_TLS_CERTIFICATE_REVOKED', 'revoked');
    expect(() => askVerifyPeerHook(() => own, [])).toThrow(own);
    const cause = new TlsError('ERR_TLS_TIMEOUT', 'the list could not be had');
    expect(() => askVerifyPeerHook(() => cause, [])).toThrow(expect.objectContaining({ cause }));
  });
});
