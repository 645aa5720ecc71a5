import { describe, expect, it } from 'vitest';
import { isTlsError } from '@org/tls-core';
import { nobleCrypto } from '../src/noble/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import type { CryptoProvider, MlDsa, PrivateKey } from '../src/provider.ts';
import { keyFitsScheme, signatureSchemes } from '../src/tables/signature-schemes.ts';
import { parsePrivateKey } from '../src/keys/private-key.ts';
import { parseSpki } from '../src/keys/spki.ts';
import { expandedMlDsaKey, mlDsaParameterSets, mlDsaPkcs8 } from '@org/pki';
import { bytesOf, wycheproof, type WycheproofTest } from './wycheproof-files.ts';

const providers = [nodeCrypto, nobleCrypto];
const message = Uint8Array.of(1, 2, 3);
const seed = new Uint8Array(32).map((_, index) => 3 * index);

describe.each(providers)('the provider $name', (crypto) => {
  it.each([
    { file: 'mldsa_44_verify_test', type: 'ml-dsa-44', count: 173, outside: 7 },
    { file: 'mldsa_65_verify_test', type: 'ml-dsa-65', count: 203, outside: 7 },
  ] as const)('does as Wycheproof demands in $file', async ({ file, type, count, outside }) => {
    const wrong: number[] = [];
    let [ran, left] = [0, 0];
    for (const { tests, publicKeyDer } of wycheproof(file)) {
      for (const test of tests) {
        // TLS and certificates have no context (draft-ietf-tls-mldsa §3, RFC 9881 §3)
        if (typeof test['ctx'] === 'string' && test['ctx'] !== '') {
          left += 1;
          continue;
        }
        ran += 1;
        if ((await verifies(crypto, type, publicKeyDer, test)) !== (test.result === 'valid')) wrong.push(test.tcId);
      }
    }
    expect(wrong).toEqual([]);
    expect({ ran, left }).toEqual({ ran: count, left: outside });
  });

  it.each(mlDsaParameterSets)('reads a key of %s in all three forms (RFC 9881 §6)', async (type) => {
    const expandedKey = expandedMlDsaKey(type, seed);
    const forms = [{ seed }, { expandedKey }, { seed, expandedKey }];
    const keys = forms.map((form) => crypto.importPrivateKey(parsePrivateKey(mlDsaPkcs8(type, form))));
    const spkis = await Promise.all(keys.map(async (key) => key.publicKeySpki));
    expect(new Set(spkis.map((spki) => Buffer.from(spki).toString('hex'))).size).toBe(1);
    const publicKey = crypto.importPublicKey(parseSpki(spkis[0] ?? message));
    expect(publicKey.info.type).toBe(type);
    for (const key of keys) expect(await publicKey.verify({ type }, message, await signed(key, type))).toBe(true);
  });

  it.each(mlDsaParameterSets)('refuses a key of %s whose parts do not belong together', (type) => {
    const expandedKey = expandedMlDsaKey(type, seed);
    const other = expandedMlDsaKey(type, new Uint8Array(32));
    const changed = new Uint8Array(expandedKey);
    changed[64] = (changed[64] ?? 0) ^ 1; // tr, the public key’s hash (FIPS 204, algorithm 24)
    const outOfRange = new Uint8Array(expandedKey).fill(0xff, 128, 160); // s1
    for (const form of [{ seed, expandedKey: other }, { expandedKey: changed }, { expandedKey: outOfRange }]) {
      const info = parsePrivateKey(mlDsaPkcs8(type, form));
      expect(() => crypto.importPrivateKey(info)).toThrow(expect.objectContaining({ code: 'ERR_TLS_IDENTITY' }));
    }
  });

  it.each(mlDsaParameterSets)('a key of %s fits one scheme, of TLS 1.3 alone and not by default', async (type) => {
    const key = crypto.importPrivateKey(parsePrivateKey(mlDsaPkcs8(type, { seed })));
    const info = parseSpki(await key.publicKeySpki);
    const fitting = signatureSchemes.filter((scheme) => keyFitsScheme(info, scheme));
    expect(fitting).toMatchObject([{ name: type.replaceAll('-', ''), tls13: true, tls12: false, isDefault: false }]);
  });
});

async function verifies(crypto: CryptoProvider, type: MlDsa, spki: unknown, test: WycheproofTest): Promise<boolean> {
  try {
    const key = crypto.importPublicKey(parseSpki(bytesOf(spki)));
    return await key.verify({ type }, bytesOf(test['msg']), bytesOf(test['sig']));
  } catch (error) {
    if (isTlsError(error) && error.family === 'certificate') return false; // a key of a wrong length
    throw error;
  }
}

async function signed(key: PrivateKey, type: MlDsa): Promise<Uint8Array> {
  return key.sign({ type }, message);
}
