import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTool, temporaryFolder } from './run-tool.ts';

const folder = await temporaryFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const at = (name: string): string => path.join(folder.path, name);
const crl = (...args: readonly string[]) => runTool(['crl', '--ca', at('root.pem'), '--out', at('root.crl'), ...args]);

beforeAll(async () => {
  await runTool(['cert', '--out', folder.path, 'localhost', '--client', 'alice', '--client', 'bob']);
  await runTool(['cert', '--out', at('other'), 'localhost']);
});

/** What `openssl verify` says of a certificate when it looks into the list. */
function checked(name: string): string {
  const lists = ['-crl_check', '-CRLfile', at('root.crl')];
  const args = ['verify', '-x509_strict', ...lists, '-CAfile', at('root.pem'), at(name)];
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
}

describe('tls crl', () => {
  test.each([
    ['the certificate of another CA', [path.join('other', 'localhost.pem')]],
    ['a file that is not there', ['nobody.pem']],
    ['a file that is no certificate', ['alice.key']],
  ])('refuses %s, with exit code 2 and no list', async (_fault, [name = '']) => {
    const { exitCode, stderr } = await crl(at('bob.pem'), at(name));
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(name) });
    expect(await readdir(folder.path)).not.toContain('root.crl');
  });

  test.each([
    ['no CA', ['--out', 'list']],
    ['no file for the list', ['--ca', 'root.pem']],
    ['a CA that is none', ['--ca', 'alice.pem', '--out', 'list']],
    ['no days at all', ['--ca', 'root.pem', '--out', 'list', '--days', '0']],
    ['a file for the list that is a folder', ['--ca', 'root.pem', '--out', 'other']],
  ])('refuses %s, with exit code 2', async (_fault, args) => {
    const paths = args.map((each) => (each.startsWith('--') || each === '0' ? each : at(each)));
    expect(await runTool(['crl', ...paths])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('makes a list that OpenSSL finds the revoked certificates in, and replaces it by the next one', async () => {
    expect(await crl(at('alice.pem'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 revoked') });
    expect(() => checked('alice.pem')).toThrow('certificate revoked');
    expect(checked('bob.pem')).toContain('OK');
    const first = numberOf(await readFile(at('root.crl'), 'utf8'));
    expect(await crl()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 revoked') });
    expect(checked('alice.pem')).toContain('OK');
    expect(numberOf(await readFile(at('root.crl'), 'utf8'))).toBeGreaterThan(first);
  });

  test('needs the CA’s key', async () => {
    await rm(at('root.key'));
    expect(await crl()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('root.key') });
  });
});

/** The cRLNumber of a list (RFC 5280 §5.2.3), as OpenSSL reads it. */
function numberOf(pem: string): bigint {
  const output = execFileSync('openssl', ['crl', '-noout', '-crlnumber'], { input: pem, encoding: 'utf8' });
  return BigInt(/0x[0-9a-f]+/i.exec(output)?.[0] ?? 0);
}
