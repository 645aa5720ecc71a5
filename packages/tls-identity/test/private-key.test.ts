import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createRoot, keyAlgorithms, type KeyAlgorithm, type TestCertificate } from '@org/pki';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readIdentity, readPrivateKey, type Jwk, type PrivateKeySource } from '../src/index.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

const bench = new Workbench();
const leaves = new Map<KeyAlgorithm, TestCertificate>();

beforeAll(async () => {
  const root = await createRoot();
  for (const algorithm of keyAlgorithms) {
    const leaf = await root.issue({ names: ['localhost'], algorithm });
    leaves.set(algorithm, leaf);
    bench.put(algorithm, leaf);
  }
});
afterAll(() => bench[Symbol.dispose]());

function leafOf(algorithm: KeyAlgorithm): TestCertificate {
  const leaf = leaves.get(algorithm);
  if (leaf === undefined) throw new Error(`no leaf of ${algorithm}`);
  return leaf;
}

/** Reading checks that it is the key of the certificate. */
async function expectRead(algorithm: KeyAlgorithm, privateKey: PrivateKeySource, passphrase?: string): Promise<void> {
  const { certificateDer } = leafOf(algorithm);
  const given = passphrase === undefined ? {} : { passphrase };
  const identity = await readIdentity({ certificateChain: certificateDer, privateKey, ...given });
  expect(identity.certificateChain).toEqual([certificateDer]);
  expect(identity.privateKey ?? identity.signer).toBeDefined();
}

/** What OpenSSL needs to write with the ciphers of the past. */
const legacy = ['-provider', 'legacy', '-provider', 'default'];
const secret = 'Päßword ☃';
const withSecret = ['-passout', `pass:${secret}`];

describe.each(keyAlgorithms)('a key of %s', (algorithm) => {
  test('as PKCS#8, PEM and DER, text and bytes', async () => {
    const { privateKeyPem, privateKeyDer } = leafOf(algorithm);
    await expectRead(algorithm, privateKeyPem);
    await expectRead(algorithm, privateKeyDer);
    await expectRead(algorithm, new TextEncoder().encode(`\uFEFF# from a file\n${privateKeyPem}`));
  });

  test('as encrypted PKCS#8, PEM and DER', async () => {
    const encrypted = ['pkcs8', '-topk8', '-in', `${algorithm}.key`, ...withSecret];
    await expectRead(algorithm, bench.openssl(...encrypted), secret);
    await expectRead(algorithm, bench.openssl(...encrypted, '-outform', 'DER'), secret);
  });

  test('as a KeyObject', () => expectRead(algorithm, createPrivateKey(leafOf(algorithm).privateKeyPem)));
});

describe.each(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048'] as const)('a key of %s', (algorithm) => {
  const traditional = (...options: readonly string[]): Uint8Array =>
    bench.openssl(algorithm === 'rsa-2048' ? 'rsa' : 'ec', '-in', `${algorithm}.key`, ...options);
  const old = algorithm === 'rsa-2048' ? ['-traditional'] : [];

  test('as SEC1 or PKCS#1', async () => {
    const pem = traditional(...old);
    expect(new TextDecoder().decode(pem)).toMatch(/BEGIN (?:EC|RSA) PRIVATE KEY/u);
    await expectRead(algorithm, pem);
    await expectRead(algorithm, traditional(...old, '-outform', 'DER'));
  });

  test.each(['aes128', 'aes192', 'aes256', 'des3', 'des', 'des-ede-cbc', 'rc2', 'rc2-64-cbc', 'rc2-40-cbc'])(
    'as SEC1 or PKCS#1, encrypted with %s in the old way',
    async (cipher) => {
      const provider = /^(?:des$|rc2)/u.test(cipher) ? legacy : [];
      const pem = traditional(...old, `-${cipher}`, ...provider, ...withSecret);
      expect(new TextDecoder().decode(pem)).toContain('DEK-Info');
      await expectRead(algorithm, pem, secret);
    },
  );
});

describe('encrypted PKCS#8', () => {
  test.each([
    ['AES-128', ['-v2', 'aes-128-cbc']],
    ['AES-192', ['-v2', 'aes-192-cbc']],
    ['HMAC with SHA-1', ['-v2prf', 'hmacWithSHA1']],
    ['HMAC with SHA-512', ['-v2prf', 'hmacWithSHA512']],
    ['scrypt', ['-scrypt']],
    ['scrypt with other numbers', ['-scrypt', '-scrypt_N', '1024', '-scrypt_r', '4', '-scrypt_p', '2']],
    ['3DES', ['-v2', 'des-ede3-cbc']],
    ['DES in PBES2', ['-v2', 'des-cbc', ...legacy]],
    ['RC2 in PBES2', ['-v2', 'rc2', ...legacy]],
    ['RC2 of 64 bits in PBES2', ['-v2', 'rc2-64-cbc', ...legacy]],
    ['RC2 of 40 bits in PBES2', ['-v2', 'rc2-40-cbc', ...legacy]],
    ['PKCS#12 of the past', ['-v1', 'PBE-SHA1-3DES']],
    ['PKCS#12 of the past with two keys', ['-v1', 'PBE-SHA1-2DES']],
    ['PKCS#12 of the past with RC2', ['-v1', 'PBE-SHA1-RC2-40', ...legacy]],
    ['PBES1 with MD5 and DES', ['-v1', 'PBE-MD5-DES', ...legacy]],
    ['PBES1 with SHA-1 and DES', ['-v1', 'PBE-SHA1-DES', ...legacy]],
    ['PBES1 with MD5 and RC2', ['-v1', 'PBE-MD5-RC2-64', ...legacy]],
    ['PBES1 with SHA-1 and RC2', ['-v1', 'PBE-SHA1-RC2-64', ...legacy]],
    ['many iterations', ['-iter', '300000']],
  ])('by %s', async (_name, options) => {
    const args = ['pkcs8', '-topk8', '-in', 'ecdsa-p256.key', ...options, ...withSecret];
    await expectRead('ecdsa-p256', bench.openssl(...args), secret);
  });

  test('of GnuTLS', async () => {
    const args = ['--to-p8', '--load-privkey', 'ecdsa-p256.key', '--password', 'abc', '--outfile', 'g8'];
    bench.run('certtool', ...args);
    await expectRead('ecdsa-p256', bench.read('g8'), 'abc');
  });

  test.each([
    ['PKCS#12 of the past with RC4', ['-v1', 'PBE-SHA1-RC4-128', ...legacy], 'PBE-SHA1-RC4-128'],
    ['PBES2 with Camellia', ['-v2', 'camellia-128-cbc'], 'CAMELLIA-128-CBC'],
    ['PBES2 with ARIA', ['-v2', 'aria-256-cbc'], 'ARIA-256-CBC'],
    ['HMAC with SHA-224', ['-v2prf', 'hmacWithSHA224'], 'HMAC with SHA-224'],
    ['scrypt with many lanes', ['-scrypt', '-scrypt_N', '16', '-scrypt_p', '129'], 'r·p is at most'],
    ['too many iterations', ['-iter', '5000001'], 'maxIterations'],
  ])('by %s is refused', async (_name, options, message) => {
    const args = ['pkcs8', '-topk8', '-in', 'ecdsa-p256.key', ...options, ...withSecret];
    const error = await rejected(() => readPrivateKey(bench.openssl(...args), secret));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain(message);
  });
});

describe('a passphrase', () => {
  const encrypted = (): Uint8Array => bench.openssl('pkcs8', '-topk8', '-in', 'ecdsa-p256.key', ...withSecret);

  test('that is wrong is told', async () => {
    const error = await rejected(() => readPrivateKey(encrypted(), 'wrong'));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).not.toContain(secret);
  });

  test('that is missing is asked for', async () => {
    expect((await rejected(() => readPrivateKey(encrypted()))).message).toContain('no passphrase was given');
  });

  test('may come from a function, which is not asked in vain', async () => {
    const ask = vi.fn<() => string>().mockReturnValue(secret);
    await readPrivateKey(leafOf('ecdsa-p256').privateKeyPem, ask);
    expect(ask).not.toHaveBeenCalled();
    await readPrivateKey(encrypted(), ask);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test("whose function fails ends in the function's error", async () => {
    const gone = new Error('the vault is closed');
    await expect(readPrivateKey(encrypted(), () => Promise.reject(gone))).rejects.toBe(gone);
  });

  test('has to be text', async () => {
    const error = await rejected(() => readPrivateKey(encrypted(), (() => 5) as unknown as () => string));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    const given = await rejected(() => readPrivateKey(encrypted(), Buffer.from('a') as unknown as string));
    expect(given.code).toBe('ERR_TLS_IDENTITY');
  });
});

describe('a JWK', () => {
  const jwkOf = (algorithm: KeyAlgorithm): Jwk =>
    createPrivateKey(leafOf(algorithm).privateKeyPem).export({ format: 'jwk' }) as Jwk;
  const jwkAlgorithms = ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'ed25519'] as const;

  test.each(jwkAlgorithms)('of %s, as an object, text and bytes', async (algorithm) => {
    const jwk = jwkOf(algorithm);
    await expectRead(algorithm, jwk);
    await expectRead(algorithm, JSON.stringify(jwk, null, 2));
    await expectRead(algorithm, new TextEncoder().encode(` ${JSON.stringify(jwk)}\n`));
  });

  test('may say what it is used for', () =>
    expectRead('ecdsa-p256', {
      ...jwkOf('ecdsa-p256'),
      use: 'sig',
      key_ops: ['sign'],
      ext: false,
      alg: 'ES256',
      kid: '1',
    }));

  test('may carry its chain (RFC 7517 §4.7)', async () => {
    const { certificateDer } = leafOf('ecdsa-p256');
    const jwk = { ...jwkOf('ecdsa-p256'), x5c: [Buffer.from(certificateDer).toString('base64')] };
    const identity = await readIdentity({ privateKey: jwk });
    expect(identity.certificateChain).toEqual([certificateDer]);
  });

  test('of ML-DSA is its seed (RFC 9964 §4)', async () => {
    const priv = Buffer.alloc(32, 7).toString('base64url');
    const { privateKey } = await readPrivateKey({ kty: 'AKP', alg: 'ML-DSA-44', priv });
    const algorithm = '300b0609608648016503040311';
    expect(Buffer.from(privateKey ?? []).toString('hex')).toBe(`3034020100${algorithm}04228020${'07'.repeat(32)}`);
  });

  const rsaMembers = Object.fromEntries(['e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => [name, 'AQAB']));
  const { d, ...publicJwk } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  test.each([
    ['a public key', publicJwk, 'no private key'],
    ['an RSA key without its primes', { kty: 'RSA', n: 'AQ', e: 'AQAB', d: 'AQ' }, 'lacks p, q, dp, dq, qi'],
    ['a secret', { kty: 'oct', k: 'AQ' }, 'not supported'],
    ['a key for key agreement', { kty: 'OKP', crv: 'X25519', x: 'AQ', d: 'AQ' }, 'not supported'],
    ['another curve', { ...publicJwk, d, crv: 'secp256k1' }, '"secp256k1", is not supported'],
    ['Ed448', { kty: 'OKP', crv: 'Ed448', x: 'AQ', d: 'AQ' }, '"Ed448", is not supported'],
    ['a huge RSA key', { kty: 'RSA', ...rsaMembers, n: 'A'.repeat(100_000) }, 'more than 2048 characters'],
    ['a key that is not on its curve', { ...publicJwk, d, y: publicJwk.x }, 'no usable key'],
    ['a set of keys', { keys: [] }, 'a set'],
    ['ML-DSA without a seed', { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AQ' }, 'no private key'],
    ['ML-DSA with half a seed', { kty: 'AKP', alg: 'ML-DSA-44', priv: 'AQID' }, '3 bytes'],
    ['ML-DSA with what is no Base64', { kty: 'AKP', alg: 'ML-DSA-44', priv: '*' }, 'Base64'],
    ['an unknown set of parameters', { kty: 'AKP', alg: 'ML-DSA-1', priv: 'AQ' }, 'not supported'],
  ])('that is %s is refused', async (_name, jwk, message) => {
    const error = await rejected(() => readPrivateKey(jwk as Jwk));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain(message);
  });

  test('in malformed JSON is refused, and not quoted', async () => {
    const error = await rejected(() => readPrivateKey('{"kty":"EC","d":"topsecret'));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain('topsecret');
  });
});

describe('what is no private key', () => {
  test.each([
    ['Ed448', generateKeyPairSync('ed448').privateKey],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
  ])('a key of %s is refused by its name', async (name, key) => {
    expect((await rejected(() => readPrivateKey(key))).message).toContain(name);
    const pem = key.export({ format: 'pem', type: 'pkcs8' });
    expect((await rejected(() => readPrivateKey(pem))).message).toContain(name);
    bench.write('odd.key', pem);
    const encrypted = bench.openssl('pkcs8', '-topk8', '-in', 'odd.key', ...withSecret);
    expect((await rejected(() => readPrivateKey(encrypted, secret))).message).toContain(name);
  });

  test.each([
    ['text without PEM', 'nothing'],
    ['bytes that are neither', Uint8Array.of(0x80, 0xff)],
    ['DER that is cut off', Uint8Array.of(0x30, 0x20, 0x02)],
    ['a public KeyObject', generateKeyPairSync('ed25519').publicKey],
    ['a number', 5 as unknown as string],
    ['nothing at all', null as unknown as string],
    ['another object', {} as unknown as string],
    ['another key in PEM', '-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n'],
  ])('%s', async (_name, source) => {
    expect((await rejected(() => readPrivateKey(source))).code).toBe('ERR_TLS_IDENTITY');
  });
});
