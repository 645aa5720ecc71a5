import { mutantsOf, pureKit, type Mutant } from '../mutant.ts';

const providers = 'packages/tls-crypto/test/providers.test.ts';
const wycheproof = 'packages/tls-crypto/test/wycheproof.test.ts';
const wasmAead = 'packages/tls-crypto/test/wasm-aead.test.ts';
const randomness = 'packages/tls-pure/test/handshake/randomness.test.ts';

/** Checks of keys, points and signatures, and where randomness comes from. */
export const cryptographyMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-crypto/src/provider-rules/kem.ts', providers, [
    {
      id: 'share-of-any-length',
      find: 'if (share.length !== length) throw',
      replace: 'if (false) throw',
    },
    {
      id: 'point-in-another-form',
      find: "if (algorithm !== 'x25519' && share[0] !== uncompressedPoint)",
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf(
    'packages/tls-crypto/src/provider-rules/random-pool.ts',
    'packages/tls-crypto/test/random-pool.test.ts',
    [
      { id: 'random-bytes-that-stay-in-the-pool', find: '      pool[used + index] = 0;\n', replace: '' },
      { id: 'random-bytes-that-come-again', find: '    used += length;\n', replace: '' },
    ],
  ),
  ...mutantsOf(
    'packages/tls-crypto/src/provider-rules/key-shares-ahead.ts',
    'packages/tls-crypto/test/key-shares-ahead.test.ts',
    [
      { id: 'key-share-that-is-given-twice', find: '?.shift();', replace: '?.[0];' },
      { id: 'key-shares-ahead-without-end', find: 'if (ready.length >= this.#most) continue;', replace: '' },
      { id: 'key-share-in-place-of-the-key-that-was-given', find: 'privateKey === undefined ?', replace: 'true ?' },
    ],
  ),
  ...mutantsOf('packages/tls-crypto/src/provider-rules/record-by-record.ts', providers, [
    { id: 'wrong-tag-in-a-span-that-is-passed-over', find: '      return index;\n', replace: '      continue;\n' },
  ]),
  ...mutantsOf('packages/tls-crypto/src/provider-rules/rsa-key.ts', providers, [
    { id: 'rsa-modulus-that-is-even', find: '|| !isOdd(modulus)) return false;', replace: ') return false;' },
    { id: 'rsa-modulus-that-is-long', find: 'bits > maxModulusBits ||', replace: '' },
    { id: 'rsa-exponent-of-one', find: '&& isOdd(exponent) && !isOne;', replace: '&& isOdd(exponent);' },
    { id: 'rsa-exponent-that-is-long', find: 'exponent.length <= maxExponentLength &&', replace: '' },
  ]),
  ...mutantsOf('packages/tls-crypto/src/provider-rules/key-use.ts', providers, [
    {
      id: 'key-of-another-algorithm',
      find: 'if (keyFitsAlgorithm(key, algorithm)) return;',
      replace: 'return;',
    },
    {
      id: 'pss-key-that-is-bound-to-a-hash',
      find: 'return (pssKeyHash(spki) ?? algorithm.hash) === algorithm.hash;',
      replace: 'return true;',
      killedBy: 'packages/tls-crypto/test/spki.test.ts',
    },
    {
      id: 'pss-key-that-signs-otherwise',
      find: "if (type !== 'rsa-pss' || algorithm.type !== 'rsa-pss') return false;",
      replace: "if (type !== 'rsa-pss') return false;",
    },
  ]),
  ...mutantsOf('packages/tls-crypto/src/tables/signature-schemes.ts', pureKit('misbehaving-server/scheme'), [
    {
      id: 'scheme-of-another-curve',
      find: 'return keyCurve === scheme.curve && fitsWhateverCurve(key, scheme);',
      replace: 'return (keyCurve === scheme.curve || keyCurve !== undefined) && fitsWhateverCurve(key, scheme);',
    },
  ]),
  ...mutantsOf('packages/tls-crypto/src/node/signatures.ts', wycheproof, [
    {
      id: 'pss-salt-of-any-length',
      find: 'saltLength: constants.RSA_PSS_SALTLEN_DIGEST',
      replace: 'saltLength: constants.RSA_PSS_SALTLEN_AUTO',
      tests: 'node.*rsa_pss_misc_test',
    },
    {
      id: 'ec-private-key-out-of-range',
      find: 'if (curve !== undefined && secret !== undefined) assertScalarInRange(curve, secret);',
      replace: '',
      killedBy: providers,
    },
  ]),
  ...mutantsOf('packages/tls-crypto/src/noble/rsa-verify.ts', wycheproof, [
    {
      id: 'pkcs1-padding-that-is-not-looked-at',
      find: 'return equalBytes(encoded, expected);',
      replace: 'return equalBytes(encoded.subarray(-digestInfo.length), digestInfo) && expected.length > 0;',
      tests: 'noble.*rsa_signature_2048_sha256_test',
    },
    {
      id: 'rsa-signature-of-any-length',
      find: 'if (signature.length !== modulus.length) return undefined;',
      replace: '',
      killedBy: providers,
    },
    {
      id: 'pss-trailer-that-is-not-looked-at',
      find: 'if (paddingLength < 0 || encoded[encodedLength - 1] !== 0xbc) return false;',
      replace: 'if (paddingLength < 0) return false;',
      tests: 'noble.*rsa_pss_2048_sha256_mgf1_32_test',
    },
    {
      id: 'pss-padding-that-is-not-looked-at',
      find: 'if (block.subarray(0, paddingLength).some((byte) => byte !== 0) || block[paddingLength] !== 1) return false;',
      replace: '',
      tests: 'noble.*rsa_pss_2048_sha256_mgf1_32_test',
    },
  ]),
  ...mutantsOf('packages/tls-crypto/src/wasm/aead.ts', wasmAead, [
    {
      id: 'wasm-tag-that-is-not-looked-at',
      find: 'if (!this.#cipher.open({ additionalLength: places.additionalLength, length })) return false;',
      replace: 'this.#cipher.open({ additionalLength: places.additionalLength, length });',
    },
    {
      id: 'wasm-memory-that-keeps-records',
      find: 'memory.fill(0, input.address, end);',
      replace: '',
    },
    {
      id: 'wasm-memory-that-keeps-keys',
      find: 'memory.fill(0, place.address, place.address + schedule.length);',
      replace: '',
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
