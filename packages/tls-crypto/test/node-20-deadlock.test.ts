import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { nodeCrypto } from '../src/node/index.ts';
import type { KeyExchangeAlgorithm } from '../src/key-exchange.ts';

describe('Node 20 deadlocks when a generated key is exported, so', () => {
  it('key shares are made without an export', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const exports = [publicKey, privateKey].map((key) => vi.spyOn(Object.getPrototypeOf(key) as KeyObject, 'export'));
    try {
      for (const algorithm of ['x25519', 'secp256r1'] satisfies KeyExchangeAlgorithm[]) {
        const [ours, theirs] = [nodeCrypto.generateKeyShare(algorithm), nodeCrypto.generateKeyShare(algorithm)];
        await ours.deriveSharedSecret(theirs.publicKey);
      }
      for (const spy of exports) expect(spy).not.toHaveBeenCalled();
      // a key that was imported may be exported, and is: the spies see it
      nodeCrypto.generateKeyShare('x25519', new Uint8Array(32).fill(1));
      expect(exports[0]).toHaveBeenCalled();
    } finally {
      for (const spy of exports) spy.mockRestore();
    }
  });

  it('making them as we do does not hang when garbage is collected all the time', async () => {
    // the same calls as the provider’s, in a process of its own whose young generation is tiny
    const program = `
      const { createECDH, generateKeyPairSync } = require('node:crypto');
      let length = 0;
      for (let round = 0; round < 20000; round += 1) {
        const { publicKey } = generateKeyPairSync('x25519', { publicKeyEncoding: { format: 'jwk' } });
        length += publicKey.x.length + createECDH('prime256v1').generateKeys().length;
      }
      console.log(length);`;
    // where it hangs, the test runner's own limit ends it
    const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=1', '-e', program]);
    expect(stdout.trim()).toBe(String(20_000 * (43 + 65)));
  });
});
