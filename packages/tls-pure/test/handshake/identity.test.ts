import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createRoot, type KeyAlgorithm, type TestCertificate } from '@org/pki';
import type { Identity } from '@org/tls-core';
import { isPromiseLike } from '@org/tls-core/backend';
import { beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '@org/tls-crypto/node';
import { signatureSchemes } from '@org/tls-crypto';
import { loadIdentity, type LoadedIdentity } from '../../src/handshake/identity.ts';
import { parsePrivateKey } from '@org/tls-crypto/keys';
import { thrown } from '@org/pki';

let root: TestCertificate;
const leaves = new Map<KeyAlgorithm, TestCertificate>();
const algorithms = ['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'rsa-2048', 'rsa-pss-2048', 'ed25519'] as const;

beforeAll(async () => {
  root = await createRoot();
  for (const algorithm of algorithms) leaves.set(algorithm, await root.issue({ names: ['localhost'], algorithm }));
});

function leafOf(algorithm: KeyAlgorithm): TestCertificate {
  const leaf = leaves.get(algorithm);
  if (leaf === undefined) throw new Error(`no leaf of ${algorithm}`);
  return leaf;
}

function load(identity: Identity): LoadedIdentity {
  const loaded = loadIdentity(identity, nodeCrypto);
  if (isPromiseLike(loaded)) throw new Error('expected an identity at once');
  return loaded;
}

describe('an identity', () => {
  test.each([
    // its own curve's first: the others are TLS 1.2's alone
    ['ecdsa-p256', ['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384', 'ecdsa_secp521r1_sha512']],
    ['ecdsa-p384', ['ecdsa_secp384r1_sha384', 'ecdsa_secp256r1_sha256', 'ecdsa_secp521r1_sha512']],
    ['ecdsa-p521', ['ecdsa_secp521r1_sha512', 'ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384']],
    [
      'rsa-2048',
      [
        'rsa_pss_rsae_sha256',
        'rsa_pss_rsae_sha384',
        'rsa_pss_rsae_sha512',
        'rsa_pkcs1_sha256',
        'rsa_pkcs1_sha384',
        'rsa_pkcs1_sha512',
      ],
    ],
    ['ed25519', ['ed25519']],
  ] as const)('of %s signs with all schemes that fit it', async (algorithm, names) => {
    const leaf = leafOf(algorithm);
    const identity = load({ certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem });
    expect(identity.signatureSchemes.map(({ name }) => name)).toEqual(names);
    const input = new TextEncoder().encode('to be signed');
    const publicKey = nodeCrypto.importPublicKey(identity.publicKey);
    for (const scheme of identity.signatureSchemes) {
      const signature = await identity.sign(scheme.name, input);
      expect(await publicKey.verify(scheme.algorithm, input, signature)).toBe(true);
    }
  });

  test('of RSASSA-PSS is loaded for its own schemes only', () => {
    const leaf = leafOf('rsa-pss-2048');
    const { type } = parsePrivateKey(leaf.privateKeyPem);
    // a key that is not itself bound to PSS has an rsaEncryption key in its certificate
    const identity = load({ certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem });
    expect(identity.signatureSchemes.every(({ keyType }) => keyType === type)).toBe(true);
  });

  test('is read from DER as from PEM', () => {
    const leaf = leafOf('ecdsa-p256');
    const identity = load({ certificateChain: leaf.chainDer, privateKey: leaf.privateKeyDer });
    expect(identity.entries).toEqual(leaf.chainDer);
  });

  test('with a signer has the schemes that both it and the certificate have, in the signer’s order', async () => {
    const leaf = leafOf('rsa-2048');
    const signature = Uint8Array.of(1);
    const identity = load({
      certificateChain: leaf.chainPem,
      signer: {
        signatureSchemes: ['ed25519', 'rsa_pss_rsae_sha512', 'rsa_pss_rsae_sha256'],
        sign: async () => signature,
      },
    });
    expect(identity.signatureSchemes.map(({ name }) => name)).toEqual(['rsa_pss_rsae_sha512', 'rsa_pss_rsae_sha256']);
    expect(await identity.sign('rsa_pss_rsae_sha256', new Uint8Array(1))).toBe(signature);
  });

  test('signs with no scheme that it does not have', () => {
    const leaf = leafOf('ecdsa-p256');
    const identity = load({ certificateChain: leaf.chainPem, privateKey: leaf.privateKeyPem });
    expect(thrown(() => identity.sign('ed25519', new Uint8Array(1))).code).toBe('ERR_TLS_API_MISUSE');
  });
});

describe('an identity is refused', () => {
  const refusals: readonly (readonly [string, () => Identity])[] = [
    ['without a certificate', () => ({ certificateChain: '', privateKey: leafOf('ecdsa-p256').privateKeyPem })],
    ['with an empty list', () => ({ certificateChain: [], privateKey: leafOf('ecdsa-p256').privateKeyPem })],
    [
      'with bytes that are no certificate',
      () => ({ certificateChain: [Uint8Array.of(1)], privateKey: leafOf('ed25519').privateKeyPem }),
    ],
    [
      'whose key is another of the same kind',
      () => ({
        certificateChain: leafOf('ecdsa-p256').chainPem,
        privateKey: generateKeyPairSync('ec', {
          namedCurve: 'P-256',
          publicKeyEncoding: { type: 'spki', format: 'pem' },
          privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        }).privateKey,
      }),
    ],
    [
      'whose key is of another kind',
      () => ({ certificateChain: leafOf('ecdsa-p256').chainPem, privateKey: leafOf('ed25519').privateKeyPem }),
    ],
    [
      'whose signer has no scheme that fits',
      () => ({
        certificateChain: leafOf('ecdsa-p256').chainPem,
        signer: { signatureSchemes: ['ed25519'], sign: () => new Uint8Array(0) },
      }),
    ],
  ];

  test.each(refusals)('%s', (_name, identity) => {
    expect(thrown(() => load(identity())).code).toBe('ERR_TLS_IDENTITY');
  });
});

describe('a private key', () => {
  test.each([
    ['ecdsa-p256', 'sec1'],
    ['ecdsa-p384', 'sec1'],
    ['ecdsa-p521', 'sec1'],
    ['rsa-2048', 'pkcs1'],
  ] as const)('of %s is read from %s as from PKCS#8, in PEM and DER', (algorithm, type) => {
    const leaf = leafOf(algorithm);
    const key = createPrivateKey(leaf.privateKeyPem);
    const pem = key.export({ type, format: 'pem' }).toString();
    const der = Uint8Array.from(key.export({ type, format: 'der' }));
    for (const privateKey of [pem, der]) {
      expect(load({ certificateChain: leaf.chainPem, privateKey }).publicKey.type).toBe(type === 'sec1' ? 'ec' : 'rsa');
    }
  });

  test('on a curve has a secret of the field’s length', () => {
    expect(parsePrivateKey(leafOf('ecdsa-p521').privateKeyPem).secret).toHaveLength(66);
    expect(parsePrivateKey(leafOf('ed25519').privateKeyPem).secret).toHaveLength(32);
  });

  test('that is encrypted is refused', () => {
    const key = createPrivateKey(leafOf('ecdsa-p256').privateKeyPem);
    const options = { cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
    const pem = key.export({ ...options, type: 'pkcs8', format: 'pem' }).toString();
    const legacy = key.export({ ...options, type: 'sec1', format: 'pem' }).toString();
    const der = Uint8Array.from(key.export({ ...options, type: 'pkcs8', format: 'der' }));
    for (const encrypted of [pem, legacy, der])
      expect(thrown(() => parsePrivateKey(encrypted)).code).toBe('ERR_TLS_IDENTITY');
  });

  test('is refused when there are two', () => {
    const { privateKeyPem } = leafOf('ecdsa-p256');
    expect(thrown(() => parsePrivateKey(privateKeyPem + privateKeyPem)).code).toBe('ERR_TLS_IDENTITY');
  });

  test.each(['secp256k1', 'secp224r1'])('on %s is refused', (namedCurve) => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    expect(thrown(() => parsePrivateKey(privateKey)).code).toBe('ERR_TLS_IDENTITY');
  });

  test('of X25519 is refused', () => {
    const { privateKey } = generateKeyPairSync('x25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    expect(thrown(() => parsePrivateKey(privateKey)).code).toBe('ERR_TLS_IDENTITY');
  });
});

test('RFC 8446 §4.2.3 no scheme with SHA-1 is known, and PKCS #1 v1.5 signs no handshake of TLS 1.3', () => {
  expect(signatureSchemes.filter(({ id }) => (id & 0xff00) === 0x0200)).toEqual([]);
  expect(signatureSchemes.filter(({ algorithm, tls13 }) => algorithm.type === 'rsa-pkcs1' && tls13)).toEqual([]);
});
