import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRoot, toPem, type CrlOptions, type TestCertificate } from '@org/pki';
import type { ChainJudge } from '@org/tls-core';
import { nodeCrypto } from '@org/tls-crypto/node';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chainJudge } from '../src/chain-judge.ts';
import { parseCertificate } from '../src/certificate.ts';
import {
  watchRevocationLists,
  type WatchedRevocationLists,
  type WatchRevocationListsOptions,
} from '../src/node/index.ts';

let root: TestCertificate;
let other: TestCertificate;
let leaf: TestCertificate;
let folder: string;
let told: unknown[];
const open: WatchedRevocationLists[] = [];

beforeAll(async () => {
  root = await createRoot({ commonName: 'issuer' });
  other = await createRoot({ commonName: 'other' });
  leaf = await root.issue({ names: ['example.com'] });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watch-lists-'));
  told = [];
});
afterEach(() => {
  for (const lists of open.splice(0)) lists.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const put = (name: string, contents: string | Uint8Array): void => writeFileSync(at(name), contents);
const now = Date.now();
const hour = 3_600_000;

async function watch(options: Partial<WatchRevocationListsOptions> = {}): Promise<WatchedRevocationLists> {
  const lists = await watchRevocationLists({
    paths: [folder],
    interval: 0,
    onRefused: (error) => told.push(error),
    ...options,
  });
  open.push(lists);
  return lists;
}

interface Made {
  readonly hours: number;
  readonly number?: number;
}

/** A list of the root that was made so many hours ago. */
async function list(
  hoursAgo: number,
  isRevoked: boolean,
  crlNumber?: number,
  more: CrlOptions = {},
): Promise<Uint8Array> {
  const { serialNumber } = parseCertificate(leaf.certificateDer);
  return root.issueCrl({
    thisUpdate: new Date(now - hoursAgo * hour),
    serialNumbers: isRevoked ? [serialNumber] : [],
    ...(crlNumber !== undefined && { extensions: [{ oid: '2.5.29.20', value: Uint8Array.of(2, 1, crlNumber) }] }),
    ...more,
  });
}

function judgeBy(lists: WatchedRevocationLists, unknownStatus: 'accept' | 'reject' = 'reject'): ChainJudge {
  return chainJudge(nodeCrypto, {
    role: 'client',
    trust: root.certificateDer,
    revocation: { lists, unknownStatus, depth: 'leaf' },
  });
}

function verdict(judge: ChainJudge): string {
  try {
    judge({ chain: leaf.chainDer, serverName: 'example.com', staple: undefined, time: Date.now() });
    return 'accepted';
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

const revoked = 'ERR_TLS_CERTIFICATE_REVOKED';
const unknown = 'ERR_TLS_CERTIFICATE_STATUS';
const refused = (text: string) =>
  expect.objectContaining({ code: 'ERR_TLS_CONFIG', message: expect.stringContaining(text) as string });

describe('watchRevocationLists refuses', () => {
  test('what is no option, and a listener that is no function', async () => {
    for (const options of [{ folder }, { onChange: 1 }, { onRefused: {} }, { paths: folder }])
      await expect(watch(options as never)).rejects.toThrow(TypeError);
  });

  test('a folder without a list, since nobody would be protected', async () => {
    put('README', 'lists will be here');
    await expect(watch()).rejects.toMatchObject({ code: 'ERR_TLS_CONFIG' });
  });

  test('a file that is named and holds none, and one that is called as lists are', async () => {
    put('good.crl', await list(1, false));
    put('root.pem', root.certificatePem);
    await expect(watch({ paths: [at('root.pem')] })).rejects.toEqual(refused('root.pem'));
    for (const name of ['torn.crl', '9d66eef0.r0']) {
      put(name, (await list(1, false)).subarray(0, 100));
      await expect(watch()).rejects.toEqual(refused(name));
      unlinkSync(at(name));
    }
    put(
      'delta.pem',
      toPem(
        'X509 CRL',
        await root.issueCrl({ extensions: [{ oid: '2.5.29.27', critical: true, value: Uint8Array.of(2, 1, 1) }] }),
      ),
    );
    await expect(watch()).rejects.toEqual(refused('delta.pem'));
  });

  test('a file that is not there, with the error of node:fs', async () => {
    await expect(watch({ paths: [at('none')] })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('watchRevocationLists reads', () => {
  test('DER, PEM and PEM with several lists and certificates, by paths and URLs', async () => {
    put('a', await list(1, true));
    put(
      'b',
      root.certificatePem + toPem('X509 CRL', await other.issueCrl()) + toPem('X509 CRL', await root.issueCrl()),
    );
    const lists = await watch({ paths: [at('a'), pathToFileURL(at('b'))] });
    expect(lists.current.crls).toHaveLength(3);
    expect(verdict(judgeBy(lists))).toBe(revoked);
  });

  test('a folder as `openssl rehash` leaves it: each list once, and certificates are skipped', async () => {
    put('root.pem', root.certificatePem);
    put('list.pem', toPem('X509 CRL', await list(1, true)));
    put('README', 'about this folder');
    mkdirSync(at('below'));
    execFileSync('openssl', ['rehash', folder], { stdio: 'pipe' });
    const lists = await watch();
    expect(lists.current.crls).toHaveLength(1);
    expect(lists.skipped.map((path) => path.slice(folder.length + 1).replace(/^[0-9a-f]{8}/u, 'hash')).sort()).toEqual([
      'README',
      'hash.0',
      'root.pem',
    ]);
    expect(verdict(judgeBy(lists))).toBe(revoked);
  });

  test('what openssl has made', async () => {
    put('ca.pem', root.certificatePem);
    put('key.pem', root.privateKeyPem);
    put('index', '');
    put('config', `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index')}\ndefault_md=sha256\ndefault_crl_days=1\n`);
    const files = ['-config', at('config'), '-cert', at('ca.pem'), '-keyfile', at('key.pem'), '-out', at('out.crl')];
    execFileSync('openssl', ['ca', '-gencrl', ...files], { stdio: 'pipe' });
    expect(verdict(judgeBy(await watch()))).toBe('accepted');
  });
});

describe('A context whose lists are watched', () => {
  test('goes by newer ones, and has forgotten what it has proven', async () => {
    put('list.crl', await list(2, false));
    const seen: string[] = [];
    const lists = await watch({ onChange: ({ digest }) => seen.push(digest) });
    const judge = judgeBy(lists);
    const before = lists.current;
    for (let round = 0; round < 2; round += 1) expect(verdict(judge)).toBe('accepted');
    put('list.crl', await list(1, true));
    expect(await lists.check()).toBe(true);
    expect(verdict(judge)).toBe(revoked);
    expect(lists.current.digest).not.toBe(before.digest);
    expect(seen).toEqual([lists.current.digest]);
    expect(told).toEqual([]);
  });

  test('goes by a list of another issuer that is added, and by a link that is swapped', async () => {
    mkdirSync(at('old'));
    mkdirSync(at('new'));
    put('old/list.crl', await other.issueCrl());
    put('new/list.crl', await list(1, true));
    symlinkSync('old', at('current'));
    const lists = await watch({ paths: [at('current')] });
    const judge = judgeBy(lists);
    expect(verdict(judge)).toBe(unknown);
    symlinkSync('new', at('next'));
    renameSync(at('next'), at('current'));
    await lists.check();
    expect(verdict(judge)).toBe(revoked);
  });

  test('has the same lists while files change and lists do not', async () => {
    put('list.crl', await list(1, true));
    const lists = await watch({ onChange: () => told.push('changed') });
    const { current } = lists;
    put('README', 'new');
    expect(await lists.check()).toBe(true);
    expect(lists.current).toBe(current);
    expect(told).toEqual([]);
  });
});

describe('A list that was read stays, and that is told once,', () => {
  test.each([
    ['when its file is torn', (file: string) => truncateSync(file, 50)],
    ['when its file is empty', (file: string) => truncateSync(file, 0)],
    ['when its file holds something else', (file: string) => writeFileSync(file, 'something else')],
    ['when its file is gone', (file: string) => unlinkSync(file)],
  ])('%s', async (_, damage) => {
    put('other.crl', await other.issueCrl());
    put('list.pem', toPem('X509 CRL', await list(1, true)));
    const lists = await watch();
    const judge = judgeBy(lists, 'accept');
    expect(verdict(judge)).toBe(revoked);
    damage(at('list.pem'));
    await lists.check();
    expect(verdict(judge)).toBe(revoked);
    expect(told).toContainEqual(refused('list.pem'));
    const count = told.length;
    put('README', 'another change');
    await lists.check();
    expect(told).toHaveLength(count);
    put('list.pem', toPem('X509 CRL', await list(0, false)));
    await lists.check();
    expect(verdict(judge)).toBe('accepted');
  });

  test.each([
    ['has a lower number', { hours: 1, number: 9 }, { hours: 1, number: 8 }],
    ['is from an earlier time', { hours: 1, number: 8 }, { hours: 2, number: 9 }],
    ['is from an earlier time and has no number', { hours: 1 }, { hours: 2 }],
    ['is from the future', { hours: 1, number: 8 }, { hours: -1, number: 9 }],
  ])('when the list in its place %s', async (_, before: Made, after: Made) => {
    put('list.crl', await list(before.hours, true, before.number));
    const lists = await watch();
    const judge = judgeBy(lists, 'accept');
    put('list.crl', await list(after.hours, false, after.number));
    await lists.check();
    expect(verdict(judge)).toBe(revoked);
    expect(told).toEqual([refused('list.crl')]);
  });

  test('and not beyond its end', async () => {
    const ended = { nextUpdate: new Date(now - hour) };
    put('list.crl', await list(2, true, 9, ended));
    const lists = await watch();
    put('list.crl', await list(3, false, 8));
    await lists.check();
    expect(lists.current.crls).toHaveLength(1);
    expect(told).toEqual([]);
  });

  test('while those of other issuers, keys and scopes are replaced', async () => {
    const sameName = await createRoot({ commonName: 'issuer' });
    const users = { oid: '2.5.29.28', critical: true, value: Uint8Array.of(0x30, 3, 0x81, 1, 0xff) };
    put('a.crl', await list(1, true, 9));
    put('b.crl', await sameName.issueCrl({ thisUpdate: new Date(now - 2 * hour), extensions: [keyIdentifier(2)] }));
    put('c.crl', await list(2, false, undefined, { extensions: [users] }));
    const lists = await watch();
    put('b.crl', await sameName.issueCrl({ thisUpdate: new Date(now - hour), extensions: [keyIdentifier(2)] }));
    put('c.crl', await list(1, false, undefined, { extensions: [users] }));
    await lists.check();
    expect(told).toEqual([]);
    expect(lists.current.crls).toHaveLength(3);
    put('a.crl', await list(2, false, 8));
    await lists.check();
    expect(told).toEqual([refused('a.crl')]);
    expect(lists.current.crls).toHaveLength(4);
  });
});

function keyIdentifier(octet: number) {
  return { oid: '2.5.29.35', value: Uint8Array.of(0x30, 3, 0x80, 1, octet) };
}

describe('A watch of lists', () => {
  test('ends, tells nothing afterwards, and keeps what it has', async () => {
    put('list.crl', await list(1, true));
    const lists = await watch();
    lists.close();
    lists.close();
    unlinkSync(at('list.crl'));
    expect(await lists.check()).toBe(false);
    expect(verdict(judgeBy(lists))).toBe(revoked);
    expect(told).toEqual([]);
  });
});
