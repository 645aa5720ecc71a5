import { isTlsError } from '@org/tls-core';
import { expect, it } from 'vitest';
import type { KeyExchangeAlgorithm } from '../src/key-exchange.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { webCrypto } from '../src/web/index.ts';
import { bytesOf, wycheproof } from './wycheproof-files.ts';
import { isWanted, registerWycheproofTests, signatureFiles } from './wycheproof-suites.ts';

registerWycheproofTests(nodeCrypto);
registerWycheproofTests(webCrypto, { files: signatureFiles });

// A client's key pair is noble's there, so that the suites of key exchanges would test noble anew.
it.each([
  ['x25519_test', 'x25519'],
  ['ecdh_secp256r1_ecpoint_test', 'secp256r1'],
  ['ecdh_secp384r1_ecpoint_test', 'secp384r1'],
] as const)('the provider web, as a server, takes and refuses the shares of %s', async (file, algorithm) => {
  const wrong: string[] = [];
  for (const test of wycheproof(file).flatMap(({ tests }) => tests)) {
    const isTaken = await isAnswered(algorithm, bytesOf(test['public']));
    if (isTaken !== isWanted(test)) wrong.push(`${test.tcId} (${test.result}: ${test.flags.join(', ')})`);
  }
  expect(wrong).toEqual([]);
});

async function isAnswered(algorithm: KeyExchangeAlgorithm, peer: Uint8Array): Promise<boolean> {
  try {
    const { sharedSecret } = await webCrypto.encapsulate(algorithm, peer);
    return sharedSecret.length > 0;
  } catch (error) {
    if (!isTlsError(error) || error.code !== 'ERR_TLS_ILLEGAL_PARAMETER') throw error;
    return false;
  }
}
