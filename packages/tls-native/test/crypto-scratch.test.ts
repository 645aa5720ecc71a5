import { expect, it } from 'vitest';
import { nativeCrypto } from '../src/crypto/index.ts';
import { addon } from '../src/crypto/library.ts';

/** What both languages share is empty between two calls: nothing secret waits there for whoever reads memory. */
const { inputs, results } = addon;
const key = new Uint8Array(32).fill(7);
const text = new Uint8Array(55).fill(9);

const isEmpty = (): boolean => [...inputs, ...results].every((byte) => byte === 0);

it('nothing of an HMAC stays in the scratch', () => {
  const out = new Uint8Array(32);
  nativeCrypto.hmac('sha256', key, text, out);
  expect(out.some((byte) => byte !== 0)).toBe(true);
  expect(isEmpty()).toBe(true);
});

it('nothing of a hash stays in the scratch', () => {
  nativeCrypto.hash('sha512', text);
  nativeCrypto.sha1(text);
  const running = nativeCrypto.createHash('sha384');
  running.update(text);
  running.snapshot(key);
  expect(isEmpty()).toBe(true);
});

it('nothing of an AEAD stays in the scratch, also where the tag is wrong', () => {
  const aead = nativeCrypto.createAead('chacha20-poly1305', key);
  const nonce = new Uint8Array(12).fill(1);
  const sealed = new Uint8Array(71);
  aead.seal(nonce, key, text, sealed);
  const out = new Uint8Array(55);
  expect(aead.open(nonce, key, sealed, out)).toBe(true);
  expect(isEmpty()).toBe(true);
  expect(aead.open(nonce, text, sealed, out)).toBe(false);
  expect(isEmpty()).toBe(true);
});

it.each(['x25519', 'secp521r1', 'x25519mlkem768'] as const)(
  'nothing of a key exchange by %s stays in the scratch',
  async (name) => {
    const ours = nativeCrypto.generateKeyShare(name);
    const { keyExchange } = await nativeCrypto.encapsulate(name, ours.publicKey);
    await ours.deriveSharedSecret(keyExchange);
    nativeCrypto.generateKeyShare('secp256r1', key);
    expect(() => nativeCrypto.generateKeyShare('x25519').deriveSharedSecret(new Uint8Array(32))).toThrow(/./);
    expect(isEmpty()).toBe(true);
  },
);

it('an output keeps what was in it where the tag is wrong, as nothing is written', () => {
  const aead = nativeCrypto.createAead('aes-128-gcm', key.subarray(16));
  const out = new Uint8Array(20).fill(3);
  expect(aead.open(new Uint8Array(12), key, new Uint8Array(36), out)).toBe(false);
  expect(out.every((byte) => byte === 3)).toBe(true);
});
