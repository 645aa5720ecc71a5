import { mutantsOf, type Mutant } from '../mutant.ts';

const refusals = 'packages/tls-pure/test/crypto/refusals.test.ts';
const wycheproof = 'packages/tls-pure/test/crypto/wycheproof.test.ts';
const randomness = 'packages/tls-pure/test/handshake/randomness.test.ts';

/** Checks of keys, points and signatures, and where randomness comes from. */
export const cryptographyMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-pure/src/crypto/node/key-exchange.ts', refusals, [
    {
      id: 'x25519-share-of-any-length',
      find: 'if (peerPublicKey.length !== x25519Length) {',
      replace: 'if (false) {',
    },
    {
      id: 'point-in-another-form',
      find: 'if (peerPublicKey.length !== pointLength[this.algorithm] || peerPublicKey[0] !== uncompressedPoint) {',
      replace: 'if (peerPublicKey.length !== pointLength[this.algorithm]) {',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/crypto/noble/key-exchange.ts', refusals, [
    {
      id: 'point-in-another-form-over-noble',
      find: 'if (peerPublicKey.length !== pointLength[algorithm] || peerPublicKey[0] !== uncompressedPoint) {',
      replace: 'if (false) {',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/crypto/rsa-key.ts', refusals, [
    { id: 'rsa-modulus-that-is-even', find: '|| !isOdd(modulus)) return false;', replace: ') return false;' },
    { id: 'rsa-modulus-that-is-long', find: 'bits > maxModulusBits ||', replace: '' },
    { id: 'rsa-exponent-of-one', find: '&& isOdd(exponent) && !isOne;', replace: '&& isOdd(exponent);' },
    { id: 'rsa-exponent-that-is-long', find: 'exponent.length <= maxExponentLength &&', replace: '' },
  ]),
  ...mutantsOf('packages/tls-pure/src/crypto/key-use.ts', refusals, [
    {
      id: 'key-of-another-algorithm',
      find: 'if (keyFitsAlgorithm(key, algorithm)) return;',
      replace: 'return;',
    },
    {
      id: 'pss-key-that-is-bound-to-a-hash',
      find: 'return (pssKeyHash(spki) ?? algorithm.hash) === algorithm.hash;',
      replace: 'return true;',
      killedBy: 'packages/tls-pure/test/x509/identity.test.ts',
    },
    {
      id: 'pss-key-that-signs-otherwise',
      find: "if (type !== 'rsa-pss' || algorithm.type !== 'rsa-pss') return false;",
      replace: "if (type !== 'rsa-pss') return false;",
    },
  ]),
  ...mutantsOf(
    'packages/tls-pure/src/crypto/signature-schemes.ts',
    'packages/tls-pure/test/handshake/server-choices.test.ts',
    [
      {
        id: 'scheme-of-another-curve',
        find: 'key.type === keyType && keyCurve === curve &&',
        replace: 'key.type === keyType &&',
      },
    ],
  ),
  ...mutantsOf('packages/tls-pure/src/crypto/node/signatures.ts', wycheproof, [
    {
      id: 'rsa-signature-of-any-length',
      find: "if ('modulus' in info && signature.length !== info.modulus.length) return false;",
      replace: '',
    },
    {
      id: 'pss-salt-of-any-length',
      find: 'saltLength: constants.RSA_PSS_SALTLEN_DIGEST',
      replace: 'saltLength: constants.RSA_PSS_SALTLEN_AUTO',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/crypto/node/aead.ts', wycheproof, [
    {
      id: 'additional-data-that-is-not-bound',
      find: 'nonce, tagOption);\n    decipher.setAAD(additionalData);',
      replace: 'nonce, tagOption);',
    },
  ]),
  ...mutantsOf('packages/tls-pure/src/handshake/settings.ts', randomness, [
    {
      id: 'randomness-that-is-none',
      find: '(into) => crypto.randomFill(into)',
      replace: '() => undefined',
    },
  ]),
];
