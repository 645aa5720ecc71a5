import { describe, expect, it } from 'vitest';
import { cipherSuites13, type CryptoProvider } from '@org/tls-crypto';
import { nodeCrypto } from '@org/tls-crypto/node';
import { ExternalPskIndex } from '../../src/session/external-psk-index.ts';
import { importedIdentity } from '../../src/session/psk-importer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const context = bytes('context');
const sha384First = cipherSuites13.toSorted((left, right) => right.hash.localeCompare(left.hash));

/** The provider, and how often it was asked for an HMAC or a hash. */
function counting(): { readonly crypto: CryptoProvider; readonly count: () => number } {
  let calls = 0;
  const count = <Arguments extends readonly unknown[], Result>(method: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      calls += 1;
      return method(...given);
    };
  };
  const crypto = { ...nodeCrypto, hmac: count(nodeCrypto.hmac), hash: count(nodeCrypto.hash) };
  return { crypto, count: () => calls };
}

describe('A server’s external PSKs', () => {
  it('RFC 9258 §5.1 are found by ImportedIdentity among a thousand, and imported once for each hash', () => {
    const { crypto, count } = counting();
    const psks = Array.from({ length: 1000 }, (_, index) => ({
      identity: bytes(`device ${index}`),
      key: new Uint8Array(32).fill(index),
      importer: { context },
    }));
    const index = new ExternalPskIndex(crypto, psks);
    for (let turn = 0; turn < 100; turn += 1)
      expect(index.find(bytes(`nobody ${turn}`), cipherSuites13)).toBeUndefined();
    expect(count()).toBe(0);

    const identity = importedIdentity(bytes('device 999'), context, 'sha384');
    const first = index.find(identity, cipherSuites13);
    expect(first).toMatchObject({ suite: { hash: 'sha384' }, binderLabel: 'imp binder', external: psks[999] });
    const once = count();
    expect(once).toBeGreaterThan(0);
    const second = index.find(identity, cipherSuites13);
    expect(count()).toBe(once);
    // the caller wipes what it got
    expect(second?.psk).toEqual(first?.psk);
    first?.psk.fill(0);
    expect(index.find(identity, cipherSuites13)?.psk).toEqual(second?.psk);
  });

  it('are not found by the identity that they were imported from', () => {
    const psk = { identity: bytes('device'), key: new Uint8Array(32), importer: { context } };
    expect(new ExternalPskIndex(nodeCrypto, [psk]).find(psk.identity, cipherSuites13)).toBeUndefined();
  });

  it('of one identity are told apart by their hash, in the configuration’s order', () => {
    const psks = (['sha384', 'sha256'] as const).map((hash) => ({
      identity: bytes('device'),
      key: new Uint8Array(32).fill(hash.length),
      hash,
    }));
    const index = new ExternalPskIndex(nodeCrypto, psks);
    expect(index.find(bytes('device'), sha384First)?.external).toBe(psks[0]);
    const onlySha256 = cipherSuites13.filter(({ hash }) => hash === 'sha256');
    expect(index.find(bytes('device'), onlySha256)).toMatchObject({ binderLabel: 'ext binder', external: psks[1] });
  });
});
