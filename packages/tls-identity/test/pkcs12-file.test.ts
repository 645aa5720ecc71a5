import { createRoot, type TestCertificate } from '@org/pki';
import { beforeAll, describe, expect, test } from 'vitest';
import { readIdentity } from '../src/index.ts';
import { encoded, integer, objectIdentifier, octetString, sequence } from './support/der-tree.ts';
import { jceksStore, jksStore } from './support/java-stores.ts';
import { rejected } from './support/rejected.ts';
import { Workbench } from './support/tools.ts';

let leaf: TestCertificate;
beforeAll(async () => {
  leaf = await createRoot({ isCa: false, names: ['localhost'] });
});

async function refusal(pfx: string | Uint8Array): Promise<string> {
  const error = await rejected(() => readIdentity({ pfx, passphrase: 'changeit' }));
  expect(error.code).toBe('ERR_TLS_IDENTITY');
  return error.message;
}

/** The first bytes of Bouncy Castle's stores: a version, and the length of a salt. */
const bksStore = Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 20, ...new Uint8Array(100));
const bcfksStore = encoded(
  sequence(sequence(sequence(objectIdentifier('1.2.840.113549.1.5.13')), octetString(new Uint8Array(9))), sequence()),
);

describe('what is no PKCS#12 file is named for what it is', () => {
  test.each([
    ['JKS', jksStore],
    ['JCEKS', jceksStore],
    ['BKS', bksStore],
    ['BCFKS', bcfksStore],
  ])('a store of the type %s, with the command that converts it', async (type, store) => {
    for (const message of [await refusal(store), await refusal(Buffer.from(store).toString('base64'))]) {
      expect(message).toContain(`-srcstoretype ${type}`);
      expect(message).toContain('-deststoretype PKCS12');
    }
  });

  test.each<[string, () => string | Uint8Array, string]>([
    ['PEM of a key and a chain', () => leaf.privateKeyPem + leaf.certificatePem, 'PEM with PRIVATE KEY, CERTIFICATE'],
    ['bytes of PEM', () => Buffer.from(leaf.certificatePem), 'PEM with CERTIFICATE'],
    ['Base64 of PEM', () => Buffer.from(leaf.privateKeyPem).toString('base64'), 'Base64 of PEM'],
    ['Base64 of something else', () => 'AAAA', 'something else'],
    ['a JWK', () => '{"kty":"EC"}', 'a JWK'],
    ['a path', () => '/etc/ssl/server', 'a path'],
    ['the name of a file', () => 'server.p12', 'a path'],
    ['other text', () => 'hello?', 'something else'],
    ['a certificate', () => leaf.certificateDer, 'a certificate in DER'],
    ['a private key', () => leaf.privateKeyDer, 'a private key in DER'],
    ['an empty file', () => new Uint8Array(), 'empty'],
    ['other bytes', () => Uint8Array.of(0x80, 0xff, 0), 'nothing else that is known'],
    ['another version', () => encoded(sequence(integer(1), sequence())), 'version 1'],
    ['another SEQUENCE', () => encoded(sequence(octetString(new Uint8Array()))), 'expected tag'],
  ])('%s', async (_name, make, kind) => {
    expect(await refusal(make())).toContain(kind);
  });

  test('an encrypted private key, and PKCS#7', async () => {
    using bench = new Workbench();
    bench.put('leaf', leaf);
    const key = bench.openssl('pkcs8', '-topk8', '-in', 'leaf.key', '-passout', 'pass:a', '-outform', 'DER');
    expect(await refusal(key)).toContain('an encrypted private key in DER');
    const chain = bench.openssl('crl2pkcs7', '-nocrl', '-certfile', 'leaf.crt', '-outform', 'DER');
    expect(await refusal(chain)).toContain('PKCS#7');
  });
});
