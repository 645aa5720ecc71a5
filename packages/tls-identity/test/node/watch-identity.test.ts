import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { unlinkSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Identity, TlsError } from '@org/tls-core';
import { createRoot, type TestCertificate } from '@org/pki';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import {
  watchIdentity,
  type IdentityFiles,
  type WatchedIdentity,
  type WatchIdentityOptions,
} from '../../src/node/index.ts';
import { CertificateFolders } from '../support/certificate-folders.ts';

let folders: CertificateFolders;
let root: TestCertificate;
let first: TestCertificate;
let second: TestCertificate;
let expired: TestCertificate;
const open: WatchedIdentity[] = [];
beforeAll(async () => {
  root = await createRoot();
  const intermediate = await root.issue({ isCa: true });
  first = await intermediate.issue({ names: ['localhost'] });
  second = await intermediate.issue({ names: ['localhost'] });
  expired = await intermediate.issue({
    names: ['localhost'],
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2020-03-01'),
  });
});
beforeEach(() => {
  folders = new CertificateFolders();
});
afterEach(() => {
  for (const watched of open.splice(0)) watched.close();
  folders[Symbol.dispose]();
});

/** Nobody looks but the test. */
async function watch(files: IdentityFiles, options: WatchIdentityOptions = {}): Promise<WatchedIdentity> {
  const watched = await watchIdentity(files, { interval: 0, onRefused: () => undefined, ...options });
  open.push(watched);
  return watched;
}

/** The serial number of the certificate that an identity shows. */
function serialOf({ certificateChain = [] }: Identity): string {
  return new X509Certificate([certificateChain].flat()[0] ?? '').serialNumber;
}
const serial = ({ certificateDer }: TestCertificate): string => new X509Certificate(certificateDer).serialNumber;

/** The native backend has no certificate timestamps, and refuses them. */
function withTimestamps(identity: Identity): Identity {
  const none = new Uint8Array([0, 3, 0, 1, 0]);
  return { ...identity, signedCertificateTimestamps: none } as Identity;
}

const wrongOptions: readonly [string, unknown, unknown][] = [
  ['no files', undefined, {}],
  ['an unknown way', { directory: '/a' }, {}],
  ['a path that is no text', { folder: 1 }, {}],
  ['a URL that is no file’s', { pfx: new URL('https://example.test/') }, {}],
  ['an unknown option', { folder: '/a' }, { every: 1 }],
  ['an interval that is no number', { folder: '/a' }, { interval: '1' }],
  ['a hook that is no function', { folder: '/a' }, { complete: {} }],
  ['a listener that is no function', { folder: '/a' }, { onExpired: 1 }],
];

describe('watchIdentity refuses', () => {
  test.each(wrongOptions)('%s', async (_what, files, options) => {
    await expect(watchIdentity(files as IdentityFiles, options as WatchIdentityOptions)).rejects.toThrow(TypeError);
  });

  test.each<[string, object]>([
    ['two ways', { folder: '/a', pfx: '/b' }],
    ['no way', {}],
    ['a chain without a key', { certificateChain: '/a' }],
    ['a friendlyName without a PKCS#12 file', { folder: '/a', friendlyName: 'a' }],
  ])('%s', async (_what, files) => {
    await expect(watch(files as IdentityFiles)).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
  });

  test('a file that is not there, and says which', async () => {
    const certificateChain = folders.write('chain.pem', first.chainPem);
    const privateKey = folders.path('key.pem');
    await expect(watch({ certificateChain, privateKey })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      cause: { code: 'ENOENT', path: privateKey },
      message: expect.stringContaining(privateKey) as string,
    });
  });

  test.each(['privkey.pem', 'fullchain.pem'])('a folder of certbot without %s, and says so', async (missing) => {
    const folder = folders.certbot('a', first);
    unlinkSync(folders.path('live', 'a', missing));
    await expect(watch({ folder })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      message: expect.stringMatching(new RegExp(`live/a: there is \\w+\\.pem, but no ${missing}`)) as string,
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['tls.key alone', { 'tls.key': '' }, 'there is tls.key, but no tls.crt'],
    ['fullchain.cer alone', { 'fullchain.cer': '' }, 'there is fullchain.cer, but no NAME.key'],
    ['NAME.key alone', { 'a.test.key': '' }, 'there is a.test.key, but no a.test.crt'],
    ['nothing', {}, 'there is no file'],
    ['other files', { README: '', 'a.txt': '' }, 'there is README, a.txt'],
    ['two pairs', { 'a.crt': '', 'a.key': '', 'b.crt': '', 'b.key': '' }, 'it is not clear'],
    ['two keys of acme.sh', { 'fullchain.cer': '', 'a.key': '', 'b.key': '' }, 'it is not clear'],
  ])('a folder with %s, and says so', async (_what, files, message) => {
    folders.write('a/.hidden', '');
    for (const [name, text] of Object.entries(files)) folders.write(`a/${name}`, text);
    await expect(watch({ folder: folders.path('a') })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      message: expect.stringContaining(message) as string,
    });
  });

  test('a folder in the place of a file', async () => {
    const privateKey = folders.certbot('a', first);
    await expect(watch({ privateKey })).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
  });

  test('a key that belongs to no certificate', async () => {
    const folder = folders.certbot('a', first, second);
    await expect(watch({ folder })).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
  });

  test('what `complete` gives and is no identity', async () => {
    const folder = folders.certbot('a', first);
    const complete = (): Identity => ({ certificateChain: first.chainPem }) as Identity;
    await expect(watch({ folder }, { complete })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      cause: { code: 'ERR_TLS_HOOK' },
    });
  });

  test('what the backend cannot load, where one is named', async () => {
    const folder = folders.certbot('a', first);
    const complete = withTimestamps;
    expect(serialOf((await watch({ folder }, { backend: createPure(), complete })).current)).toBe(serial(first));
    await expect(watch({ folder }, { backend: createNative(), complete })).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      cause: { code: 'ERR_TLS_UNSUPPORTED' },
    });
  });
});

describe('watchIdentity reads', () => {
  test.each<[string, () => IdentityFiles]>([
    ['a chain and a key', () => pair()],
    [
      'URLs',
      () => {
        const { certificateChain, privateKey } = pair();
        return { certificateChain: pathToFileURL(certificateChain), privateKey: pathToFileURL(privateKey) };
      },
    ],
    ['one file with both', () => ({ privateKey: folders.write('both.pem', first.chainPem + first.privateKeyPem) })],
    ['an encrypted key', () => ({ ...pair(encrypted()), passphrase: () => 'open sesame' })],
    ['a PKCS#12 file', () => ({ pfx: pkcs12(), passphrase: 'open sesame' })],
    ['a folder of certbot', () => ({ folder: folders.certbot('a.test', first) })],
    ['a secret of Kubernetes', () => ({ folder: folders.kubernetes('secret', first) })],
    [
      'a folder of acme.sh',
      () =>
        folder({
          'fullchain.cer': first.chainPem,
          'a.test.cer': first.certificatePem,
          'a.test.key': first.privateKeyPem,
        }),
    ],
    [
      'a folder of Caddy',
      () => folder({ 'a.test.crt': first.chainPem, 'a.test.key': first.privateKeyPem, 'a.test.json': '{}' }),
    ],
    [
      'a folder of lego',
      () =>
        folder({
          'a.test.crt': first.chainPem,
          'a.test.issuer.crt': root.certificatePem,
          'a.test.key': first.privateKeyPem,
        }),
    ],
  ])('%s', async (_what, files) => {
    const watched = await watch(files());
    expect(serialOf(watched.current)).toBe(serial(first));
    expect(watched.selectIdentity()).toBe(watched.current);
    expect(watched.expiresAt).toBe(Date.parse(new X509Certificate(first.certificateDer).validTo));
  });

  function pair(privateKeyPem = first.privateKeyPem) {
    const certificateChain = folders.write('chain.pem', first.chainPem);
    return { certificateChain, privateKey: folders.write('key.pem', privateKeyPem) };
  }
  function folder(files: Record<string, string>): IdentityFiles {
    for (const [name, text] of Object.entries(files)) folders.write(`of-a-host/${name}`, text);
    return { folder: folders.path('of-a-host') };
  }
  function encrypted(): string {
    const args = ['pkcs8', '-topk8', '-passout', 'pass:open sesame'];
    return execFileSync('openssl', args, { input: first.privateKeyPem, encoding: 'utf8' });
  }
  function pkcs12(): string {
    const { certificateChain, privateKey } = pair();
    const args = ['pkcs12', '-export', '-in', certificateChain, '-inkey', privateKey, '-passout', 'pass:open sesame'];
    return folders.write('identity.p12', execFileSync('openssl', args));
  }
});

describe('a watched identity', () => {
  test('becomes the renewed one, by certbot and by Kubernetes, and its owner is told both', async () => {
    for (const renew of ['certbot', 'kubernetes'] as const) {
      const onChange = vi.fn<(identity: Identity, previous: Identity) => void>();
      // oxlint-disable no-await-in-loop
      const watched = await watch({ folder: folders[renew](renew, first) }, { onChange });
      const before = watched.current;
      expect(await watched.check()).toBe(false);
      folders[renew](renew, second);
      expect(await watched.check()).toBe(true);
      // oxlint-enable no-await-in-loop
      expect(serialOf(watched.current)).toBe(serial(second));
      expect(watched.selectIdentity()).toBe(watched.current);
      expect(onChange.mock.calls).toEqual([[watched.current, before]]);
    }
  });

  test('stays the same object where other files of the folder change', async () => {
    const onChange = vi.fn<() => void>();
    const watched = await watch({ folder: folders.certbot('a', first) }, { onChange });
    const { current } = watched;
    folders.write('live/a/README', 'other words');
    expect(await watched.check()).toBe(false);
    expect(watched.current).toBe(current);
    expect(onChange).not.toHaveBeenCalled();
  });

  test.each<[string, () => void]>([
    ['a key of another certificate', () => folders.certbot('a', second, first)],
    ['a file that is cut', () => folders.write('archive/a/fullchain1.pem', first.chainPem.slice(0, 100))],
    ['an empty file', () => folders.write('archive/a/privkey1.pem', '')],
    ['a missing file', () => unlinkSync(folders.path('live', 'a', 'privkey.pem'))],
    ['a certificate that has expired', () => folders.certbot('a', expired)],
  ])('stays where the new files have %s, and its owner is told once', async (_what, change) => {
    const onRefused = vi.fn<(error: TlsError) => void>();
    const watched = await watch({ folder: folders.certbot('a', first) }, { onRefused });
    change();
    for (let time = 0; time < 3; time += 1)
      // oxlint-disable-next-line no-await-in-loop
      await expect(watched.check()).rejects.toMatchObject({
        code: 'ERR_TLS_IDENTITY',
        message: expect.stringContaining(folders.path('live', 'a')) as string,
      });
    expect(serialOf(watched.current)).toBe(serial(first));
    expect(onRefused).toHaveBeenCalledTimes(1);
  });

  test('stays where `complete` or the backend refuses the new one', async () => {
    const folder = folders.certbot('a', first);
    const complete = (identity: Identity): Identity =>
      serialOf(identity) === serial(first) ? identity : withTimestamps(identity);
    const watched = await watch({ folder }, { backend: createNative(), complete });
    const completed = await watch(
      { folder },
      {
        complete: (identity) => {
          if (serialOf(identity) !== serial(first)) throw new Error('not this one');
          return identity;
        },
      },
    );
    folders.certbot('a', second);
    await expect(watched.check()).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    await expect(completed.check()).rejects.toMatchObject({
      code: 'ERR_TLS_IDENTITY',
      cause: { message: 'not this one' },
    });
    expect(serialOf(watched.current)).toBe(serial(first));
    expect(serialOf(completed.current)).toBe(serial(first));
  });

  test('is completed once for each renewal', async () => {
    const complete = vi.fn<(identity: Identity) => Identity>(
      (identity) =>
        ({
          ...identity,
          ocspResponse: () => undefined,
        }) as Identity,
    );
    const watched = await watch({ folder: folders.certbot('a', first) }, { complete });
    expect(watched.current.ocspResponse).toBeTypeOf('function');
    watched.selectIdentity();
    await watched.check();
    expect(complete).toHaveBeenCalledTimes(1);
    folders.certbot('a', second);
    await watched.check();
    expect(complete).toHaveBeenCalledTimes(2);
    expect(watched.current.ocspResponse).toBeTypeOf('function');
  });

  test('may begin with a certificate that is out of its time, which is told once when it is to be shown', async () => {
    const onExpired = vi.fn<(error: TlsError) => void>();
    const watched = await watch({ folder: folders.certbot('a', expired) }, { onExpired });
    await Promise.resolve();
    expect(onExpired).not.toHaveBeenCalled();
    for (let time = 0; time < 3; time += 1) expect(serialOf(watched.selectIdentity())).toBe(serial(expired));
    await Promise.resolve();
    expect(onExpired.mock.calls).toMatchObject([[{ code: 'ERR_TLS_CERTIFICATE_EXPIRED' }]]);
    folders.certbot('a', first);
    expect(await watched.check()).toBe(true);
    watched.selectIdentity();
    await Promise.resolve();
    expect(onExpired).toHaveBeenCalledTimes(1);
  });

  test('is told when it runs out while it is in use, and one that is not valid yet is taken when it is', async () => {
    let now = Date.now();
    const onExpired = vi.fn<(error: TlsError) => void>();
    const next = await root.issue({
      names: ['localhost'],
      notBefore: new Date(now + 20 * 86_400_000),
      notAfter: new Date(now + 90 * 86_400_000),
    });
    const watched = await watch({ folder: folders.certbot('a', first) }, { onExpired, clock: () => now });
    folders.certbot('a', next);
    await expect(watched.check()).rejects.toMatchObject({ cause: { code: 'ERR_TLS_CERTIFICATE_NOT_YET_VALID' } });
    watched.selectIdentity();
    now = watched.expiresAt + 1;
    watched.selectIdentity();
    await Promise.resolve();
    expect(onExpired.mock.calls).toMatchObject([[{ code: 'ERR_TLS_CERTIFICATE_EXPIRED' }]]);
    expect(await watched.check()).toBe(true);
    expect(serialOf(watched.selectIdentity())).toBe(serial(next));
  });

  test('is told to the process where nobody else wants to know', async () => {
    const watched = await watchIdentity({ folder: folders.certbot('a', expired) }, { interval: 0 });
    open.push(watched);
    const late = once(process, 'warning');
    watched.selectIdentity();
    expect(await late).toMatchObject([{ name: 'TlsWarning', message: expect.stringContaining('expired') as string }]);
    const refused = once(process, 'warning');
    folders.certbot('a', first, second);
    await expect(watched.check()).rejects.toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    expect(await refused).toMatchObject([{ name: 'TlsWarning', message: expect.stringContaining('live/a') as string }]);
  });

  test('says nothing secret where a passphrase is wrong', async () => {
    const args = ['pkcs8', '-topk8', '-passout', 'pass:open sesame'];
    const key = execFileSync('openssl', args, { input: first.privateKeyPem, encoding: 'utf8' });
    folders.write('a/tls.crt', first.chainPem);
    folders.write('a/tls.key', key);
    const failure = await watch({ folder: folders.path('a'), passphrase: 'open barley' }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    expect(String(failure)).not.toMatch(/sesame|barley/);
  });

  test('is looked at by itself, and no more when the watch is closed', async () => {
    const told = new Promise<Identity>((resolve) => {
      void watch({ folder: folders.certbot('a', first) }, { interval: 100, onChange: resolve }).then(() =>
        folders.certbot('a', second),
      );
    });
    expect(serialOf(await told)).toBe(serial(second));
    const [watched] = open;
    watched?.close();
    folders.certbot('a', first);
    expect(await watched?.check()).toBe(false);
    expect(serialOf(await told)).toBe(serial(second));
  });
});
