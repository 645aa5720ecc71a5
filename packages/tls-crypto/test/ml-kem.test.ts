import { describe, expect, it } from 'vitest';
import { isTlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { Kem } from '../src/provider-rules/kem.ts';
import { nobleMlKem } from '../src/noble/ml-kem.ts';
import { nodeMlKem } from '../src/node/ml-kem.ts';
import { bytesOf, wycheproof, type WycheproofTest } from './wycheproof-files.ts';

interface Suite {
  readonly file: string;
  readonly count: number;
  readonly holds: (kem: Kem, test: WycheproofTest) => boolean;
}

const suites: readonly Suite[] = [
  { file: 'mlkem_768_keygen_seed_test', count: 100, holds: generates },
  { file: 'mlkem_768_encaps_test', count: 265, holds: encapsulates },
  { file: 'mlkem_768_test', count: 193, holds: decapsulates },
];

const kems = [
  { name: 'node', kem: nodeMlKem('ml-kem-768') },
  { name: 'noble', kem: nobleMlKem['ml-kem-768'] },
];

describe.each(kems)('ML-KEM-768 of the provider $name', ({ kem }) => {
  it.each(suites)('does as Wycheproof demands in $file', ({ file, count, holds }) => {
    const tests = wycheproof(file).flatMap((group) => group.tests);
    expect(tests.filter((test) => !holds(kem, test)).map(({ tcId, result }) => ({ file, tcId, result }))).toEqual([]);
    expect(tests).toHaveLength(count);
  });
});

function generates(kem: Kem, test: WycheproofTest): boolean {
  return equalBytes(kem.generate(bytesOf(test['seed'])).publicKey, bytesOf(test['ek'])) && test.result === 'valid';
}

function encapsulates(kem: Kem, test: WycheproofTest): boolean {
  const publicKey = bytesOf(test['ek']);
  // with fresh randomness too: in Node's own implementation that is another path
  if (test.result === 'invalid')
    return [undefined, bytesOf(test['m'])].every((message) => isRefused(() => kem.encapsulate(publicKey, message)));
  kem.encapsulate(publicKey, undefined);
  const { ciphertext, sharedSecret } = kem.encapsulate(publicKey, bytesOf(test['m']));
  return equalBytes(ciphertext, bytesOf(test['c'])) && equalBytes(sharedSecret, bytesOf(test['K']));
}

function decapsulates(kem: Kem, test: WycheproofTest): boolean {
  const seed = bytesOf(test['seed']);
  // a seed is ours: one of another length is a fault of the caller, not of the peer
  if (seed.length !== 64) return test.result === 'invalid' && throws(() => kem.generate(seed));
  const { publicKey, decapsulate } = kem.generate(seed);
  if (!equalBytes(publicKey, bytesOf(test['ek']))) return false;
  const ciphertext = bytesOf(test['c']);
  if (test.result === 'invalid') return isRefused(() => decapsulate(ciphertext));
  return equalBytes(decapsulate(ciphertext), bytesOf(test['K']));
}

function isRefused(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    return isTlsError(error) && error.code === 'ERR_TLS_ILLEGAL_PARAMETER';
  }
}

function throws(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
