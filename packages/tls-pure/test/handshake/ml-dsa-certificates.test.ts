import { AlertDescription } from '@org/tls-core';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '@org/tls-core/backend';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { parseCertificate } from '../../../x509/src/certificate.ts';
import { DerReader, DerTag, derElement } from '@org/tls-crypto/der';
import { parsePrivateKey, readSignatureAlgorithm, parseSpki } from '@org/tls-crypto/keys';
import { enginePair, type EnginePair, type PairOptions } from '../support/engine-pair.ts';
import { mlDsaChain, type MlDsaChain } from '../support/ml-dsa-certificate.ts';
import { mlDsaParameterSets, mlDsaPkcs8 } from '@org/pki';
import { thrown } from '@org/pki';

const seed = new Uint8Array(32);
/** id-ml-dsa-65. */
const oid = Buffer.from('0609608648016503040312', 'hex');
const derNull = Uint8Array.of(DerTag.null, 0);
const { root, leaf, privateKey } = await mlDsaChain('ml-dsa-65');

describe('a certificate of ML-DSA', () => {
  test.each([nodeCrypto, nobleCrypto].flatMap((crypto) => mlDsaParameterSets.map((type) => ({ crypto, type }))))(
    'proves a server by $type under the provider $crypto.name (draft-ietf-tls-mldsa §3)',
    async ({ crypto, type }) => {
      const scheme = type.replaceAll('-', '');
      const pair = shakeHands(await mlDsaChain(type), { crypto, client: { signatureSchemes: [scheme] } });
      expect(pair.clientSink.failure).toBeUndefined();
      expect(pair.clientSink.info?.signatureScheme).toBe(scheme);
      expect(pair.serverSink.info?.signatureScheme).toBe(scheme);
    },
  );

  test('serves no client that does not ask for it, as by default none does', () => {
    expect(shakeHands({ root, leaf, privateKey }, {}).serverSink.failure).toMatchObject({
      code: 'ERR_TLS_NO_COMMON_PARAMETERS',
      alert: AlertDescription.handshakeFailure,
    });
  });

  test('draft-ietf-tls-mldsa §3 does not serve TLS 1.2', () => {
    const client = { signatureSchemes: ['mldsa65', 'ecdsa_secp256r1_sha256'], maxVersion: 'TLSv1.2' } as const;
    expect(shakeHands({ root, leaf, privateKey }, { client }).serverSink.failure).toMatchObject({
      code: 'ERR_TLS_NO_COMMON_PARAMETERS',
      alert: AlertDescription.handshakeFailure,
    });
  });

  test('with a changed signature is refused', () => {
    const changed = new Uint8Array(leaf);
    changed[leaf.length - 9] = (changed[leaf.length - 9] ?? 0) ^ 1;
    const { clientSink } = shakeHands(
      { root, leaf: changed, privateKey },
      { client: { signatureSchemes: ['mldsa65'] } },
    );
    expect(clientSink.failure).toMatchObject({ family: 'certificate' });
  });

  test('RFC 9881 §2 with parameters in its signature algorithm is malformed', () => {
    const reader = (contents: Uint8Array): DerReader => new DerReader(contents, 'AlgorithmIdentifier');
    expect(readSignatureAlgorithm(reader(oid)).algorithm).toEqual({ type: 'ml-dsa-65' });
    const { code } = thrown(() => readSignatureAlgorithm(reader(concatBytes([oid, derNull]))));
    expect(code).toBe('ERR_TLS_CERTIFICATE_BAD');
  });
});

describe('a SubjectPublicKeyInfo of ML-DSA', () => {
  const { spki } = parseCertificate(leaf).publicKey;

  test('is taken apart', () => {
    expect(parseSpki(spki)).toMatchObject({ type: 'ml-dsa-65', key: spki.subarray(22) });
  });

  test.each([
    ['a key of another parameter set’s length', spkiOf([oid], new Uint8Array(1312))],
    ['parameters (RFC 9881 §2)', spkiOf([oid, derNull], new Uint8Array(1952))],
  ])('with %s is refused', (_, malformed) => {
    expect(thrown(() => parseSpki(malformed)).code).toBe('ERR_TLS_CERTIFICATE_BAD');
  });
});

describe('a private key of ML-DSA', () => {
  test.each([
    ['a seed of 31 bytes', mlDsaPkcs8('ml-dsa-44', { seed: seed.subarray(1) })],
    ['an expanded key of another length', mlDsaPkcs8('ml-dsa-44', { expandedKey: new Uint8Array(2561) })],
    [
      'both, and a seed of 31 bytes',
      mlDsaPkcs8('ml-dsa-44', { seed: seed.subarray(1), expandedKey: new Uint8Array(2560) }),
    ],
    [
      'both, and an expanded key of another length',
      mlDsaPkcs8('ml-dsa-65', { seed, expandedKey: new Uint8Array(2560) }),
    ],
  ])('with %s is refused (RFC 9881 §6)', (_, pkcs8) => {
    expect(thrown(() => parsePrivateKey(pkcs8)).code).toBe('ERR_TLS_IDENTITY');
  });
});

function spkiOf(algorithm: readonly Uint8Array[], key: Uint8Array): Uint8Array {
  const subjectPublicKey = derElement(DerTag.bitString, Uint8Array.of(0), key);
  return derElement(DerTag.sequence, derElement(DerTag.sequence, ...algorithm), subjectPublicKey);
}

function shakeHands(
  chain: MlDsaChain,
  { crypto, client }: Pick<PairOptions, 'crypto'> & { readonly client?: PairOptions['client'] },
): EnginePair {
  const pair = enginePair({
    ...(crypto !== undefined && { crypto }),
    client: { trust: chain.root, ...client },
    server: { identity: { certificateChain: [chain.leaf], privateKey: chain.privateKey } },
  });
  pair.server.start();
  pair.client.start();
  pair.pump();
  return pair;
}
