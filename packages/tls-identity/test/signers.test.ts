import { createRoot, type KeyAlgorithm, type TestCertificate } from '@org/pki';
import type { Signer } from '@org/tls-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readIdentity, readPrivateKey } from '../src/index.ts';
import { rejected } from './support/rejected.ts';

const { subtle } = globalThis.crypto;
type Algorithm = Parameters<typeof subtle.importKey>[2];

const algorithms = [
  ['ecdsa-p256', { name: 'ECDSA', namedCurve: 'P-256' }, ['ecdsa_secp256r1_sha256']],
  ['ecdsa-p384', { name: 'ECDSA', namedCurve: 'P-384' }, ['ecdsa_secp384r1_sha384']],
  ['ecdsa-p521', { name: 'ECDSA', namedCurve: 'P-521' }, ['ecdsa_secp521r1_sha512']],
  ['ed25519', { name: 'Ed25519' }, ['ed25519']],
  ['rsa-2048', { name: 'RSA-PSS', hash: 'SHA-256' }, ['rsa_pss_rsae_sha256', 'rsa_pss_pss_sha256']],
  ['rsa-2048', { name: 'RSA-PSS', hash: 'SHA-384' }, ['rsa_pss_rsae_sha384', 'rsa_pss_pss_sha384']],
  ['rsa-2048', { name: 'RSA-PSS', hash: 'SHA-512' }, ['rsa_pss_rsae_sha512', 'rsa_pss_pss_sha512']],
  ['rsa-2048', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, ['rsa_pkcs1_sha256']],
] as const satisfies readonly (readonly [KeyAlgorithm, Algorithm, readonly string[]])[];

const leaves = new Map<KeyAlgorithm, TestCertificate>();
beforeAll(async () => {
  const root = await createRoot();
  for (const [algorithm] of algorithms) leaves.set(algorithm, await root.issue({ names: ['localhost'], algorithm }));
});
function leafOf(algorithm: KeyAlgorithm): TestCertificate {
  const leaf = leaves.get(algorithm);
  if (leaf === undefined) throw new Error(`no leaf of ${algorithm}`);
  return leaf;
}

describe.each(algorithms)('a CryptoKey for %s, %o', (algorithm, parameters, schemes) => {
  const importKey = (extractable: boolean): ReturnType<typeof subtle.importKey> =>
    subtle.importKey('pkcs8', leafOf(algorithm).privateKeyDer.slice(), parameters, extractable, ['sign']);

  test('that is not extractable signs where it is', async () => {
    const { certificateDer } = leafOf(algorithm);
    // reading verifies a signature with the certificate's key
    const identity = await readIdentity({ certificateChain: certificateDer, privateKey: await importKey(false) });
    expect(identity.signer?.signatureSchemes).toEqual(schemes);
    expect(identity.privateKey).toBeUndefined();
  });

  test('that is extractable is a key like any other', async () => {
    const { certificateDer } = leafOf(algorithm);
    const identity = await readIdentity({ certificateChain: certificateDer, privateKey: await importKey(true) });
    expect(identity.privateKey).toBeInstanceOf(Uint8Array);
  });
});

describe('a CryptoKey that cannot serve', () => {
  test.each([
    ['a public one', { name: 'Ed25519' }, ['sign', 'verify'], 'publicKey', 'a public one'],
    ['one for key agreement', { name: 'ECDH', namedCurve: 'P-256' }, ['deriveBits'], 'privateKey', 'must not be used'],
    ['one with SHA-1', { ...rsaParameters('SHA-1') }, ['sign', 'verify'], 'privateKey', 'not supported'],
  ] as const)('%s', async (_name, parameters, usages, part, message) => {
    const pair = (await subtle.generateKey(parameters, false, [...usages])) as { publicKey: never; privateKey: never };
    const error = await rejected(() => readPrivateKey(pair[part]));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain(message);
  });
});

function rsaParameters(hash: string): {
  name: string;
  modulusLength: number;
  publicExponent: Uint8Array<ArrayBuffer>;
  hash: string;
} {
  return { name: 'RSA-PSS', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash };
}

describe('a remote signer', () => {
  async function remote(algorithm: KeyAlgorithm): Promise<Signer> {
    const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
    const key = await subtle.importKey('pkcs8', leafOf(algorithm).privateKeyDer.slice(), parameters, false, ['sign']);
    const { signer } = await readPrivateKey(key);
    if (signer === undefined) throw new Error('expected a signer');
    return signer;
  }

  test('is asked for one signature, over what no protocol signs', async () => {
    const { signatureSchemes, sign } = await remote('ecdsa-p256');
    const watched = vi.fn<Signer['sign']>(sign);
    const signer: Signer = { signatureSchemes, sign: watched };
    const chain = [leafOf('ecdsa-p384').certificateDer, leafOf('ecdsa-p256').certificateDer];
    const error = await rejected(() => readIdentity({ certificateChain: chain, privateKey: signer }));
    // the second was the leaf, so the first is a stranger
    expect(error.message).toContain('certificate 1 of the chain');
    expect(watched).toHaveBeenCalledTimes(1);
    const [scheme, input] = watched.mock.calls[0] ?? [];
    expect(scheme).toBe('ecdsa_secp256r1_sha256');
    expect(new TextDecoder().decode(input).slice(0, 64)).toBe(' '.repeat(64));
  });

  test('of another key is refused when loaded', async () => {
    const other = await createRoot({ isCa: false, names: ['localhost'] });
    const privateKey = await remote('ecdsa-p256');
    const error = await rejected(() => readIdentity({ certificateChain: other.certificatePem, privateKey }));
    expect(error.message).toContain('belongs to none');
  });

  test('without a scheme for the certificate is refused when loaded', async () => {
    const privateKey = await remote('ecdsa-p256');
    const certificateChain = leafOf('ed25519').certificateDer;
    const error = await rejected(() => readIdentity({ certificateChain, privateKey }));
    expect(error.message).toContain('no scheme');
    const none = { signatureSchemes: [], sign: privateKey.sign.bind(privateKey) };
    expect((await rejected(() => readIdentity({ certificateChain, privateKey: none }))).message).toContain('has none');
  });

  test('that fails when loaded ends in its own error', async () => {
    const gone = new Error('the token was pulled out');
    const signer: Signer = { signatureSchemes: ['ed25519'], sign: () => Promise.reject(gone) };
    const certificateChain = leafOf('ed25519').certificateDer;
    await expect(readIdentity({ certificateChain, privateKey: signer })).rejects.toBe(gone);
  });
});
