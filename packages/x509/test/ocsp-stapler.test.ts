import { authorityInfoAccess, createRoot, respondOcsp, type OcspOptions, type TestCertificate } from '@org/pki';
import type { Identity, TlsError } from '@org/tls-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseCertificate } from '../src/certificate.ts';
import { ocspStatus } from '../src/ocsp.ts';
import { runSearch } from '../src/path-builder.ts';
import {
  ocspStapler,
  statusFetcher,
  type OcspResponseStore,
  type OcspStapler,
  type OcspStaplerOptions,
  type StatusRequest,
} from '../src/status/index.ts';
import { verifyBy } from '../src/status/ask-responders.ts';
import { nodeCrypto } from '@org/tls-crypto/node';
import { leafOf, responderOf, serial, stopResponders } from './support/certificate-with-status.ts';

const hour = 3_600_000;
const url = 'http://responder.test/';
let root: TestCertificate;
let leaf: TestCertificate;
let failures: TlsError[];
const staplers: OcspStapler[] = [];

beforeAll(async () => {
  root = await createRoot({ commonName: 'issuer' });
  leaf = await leafOf(root, url, serial(1));
});
beforeEach(() => {
  failures = [];
});
afterEach(() => {
  for (const stapler of staplers.splice(0)) stapler.close();
});
afterAll(stopResponders);

const identityOf = ({ chainPem, privateKeyPem }: TestCertificate) => ({
  certificateChain: chainPem + root.certificatePem,
  privateKey: privateKeyPem,
});

function staplerOf(options: Partial<OcspStaplerOptions>): OcspStapler {
  const stapler = ocspStapler({
    fetch: () => {
      throw new Error('nobody is asked');
    },
    onFailure: (error) => failures.push(error),
    ...options,
  });
  staplers.push(stapler);
  return stapler;
}

function respond(options: Partial<OcspOptions> = {}, certificate = leaf): Uint8Array {
  return new Uint8Array(respondOcsp(certificate, { issuer: root, ...options }));
}

/** What an identity staples now. */
function stapled({ ocspResponse }: Identity): Uint8Array | undefined {
  if (typeof ocspResponse !== 'function') throw new Error('expected a function');
  return ocspResponse() as Uint8Array | undefined;
}

async function statusOf(der: Uint8Array | undefined, certificate = leaf): Promise<unknown> {
  if (der === undefined) return undefined;
  const subject = {
    certificate: parseCertificate(certificate.certificateDer),
    issuer: parseCertificate(root.certificateDer),
  };
  const rules = { time: Date.now(), crypto: nodeCrypto, verify: verifyBy(nodeCrypto) };
  return runSearch(ocspStatus(der, subject, rules));
}

/** Waits until something holds. The runner's timeout ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds())
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}

const failed = { code: 'ERR_TLS_CERTIFICATE_STATUS' };

describe('ocspStapler', () => {
  test('refuses what is no option, what is no function and a timeout out of range', () => {
    const right = { fetch: () => new Uint8Array(0), onFailure: () => undefined };
    for (const wrong of [{ url }, { fetch: url }, { onFailure: undefined }, { timeout: '1' }])
      expect(() => ocspStapler({ ...right, ...wrong } as never)).toThrow(TypeError);
    for (const timeout of [0, 99, 60_001, 1.5, Number.NaN])
      expect(() => ocspStapler({ ...right, timeout })).toThrow(expect.objectContaining({ code: 'ERR_TLS_CONFIG' }));
  });

  test('refuses an identity that has no certificates, or bad ones, or a response of its own', () => {
    const stapler = staplerOf({});
    const identity = identityOf(leaf);
    for (const wrong of [
      { privateKey: 'PEM', rawPublicKey: 'PEM' },
      { ...identity, ocspResponse: new Uint8Array(1) },
      { ...identity, certificateChain: 'no certificate' },
      { ...identity, certificateChain: [new Uint8Array(5)] },
    ])
      expect(() => stapler.staple(wrong)).toThrow(expect.objectContaining({ code: 'ERR_TLS_IDENTITY' }));
  });

  test('staples what OpenSSL’s responder says, which is asked by GET', async () => {
    const responder = await responderOf({ issuer: root, statuses: { [serial(2).hex]: 'V', [serial(3).hex]: 'R' } });
    const [good, revoked] = [await leafOf(root, responder, serial(2)), await leafOf(root, responder, serial(3))];
    const asked: StatusRequest[] = [];
    const overFetch = statusFetcher(fetch);
    const stapler = staplerOf({
      fetch: (request) => {
        asked.push(request);
        return overFetch(request);
      },
    });
    const identities = [stapler.staple(identityOf(good)), stapler.staple(identityOf(revoked))] as const;
    expect(stapled(identities[0])).toBeUndefined();
    await stapler.ready();
    expect(await statusOf(stapled(identities[0]), good)).toBe('good');
    expect(await statusOf(stapled(identities[1]), revoked)).toBe('revoked');
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET']);
    expect(failures).toMatchObject([{ code: 'ERR_TLS_CERTIFICATE_REVOKED' }]);
    expect(failures[0]?.certificate?.chain[0]).toEqual(new Uint8Array(revoked.certificateDer));
  });

  test('asks by POST where the URL would be long, or has a query', async () => {
    const responder = await responderOf({ issuer: root, statuses: { [serial(4).hex]: 'V' } });
    for (const path of [`${'a'.repeat(200)}/`, '?a=b']) {
      const certificate = await leafOf(root, `http://127.0.0.1:${responder.port}/${path}`, serial(4));
      const asked: StatusRequest[] = [];
      const overFetch = statusFetcher(fetch);
      const stapler = staplerOf({
        fetch: (request) => {
          asked.push(request);
          return overFetch(request);
        },
      });
      const identity = stapler.staple(identityOf(certificate));
      await stapler.ready();
      expect(asked).toMatchObject([{ method: 'POST', headers: { 'content-type': 'application/ocsp-request' } }]);
      expect(await statusOf(stapled(identity), certificate)).toBe('good');
    }
  });

  test('gives an identity back as it is where nothing can be stapled, and says why', async () => {
    const stapler = staplerOf({});
    const alone = { certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem };
    const silent = identityOf(await root.issue({ names: ['localhost'] }));
    const ftp = identityOf(await leafOf(root, 'ftp://responder.test/', serial(1)));
    const secret = identityOf(await leafOf(root, 'http://user:password@responder.test/', serial(1)));
    for (const identity of [alone, silent, ftp, secret]) expect(stapler.staple(identity)).toBe(identity);
    await stapler.ready();
    expect(failures).toHaveLength(4);
    for (const failure of failures)
      expect(failure).toMatchObject({ ...failed, certificate: { chain: expect.any(Array) as unknown } });
  });

  test('takes the issuer beside the chain, gives the same object for the same identity, and asks once for the same certificate', async () => {
    let asked = 0;
    const response = respond();
    const stapler = staplerOf({ fetch: () => ((asked += 1), response) });
    const identity = { certificateChain: [leaf.certificateDer], privateKey: leaf.privateKeyPem };
    const first = stapler.staple(identity, root.certificatePem);
    expect(stapler.staple(identity)).toBe(first);
    expect(stapler.staple(first)).toBe(first);
    const other = stapler.staple({ ...identity, mustMatchIssuer: true }, root.certificateDer);
    await stapler.ready();
    expect(other).toMatchObject({ mustMatchIssuer: true });
    for (const each of [first, other]) expect(stapled(each)).toEqual(response);
    expect(asked).toBe(1);
  });

  test('asks anew for a certificate that was renewed', async () => {
    const renewed = await leafOf(root, url, serial(9));
    const responses = [respond(), respond({}, renewed)];
    const stapler = staplerOf({ fetch: () => responses.shift() ?? new Uint8Array(0) });
    const before = stapler.staple(identityOf(leaf));
    await stapler.ready();
    const after = stapler.staple(identityOf(renewed));
    await stapler.ready();
    expect(await statusOf(stapled(before))).toBe('good');
    expect(await statusOf(stapled(after), renewed)).toBe('good');
    expect(failures).toEqual([]);
  });
});

describe('A stapler staples nothing', () => {
  test.each<[string, () => Promise<Uint8Array>]>([
    ['of another certificate', async () => respond({}, await leafOf(root, url, serial(7)))],
    [
      'of another issuer’s certificate of the same number',
      async () => respond({ issuer: await createRoot({ commonName: 'issuer' }) }),
    ],
    [
      'that nobody has signed',
      async () =>
        Promise.resolve(
          respond().map((byte, index, all) =>
            index === all.length - root.certificateDer.length - 40 ? byte ^ 1 : byte,
          ),
        ),
    ],
    ['that a stranger has signed', async () => respond({ signer: await createRoot({ commonName: 'issuer' }) })],
    [
      'that a certificate without id-kp-OCSPSigning has signed',
      async () => respond({ signer: await root.issue({ commonName: 'x' }) }),
    ],
    ['that is no response', async () => Promise.resolve(Buffer.from('<html>'))],
    ['that is empty', async () => Promise.resolve(new Uint8Array(0))],
    ['that is huge', async () => Promise.resolve(new Uint8Array(2 ** 16 + 1))],
    ['but an error of the responder', async () => Promise.resolve(Uint8Array.of(0x30, 3, 0x0a, 1, 3))],
  ])('%s', async (_, response) => {
    const bytes = await response();
    const stapler = staplerOf({ fetch: () => bytes });
    const identity = stapler.staple(identityOf(leaf));
    await stapler.ready();
    expect(stapled(identity)).toBeUndefined();
    expect(failures).toMatchObject([failed]);
  });

  test('that is over or from the future', async () => {
    const bytes = respond();
    for (const offset of [25 * hour, -hour]) {
      const stapler = staplerOf({ fetch: () => bytes, clock: () => Date.now() + offset });
      const identity = stapler.staple(identityOf(leaf));
      await stapler.ready();
      expect(stapled(identity)).toBeUndefined();
    }
    expect(failures).toMatchObject([failed, failed]);
  });

  test('of which the responder knows nothing', async () => {
    const responder = await responderOf({ issuer: root, statuses: {} });
    const unknown = await leafOf(root, responder, serial(5));
    const stapler = staplerOf({ fetch: statusFetcher(fetch) });
    const identity = stapler.staple(identityOf(unknown));
    await stapler.ready();
    expect(stapled(identity)).toBeUndefined();
    expect(failures).toMatchObject([failed]);
  });
});

/** A stapler whose clock and whose responder's answers the test sets. */
function underControl(answers: (Uint8Array | Error)[], options: Partial<OcspStaplerOptions> = {}) {
  const state = { offset: 0, asked: 0 };
  let wake: (() => void) | undefined;
  const stapler = staplerOf({
    clock: () => Date.now() + state.offset,
    fetch: () => {
      state.asked += 1;
      wake?.();
      const answer = answers.shift() ?? new Error('nobody is asked');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  const asked = async (count: number): Promise<void> => {
    while (state.asked < count)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  };
  return { state, stapler, asked };
}

describe('A response that was stapled', () => {
  test('stays until it ends while the responder fails, which is told once for each reason', async () => {
    const response = respond();
    const down = new Error('down');
    const { state, stapler, asked } = underControl([response, down, down, new Error('still')]);
    const identity = stapler.staple(identityOf(leaf));
    await stapler.ready();
    for (const [count, hours] of [
      [2, 19],
      [3, 20],
      [4, 21],
    ] as const) {
      state.offset = hours * hour;
      expect(stapled(identity)).toEqual(response);
      await asked(count);
    }
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('down') as string,
      expect.stringContaining('still') as string,
    ]);
    state.offset = 25 * hour;
    expect(stapled(identity)).toBeUndefined();
  });

  test('is followed by another one before it ends', async () => {
    const [first, second] = [respond(), respond({ args: ['-ndays', '3'] })];
    const { state, stapler, asked } = underControl([first, second]);
    const identity = stapler.staple(identityOf(leaf));
    await stapler.ready();
    state.offset = 19 * hour;
    expect(stapled(identity)).toEqual(first);
    await asked(2);
    await until(
      () =>
        stapled(identity)?.length !== first.length ||
        stapled(identity)?.some((byte, at) => byte !== first[at]) === true,
    );
    expect(stapled(identity)).toEqual(second);
    expect(failures).toEqual([]);
  });

  test('says revoked as soon as the responder does', async () => {
    const { state, stapler, asked } = underControl([respond(), respond({ status: 'R', args: ['-ndays', '2'] })]);
    const identity = stapler.staple(identityOf(leaf));
    await stapler.ready();
    state.offset = 19 * hour;
    stapled(identity);
    await asked(2);
    await until(() => failures.length > 0);
    expect(await statusOf(stapled(identity))).toBe('revoked');
    expect(failures).toMatchObject([{ code: 'ERR_TLS_CERTIFICATE_REVOKED' }]);
  });

  test('is renewed in the background, though nobody connects, until the certificate expires', async () => {
    const short = await root.issue({
      names: ['localhost'],
      serialNumber: serial(11).bytes,
      notAfter: new Date(Date.now() + 40 * hour),
      extensions: [authorityInfoAccess(url)],
    });
    const responses = [1, 2, 3, 4].map((days) => respond({ args: ['-ndays', String(days)] }, short));
    const { state, stapler } = underControl([...responses]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const identity = stapler.staple(identityOf(short));
      await stapler.ready();
      await vi.advanceTimersByTimeAsync(20 * hour);
      expect(state.asked).toBe(2);
      expect(stapled(identity)).toEqual(responses[1]);
      await vi.advanceTimersByTimeAsync(100 * hour);
      const { asked } = state;
      expect(asked).toBeGreaterThan(2);
      expect(vi.getTimerCount()).toBe(0);
      await vi.advanceTimersByTimeAsync(100 * hour);
      expect(state.asked).toBe(asked);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is asked for no more when the stapler is closed, and is stapled until it ends', async () => {
    const response = respond();
    const { state, stapler } = underControl([response]);
    const identity = stapler.staple(identityOf(leaf));
    await stapler.ready();
    stapler.close();
    stapler.close();
    state.offset = 20 * hour;
    expect(stapled(identity)).toEqual(response);
    expect(state.asked).toBe(1);
  });
});

describe('A store of responses', () => {
  function storeOf(responses: Map<string, Uint8Array>): OcspResponseStore {
    return { get: async (key) => Promise.resolve(responses.get(key)), put: (key, der) => void responses.set(key, der) };
  }

  test('has the response after a restart, so that nobody is asked', async () => {
    const responses = new Map<string, Uint8Array>();
    const response = respond();
    const first = underControl([response], { store: storeOf(responses) });
    first.stapler.staple(identityOf(leaf));
    await first.stapler.ready();
    const second = underControl([], { store: storeOf(responses) });
    const identity = second.stapler.staple(identityOf(leaf));
    await second.stapler.ready();
    expect(stapled(identity)).toEqual(response);
    expect(second.state.asked).toBe(0);
    expect([...responses.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/u)]);
  });

  test.each<[string, OcspResponseStore]>([
    [
      'throws',
      {
        get: () => {
          throw new Error('broken');
        },
        put: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'rejects',
      { get: async () => Promise.reject(new Error('broken')), put: async () => Promise.reject(new Error('broken')) },
    ],
    ['hangs', { get: async () => new Promise(() => undefined), put: async () => new Promise(() => undefined) }],
    ['has something else', { get: () => new Uint8Array(9), put: () => undefined }],
    ['gives no bytes', { get: () => (2 ** 40) as never, put: () => undefined }],
    ['has too much', { get: () => new Uint8Array(2 ** 16 + 1), put: () => undefined }],
  ])('that %s is told, and the responder is asked', async (_, store) => {
    const response = respond();
    const { stapler } = underControl([response], { store, timeout: 100 });
    const identity = stapler.staple(identityOf(leaf));
    await stapler.ready();
    expect(stapled(identity)).toEqual(response);
    expect(failures[0]).toMatchObject(failed);
  });
});
