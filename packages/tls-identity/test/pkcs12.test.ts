import { createRoot, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readIdentity } from '../src/index.ts';
import { keytoolStore } from './support/keytool-store.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let other: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
  intermediate = await root.issue({ isCa: true, commonName: 'intermediate' });
  leaf = await intermediate.issue({ names: ['localhost'] });
  other = await root.issue({ names: ['other.test'], algorithm: 'rsa-2048' });
  bench.put('leaf', leaf);
  bench.put('other', other);
  bench.write('root.crt', root.certificatePem);
  bench.write('all.ca', intermediate.certificatePem + root.certificatePem);
});
afterAll(() => bench[Symbol.dispose]());

const passphrase = 'Päßword ☃ 𝄞';
const input = ['-inkey', 'leaf.key', '-in', 'leaf.crt', '-certfile', 'all.ca'];
const exported = (...options: readonly string[]): Uint8Array =>
  bench.openssl('pkcs12', '-export', ...input, '-passout', `pass:${passphrase}`, ...options);

describe('PKCS#12 that OpenSSL writes', () => {
  test.each([
    ['of today: PBES2 with AES-256', []],
    ['with AES-128 and SHA-512', ['-keypbe', 'aes-128-cbc', '-certpbe', 'aes-192-cbc', '-macalg', 'sha512']],
    ['with a MAC of SHA-384', ['-macalg', 'sha384']],
    ['with many iterations', ['-iter', '100000']],
    ['without a MAC', ['-nomac']],
    ['of the past: 3DES and RC2-40', ['-legacy']],
    ['of the past: RC2-128 and two-key 3DES', ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-2DES']],
    ['with 3DES in PBES2', ['-keypbe', 'des-ede3-cbc', '-certpbe', 'des-ede3-cbc']],
    ['with nothing encrypted', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ])('%s', async (_name, options) => {
    const identity = await readIdentity({ pfx: exported(...options), passphrase });
    expect(identity.certificateChain).toEqual(leaf.chainDer);
    expect(identity.privateKey).toEqual(leaf.privateKeyDer);
  });

  test('the root is left out, and so is what does not belong to the chain', async () => {
    bench.write('mixed.ca', root.certificatePem + other.certificatePem + intermediate.certificatePem);
    const identity = await readIdentity({ pfx: exported('-certfile', 'mixed.ca'), passphrase });
    expect(identity.certificateChain).toEqual([leaf.certificateDer, intermediate.certificateDer]);
  });

  test('a self-signed leaf is not left out', async () => {
    const selfSigned = await createRoot({ isCa: false, names: ['localhost'] });
    bench.put('self', selfSigned);
    const args = ['-inkey', 'self.key', '-in', 'self.crt', '-passout', 'pass:a'];
    const identity = await readIdentity({ pfx: bench.openssl('pkcs12', '-export', ...args), passphrase: 'a' });
    expect(identity.certificateChain).toEqual([selfSigned.certificateDer]);
  });

  test.each([
    ['an empty passphrase, given', { passphrase: '' }],
    ['an empty passphrase, not given', {}],
  ])('%s', async (_name, given) => {
    const file = bench.openssl('pkcs12', '-export', ...input, '-passout', 'pass:');
    expect((await readIdentity({ pfx: file, ...given })).privateKey).toEqual(leaf.privateKeyDer);
  });

  test.each([
    ['of today', [] as string[]],
    ['without a MAC', ['-nomac']],
    ['of the past', ['-legacy']],
    ['of the past without a MAC', ['-legacy', '-nomac']],
  ])('a wrong passphrase for a file %s', async (_name, options) => {
    const file = exported(...options);
    const error = await rejected(() => readIdentity({ pfx: file, passphrase: 'wrong' }));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).not.toContain('wrong"');
  });

  test('no passphrase where one is needed says so', async () => {
    const file = exported();
    expect((await rejected(() => readIdentity({ pfx: file }))).message).toContain('needs a passphrase');
  });

  test('a passphrase function is asked once', async () => {
    const ask = vi.fn<() => Promise<string>>().mockResolvedValue(passphrase);
    await readIdentity({ pfx: exported(), passphrase: ask });
    expect(ask).toHaveBeenCalledTimes(1);
  });
});

describe('PKCS#12 that others write', () => {
  test('GnuTLS', async () => {
    const files = ['--load-privkey', 'leaf.key', '--load-certificate', 'leaf.chain'];
    bench.run(
      'certtool',
      '--to-p12',
      ...files,
      '--p12-name',
      'a name',
      '--password',
      'abc',
      '--outder',
      '--outfile',
      'g',
    );
    const identity = await readIdentity({ pfx: bench.read('g'), passphrase: 'abc' });
    expect(identity.certificateChain).toEqual(leaf.chainDer);
    expect(identity.privateKey).toEqual(leaf.privateKeyDer);
  });

  test('NSS', async () => {
    bench.write('in.p12', bench.openssl('pkcs12', '-export', ...input, '-name', 'web', '-passout', 'pass:abc'));
    bench.run('certutil', '-N', '-d', '.', '--empty-password');
    bench.run('pk12util', '-i', 'in.p12', '-d', '.', '-W', 'abc');
    bench.run('pk12util', '-o', 'nss.p12', '-n', 'web', '-d', '.', '-W', 'abcd');
    const identity = await readIdentity({ pfx: bench.read('nss.p12'), passphrase: 'abcd' });
    expect(identity.certificateChain).toEqual(leaf.chainDer);
  });

  test("Java's keytool, by alias", async () => {
    const web = await readIdentity({ pfx: keytoolStore, passphrase: 'changeit', friendlyName: 'web' });
    const mail = await readIdentity({ pfx: keytoolStore, passphrase: 'changeit', friendlyName: 'mail' });
    expect(web.certificateChain).toHaveLength(1);
    expect(web.certificateChain).not.toEqual(mail.certificateChain);
  });

  test('of several keys, one has to be chosen by a name that is there', async () => {
    const source = { pfx: keytoolStore, passphrase: 'changeit' };
    expect((await rejected(() => readIdentity(source))).message).toContain('"web", "mail"');
    const error = await rejected(() => readIdentity({ ...source, friendlyName: 'ftp' }));
    expect(error.message).toContain('it has "web", "mail"');
  });
});

describe('PKCS#12 that cannot be used', () => {
  test('without a key', async () => {
    const file = bench.openssl('pkcs12', '-export', '-nokeys', '-in', 'leaf.crt', '-passout', 'pass:a');
    expect((await rejected(() => readIdentity({ pfx: file, passphrase: 'a' }))).message).toContain('no private key');
  });

  test('without a certificate for the key', async () => {
    const args = ['-nocerts', '-inkey', 'leaf.key', '-in', 'other.crt', '-passout', 'pass:a'];
    const file = bench.openssl('pkcs12', '-export', ...args);
    expect((await rejected(() => readIdentity({ pfx: file, passphrase: 'a' }))).message).toContain('no certificate');
  });

  test('damaged anywhere', async () => {
    const file = exported('-iter', '1', '-nomac', '-keypbe', 'NONE', '-certpbe', 'NONE');
    for (let index = 0; index < file.length; index += 3) {
      const damaged = file.slice();
      damaged[index] = (damaged[index] ?? 0) ^ 0x55;
      const end = await readIdentity({ pfx: damaged, passphrase }).then(
        () => 'read',
        (error: unknown) => (error as { code?: string }).code,
      );
      expect(['read', 'ERR_TLS_IDENTITY']).toContain(end);
    }
  });

  test('cut off anywhere', async () => {
    const file = exported('-iter', '1');
    for (let length = 0; length < file.length; length += 7) {
      const cut = file.subarray(0, length);
      expect((await rejected(() => readIdentity({ pfx: cut, passphrase }))).code).toBe('ERR_TLS_IDENTITY');
    }
  });

  test('with something behind it', async () => {
    const file = Buffer.concat([exported(), Buffer.from('more')]);
    expect((await rejected(() => readIdentity({ pfx: file, passphrase }))).message).toContain('behind its end');
  });

  test.each<[string, string | Uint8Array]>([
    ['bytes', new Uint8Array(2 ** 20 + 1).fill(0x30)],
    ['Base64', Buffer.from(new Uint8Array(2 ** 20 + 1).fill(0x30)).toString('base64')],
    ['text', 'A'.repeat(2 ** 21 + 1)],
  ])('too long, in %s', async (_name, file) => {
    expect((await rejected(() => readIdentity({ pfx: file, passphrase }))).message).toContain('expected at most');
  });

  test('nested without end', async () => {
    const file = Buffer.from('3080'.repeat(200_000), 'hex');
    expect((await rejected(() => readIdentity({ pfx: file, passphrase }))).code).toBe('ERR_TLS_IDENTITY');
  });

  test('with iterations that would never end', async () => {
    const count = Buffer.from('0203011170', 'hex');
    const file = Buffer.from(exported('-iter', String(0x01_11_70)));
    const endless = Buffer.from('02037fffff', 'hex');
    file.set(endless, file.lastIndexOf(count));
    expect((await rejected(() => readIdentity({ pfx: file, passphrase }))).message).toContain('iterations');
    const withoutMac = Buffer.from(exported('-nomac', '-keypbe', 'NONE', '-iter', String(0x01_11_70)));
    withoutMac.set(endless, withoutMac.indexOf(count));
    expect((await rejected(() => readIdentity({ pfx: withoutMac, passphrase }))).message).toContain('iterations');
  });
});
