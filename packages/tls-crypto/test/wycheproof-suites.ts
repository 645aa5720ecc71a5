import { describe, expect, it } from 'vitest';
import { isTlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import { privateKeyLength, type KeyExchangeAlgorithm } from '../src/key-exchange.ts';
import {
  hashLength,
  type AeadAlgorithm,
  type CryptoProvider,
  type HashAlgorithm,
  type SignatureAlgorithm,
} from '../src/provider.ts';
import { hkdfExpand, hkdfExtract } from '../src/hkdf.ts';
import { parseSpki } from '../src/keys/spki.ts';
import { bytesOf, wycheproof, type WycheproofGroup, type WycheproofTest } from './wycheproof-files.ts';

/** What we do where Wycheproof leaves the choice (`acceptable`), by the first of these flags that a test has, and by which rule. */
const choices: readonly { readonly flag: string; readonly accept: boolean; readonly rule: string }[] = [
  { flag: 'ZeroSharedSecret', accept: false, rule: 'RFC 8446 §7.4.2: all zeros are refused' },
  { flag: 'CompressedPoint', accept: false, rule: 'RFC 8446 §4.2.8.2: uncompressed points only' },
  { flag: 'MissingNull', accept: false, rule: 'RFC 8017 §9.2, note 1: DigestInfo has the NULL' },
  { flag: 'NonCanonicalPublic', accept: true, rule: 'RFC 7748 §5: values beyond the prime are taken modulo it' },
  { flag: 'Twist', accept: true, rule: 'RFC 7748 §5: every string of 32 bytes is a public key' },
];

interface Suite {
  readonly file: string;
  /** Tests that the interface can express; asserted, so that a filter cannot run empty. */
  readonly count: number;
  /** Tests that it cannot: nonces that are not 12 bytes, keys of 24. */
  readonly outside?: number;
  readonly applies?: (group: WycheproofGroup) => boolean;
  /** Whether the provider did as the test demands. */
  readonly holds: (crypto: CryptoProvider, test: WycheproofTest, group: WycheproofGroup) => Promise<boolean> | boolean;
}

const suites: readonly Suite[] = [
  { file: 'x25519_test', count: 518, holds: (crypto, test) => exchanges(crypto, 'x25519', test) },
  { file: 'ecdh_secp256r1_ecpoint_test', count: 355, holds: (crypto, test) => exchanges(crypto, 'secp256r1', test) },
  { file: 'ecdh_secp384r1_ecpoint_test', count: 790, holds: (crypto, test) => exchanges(crypto, 'secp384r1', test) },
  { file: 'ecdh_secp521r1_ecpoint_test', count: 661, holds: (crypto, test) => exchanges(crypto, 'secp521r1', test) },
  signatures('ecdsa_secp256r1_sha256_test', 484, { type: 'ecdsa', hash: 'sha256' }),
  signatures('ecdsa_secp256r1_sha512_test', 554, { type: 'ecdsa', hash: 'sha512' }),
  signatures('ecdsa_secp384r1_sha256_test', 472, { type: 'ecdsa', hash: 'sha256' }),
  signatures('ecdsa_secp384r1_sha384_test', 504, { type: 'ecdsa', hash: 'sha384' }),
  signatures('ecdsa_secp384r1_sha512_test', 542, { type: 'ecdsa', hash: 'sha512' }),
  signatures('ecdsa_secp521r1_sha512_test', 542, { type: 'ecdsa', hash: 'sha512' }),
  signatures('ed25519_test', 151, { type: 'ed25519' }),
  signatures('rsa_signature_2048_sha256_test', 259, { type: 'rsa-pkcs1', hash: 'sha256' }),
  signatures('rsa_signature_2048_sha384_test', 258, { type: 'rsa-pkcs1', hash: 'sha384' }),
  signatures('rsa_signature_2048_sha512_test', 259, { type: 'rsa-pkcs1', hash: 'sha512' }),
  signatures('rsa_signature_3072_sha256_test', 259, { type: 'rsa-pkcs1', hash: 'sha256' }),
  signatures('rsa_signature_4096_sha256_test', 258, { type: 'rsa-pkcs1', hash: 'sha256' }),
  signatures('rsa_signature_4096_sha512_test', 259, { type: 'rsa-pkcs1', hash: 'sha512' }),
  signatures('rsa_pss_2048_sha256_mgf1_32_test', 108, { type: 'rsa-pss', hash: 'sha256' }),
  signatures('rsa_pss_2048_sha384_mgf1_48_test', 141, { type: 'rsa-pss', hash: 'sha384' }),
  signatures('rsa_pss_3072_sha256_mgf1_32_test', 108, { type: 'rsa-pss', hash: 'sha256' }),
  signatures('rsa_pss_4096_sha384_mgf1_48_test', 141, { type: 'rsa-pss', hash: 'sha384' }),
  signatures('rsa_pss_4096_sha512_mgf1_64_test', 179, { type: 'rsa-pss', hash: 'sha512' }),
  { file: 'rsa_pss_misc_test', count: 150, holds: verifiesOnlyOurPss },
  {
    file: 'aes_gcm_test',
    count: 133,
    outside: 183,
    applies: ({ ivSize, tagSize, keySize }) => ivSize === 96 && tagSize === 128 && keySize !== 192,
    holds: (crypto, test, { keySize }) => seals(crypto, keySize === 128 ? 'aes-128-gcm' : 'aes-256-gcm', test),
  },
  {
    file: 'chacha20_poly1305_test',
    count: 316,
    outside: 9,
    applies: ({ ivSize, tagSize }) => ivSize === 96 && tagSize === 128,
    holds: (crypto, test) => seals(crypto, 'chacha20-poly1305', test),
  },
  { file: 'hmac_sha256_test', count: 174, holds: (crypto, test) => authenticates(crypto, 'sha256', test) },
  { file: 'hmac_sha384_test', count: 174, holds: (crypto, test) => authenticates(crypto, 'sha384', test) },
  { file: 'hmac_sha512_test', count: 174, holds: (crypto, test) => authenticates(crypto, 'sha512', test) },
  { file: 'hkdf_sha256_test', count: 86, holds: (crypto, test) => derives(crypto, 'sha256', test) },
  { file: 'hkdf_sha384_test', count: 83, holds: (crypto, test) => derives(crypto, 'sha384', test) },
];

/** The files about signatures. */
export const signatureFiles = /^(?:ecdsa|ed25519|rsa)_/u;
/** The files about what has no public key. */
export const symmetricFiles = /^(?:aes_gcm|chacha20|hmac|hkdf)_/u;

/** Which tests are registered, and under which name. */
interface Selection {
  readonly name?: string;
  readonly files?: RegExp;
}

/** Registers a test for each file. Call it at the top level of a test file: this one is for the packages of the workspace that have a provider. */
export function registerWycheproofTests(
  crypto: CryptoProvider,
  { name = crypto.name, files = /./u }: Selection = {},
): void {
  const selected = suites.filter(({ file }) => files.test(file));
  describe(`the provider ${name}`, () => {
    it.each(selected)('does as Wycheproof demands in $file', async ({ file, count, outside = 0, applies, holds }) => {
      const wrong: string[] = [];
      let ran = 0;
      let left = 0;
      for (const group of wycheproof(file)) {
        if (applies?.(group) === false) {
          left += group.tests.length;
          continue;
        }
        for (const test of group.tests) {
          ran += 1;
          if (!(await holds(crypto, test, group)))
            wrong.push(`${file} ${test.tcId} (${test.result}: ${test.flags.join(', ')})`);
        }
      }
      expect(wrong).toEqual([]);
      expect({ ran, left }).toEqual({ ran: count, left: outside });
    });
  });
}

/** A file of signatures, each of which is to be verified. */
function signatures(file: string, count: number, algorithm: SignatureAlgorithm): Suite {
  return {
    file,
    count,
    holds: async (crypto, test, { publicKeyDer }) => {
      const key = crypto.importPublicKey(parseSpki(bytesOf(publicKeyDer)));
      const isValid = await key.verify(algorithm, bytesOf(test['msg']), bytesOf(test['sig']));
      return isValid === isWanted(test);
    },
  };
}

/** Valid signatures by all manner of parameters: only those count whose mask has the same hash and whose salt has its length. */
async function verifiesOnlyOurPss(
  crypto: CryptoProvider,
  test: WycheproofTest,
  { publicKeyDer, sha, mgfSha, sLen }: WycheproofGroup,
): Promise<boolean> {
  const key = crypto.importPublicKey(parseSpki(bytesOf(publicKeyDer)));
  for (const [hash, name, saltLength] of pssHashes) {
    const isOurs = sha === name && mgfSha === name && sLen === saltLength;
    const isValid = await key.verify({ type: 'rsa-pss', hash }, bytesOf(test['msg']), bytesOf(test['sig']));
    if (isValid !== isOurs) return false;
  }
  return true;
}

const pssHashes = [
  ['sha256', 'SHA-256', 32],
  ['sha384', 'SHA-384', 48],
  ['sha512', 'SHA-512', 64],
] as const;

/** Whether a test is to succeed, by the file or, where that leaves the choice, by ours. */
export function isWanted({ tcId, result, flags }: WycheproofTest): boolean {
  if (result !== 'acceptable') return result === 'valid';
  const choice = choices.find(({ flag }) => flags.includes(flag));
  if (choice === undefined) throw new Error(`no choice was made for ${tcId} (${flags.join(', ')})`);
  return choice.accept;
}

async function exchanges(
  crypto: CryptoProvider,
  algorithm: KeyExchangeAlgorithm,
  test: WycheproofTest,
): Promise<boolean> {
  const expected = bytesOf(test['shared']);
  const share = crypto.generateKeyShare(algorithm, scalar(bytesOf(test['private']), privateKeyLength[algorithm]));
  try {
    const secret = await share.deriveSharedSecret(bytesOf(test['public']));
    return isWanted(test) && equalBytes(secret, expected);
  } catch (error) {
    return !isWanted(test) && isTlsError(error) && error.code === 'ERR_TLS_ILLEGAL_PARAMETER';
  }
}

/** `length` bytes, whatever leading zeros the file has. */
function scalar(bytes: Uint8Array, length: number): Uint8Array {
  const fixed = new Uint8Array(length);
  const significant = bytes.subarray(Math.max(0, bytes.length - length));
  fixed.set(significant, length - significant.length);
  return fixed;
}

function seals(crypto: CryptoProvider, algorithm: AeadAlgorithm, test: WycheproofTest): boolean {
  const aead = crypto.createAead(algorithm, bytesOf(test['key']));
  const [nonce, additionalData, plaintext] = [bytesOf(test['iv']), bytesOf(test['aad']), bytesOf(test['msg'])];
  const sealed = Uint8Array.of(...bytesOf(test['ct']), ...bytesOf(test['tag']));
  const opened = new Uint8Array(sealed.length - 16);
  const isOpened = aead.open(nonce, additionalData, sealed, opened);
  if (test.result === 'invalid') return !isOpened;
  // in place, as records are
  const out = new Uint8Array(plaintext.length + 16);
  out.set(plaintext);
  aead.seal(nonce, additionalData, out.subarray(0, plaintext.length), out);
  return isOpened && equalBytes(opened, plaintext) && equalBytes(out, sealed);
}

function authenticates(crypto: CryptoProvider, hash: HashAlgorithm, test: WycheproofTest): boolean {
  const expected = bytesOf(test['tag']);
  const tag = new Uint8Array(hashLength[hash]);
  crypto.hmac(hash, bytesOf(test['key']), bytesOf(test['msg']), tag);
  return equalBytes(tag.subarray(0, expected.length), expected) === (test.result === 'valid');
}

function derives(crypto: CryptoProvider, hash: HashAlgorithm, test: WycheproofTest): boolean {
  const length = Number(test['size']);
  // what is longer than RFC 5869 §2.3 allows is nothing that we ever ask for
  if (length > 255 * hashLength[hash]) return test.result === 'invalid';
  const key = new Uint8Array(hashLength[hash]);
  hkdfExtract(crypto, hash, bytesOf(test['salt']), bytesOf(test['ikm']), key);
  const material = new Uint8Array(length);
  hkdfExpand(crypto, hash, key, bytesOf(test['info']), material);
  return equalBytes(material, bytesOf(test['okm'])) === (test.result === 'valid');
}
