import { mutantsOf, type Mutant } from '../mutant.ts';

const chain = 'packages/tls-identity/test/chain.test.ts';
const pkcs12 = 'packages/tls-identity/test/pkcs12.test.ts';
const privateKey = 'packages/tls-identity/test/private-key.test.ts';
const signers = 'packages/tls-identity/test/signers.test.ts';

/** Checks of identities that are read from files and devices (RFC 5958, RFC 7292, RFC 8018, RFC 9879). */
export const identityMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-identity/src/key-match.ts', chain, [
    {
      id: 'certificate-of-another-key',
      find: 'return (publicKey) => sameBytes(publicKey.spki, spki);',
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
    {
      id: 'one-key-of-several',
      find: 'if (fitting.length > 1)',
      replace: 'if (false)',
      killedBy: pkcs12,
      tests: 'of several keys',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/pkcs12.ts', pkcs12, [
    {
      id: 'mac-of-a-pkcs12-file',
      find: 'if (pfx.macData !== undefined && !(await checkMac(pfx.macData, content, text)))',
      replace: 'if (false)',
      tests: 'PKCS#12 that OpenSSL writes',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/pkcs12-mac.ts', 'packages/tls-identity/test/pbmac1.test.ts', [
    {
      id: 'pbmac1-of-a-pkcs12-file',
      find: "return subtle.verify('HMAC', key, Uint8Array.from(mac), Uint8Array.from(content));",
      replace: 'return mac.length + content.length > 0 && key.usages.length > 0;',
    },
  ]),
  ...mutantsOf('packages/tls-identity/src/password-encryption.ts', privateKey, [
    { id: 'scrypt-without-end', find: '|| p > 16)', replace: ')', tests: 'scrypt with many lanes' },
  ]),
  ...mutantsOf('packages/tls-identity/src/ber.ts', pkcs12, [
    {
      id: 'file-that-is-too-long',
      find: 'if (bytes.length > maxLength) throw',
      replace: 'if (false) throw',
      tests: 'too long',
    },
    {
      id: 'bytes-behind-a-file',
      find: 'if (offset !== bytes.length) throw',
      replace: 'if (false) throw',
      tests: 'something behind it',
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
