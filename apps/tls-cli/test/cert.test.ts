import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createRoot } from '@org/pki';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runTool, temporaryFolder, type ToolResult } from './run-tool.ts';
import { startWeb } from './servers.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const cert = (...args: readonly string[]): Promise<ToolResult> => runTool(['cert', '--out', folder.path, ...args]);
const at = (name: string): string => path.join(folder.path, name);
const text = (name: string): Promise<string> => readFile(at(name), 'utf8');
const certificate = async (name: string): Promise<X509Certificate> => new X509Certificate(await text(name));

/** What `openssl verify` says of a chain of a file, under the folder's root. */
function verified(name: string, ...args: readonly string[]): string {
  const files = ['-CAfile', at('root.pem'), '-untrusted', at(name), at(name)];
  return execFileSync('openssl', ['verify', '-x509_strict', ...args, ...files], { encoding: 'utf8', stdio: 'pipe' });
}

describe('tls cert refuses', () => {
  test.each([
    ['neither a name nor a client', []],
    ['a URL', ['https://localhost/']],
    ['a name with a space', ['local host']],
    ['an address with a zone', ['fe80::1%eth0']],
    ['a wildcard that is not first', ['a.*.test']],
    ['a number that stands for an address', ['0x7f000001']],
    ['an empty client', ['--client', '']],
    ['a client of more than 64 characters', ['--client', 'a'.repeat(65)]],
    ['a client with a line break', ['--client', 'a\nb']],
    ['no days at all', ['localhost', '--days', '0']],
    ['days that are no number', ['localhost', '--days', 'many']],
    ['more days than the root has', ['localhost', '--days', '3651']],
    ['a responder without http:', ['localhost', '--ocsp-url', 'https://ocsp.test/']],
    ['a kind of key that is not made', ['localhost', '--key-type', 'dsa']],
    ['a certificate in the place of the root', ['root']],
    ['a client in the place of the server', ['localhost', '--client', 'LOCALHOST']],
  ])('%s, with exit code 2 and no file', async (_fault, args) => {
    const { exitCode, stdout, stderr } = await cert(...args);
    expect(stderr).not.toBe('');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('no folder', async () => {
    expect(await runTool(['cert', 'localhost'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('a folder that is a file', async () => {
    await folder.write('file', '');
    expect(await runTool(['cert', '--out', at('file'), 'localhost'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('to replace a certificate or its key, unless it is forced', async () => {
    await cert('localhost');
    const before = await text('localhost.pem');
    await rm(at('localhost.key'));
    const refused = await cert('localhost', '--client', 'alice');
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--force') });
    expect(await text('localhost.pem')).toBe(before);
    expect(await readdir(folder.path)).not.toContain('alice.pem');
    expect(await cert('localhost', '--force')).toMatchObject({ exitCode: 0 });
    expect(await text('localhost.pem')).not.toBe(before);
  });

  test('a root without its key, with the key of another, and one that has expired', async () => {
    await cert('localhost');
    const key = await text('root.key');
    await rm(at('root.key'));
    expect(await cert('other.test')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('root.key') });
    const stranger = await createRoot();
    await folder.write('root.key', stranger.privateKeyPem);
    expect(await cert('other.test')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('private key') });
    const expired = await createRoot({ notBefore: new Date(0), notAfter: new Date(86_400_000) });
    await folder.write('root.key', expired.privateKeyPem);
    await folder.write('root.pem', expired.certificatePem);
    expect(await cert('other.test')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('expired') });
    await folder.write('root.key', key);
    await folder.write('root.pem', await text('localhost.pem'));
    expect(await cert('other.test')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('issue') });
    expect(await readdir(folder.path)).not.toContain('other.test.pem');
  });
});

describe('tls cert makes', () => {
  test('files whose keys only their owner can read, and says which and what for', async () => {
    const { exitCode, stdout, stderr } = await cert('localhost', '--client', 'alice');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const files = ['root.pem', 'root.key', 'localhost.pem', 'localhost.key', 'alice.pem', 'alice.key'];
    expect((await readdir(folder.path)).toSorted()).toEqual(files.toSorted());
    for (const file of files) expect(stdout).toContain(at(file));
    expect(stdout).toContain('For development alone');
    for (const file of files.filter((name) => name.endsWith('.key')))
      expect((await stat(at(file))).mode & 0o777).toBe(0o600);
  });

  test.each(['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-4096', 'ed25519'])(
    '%s: chains that OpenSSL accepts, each for its purpose alone',
    async (keyType) => {
      const names = ['localhost', '*.example.test', 'bücher.test', '127.0.0.1', '::1'];
      const { exitCode, stderr } = await cert(...names, '--client', 'alice', '--key-type', keyType);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      for (const host of ['localhost', 'www.example.test', 'xn--bcher-kva.test'])
        expect(verified('localhost.pem', '-purpose', 'sslserver', '-verify_hostname', host)).toContain('OK');
      for (const address of ['127.0.0.1', '::1'])
        expect(verified('localhost.pem', '-purpose', 'sslserver', '-verify_ip', address)).toContain('OK');
      expect(verified('alice.pem', '-purpose', 'sslclient')).toContain('OK');
      expect(() => verified('alice.pem', '-purpose', 'sslserver')).toThrow('unsuitable certificate purpose');
      expect(() => verified('localhost.pem', '-purpose', 'sslclient')).toThrow('unsuitable certificate purpose');
      const alice = await certificate('alice.pem');
      expect(alice.subject).toBe('CN=alice');
      expect(alice.checkPrivateKey(createPrivateKey(await text('alice.key')))).toBe(true);
    },
  );

  test.each(['pure', 'native'])('a chain with an intermediate that %s accepts', async (backend) => {
    await cert('localhost', '--intermediate');
    expect((await text('localhost.pem')).match(/BEGIN/g)).toHaveLength(2);
    expect(verified('localhost.pem', '-purpose', 'sslserver')).toContain('OK');
    const [chainPem, privateKeyPem] = [await text('localhost.pem'), await text('localhost.key')];
    await using web = await startWeb({ chainPem, privateKeyPem });
    const url = `https://localhost:${web.port}/`;
    expect(await runTool(['get', url, '--backend', backend, '--ca', at('root.pem')])).toMatchObject({ exitCode: 0 });
    await rm(at('root.pem'));
    await rm(at('root.key'));
    await cert('other.test');
    expect(await runTool(['get', url, '--backend', backend, '--ca', at('root.pem')])).toMatchObject({ exitCode: 4 });
  });

  test.each(['ecdsa-p256', 'rsa-2048', 'ed25519'])(
    '%s: further certificates under the root and the intermediate that are there',
    async (keyType) => {
      await cert('localhost', '--intermediate', '--key-type', keyType);
      const kept = await Promise.all(['root.pem', 'root.key', 'intermediate.pem', 'intermediate.key'].map(text));
      const { stdout } = await cert('other.test', '--intermediate');
      expect(stdout).toContain('as it was');
      await cert('localhost', '--force');
      expect(await Promise.all(['root.pem', 'root.key', 'intermediate.pem', 'intermediate.key'].map(text))).toEqual(
        kept,
      );
      expect(verified('other.test.pem')).toContain('OK');
      expect(verified('localhost.pem')).toContain('OK');
    },
  );

  test('certificates that name their responder', async () => {
    await cert('localhost', '--ocsp-url', 'http://ocsp.test/');
    expect((await certificate('localhost.pem')).infoAccess?.trim()).toBe('OCSP - URI:http://ocsp.test/');
  });

  test('certificates that end after the given days, and never after their CA', async () => {
    const week = 7 * 86_400_000;
    const began = Date.now();
    await cert('localhost', '--days', '7');
    const end = new Date((await certificate('localhost.pem')).validTo).getTime();
    // Certificates have whole seconds.
    expect(end).toBeGreaterThanOrEqual(began + week - 1000);
    expect(end).toBeLessThanOrEqual(Date.now() + week);
    const short = await createRoot({ notAfter: new Date(Date.now() + week) });
    await folder.write('root.pem', short.certificatePem);
    await folder.write('root.key', short.privateKeyPem);
    await cert('other.test', '--intermediate');
    const ends = await Promise.all(['root.pem', 'intermediate.pem', 'other.test.pem'].map(certificate));
    expect(new Set(ends.map(({ validTo }) => validTo)).size).toBe(1);
  });

  test('the files of names that some system does not allow in a file', async () => {
    await cert('*.example.test');
    await cert('::1');
    await cert('--client', '../alice');
    expect(await readdir(folder.path)).toEqual(
      expect.arrayContaining(['_.example.test.pem', '__1.pem', '.._alice.pem']),
    );
    expect((await certificate('__1.pem')).subjectAltName).toBe('IP Address:0:0:0:0:0:0:0:1');
  });

  test('a new file in the place of a link, and leaves alone what it led to', async () => {
    await writeFile(at('elsewhere'), 'of somebody else');
    await symlink(at('elsewhere'), at('localhost.key'));
    expect(await cert('localhost')).toMatchObject({ exitCode: 2 });
    expect(await cert('localhost', '--force')).toMatchObject({ exitCode: 0 });
    expect(await text('elsewhere')).toBe('of somebody else');
  });
});
