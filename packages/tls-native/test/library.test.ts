import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import { createBackend } from '../src/index.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'library.mjs');
const folder = mkdtempSync(join(tmpdir(), 'library-'));
const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const identity = JSON.stringify({ key: leaf.privateKeyPem, cert: `${leaf.chainPem}${root.certificatePem}` });
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly version?: string;
  readonly path?: string;
  readonly ofNode?: boolean;
  readonly hasSystemTrust?: boolean;
  readonly groups?: readonly number[];
  readonly fips?: boolean;
  readonly error?: string;
  readonly message?: string;
}

/** What a process of its own says to these calls, after it has seen to it that Node's own TLS is as it was. */
async function ask(env: Readonly<Record<string, string>>, ...calls: readonly object[]): Promise<readonly Answer[]> {
  const { stdout } = await run(process.execPath, [script, ...calls.map((each) => JSON.stringify(each))], {
    env: { PATH: process.env['PATH'], IDENTITY: identity, ...env },
  });
  const said = JSON.parse(stdout) as {
    readonly answers: readonly Answer[];
    readonly isNodeAsBefore: boolean;
    readonly spoken: string;
  };
  expect(said).toMatchObject({ isNodeAsBefore: true, spoken: 'TLSv1.3' });
  return said.answers;
}

const ofNode = process.versions.openssl.replace(/[^\d.].*$/, '');
const [ofSystem] = await ask({}, { library: 'system' });
const system = ofSystem?.version?.replace('OpenSSL ', '') ?? '';

function isNewer(one: string, other: string): boolean {
  return one.localeCompare(other, 'en', { numeric: true }) > 0;
}

describe('the library that a process uses', () => {
  it('is the system’s where that is asked for, and Node’s own copy where that is', async () => {
    expect(await ask({}, { library: 'system' })).toMatchObject([
      { version: `OpenSSL ${system}`, ofNode: false, path: expect.stringMatching(/libssl\.so\.3$/) as string },
    ]);
    expect(await ask({}, { library: 'node' })).toMatchObject([
      { version: `OpenSSL ${ofNode}`, ofNode: true, path: expect.stringMatching(/^\/.*node[^/]*$/) as string },
    ]);
  });

  it('is Node’s own by default where that is the newer one, and else the system’s', async () => {
    const newest = isNewer(ofNode, system);
    expect(await ask({}, {})).toMatchObject([
      { ofNode: newest, version: `OpenSSL ${newest ? ofNode : system}`, fips: false },
    ]);
  });

  it('is the system’s by default where its policy forbids more than Node’s own copy does', async () => {
    const file = join(folder, 'openssl.cnf');
    for (const rule of ['MinProtocol = TLSv1.3', 'CipherString = DEFAULT@SECLEVEL=4', 'Groups = P-256']) {
      writeFileSync(
        file,
        ['openssl_conf = a', '[a]', 'ssl_conf = b', '[b]', 'system_default = c', '[c]', rule, ''].join('\n'),
      );
      // oxlint-disable-next-line no-await-in-loop -- the file is one
      expect(await ask({ OPENSSL_CONF: file }, {}), rule).toMatchObject([{ ofNode: false }]);
    }
  });

  it('is what the environment says, unless the program says it', async () => {
    expect(await ask({ TLS_NATIVE_LIBRARY: 'node' }, {})).toMatchObject([{ ofNode: true }]);
    expect(await ask({ TLS_NATIVE_LIBRARY: 'node' }, { library: 'system' })).toMatchObject([{ ofNode: false }]);
    expect(await ask({ TLS_NATIVE_LIBRARY: 'openssl' }, {})).toMatchObject([{ error: 'TypeError' }]);
  });

  it('is Node’s own where the system has none, and what the system trusts is then read for it', async () => {
    const none = join(folder, 'none');
    mkdirSync(none);
    for (const name of ['libssl.so.3', 'libcrypto.so.3']) writeFileSync(join(none, name), 'no library');
    const env = { LD_LIBRARY_PATH: none, SSL_CERT_FILE: '', SSL_CERT_DIR: '' };
    expect(await ask(env, {})).toMatchObject([{ ofNode: true, hasSystemTrust: false }]);
    expect(await ask({}, { library: 'node' })).toMatchObject([{ ofNode: true, hasSystemTrust: true }]);
    const garbage = join(folder, 'garbage.pem');
    writeFileSync(garbage, 'no certificate');
    expect(await ask({ ...env, SSL_CERT_FILE: garbage }, {})).toMatchObject([{ error: 'ERR_TLS_CONFIG' }]);
    const [without] = await ask(env, { library: 'system' });
    expect(without).toMatchObject({ error: 'ERR_TLS_BACKEND_UNAVAILABLE' });
    expect(without?.message).toContain(join(none, 'libcrypto.so.3'));
  });

  it('stays the same, and another one is refused', async () => {
    const [first, second, third] = await ask({}, { library: 'node' }, { library: 'system' }, {});
    expect([first?.ofNode, third?.ofNode]).toEqual([true, true]);
    expect(second).toMatchObject({ error: 'ERR_TLS_BACKEND_UNAVAILABLE' });
    expect(second?.message).toContain('system: this process already uses');
  });

  it('takes no RSA key of 1024 bits, and no program can ask for that', async () => {
    const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'], algorithm: 'rsa-1024' });
    const weak = { WEAK_IDENTITY: JSON.stringify({ certificateChain: chainPem, privateKey: privateKeyPem }) };
    expect(await ask(weak, { library: 'node' })).toMatchObject([{ error: 'ERR_TLS_IDENTITY' }]);
    expect(await ask(weak, { library: 'node', securityLevel: 1 })).toMatchObject([{ error: 'ERR_TLS_CONFIG' }]);
  });

  it('has post-quantum groups from OpenSSL 3.5 on', async () => {
    const [answer] = await ask({}, { library: 'node' });
    expect(answer?.groups?.includes(0x11ec)).toBe(!isNewer('3.5', ofNode));
  });
});

it.each([
  ['a library that there is not', { library: 'newest' }],
  ['a library that is no text', { library: 1 }],
  ['two libraries', { library: 'node', libraryPath: '/usr/lib/libssl.so.3' }],
])('%s is a TypeError', (_, options) => {
  expect(() => createBackend(options as never)).toThrow(TypeError);
});
