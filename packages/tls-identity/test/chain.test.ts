import { createRoot, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { readIdentity, type KeyPairSource } from '../src/index.ts';
import { rejected } from './support/rejected.ts';

let root: TestCertificate;
let upper: TestCertificate;
let lower: TestCertificate;
let leaf: TestCertificate;
let stranger: TestCertificate;

beforeAll(async () => {
  root = await createRoot();
  upper = await root.issue({ isCa: true, commonName: 'upper' });
  lower = await upper.issue({ isCa: true, commonName: 'lower' });
  leaf = await lower.issue({ names: ['localhost'] });
  stranger = await root.issue({ names: ['stranger.test'] });
});

async function chainOf(certificateChain: KeyPairSource['certificateChain']): Promise<readonly Uint8Array[]> {
  const { certificateChain: chain } = await readIdentity({
    privateKey: leaf.privateKeyPem,
    ...(certificateChain !== undefined && { certificateChain }),
  });
  expect(Array.isArray(chain)).toBe(true);
  return chain as readonly Uint8Array[];
}

describe('a certificate chain (RFC 8446 §4.4.2)', () => {
  test.each<[string, () => KeyPairSource['certificateChain']]>([
    ['PEM text', () => leaf.chainPem],
    ['a file of PEM text', () => new TextEncoder().encode(leaf.chainPem)],
    ['DER, one by one', () => leaf.chainDer],
    ['in any order', () => [upper.certificateDer, leaf.certificateDer, lower.certificateDer]],
    ['leaf and issuers in two files', () => [leaf.certificatePem, upper.certificatePem + lower.certificatePem]],
    ['with a certificate twice', () => leaf.chainPem + lower.certificatePem + leaf.certificatePem],
    ['among comments and keys', () => `a chain\n${leaf.privateKeyPem}and${leaf.chainPem.replace(/^/u, '\n')}`],
  ])('%s', async (_name, source) => {
    expect(await chainOf(source())).toEqual([leaf.certificateDer, lower.certificateDer, upper.certificateDer]);
  });

  test('keeps a root that is in it', async () => {
    expect(await chainOf(root.certificatePem + leaf.chainPem)).toHaveLength(4);
  });

  test('has both issuers where a key is cross-signed', async () => {
    const otherRoot = await createRoot();
    const crossed = await otherRoot.issue({ isCa: true, commonName: 'upper', sameKeyAs: upper });
    const chain = await chainOf([leaf.chainPem, crossed.certificatePem]);
    expect(chain.slice(2)).toEqual([upper.certificateDer, crossed.certificateDer]);
  });

  test('may stand in one text with the key', async () => {
    const { certificateChain } = await readIdentity({ privateKey: leaf.privateKeyPem + leaf.chainPem });
    expect(certificateChain).toEqual(leaf.chainDer);
  });

  test('is frozen, and shares no memory with what was given', async () => {
    const der = Buffer.from(leaf.certificateDer);
    const identity = await readIdentity({ certificateChain: [der], privateKey: leaf.privateKeyPem });
    der.fill(0);
    expect(identity.certificateChain).toEqual([leaf.certificateDer]);
    expect(Object.isFrozen(identity)).toBe(true);
  });
});

describe('a chain that cannot be used', () => {
  test.each<[string, () => KeyPairSource['certificateChain'], string]>([
    ['without the certificate of the key', () => stranger.chainPem, 'belongs to none of the 1 certificates'],
    ['with a certificate of another chain', () => leaf.chainPem + stranger.certificatePem, 'certificate 4'],
    ['with a gap', () => leaf.certificatePem + upper.certificatePem, 'certificate 2'],
    ['of nothing', () => '', 'no PEM'],
    ['of a key only', () => leaf.privateKeyPem, 'but PRIVATE KEY'],
    ['of PKCS#7', () => '-----BEGIN PKCS7-----\nAQID\n-----END PKCS7-----\n', 'but PKCS7'],
    ['with DER that is none', () => [Uint8Array.of(0x30, 0)], 'cannot be used'],
    ['with bytes that are none', () => Uint8Array.of(0x80), 'no PEM'],
    ['that is a path', () => '/etc/ssl/chain.pem', 'a path'],
    ['of an empty list', () => [], 'belongs to none of the 0'],
    ['with a number', () => [5] as never, 'got number'],
    ['that is an object', () => ({}) as unknown as string, 'a list'],
    ['left out, without one beside the key', () => undefined, 'no certificate'],
  ])('%s', async (_name, source, message) => {
    const error = await rejected(() => chainOf(source()));
    expect(error.code).toBe('ERR_TLS_IDENTITY');
    expect(error.message).toContain(message);
  });

  test.each<[string, () => object]>([
    ['an option that is not known', () => ({ privateKey: leaf.privateKeyPem, certificate: leaf.chainPem })],
    ['nothing to read', () => ({ passphrase: 'a' })],
    ['two things to read', () => ({ privateKey: leaf.privateKeyPem, pfx: new Uint8Array() })],
    ['a chain for PKCS#12', () => ({ pfx: new Uint8Array(), certificateChain: leaf.chainPem })],
    ['a friendlyName for PEM', () => ({ privateKey: leaf.privateKeyPem, friendlyName: 'a' })],
    ['PKCS#12 as text', () => ({ pfx: 'MIIB' })],
    ['no object', () => 5 as unknown as object],
  ])('%s is a mistake', async (_name, source) => {
    expect((await rejected(() => readIdentity(source() as KeyPairSource))).code).toBe('ERR_TLS_IDENTITY');
  });
});
