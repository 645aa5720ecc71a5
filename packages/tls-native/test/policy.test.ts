import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import { createBackend, nativeLibrary } from '../src/index.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'scripts', 'policy.mjs');
const folder = mkdtempSync(join(tmpdir(), 'policy-'));
let pems: string;

beforeAll(async () => {
  const root = await createRoot();
  const leaf = await root.issue({ names: ['localhost'] });
  pems = JSON.stringify({ root: root.certificatePem, chain: leaf.chainPem, key: leaf.privateKeyPem });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What a process says in which openssl.cnf has these lines in `system_default`. */
async function under(...lines: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const file = join(folder, 'openssl.cnf');
  const sections = ['openssl_conf = main', '[main]', 'ssl_conf = ssl', '[ssl]', 'system_default = policy', '[policy]'];
  writeFileSync(file, `${[...sections, ...lines].join('\n')}\n`);
  const env = { PATH: process.env['PATH'], OPENSSL_CONF: file, PEMS: pems };
  const { stdout } = await run(process.execPath, [script], { env });
  const answer = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  expect(answer).toMatchObject({ policy: { file } });
  return answer;
}

describe('the system’s policy', () => {
  it('is reported', () => {
    const { policy } = nativeLibrary();
    expect(policy?.file).toMatch(/openssl\.cnf$/);
    expect(policy?.cipherSuites).toContain(0x1301);
    expect(policy?.securityLevel).toBeGreaterThanOrEqual(1);
  });

  it('bounds versions, also those that a program asks for', async () => {
    const answer = await under('MinProtocol = TLSv1.3');
    expect(answer).toMatchObject({ policy: { minVersion: 0x0304 }, atMost12: 'ERR_TLS_CONFIG maxVersion' });
    expect(answer['spoken']).toMatch(/^TLSv1\.3 /);
    expect((await under('MaxProtocol = TLSv1.2'))['spoken']).toMatch(/^TLSv1\.2 /);
  });

  it('bounds cipher suites, also those that a program asks for', async () => {
    const answer = await under('Ciphersuites = TLS_AES_256_GCM_SHA384');
    expect(answer).toMatchObject({
      aes128: 'ERR_TLS_CONFIG cipherSuites',
      spoken: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
    });
  });

  it('sets a security level that a program can raise and not lower', async () => {
    const answer = await under('CipherString = DEFAULT@SECLEVEL=3');
    expect(answer).toMatchObject({
      policy: { securityLevel: 3 },
      level0: 'ERR_TLS_CONFIG securityLevel',
      level5: 'made',
      level6: 'ERR_TLS_CONFIG securityLevel',
    });
  });
});

describe('`securityLevel`', () => {
  it('refuses keys that are too weak for it', async () => {
    const root = await createRoot();
    const { chainPem, privateKeyPem } = await root.issue({ algorithm: 'rsa-2048' });
    const identity = { certificateChain: chainPem, privateKey: privateKeyPem };
    expect(createBackend().createServerContext({ identity }).role).toBe('server');
    expect(() => createBackend({ securityLevel: 4 }).createServerContext({ identity })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_IDENTITY' }),
    );
  });

  it.each([
    ['a string', '3'],
    ['null', null],
  ])('that is %s is a TypeError', (_what, securityLevel) => {
    expect(() => createBackend({ securityLevel } as never)).toThrow(TypeError);
  });

  it('that is no whole number is refused', () => {
    expect(() => createBackend({ securityLevel: 2.5 })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_CONFIG', option: 'securityLevel' }),
    );
  });
});
