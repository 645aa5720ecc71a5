import { createRoot, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdentity } from '../src/index.ts';
import { derNodes, encodedAsBer } from './support/der-tree.ts';
import { legacyStore } from './support/java-stores.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
let leaf: TestCertificate;

beforeAll(async () => {
  leaf = await createRoot({ isCa: false, names: ['localhost'] });
  bench.put('leaf', leaf);
});
afterAll(() => bench[Symbol.dispose]());

function byOpenssl(passphrase: string, ...options: readonly string[]): Uint8Array {
  const input = ['-inkey', 'leaf.key', '-in', 'leaf.crt', '-passout', `pass:${passphrase}`];
  return bench.openssl('pkcs12', '-export', ...input, ...options);
}

function byCerttool(...options: readonly string[]): Uint8Array {
  const input = ['--load-privkey', 'leaf.key', '--load-certificate', 'leaf.crt', '--p12-name', 'a'];
  bench.run('certtool', '--to-p12', ...input, ...options, '--outfile', 'g');
  return bench.read('g');
}

async function expectRead(pfx: string | Uint8Array, given: object = {}): Promise<void> {
  const identity = await readIdentity({ pfx, ...given });
  expect(identity.privateKey).toEqual(leaf.privateKeyDer);
  expect(identity.certificateChain).toEqual([leaf.certificateDer]);
}

describe('a file without a passphrase', () => {
  // GnuTLS asks for 600,000 iterations, which are done twice where the likelier form is not the one that fits.
  const maxIterations = 6_000_000;
  const none: readonly (readonly [string, object])[] = [
    ['where none is given', { maxIterations }],
    ['where the empty one is given', { passphrase: '', maxIterations }],
  ];
  const files: readonly (readonly [string, () => Uint8Array])[] = [
    ['GnuTLS with the null passphrase', () => byCerttool('--null-password', '--outder')],
    ['GnuTLS with the empty passphrase', () => byCerttool('--empty-password', '--outder')],
    ['OpenSSL with the empty passphrase', () => byOpenssl('')],
    ['OpenSSL with the empty passphrase, of the past', () => byOpenssl('', '-legacy')],
    ['OpenSSL with the empty passphrase, of the past and without a MAC', () => byOpenssl('', '-legacy', '-nomac')],
  ];
  test.each(files.flatMap(([file, make]) => none.map(([how, given]) => [file, how, make, given] as const)))(
    'by %s is read %s',
    (_file, _how, make, given) => expectRead(make(), given),
  );
});

test('GnuTLS’s keys that are not encrypted are read out of bags for those that are', () =>
  expectRead(byCerttool('--password=', '--outder')));

describe('a passphrase that is not ASCII', () => {
  test.each([
    ['of today', []],
    ['of the past', ['-legacy']],
    ['of the past without a MAC', ['-legacy', '-nomac']],
  ])('is read in a file %s', (_name, options) => expectRead(byOpenssl('Pä☃', ...options), { passphrase: 'Pä☃' }));

  test('is read as OpenSSL before 1.1.0 wrote it, a character for each byte', async () => {
    const asOfOld = Buffer.from('Pä☃').toString('latin1');
    await expectRead(byOpenssl(asOfOld, '-legacy'), { passphrase: 'Pä☃' });
    await expectRead(byOpenssl(asOfOld, '-legacy', '-nomac'), { passphrase: 'Pä☃' });
  });
});

test.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-224', 'sha512-256'])(
  'a MAC with %s is checked',
  async (hash) => {
    const file = byOpenssl('a', '-macalg', hash);
    await expectRead(file, { passphrase: 'a' });
    const error = await rejected(() => readIdentity({ pfx: file, passphrase: 'b' }));
    expect(error.message).toContain('the passphrase of the PKCS#12 file is wrong');
  },
);

test('a MAC of another kind is refused by its name', async () => {
  const file = byOpenssl('a', '-macalg', 'sha3-256');
  expect((await rejected(() => readIdentity({ pfx: file, passphrase: 'a' }))).message).toContain('SHA3-256');
});

const pbe1 = ['PBE-MD5-DES', 'PBE-SHA1-DES', 'PBE-MD5-RC2-64', 'PBE-SHA1-RC2-64'];
const pbe12 = ['PBE-SHA1-3DES', 'PBE-SHA1-2DES', 'PBE-SHA1-RC2-128', 'PBE-SHA1-RC2-40'];
test.each([...pbe1, ...pbe12])('%s is read for keys and certificates', async (cipher) => {
  const ciphers = ['-legacy', '-keypbe', cipher, '-certpbe', cipher];
  await expectRead(byOpenssl('a', ...ciphers), { passphrase: 'a' });
  await expectRead(byOpenssl('a', ...ciphers, '-nomac'), { passphrase: 'a' });
  const file = byOpenssl('a', ...ciphers, '-nomac');
  expect((await rejected(() => readIdentity({ pfx: file, passphrase: 'b' }))).message).toContain('is wrong');
});

test.each(['PBE-SHA1-RC4-128', 'PBE-SHA1-RC4-40', 'aria-128-cbc'])('%s is refused by its name', async (cipher) => {
  const file = byOpenssl('a', '-legacy', '-keypbe', cipher);
  const error = await rejected(() => readIdentity({ pfx: file, passphrase: 'a' }));
  expect(error.message.toLowerCase()).toContain(cipher.toLowerCase());
});

describe('Java’s stores until 2021', () => {
  const source = { pfx: legacyStore, passphrase: 'changeit' };

  test.each(['web server', 'Web Server', 'WEB SERVER'])('are read by the alias %j', async (friendlyName) => {
    expect((await readIdentity({ ...source, friendlyName })).certificateChain).toHaveLength(1);
  });

  test('give the one key that can be used where no alias is named', async () => {
    const named = await readIdentity({ ...source, friendlyName: 'web server' });
    expect(await readIdentity(source)).toEqual(named);
  });

  test('say what the key is that cannot be used, where it is named', async () => {
    const error = await rejected(() => readIdentity({ ...source, friendlyName: 'Ed448' }));
    expect(error.message).toContain('the key "ed448"');
    expect(error.message).toContain('a private key of Ed448');
  });
});

describe('the form of the file', () => {
  const passphrase = 'a';

  test.each([
    ['Base64', (file: Buffer) => file.toString('base64')],
    [
      'bytes of Base64 in lines',
      (file: Buffer) => Buffer.from(file.toString('base64').replaceAll(/.{64}/gu, '$&\r\n')),
    ],
    ['a line feed behind it', (file: Buffer) => Buffer.concat([file, Buffer.from('\n')])],
    ['zeros behind it', (file: Buffer) => Buffer.concat([file, Buffer.alloc(16)])],
    [
      'indefinite lengths and strings in pieces',
      (file: Buffer) => Buffer.concat(derNodes(file).map((each) => encodedAsBer(each))),
    ],
    ['a Uint8Array', (file: Buffer) => new Uint8Array(file)],
  ])('may be %s', (_name, change) => expectRead(change(Buffer.from(byOpenssl('a'))), { passphrase }));

  test('may be PEM, as GnuTLS writes it', () => expectRead(byCerttool('--password', 'a'), { passphrase }));
});
