import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keySharesAhead } from '../src/provider-rules/key-shares-ahead.ts';
import { nobleCrypto } from '../src/noble/index.ts';
import { nodeCrypto } from '../src/node/index.ts';
import { registerCryptoProviderTests } from '../src/provider-tests/index.ts';
import type { CryptoProvider, KeyExchangeAlgorithm, KeyShare } from '../src/index.ts';

registerCryptoProviderTests(keySharesAhead({ ...nodeCrypto, name: 'node, with key shares ahead' }));

/** Makes key pairs, and tells of which key exchanges. */
function counting(): { readonly crypto: CryptoProvider; readonly made: KeyExchangeAlgorithm[] } {
  const made: KeyExchangeAlgorithm[] = [];
  const generateKeyShare: CryptoProvider['generateKeyShare'] = (algorithm, privateKey) => {
    made.push(algorithm);
    return nodeCrypto.generateKeyShare(algorithm, privateKey);
  };
  return { crypto: { ...nodeCrypto, generateKeyShare }, made };
}

const idle = 10;

describe('key shares ahead', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are made while nobody asks, one at a time and no more than are wanted', () => {
    const { crypto, made } = counting();
    const ahead = keySharesAhead(crypto, { most: 3 });
    ahead.generateKeyShare('x25519');
    expect(made.length).toBe(1);
    vi.advanceTimersByTime(idle); // this time was not idle
    expect(made.length).toBe(1);
    for (const count of [2, 3, 4, 4, 4]) {
      vi.advanceTimersByTime(idle);
      expect(made.length).toBe(count);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are given out once each, and nothing is made meanwhile', () => {
    const { crypto, made } = counting();
    const ahead = keySharesAhead(crypto, { most: 3 });
    ahead.generateKeyShare('x25519');
    vi.advanceTimersByTime(100 * idle);
    const given = new Set<string>();
    const shares: KeyShare[] = [];
    for (let count = 0; count < 3; count += 1) shares.push(ahead.generateKeyShare('x25519'));
    expect(made.length).toBe(4);
    shares.push(ahead.generateKeyShare('x25519'));
    expect(made.length).toBe(5);
    for (const { publicKey } of shares) given.add(Buffer.from(publicKey).toString('hex'));
    expect(given.size).toBe(4);
  });

  it('are not made under steady load', () => {
    const { crypto, made } = counting();
    const ahead = keySharesAhead(crypto);
    for (let count = 0; count < 50; count += 1) {
      ahead.generateKeyShare('x25519');
      vi.advanceTimersByTime(idle);
    }
    expect(made.length).toBe(50);
  });

  it('are of the key exchanges that were asked for', () => {
    const { crypto, made } = counting();
    const ahead = keySharesAhead(crypto, { most: 1 });
    ahead.generateKeyShare('secp256r1');
    ahead.generateKeyShare('x25519mlkem768');
    vi.advanceTimersByTime(100 * idle);
    expect(made).toEqual(['secp256r1', 'x25519mlkem768', 'secp256r1', 'x25519mlkem768']);
    expect(ahead.generateKeyShare('x25519mlkem768').algorithm).toBe('x25519mlkem768');
    expect(made.length).toBe(4);
  });

  it('serve a server of a classical group as well, and not the ciphertext of a KEM', async () => {
    const { crypto, made } = counting();
    const ahead = keySharesAhead(crypto, { most: 1 });
    for (const algorithm of ['x25519', 'secp384r1', 'x25519mlkem768', 'mlkem1024'] as const) {
      for (let round = 0; round < 2; round += 1) {
        const client = nodeCrypto.generateKeyShare(algorithm);
        const { keyExchange, sharedSecret } = await ahead.encapsulate(algorithm, client.publicKey);
        expect(await client.deriveSharedSecret(keyExchange)).toEqual(sharedSecret);
        vi.advanceTimersByTime(100 * idle);
      }
    }
    expect(made).toEqual([...Array<string>(3).fill('x25519'), ...Array<string>(3).fill('secp384r1')]);
  });

  it('are nobody’s when a key is given', () => {
    const { crypto, made } = counting();
    const ahead = keySharesAhead(crypto);
    const key = new Uint8Array(32).fill(7);
    expect(ahead.generateKeyShare('x25519', key).publicKey).toEqual(
      nodeCrypto.generateKeyShare('x25519', key).publicKey,
    );
    vi.advanceTimersByTime(100 * idle);
    expect(made).toEqual(['x25519']);
  });

  it('that cannot be made are a fault of who asks, and of no timer', () => {
    let isBroken = false;
    const generateKeyShare: CryptoProvider['generateKeyShare'] = (algorithm) => {
      if (isBroken) throw new Error('no entropy');
      return nodeCrypto.generateKeyShare(algorithm);
    };
    const ahead = keySharesAhead({ ...nodeCrypto, generateKeyShare });
    ahead.generateKeyShare('x25519');
    isBroken = true;
    vi.advanceTimersByTime(100 * idle);
    expect(vi.getTimerCount()).toBe(0);
    expect(() => ahead.generateKeyShare('x25519')).toThrow('no entropy');
    isBroken = false;
    expect(ahead.generateKeyShare('x25519').publicKey.length).toBe(32);
  });

  it('know what a provider has and has not', () => {
    const { usesWebAssembly: _, ...members } = nobleCrypto;
    expect(Object.keys(keySharesAhead(nobleCrypto)).toSorted()).toEqual(Object.keys(members).toSorted());
    expect(keySharesAhead({ ...nodeCrypto, hasPostQuantum: false }).hasPostQuantum).toBe(false);
  });

  it.each([0, 257, 1.5, Number.NaN])('cannot be %d', (most) => {
    expect(() => keySharesAhead(nodeCrypto, { most })).toThrow(/from 1 to 256/);
  });

  it('have no other option', () => {
    expect(() => keySharesAhead(nodeCrypto, { some: 1 } as never)).toThrow(TypeError);
  });
});

it('key shares ahead keep no process', () => {
  const program = `
    import { keySharesAhead } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    import { nodeCrypto } from ${JSON.stringify(new URL('../dist/node/index.js', import.meta.url).href)};
    let made = 0;
    const generateKeyShare = (algorithm) => (made++, nodeCrypto.generateKeyShare(algorithm));
    keySharesAhead({ ...nodeCrypto, generateKeyShare }, { most: 256 }).generateKeyShare('x25519');
    process.on('exit', () => console.log(made));
  `;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '1\n']);
});
