import { execFileSync } from 'node:child_process';
import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoot, type TestCertificate } from '@org/pki';
import { createBackend } from '@org/tls-pure';
import type { KeyIdentity } from '@org/tls-core';
import { readIdentity } from '@org/tls-identity';
import { createSecureContext } from '../../src/context/secure-context.ts';
import { nodeOffer } from './support/node-client-hello.ts';
import { outcomeOf } from './support/outcome.ts';

type AnyOptions = Readonly<Record<string, unknown>>;

const backend = createBackend();
const make = (options: AnyOptions): ReturnType<typeof createSecureContext> => createSecureContext(options);
const clientConfig = (options: AnyOptions): ReturnType<ReturnType<typeof make>['clientConfig']> =>
  make(options).clientConfig(backend);
const identities = (options: AnyOptions): readonly KeyIdentity[] => {
  const { identity = [] } = make(options).serverConfig(backend);
  return (Array.isArray(identity) ? identity : [identity]) as readonly KeyIdentity[];
};
const leafNames = (options: AnyOptions): readonly string[] =>
  identities(options).map(({ certificateChain }) => new X509Certificate(certificateChain[0] as Uint8Array).subject);

const folder = mkdtempSync(join(tmpdir(), 'node-tls-'));
let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let encryptedKey: string;
const files = new Map<string, Buffer>();

beforeAll(async () => {
  root = await createRoot();
  intermediate = await root.issue({ isCa: true });
  leaf = await intermediate.issue({ names: ['localhost'], commonName: 'leaf' });
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' } as const;
  encryptedKey = createPrivateKey(leaf.privateKeyPem).export(cipher) as string;
  writeFileSync(join(folder, 'key.pem'), leaf.privateKeyPem);
  writeFileSync(join(folder, 'chain.pem'), leaf.chainPem);
  const forms = {
    aes: [],
    old: ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
    rc2: ['-legacy'],
  };
  for (const [name, further] of Object.entries(forms)) {
    const out = join(folder, `${name}.p12`);
    const given = ['-inkey', join(folder, 'key.pem'), '-in', join(folder, 'chain.pem'), '-passout', 'pass:sesame'];
    execFileSync('openssl', ['pkcs12', '-export', ...given, ...further, '-out', out], { stdio: 'pipe' });
    files.set(name, readFileSync(out));
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('what Node refuses', () => {
  const bad: readonly (readonly [string, () => AnyOptions])[] = [
    ['no object', () => 'text' as never],
    ['a key that is a number', () => ({ key: 1 })],
    ['a list of keys with a number', () => ({ key: [1] })],
    ['a key that is an object outside of a list', () => ({ key: { pem: leaf.privateKeyPem } })],
    ['a key that is no PEM', () => ({ key: 'x', cert: leaf.certificatePem })],
    ['a key in DER', () => ({ key: Buffer.from(leaf.privateKeyDer) })],
    ['an encrypted key without its passphrase', () => ({ key: encryptedKey, cert: leaf.certificatePem })],
    ['a wrong passphrase', () => ({ key: encryptedKey, cert: leaf.certificatePem, passphrase: 'x' })],
    ['a certificate that is a number', () => ({ cert: 1 })],
    ['a certificate that is no PEM', () => ({ cert: 'x' })],
    ['a certificate in DER', () => ({ cert: Buffer.from(leaf.certificateDer) })],
    ['a key of another certificate', () => ({ cert: leaf.certificatePem, key: root.privateKeyPem })],
    ['authorities that are a number', () => ({ ca: 1 })],
    ['a list of authorities with a number', () => ({ ca: [1] })],
    ['a revocation list that is a number', () => ({ crl: 1 })],
    ['a revocation list that is none', () => ({ crl: 'x' })],
    ['a PKCS#12 file that is none', () => ({ pfx: 'x' })],
    ['a wrong passphrase of a PKCS#12 file', () => ({ pfx: files.get('aes'), passphrase: 'x' })],
    ['a PKCS#12 file without its passphrase', () => ({ pfx: files.get('aes') })],
    ['a PKCS#12 file with RC2', () => ({ pfx: files.get('rc2'), passphrase: 'sesame' })],
    ['ciphers that are a number', () => ({ ciphers: 1 })],
    ['unknown ciphers', () => ({ ciphers: 'nothing' })],
    ['unknown ciphers of TLS 1.3', () => ({ ciphers: 'TLS_NOTHING' })],
    ['no ciphers', () => ({ ciphers: ':' })],
    ['ciphers that take each other away', () => ({ ciphers: 'HIGH:!HIGH' })],
    ['a security level that does not exist', () => ({ ciphers: 'HIGH:@SECLEVEL=9' })],
    ['curves that are a number', () => ({ ecdhCurve: 1 })],
    ['an unknown curve', () => ({ ecdhCurve: 'P-256:nothing' })],
    ['sigalgs that are a number', () => ({ sigalgs: 1 })],
    ['no sigalgs', () => ({ sigalgs: '' })],
    ['unknown sigalgs', () => ({ sigalgs: 'nothing' })],
    ['an unknown lowest version', () => ({ minVersion: 'TLSv2' })],
    ['an unknown highest version', () => ({ maxVersion: 3 })],
    ['a version beside a method', () => ({ minVersion: 'TLSv1.2', secureProtocol: 'TLS_method' })],
    ['an unknown method', () => ({ secureProtocol: 'nothing' })],
    ['SSL 2', () => ({ secureProtocol: 'SSLv2_method' })],
    ['SSL 3', () => ({ secureProtocol: 'SSLv3_client_method' })],
    ['secureOptions that are text', () => ({ secureOptions: 'x' })],
    ['dhparam that is a number', () => ({ dhparam: 1 })],
    ['a sessionTimeout that is text', () => ({ sessionTimeout: 'x' })],
    ['a sessionTimeout below 0', () => ({ sessionTimeout: -1 })],
    ['ticketKeys that are text', () => ({ ticketKeys: 'x' })],
    ['ticketKeys of 10 bytes', () => ({ ticketKeys: Buffer.alloc(10) })],
    ['a sessionIdContext that is a number', () => ({ sessionIdContext: 1 })],
    ['an engine that is a number', () => ({ clientCertEngine: 1 })],
    ['an engine of a key that is a number', () => ({ privateKeyEngine: 'x', privateKeyIdentifier: 1 })],
    ['a key of an engine without the engine', () => ({ privateKeyIdentifier: 'x' })],
  ];

  it.each(bad)('is refused with Node’s code and words: %s', (_, options) => {
    const byNode = outcomeOf(() => tls.createSecureContext(options()));
    expect(byNode).toBeDefined();
    expect(outcomeOf(() => make(options()))).toEqual(byNode);
  });
});

describe('what Node takes and is not done here', () => {
  it.each([
    [{ maxVersion: 'TLSv1.1' }, 'maxVersion'],
    [{ secureProtocol: 'TLSv1_method' }, 'secureProtocol'],
    [{ secureProtocol: 'TLSv1_1_server_method' }, 'secureProtocol'],
    [{ ciphers: 'DEFAULT@SECLEVEL=3' }, 'ciphers'],
  ])('is refused by name: %o', (options, option) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option }));
  });

  it.each([
    [{ clientCertEngine: 'x' }, 'clientCertEngine'],
    [{ privateKeyEngine: 'x', privateKeyIdentifier: 'y' }, 'privateKeyEngine'],
  ])('is refused as by a Node without engines: %o', (options, option) => {
    const code = 'ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED';
    expect(() => make(options)).toThrow(expect.objectContaining({ code, option }));
  });

  it('is an error of ciphers or groups where nothing is left of them', () => {
    expect(() => clientConfig({ ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' })).toThrow(
      expect.objectContaining({
        code: 'ERR_SSL_NO_CIPHER_MATCH',
        message: 'error:0A0000B9:SSL routines::no cipher match',
      }),
    );
    expect(() => make({ ecdhCurve: 'X448' })).toThrow(expect.objectContaining({ code: 'ERR_CRYPTO_OPERATION_FAILED' }));
    expect(() => clientConfig({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' })).toThrow(
      expect.objectContaining({ code: 'ERR_SSL_NO_PROTOCOLS_AVAILABLE' }),
    );
  });

  it('is refused by name where no signature scheme is left', () => {
    expect(() => clientConfig({ sigalgs: 'RSA+SHA1' })).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_UNSUPPORTED', option: 'sigalgs' }),
    );
  });

  it('is left out where it only weakens: a lowest version, groups, schemes', () => {
    expect(clientConfig({ minVersion: 'TLSv1' }).minVersion).toBe('TLSv1.2');
    expect(clientConfig({ ecdhCurve: 'X448:P-384:ffdhe2048' }).groups).toEqual(['secp384r1']);
    expect(clientConfig({ sigalgs: 'RSA+SHA1:RSA+SHA256' }).signatureSchemes).toEqual(['rsa_pkcs1_sha256']);
    expect(() => make({ dhparam: 'auto', sessionIdContext: 'x', honorCipherOrder: false })).not.toThrow();
  });
});

describe('what is spoken', () => {
  const { SSL_OP_NO_TLSv1_2, SSL_OP_NO_TLSv1_3 } = constants;
  it.each([
    {},
    { minVersion: 'TLSv1.3' },
    { maxVersion: 'TLSv1.2' },
    { secureProtocol: 'TLSv1_2_method' },
    { secureProtocol: 'TLS_client_method' },
    { secureProtocol: 'SSLv23_method' },
    { secureOptions: SSL_OP_NO_TLSv1_2 },
    { secureOptions: SSL_OP_NO_TLSv1_3 },
    { ciphers: 'TLS_AES_128_GCM_SHA256' },
    { ciphers: 'ECDHE+AESGCM' },
    { ciphers: 'HIGH', maxVersion: 'TLSv1.2' },
  ])('is what Node offers: %o', async (options) => {
    const offer = await nodeOffer(options as tls.SecureContextOptions);
    const { minVersion, maxVersion, cipherSuites } = clientConfig(options);
    expect([maxVersion, minVersion]).toEqual([offer.versions[0], offer.versions.at(-1)]);
    expect(cipherSuites).toEqual(offer.cipherSuites);
  });

  it.each(['P-256', 'X25519:P-256', 'prime256v1:secp384r1', 'P-521:X25519:X448'])(
    'has the groups that Node offers: %s',
    async (ecdhCurve) => {
      expect(clientConfig({ ecdhCurve }).groups).toEqual((await nodeOffer({ ecdhCurve })).groups);
    },
  );

  it.each([
    'RSA-PSS+SHA256:ECDSA+SHA384',
    'ecdsa_secp256r1_sha256:ed25519:rsa_pss_pss_sha512',
    'PSS+SHA512:RSA+SHA384:RSA+SHA1',
  ])('has the signature schemes that Node offers: %s', async (sigalgs) => {
    const { signatureSchemes } = await nodeOffer({ sigalgs });
    expect(clientConfig({ sigalgs }).signatureSchemes).toEqual(signatureSchemes);
  });

  it('has schemes and groups that the OpenSSL of this Node may not know', () => {
    expect(clientConfig({ sigalgs: 'mldsa65:ECDSA+SHA256' }).signatureSchemes).toEqual([
      'mldsa65',
      'ecdsa_secp256r1_sha256',
    ]);
    expect(clientConfig({ sigalgs: 'mldsa44' }).signatureSchemes).toEqual(['mldsa44']);
    expect(clientConfig({ ecdhCurve: '*X25519MLKEM768:?X25519/P-256' }).groups).toEqual([
      'X25519MLKEM768',
      'x25519',
      'secp256r1',
    ]);
  });

  it('leaves groups and schemes to the backend by default', () => {
    expect(clientConfig({})).not.toHaveProperty('groups');
    expect(clientConfig({})).not.toHaveProperty('signatureSchemes');
  });

  it('has no tickets where the options say so', () => {
    expect(make({ secureOptions: constants.SSL_OP_NO_TICKET }).serverConfig(backend).tickets).toBe(0);
    expect(make({ sessionTimeout: 5 }).serverConfig(backend).sessionLifetimeSeconds).toBe(5);
  });
});

describe('who we are', () => {
  it.each<[string, () => AnyOptions]>([
    ['text', () => ({ cert: leaf.certificatePem, key: leaf.privateKeyPem })],
    ['buffers', () => ({ cert: Buffer.from(leaf.certificatePem), key: Buffer.from(leaf.privateKeyPem) })],
    [
      'a DataView',
      () => ({ cert: new DataView(new TextEncoder().encode(leaf.certificatePem).buffer), key: leaf.privateKeyPem }),
    ],
    ['lists', () => ({ cert: [leaf.certificatePem], key: [leaf.privateKeyPem] })],
    ['an encrypted key', () => ({ cert: leaf.certificatePem, key: encryptedKey, passphrase: 'sesame' })],
    [
      'an encrypted key in a list',
      () => ({ cert: leaf.certificatePem, key: [{ pem: encryptedKey, passphrase: 'sesame' }] }),
    ],
    ['everything in one text', () => ({ cert: `x\n${leaf.chainPem}y`, key: leaf.chainPem + leaf.privateKeyPem })],
    ['PKCS#12', () => ({ pfx: files.get('aes'), passphrase: 'sesame' })],
    ['PKCS#12 with 3DES', () => ({ pfx: files.get('old'), passphrase: 'sesame' })],
    ['PKCS#12 in a list', () => ({ pfx: [{ buf: files.get('aes'), passphrase: 'sesame' }] })],
  ])('is read from %s', (_, options) => {
    const [identity] = identities(options());
    expect(leafNames(options())).toEqual(['CN=leaf']);
    expect(Buffer.from(identity?.privateKey as Uint8Array)).toEqual(Buffer.from(leaf.privateKeyDer));
    expect(() => backend.createServerContext(make(options()).serverConfig(backend))).not.toThrow();
  });

  it.each(['aes', 'old'])('is what tls-identity reads from the same PKCS#12 file: %s', async (name) => {
    const pkcs12 = files.get(name) ?? Buffer.alloc(0);
    const { certificateChain, privateKey } = await readIdentity({ pfx: pkcs12, passphrase: 'sesame' });
    const [ours] = identities({ pfx: pkcs12, passphrase: 'sesame' });
    expect(Buffer.from(ours?.privateKey as Uint8Array)).toEqual(Buffer.from(privateKey as Uint8Array));
    const plain = (chain: readonly Uint8Array[]): readonly string[] =>
      chain.map((der) => Buffer.from(der).toString('hex'));
    expect(plain(ours?.certificateChain as readonly Uint8Array[])).toEqual(
      plain(certificateChain as readonly Uint8Array[]),
    );
  });

  it('is read although the authorities hold what is none', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';
    expect(leafNames({ cert: leaf.certificatePem, key: leaf.privateKeyPem, ca })).toEqual(['CN=leaf']);
  });

  it('is one identity for each certificate whose key there is', async () => {
    const other = await root.issue({ names: ['localhost'], commonName: 'other', algorithm: 'rsa-2048' });
    const cert = [leaf.certificatePem, other.certificatePem];
    expect(leafNames({ cert, key: [other.privateKeyPem, leaf.privateKeyPem] })).toEqual(['CN=leaf', 'CN=other']);
    expect(leafNames({ cert: leaf.certificatePem })).toEqual([]);
    expect(leafNames({ key: leaf.privateKeyPem })).toEqual([]);
  });

  it('signs with the schemes of `sigalgs` only, and not at all with a key that none of them fits', () => {
    const options = { cert: leaf.certificatePem, key: leaf.privateKeyPem };
    const [identity] = identities({ ...options, sigalgs: 'RSA-PSS+SHA256:ECDSA+SHA256:ECDSA+SHA384' });
    expect(identity?.signatureSchemes).toEqual(['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384']);
    expect(identities({ ...options, sigalgs: 'RSA-PSS+SHA256' })).toEqual([]);
  });

  it('has the chain that was given, or the one that the authorities make', () => {
    const lengths = (options: AnyOptions): readonly number[] =>
      identities(options).map(({ certificateChain }) => certificateChain.length);
    const { privateKeyPem: key } = leaf;
    expect(lengths({ cert: leaf.chainPem, key, ca: root.certificatePem })).toEqual([2]);
    expect(lengths({ cert: leaf.certificatePem, key })).toEqual([1]);
    const ca = [root.certificatePem, intermediate.certificatePem];
    expect(lengths({ cert: leaf.certificatePem, key, ca })).toEqual([3]);
    expect(lengths({ pfx: files.get('aes'), passphrase: 'sesame' })).toEqual([2]);
  });

  it('is nobody where no certificate was given', () => {
    expect(leafNames({ cert: false, key: false, ca: false, pfx: null })).toEqual([]);
    const config = make({}).serverConfig(backend);
    expect(config.identity).toBeUndefined();
    expect(() => backend.createServerContext(config)).not.toThrow();
    expect(clientConfig({})).not.toHaveProperty('identity');
  });
});

describe('the context of a context', () => {
  it('has Node’s methods, which libraries use to add authorities', () => {
    const context = make({ ca: [] });
    const native = context.context as { addCACert(pem: string): void };
    native.addCACert(root.certificatePem);
    expect(context.trust.authorities.map((der) => Buffer.from(der))).toEqual([Buffer.from(root.certificateDer)]);
    expect(() => native.addCACert('x')).not.toThrow();
  });

  it('keeps ticket keys that a program gave, and its own for as long as nobody has read them', () => {
    const given = Buffer.from(Array.from({ length: 48 }, (_, at) => at));
    const { ticketKeys } = make({ ticketKeys: given });
    expect(ticketKeys.get()).toEqual(given);
    expect(ticketKeys.current()).toEqual([
      { name: new Uint8Array(given.subarray(0, 16)), secret: new Uint8Array(given.subarray(16)) },
    ]);
    const own = make({}).ticketKeys;
    const read = own.get();
    expect(read.length).toBe(48);
    expect(own.get()).toEqual(read);
    own.set(given);
    expect(own.get()).toEqual(given);
  });
});
