import { mutantsOf, type Mutant } from '../mutant.ts';

const chain = 'packages/tls-identity/test/chain.test.ts';
const pkcs12 = 'packages/tls-identity/test/pkcs12.test.ts';
const hostile = 'packages/tls-identity/test/hostile-files.test.ts';
const signers = 'packages/tls-identity/test/signers.test.ts';

/** Checks of identities that are read from files and devices (RFC 5958, RFC 7292, RFC 8018, RFC 9879). */
export const identityMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-identity/src/key-match.ts', chain, [
    {
      id: 'certificate-of-another-key',
      find: 'return (publicKey) => equalBytes(publicKey.spki, spki);',
      replace: 'return (publicKey) => publicKey.spki.length + spki.length > 0;',
    },
    {
      id: 'signer-of-another-key',
      find: '(await defaultCrypto.importPublicKey(publicKey).verify(scheme.algorithm, input, signature));',
      replace: 'signature.length + input.length > 0;',
      killedBy: signers,
    },
    {
      id: 'probe-that-a-protocol-signs',
      find: "const probe = `${' '.repeat(64)}@org/tls-identity",
      replace: 'const probe = `@org/tls-identity',
      killedBy: signers,
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/read-identity.ts', chain, [
    { id: 'certificate-of-a-stranger', find: 'if (stranger !== undefined)', replace: 'if (false)' },
  ]),
  ...mutantsOf('packages/tls-identity/src/pkcs12-identity.ts', pkcs12, [
    {
      id: 'one-key-of-several',
      find: 'if (others.some(({ leaf }) => !equalBytes(leaf.der, pair.leaf.der)))',
      replace: 'if (false)',
      tests: 'of several keys',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/pkcs12.ts', pkcs12, [
    {
      id: 'mac-of-a-pkcs12-file',
      find: 'if (form === undefined) throw',
      replace: 'if (false) throw',
      tests: 'PKCS#12 that OpenSSL writes',
    },
    {
      id: 'part-that-asks-for-too-much',
      find: "error.code !== 'ERR_TLS_IDENTITY' || effort.isExceeded) throw",
      replace: "error.code !== 'ERR_TLS_IDENTITY') throw",
      killedBy: hostile,
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/pkcs12-mac.ts', 'packages/tls-identity/test/pbmac1.test.ts', [
    {
      id: 'pbmac1-of-a-pkcs12-file',
      find: "return subtle.verify('HMAC', key, Uint8Array.from(digest), Uint8Array.from(content));",
      replace: 'return digest.length + content.length > 0 && key.usages.length > 0;',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/key-derivation.ts', hostile, [
    {
      id: 'scrypt-without-end',
      find: 'effort.spend(N * r * p, weight.scrypt);',
      replace: '',
      tests: 'scrypt',
    },
    { id: 'scrypt-of-many-lanes', find: 'if (r * p > maxLanes) throw', replace: 'if (false) throw', tests: 'scrypt' },
  ]),
  ...mutantsOf('packages/tls-identity/src/effort.ts', hostile, [
    {
      id: 'iterations-of-each-part-alone',
      find: 'this.#spent += steps * each;',
      replace: 'this.#spent = steps * each;',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/ber.ts', pkcs12, [
    {
      id: 'text-that-is-too-long',
      find: 'if (source.length > most) throw',
      replace: 'if (false) throw',
      tests: 'too long, in text',
    },
    {
      id: 'file-that-is-too-long',
      find: 'if (bytes.length > maxLength) throw',
      replace: 'if (false) throw',
      tests: 'too long, in Base64',
    },
    {
      id: 'bytes-behind-a-file',
      find: 'if (surplus.some((octet) => !padding.has(octet)))',
      replace: 'if (false)',
      tests: 'something behind it',
    },
    {
      id: 'elements-without-end',
      find: 'if (this.#elements > maxElements) throw',
      replace: 'if (false) throw',
      killedBy: hostile,
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/crypto-key.ts', signers, [
    {
      id: 'crypto-key-that-must-not-sign',
      find: "if (!key.usages.includes('sign')) throw",
      replace: 'if (false) throw',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/identity.ts', 'packages/tls-pure/test/handshake/identity.test.ts', [
    {
      id: 'private-key-of-another-certificate',
      find: 'if (!equalBytes(spki, proof.publicKey.spki))',
      replace: 'if (false)',
    },
  ]),
];
