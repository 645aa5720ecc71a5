import { X509Certificate } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Identity, TlsError } from '@org/tls-core';
import { createRoot, type IssueOptions, type TestCertificate } from '@org/pki';
import {
  watchIdentities,
  type IdentitySources,
  type WatchedIdentities,
  type WatchIdentitiesOptions,
} from '../../src/node/index.ts';
import { CertificateFolders } from '../support/certificate-folders.ts';

let folders: CertificateFolders;
let root: TestCertificate;
/** Certificates by what their names say. */
const of: Record<string, TestCertificate> = {};
const open: WatchedIdentities[] = [];
beforeAll(async () => {
  root = await createRoot();
  const day = 86_400_000;
  const wanted: Record<string, IssueOptions> = {
    a: { names: ['a.test', 'www.a.test'] },
    aRenewed: { names: ['a.test', 'www.a.test'] },
    aRsa: { names: ['a.test'], algorithm: 'rsa-2048' },
    aOld: { names: ['A.test'], notBefore: new Date(Date.now() - 90 * day), notAfter: new Date(Date.now() - day) },
    wild: { names: ['*.b.test', 'b.test'] },
    exact: { names: ['x.b.test'] },
    address: { names: ['127.0.0.1'] },
    nameless: { commonName: 'c.test' },
    wildTop: { names: ['*.test'] },
  };
  for (const [name, options] of Object.entries(wanted))
    // oxlint-disable-next-line no-await-in-loop
    of[name] = await root.issue(options);
});
beforeEach(() => {
  folders = new CertificateFolders();
});
afterEach(() => {
  for (const watched of open.splice(0)) watched.close();
  folders[Symbol.dispose]();
});

const certificate = (name: string): TestCertificate => of[name] as TestCertificate;
const live = (...names: readonly string[]): void => {
  for (const name of names) folders.certbot(name, certificate(name));
};

/** Nobody looks but the test. */
async function watch(sources: IdentitySources, options: WatchIdentitiesOptions = {}): Promise<WatchedIdentities> {
  const watched = await watchIdentities(sources, { interval: 0, onRefused: () => undefined, ...options });
  open.push(watched);
  return watched;
}

/** The names of the certificates in this file that identities show. */
function shown(identities: readonly Identity[] | undefined): readonly string[] | undefined {
  return identities?.map(({ certificateChain = [] }) => {
    const { serialNumber } = new X509Certificate([certificateChain].flat()[0] ?? '');
    const found = Object.entries(of).find(
      ([, each]) => new X509Certificate(each.certificateDer).serialNumber === serialNumber,
    );
    return found?.[0] ?? 'unknown';
  });
}

describe('watchIdentities refuses', () => {
  test.each<[string, unknown, object]>([
    ['an unknown option', [{ folder: '/a' }], { every: 1 }],
    ['an unknown way', { folders: '/a' }, {}],
    ['no sources', undefined, {}],
    ['a default name that is no text', { foldersOf: '/a' }, { defaultName: 1 }],
    ['a listener that is no function', { foldersOf: '/a' }, { onChange: 1 }],
  ])('%s', async (_what, sources, options) => {
    await expect(watchIdentities(sources as IdentitySources, options)).rejects.toThrow(TypeError);
  });

  test('a default name that is no host name', async () => {
    await expect(watch({ foldersOf: '/a' }, { defaultName: 'a b' })).rejects.toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: 'defaultName',
    });
  });

  test('an empty list', async () => {
    await expect(watch([])).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
  });

  test('a list of which one cannot be used', async () => {
    live('a', 'wild');
    folders.certbot('exact', certificate('exact'), certificate('a'));
    const list = ['a', 'exact', 'wild'].map((name) => ({ folder: folders.path('live', name) }));
    const onRefused = vi.fn<() => void>();
    await expect(watch(list, { onRefused })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      message: expect.stringContaining('live/exact') as string,
    });
    expect(onRefused).not.toHaveBeenCalled();
  });

  test.each<[string, () => void]>([
    ['is not there', () => undefined],
    ['has no folder in it', () => folders.write('live/README', '')],
    ['has no folder that can be used', () => folders.certbot('a', certificate('a'), certificate('exact'))],
    [
      'has over 1,000 folders in it',
      () =>
        Array.from({ length: 1001 }, (_, index) => mkdirSync(folders.path('live', String(index)), { recursive: true })),
    ],
  ])('a folder of folders that %s', async (_what, make) => {
    make();
    await expect(watch({ foldersOf: folders.path('live') })).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
  });

  test('a default name that no certificate has', async () => {
    live('a', 'wild');
    await expect(watch({ foldersOf: folders.path('live') }, { defaultName: 'c.test' })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
    });
  });
});

describe('selectIdentity of watched identities', () => {
  test.each<[string | undefined, readonly string[]]>([
    ['a.test', ['a', 'aRsa', 'aOld']],
    ['www.a.test', ['a']],
    ['x.b.test', ['exact', 'wild']],
    ['y.b.test', ['wild']],
    ['b.test', ['wild']],
    // RFC 9525 §6.3: a wildcard stands for one label
    ['y.x.b.test', ['a', 'aRsa', 'aOld']],
    // RFC 9525 §6.3: a commonName proves nothing
    ['c.test', ['a', 'aRsa', 'aOld']],
    ['127.0.0.1', ['a', 'aRsa', 'aOld']],
    ['', ['a', 'aRsa', 'aOld']],
    [undefined, ['a', 'aRsa', 'aOld']],
  ])(
    'gives for %s those with the name, a wildcard last, RSA and what is out of its time behind',
    async (serverName, expected) => {
      live('a', 'aOld', 'aRsa', 'address', 'exact', 'nameless', 'wild');
      const watched = await watch({ foldersOf: folders.path('live') });
      expect(shown(watched.selectIdentity({ serverName }))).toEqual(expected);
    },
  );

  test('gives nothing for an unknown name with `defaultName: false`, and those of another one where it is said', async () => {
    live('a', 'wild');
    const foldersOf = folders.path('live');
    const strict = await watch({ foldersOf }, { defaultName: false });
    expect(strict.selectIdentity({ serverName: 'c.test' })).toBeUndefined();
    expect(strict.selectIdentity({ serverName: undefined })).toBeUndefined();
    expect(shown(strict.selectIdentity({ serverName: 'a.test' }))).toEqual(['a']);
    const named = await watch({ foldersOf }, { defaultName: 'Y.b.test' });
    expect(shown(named.selectIdentity({ serverName: 'c.test' }))).toEqual(['wild']);
  });

  test('finds no name by a wildcard that stands for a whole top-level domain, as no client does', async () => {
    live('a', 'wildTop');
    const watched = await watch({ foldersOf: folders.path('live') }, { defaultName: false });
    expect(shown(watched.current)).toEqual(['a', 'wildTop']);
    expect(watched.selectIdentity({ serverName: 'x.test' })).toBeUndefined();
  });

  test('keeps the order of a list', async () => {
    live('a', 'aRsa', 'wild');
    const list = ['aRsa', 'wild', 'a'].map((name) => ({ folder: folders.path('live', name) }));
    const watched = await watch(list);
    expect(shown(watched.current)).toEqual(['aRsa', 'wild', 'a']);
    expect(shown(watched.selectIdentity({ serverName: 'a.test' }))).toEqual(['aRsa', 'a']);
    expect(shown(watched.selectIdentity({ serverName: undefined }))).toEqual(['aRsa', 'a']);
  });

  test('tells once that the best there is for a name is out of its time', async () => {
    live('aOld', 'wild');
    const onExpired = vi.fn<(error: TlsError) => void>();
    const watched = await watch({ foldersOf: folders.path('live') }, { onExpired });
    watched.selectIdentity({ serverName: 'b.test' });
    await Promise.resolve();
    expect(onExpired).not.toHaveBeenCalled();
    for (let time = 0; time < 3; time += 1) watched.selectIdentity({ serverName: 'a.test' });
    await Promise.resolve();
    expect(onExpired.mock.calls).toMatchObject([[{ code: 'ERR_TLS_CERTIFICATE_EXPIRED' }]]);
  });
});

describe('watched identities', () => {
  test('are renewed each by itself, and one that is refused holds up no other', async () => {
    live('a', 'wild');
    const onRefused = vi.fn<(error: TlsError) => void>();
    const onChange = vi.fn<(identities: readonly Identity[]) => void>();
    const watched = await watch({ foldersOf: folders.path('live') }, { onRefused, onChange });
    expect(await watched.check()).toBe(false);
    folders.certbot('a', certificate('aRenewed'));
    folders.certbot('wild', certificate('exact'), certificate('a'));
    for (let time = 0; time < 2; time += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(watched.check()).rejects.toMatchObject({
        code: 'ERR_TLS_IDENTITY',
        message: expect.stringContaining('live/wild') as string,
      });
    expect(shown(watched.selectIdentity({ serverName: 'a.test' }))).toEqual(['aRenewed']);
    expect(shown(watched.selectIdentity({ serverName: 'y.b.test' }))).toEqual(['wild']);
    expect(onRefused).toHaveBeenCalledTimes(1);
    expect(onChange.mock.calls.map(([identities]) => shown(identities))).toEqual([['aRenewed', 'wild']]);
    folders.certbot('wild', certificate('wild'));
    await watched.check();
    expect(shown(watched.current)).toEqual(['aRenewed', 'wild']);
  });

  test('come and go with their folders; one that cannot be used is told once, and is there when it can', async () => {
    live('a');
    const onRefused = vi.fn<(error: TlsError) => void>();
    const watched = await watch({ foldersOf: folders.path('live') }, { onRefused });
    mkdirSync(folders.path('live', 'wild'));
    for (let time = 0; time < 2; time += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(watched.check()).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    expect(onRefused).toHaveBeenCalledTimes(1);
    rmSync(folders.path('live', 'wild'), { recursive: true });
    live('wild');
    expect(await watched.check()).toBe(true);
    expect(shown(watched.selectIdentity({ serverName: 'b.test' }))).toEqual(['wild']);
    rmSync(folders.path('live', 'wild'), { recursive: true });
    expect(await watched.check()).toBe(true);
    expect(shown(watched.current)).toEqual(['a']);
    expect(await watched.check()).toBe(false);
  });

  test.each<[string, () => void]>([
    ['vanishes', () => renameSync(folders.path('live'), folders.path('gone'))],
    [
      'is empty, as a volume that is not mounted',
      () => {
        renameSync(folders.path('live'), folders.path('gone'));
        mkdirSync(folders.path('live'));
      },
    ],
  ])('stay where the folder of all %s, and it is told once', async (_what, act) => {
    live('a', 'wild');
    const onRefused = vi.fn<(error: TlsError) => void>();
    const watched = await watch({ foldersOf: folders.path('live') }, { onRefused });
    act();
    for (let time = 0; time < 2; time += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(watched.check()).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    expect(shown(watched.current)).toEqual(['a', 'wild']);
    expect(onRefused.mock.calls.filter(([{ message }]) => !message.includes('live/'))).toHaveLength(1);
    rmSync(folders.path('live'), { recursive: true, force: true });
    renameSync(folders.path('gone'), folders.path('live'));
    expect(await watched.check()).toBe(false);
  });

  test('are looked at by themselves, and no more when the watch is closed', async () => {
    live('a');
    const told = vi.fn<(identities: readonly Identity[]) => void>();
    let wake: (() => void) | undefined;
    const watched = await watch(
      { foldersOf: folders.path('live') },
      {
        interval: 100,
        onChange: (identities) => {
          told(identities);
          wake?.();
        },
      },
    );
    for (const [change, expected] of [
      [() => folders.certbot('a', certificate('aRenewed')), ['aRenewed']],
      [() => live('wild'), ['aRenewed', 'wild']],
    ] as const) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      change();
      // oxlint-disable-next-line no-await-in-loop
      await woken;
      expect(shown(watched.current)).toEqual(expected);
    }
    watched.close();
    watched[Symbol.dispose]();
    live('exact');
    expect(await watched.check()).toBe(false);
    expect(told).toHaveBeenCalledTimes(2);
  });
});
